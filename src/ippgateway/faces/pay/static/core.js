/* IPP card form. One file for two places: it builds the card form in a shop's own page (`form.paymentWidgets`), and
   helps along the form of our payment page (`form#card`), which does the same without it.

   What somebody types goes to `payments/…` of the origin that this file came from, and nowhere else. Nothing is stored
   in the browser, no cookie is set or sent, nothing is loaded from elsewhere. */
(() => {
  "use strict";

  /* Words of both languages, the places where data is handled, the version of the policy. Written in when the file is
     served, from the same lists that the pages are made from. */
  const SAID = "@SAID@";
  const POLL_MS = 1500;
  const LONGEST_CHALLENGE_MS = 12 * 60 * 1000;
  const LONGEST_UNKNOWN_MS = 3 * 60 * 1000;
  const MOST_MISSED = 8; // answers about a running payment, in a row

  const given = document.currentScript ? document.currentScript.dataset : {};
  const hosted = given.mode ? null : document.querySelector("[data-hosted]");
  const language = /^da\b/i.test(document.documentElement.lang || navigator.language) ? "da" : "en";
  const words = SAID[language];

  // --- cards ---------------------------------------------------------------------------------------------------

  /* First digits of each brand, from and to, the longest first. */
  const BRANDS = [
    [600722, 600722, "FORBRUGSFORENINGEN"], [222100, 272099, "MASTERCARD"],
    [5019, 5019, "DANKORT"], [6011, 6011, "DISCOVER"], [3528, 3589, "JCB"], [2131, 2131, "JCB"], [1800, 1800, "JCB"],
    [644, 649, "DISCOVER"], [300, 305, "DINERS"],
    [51, 55, "MASTERCARD"], [34, 34, "AMEX"], [37, 37, "AMEX"], [65, 65, "DISCOVER"], [36, 36, "DINERS"],
    [38, 39, "DINERS"], [62, 62, "UNIONPAY"], [81, 81, "UNIONPAY"], [50, 50, "MAESTRO"], [56, 59, "MAESTRO"],
    [63, 63, "MAESTRO"], [67, 67, "MAESTRO"], [4, 4, "VISA"],
  ];
  const NAMES = {
    VISA: "Visa", MASTERCARD: "Mastercard", AMEX: "American Express", DISCOVER: "Discover", DINERS: "Diners Club",
    JCB: "JCB", UNIONPAY: "UnionPay", MAESTRO: "Maestro", DANKORT: "Dankort", FORBRUGSFORENINGEN: "Forbrugsforeningen",
  };
  const GROUPS = { AMEX: [4, 6, 5], DINERS: [4, 6, 4] };
  const EXPIRY = /^(0?[1-9]|1[0-2])[\s/.-]*(?:20)?(\d\d)$/;

  const digitsOf = (text) => text.replace(/\D/g, "");

  const brandOf = (digits) => {
    const fits = ([low, high]) => {
      const size = String(low).length;
      const first = Number(digits.slice(0, size));
      return digits.length >= size && low <= first && first <= high;
    };
    const found = BRANDS.find(fits);
    return found ? found[2] : "";
  };

  const grouped = (digits) => {
    const parts = [];
    const sizes = GROUPS[brandOf(digits)] || [4, 4, 4, 4, 3];
    let from = 0;
    for (const size of sizes) {
      if (from < digits.length) parts.push(digits.slice(from, from + size));
      from += size;
    }
    if (from < digits.length) parts.push(digits.slice(from));
    return parts.join(" ");
  };

  /* ISO/IEC 7812-1, annex B: every second digit from the right counts twice. */
  const luhn = (digits) => {
    const sum = [...digits].reverse().reduce((all, digit, at) => {
      const worth = Number(digit) * (at % 2 ? 2 : 1);
      return all + (worth > 9 ? worth - 9 : worth);
    }, 0);
    return sum % 10 === 0;
  };

  const expiryOf = (text) => {
    const found = EXPIRY.exec(text.trim());
    return found ? { month: found[1].padStart(2, "0"), year: `20${found[2]}` } : { month: "", year: "" };
  };

  /* What is wrong with a card, by field, as keys of the words. The server judges by the same rules. */
  const faults = (card) => {
    const found = {};
    const today = new Date();
    const last = Number(card.year) * 12 + Number(card.month);
    if (card.holder.trim().length < 2) found.holder = "holder";
    if (card.number.length < 12 || card.number.length > 19 || !luhn(card.number)) found.number = "number";
    if (!card.month || !card.year) found.expiry = "expiry";
    else if (last < today.getFullYear() * 12 + today.getMonth() + 1) found.expiry = "expired";
    if (!/^\d{3,4}$/.test(card.code)) found.code = "code";
    return found;
  };

  /* Group the number while it is typed, and leave the caret behind the digit where it was. */
  const formatNumber = (input) => {
    const before = digitsOf(input.value.slice(0, input.selectionStart)).length;
    const text = grouped(digitsOf(input.value).slice(0, 19));
    if (text === input.value) return;
    input.value = text;
    let at = 0;
    for (let seen = 0; at < text.length && seen < before; at += 1) if (text[at] !== " ") seen += 1;
    input.setSelectionRange(at, at);
  };

  /* `MM / YY`; nothing is added while somebody takes away. */
  const formatExpiry = (input, event) => {
    if (/^delete/.test(event.inputType || "") || input.selectionStart !== input.value.length) return;
    let digits = digitsOf(input.value);
    if (/^[2-9]/.test(digits)) digits = `0${digits}`;
    if (digits.length > 2 && digits.slice(2, 4) === "20" && digits.length > 4) digits = digits.slice(0, 2) + digits.slice(4);
    if (digits.length >= 2) input.value = `${digits.slice(0, 2)} / ${digits.slice(2, 4)}`;
  };

  // --- talking to the gateway ----------------------------------------------------------------------------------

  class Refused extends Error {
    constructor(code, field) {
      super(`refused: ${code}`);
      this.code = code;
      this.field = field;
    }
  }

  /* The payer would rather use another card than go on with their bank. */
  class GaveUp extends Error {}

  const FIELDS = { holder: "holder", cardno: "number", expmonth: "expiry", expyear: "expiry", cvv: "code" };
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

  const talk = (origin, checkout) => {
    let secured = ""; // the card that has been through 3-D Secure, so that a second press does not ask the bank again

    const call = async (verb, fields) => {
      const answer = await fetch(`${origin}/payments/${verb}`, {
        method: "POST", body: new URLSearchParams(fields), credentials: "omit", cache: "no-store",
        referrerPolicy: "no-referrer", redirect: "error",
      });
      const said = await answer.json();
      if (!said.success) throw new Refused(said.code, FIELDS[String(said.message).split(": ")[1]]);
      return said.content;
    };

    /* Ask until it is settled. A lost answer is asked for again; the bank's clock ends it, ours only gives up. */
    const until = async (fields, settled, longest) => {
      const end = Date.now() + longest;
      let missed = 0;
      let said = {};
      while (!settled(said) && Date.now() < end) {
        await pause(POLL_MS);
        try {
          said = await call("status", fields);
          missed = 0;
        } catch (lost) {
          missed += 1;
          if (missed > MOST_MISSED) throw lost;
        }
      }
      return said;
    };

    const settle = async (id, key) => {
      const named = { transaction_id: id, transaction_key: key };
      const said = await until(named, ({ result }) => result === "ACK" || result === "NOK", LONGEST_UNKNOWN_MS);
      return { result: said.result || "WAIT", reason: "no_answer" };
    };

    /* The bank's question in a frame, until it is answered. Whoever gives it up (a bank may not even load) goes back to
       the fields at once; the gateway lets a newer question close this one. */
    const asked = (url, view) => new Promise((done, refuse) => {
      let over = false;
      view.frame(url, () => {
        over = true;
        refuse(new GaveUp());
      });
      view.say("confirm");
      until(checkout, ({ result }) => over || result === "COMPLETED", LONGEST_CHALLENGE_MS).then(done, refuse);
    }).finally(view.unframe);

    /* 3-D Secure, then the money: the answer to the authorisation. A refused step is authorised as well; the gateway
       declines it, and has the reason on record. */
    const pay = async (card, view) => {
      const fields = {
        ...checkout, method: "card", cipher: "2026", holder: card.holder, cardno: card.number, expmonth: card.month,
        expyear: card.year, cvv: card.code, policy_version: SAID.policy, ...browser(),
      };
      const mark = JSON.stringify(card);
      if (secured !== mark) {
        view.say("asking");
        const step = await call("secure", fields);
        if (step.result === "WAIT" && step.challenge) await asked(step.challenge.url, view);
        secured = mark;
      }
      view.say("paying");
      const outcome = await call("authorize", fields);
      secured = "";
      if (outcome.result !== "WAIT") return outcome;
      view.say("waiting");
      return { ...outcome, ...(await settle(outcome.transaction_id, outcome.transaction_key)) };
    };

    return { pay, settle };
  };

  /* What the card's bank is told of the browser (EMV 3-D Secure, browser fields). */
  const browser = () => ({
    browser_depth: screen.colorDepth, browser_height: screen.height, browser_width: screen.width,
    browser_tz: new Date().getTimezoneOffset(), browser_language: navigator.language, browser_java: "false",
  });

  /* Whatever keeps the payer from leaving, they have paid, and are told nothing else. */
  const paid = (view, outcome) => {
    view.say("paid");
    try {
      if (!view.leave(outcome)) view.stay();
    } catch (stuck) {
      view.stay();
    }
  };

  /* A press of the button, from reading the fields to leaving the page. */
  const press = async (gateway, view) => {
    if (view.working()) return;
    const card = view.read();
    const wrong = faults(card);
    view.mark(wrong);
    if (Object.keys(wrong).length) return;
    view.work(true);
    try {
      const outcome = await gateway.pay(card, view);
      if (outcome.result === "ACK") {
        paid(view, outcome);
        return; // the button stays off
      }
      if (outcome.result === "WAIT") {
        view.unknown();
        return;
      }
      view.work(false);
      view.declined(words.reason[outcome.reason] || words.reason[""]);
    } catch (error) {
      view.work(false);
      if (error instanceof GaveUp) view.again();
      else if (error instanceof Refused && error.field) view.mark({ [error.field]: error.field });
      else view.failed(words.progress[keyOf(error)]);
    }
  };

  const keyOf = (error) => {
    if (!(error instanceof Refused)) return "offline";
    return { 404: "gone", 429: "too_many" }[error.code] || "failed";
  };

  /* An address with the two parameters added to its query, everything else as it was (wire contract 10.4). */
  const returning = (address, { transaction_id: id, transaction_key: key }) => {
    const at = address.indexOf("#") < 0 ? address.length : address.indexOf("#");
    const [whole, hash] = [address.slice(0, at), address.slice(at)];
    const mark = whole.includes("?") ? (/[?&]$/.test(whole) ? "" : "&") : "?";
    return `${whole}${mark}transaction_id=${encodeURIComponent(id)}&transaction_key=${encodeURIComponent(key)}${hash}`;
  };

  /* A web address, seen from this page; null where there is no such thing. */
  const webAddress = (address) => {
    try {
      const found = new URL(address, document.baseURI);
      return /^https?:$/.test(found.protocol) ? found : null;
    } catch (unparsed) {
      return null;
    }
  };

  /* Whether there was somewhere to go. */
  const go = (address) => {
    const found = webAddress(address);
    if (found) window.location.assign(address);
    return Boolean(found);
  };

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const frameFor = (url) => {
    const frame = element("iframe", {
      src: url, title: words.label.frame, referrerpolicy: "no-referrer", allow: "publickey-credentials-get",
    });
    Object.assign(frame.style, { width: "100%", height: "560px", border: "0", display: "block" });
    return frame;
  };

  const otherCard = (name, giveUp) => {
    const button = element("button", { type: "button", class: name }, words.label.other);
    button.addEventListener("click", giveUp);
    return button;
  };

  /* Beside a field: what is wrong with it, in words and for a screen reader. */
  const markField = (input, place, fault) => {
    place.textContent = fault ? words.error[fault] : "";
    place.hidden = !fault;
    if (fault) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  // --- our own payment page ------------------------------------------------------------------------------------

  const helpHosted = (form) => {
    const part = (id) => document.getElementById(id);
    const inputs = { holder: part("holder"), number: part("number"), expiry: part("expiry"), code: part("code") };
    const { notice, fields, progress, challenge, brand } = Object.fromEntries(
      ["notice", "fields", "progress", "challenge", "brand"].map((id) => [id, part(id)]),
    );
    const button = part("pay");
    const { checkout, cryptogram, back } = form.dataset;
    const gateway = talk(window.location.origin, { checkout_id: checkout, cryptogram });
    let working = false;

    const tell = (...lines) => {
      notice.replaceChildren(...lines.map((line) => element("p", {}, line)));
      notice.hidden = !lines.length;
      if (lines.length) notice.focus();
    };
    const view = {
      working: () => working,
      read: () => ({
        holder: inputs.holder.value, number: digitsOf(inputs.number.value), ...expiryOf(inputs.expiry.value),
        code: inputs.code.value.trim(),
      }),
      mark: (wrong) => {
        for (const name of Object.keys(inputs)) markField(inputs[name], part(`${name}-wrong`), wrong[name]);
        const first = Object.keys(inputs).find((name) => wrong[name]);
        if (first) inputs[first].focus();
      },
      work: (on) => {
        working = on;
        fields.disabled = on;
        form.classList.toggle("working", on);
        if (on) tell();
        else view.say("");
      },
      say: (key) => { progress.textContent = key ? words.progress[key] : ""; },
      frame: (url, giveUp) => {
        fields.hidden = true;
        challenge.replaceChildren(frameFor(url), otherCard("quiet", giveUp));
        challenge.hidden = false;
      },
      unframe: () => {
        challenge.replaceChildren();
        challenge.hidden = true;
        fields.hidden = false;
      },
      again: () => inputs.number.select(),
      declined: (reason) => tell(reason, words.label.nothing),
      failed: (text) => tell(text),
      unknown: () => window.location.reload(),
      stay: () => view.say("already"),
      leave: (outcome) => {
        if (back && go(returning(back, outcome))) return true;
        window.location.reload();
        return true;
      },
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(gateway, view);
    });
    inputs.number.addEventListener("input", () => {
      formatNumber(inputs.number);
      brand.textContent = NAMES[brandOf(digitsOf(inputs.number.value))] || "";
    });
    inputs.expiry.addEventListener("input", (event) => formatExpiry(inputs.expiry, event));
    for (const name of Object.keys(inputs)) {
      inputs[name].addEventListener("input", () => markField(inputs[name], part(`${name}-wrong`), ""));
    }
    button.disabled = false;
  };

  /* The outcome is unknown: ask on, and show the page anew when it is not any more. */
  const waitHosted = async (place) => {
    const { transaction, key } = place.dataset;
    const { result } = await talk(window.location.origin, {}).settle(transaction, key).catch(() => ({}));
    if (result !== "WAIT") window.location.reload();
  };

  // --- a shop's own page ---------------------------------------------------------------------------------------

  /* Labels may hold a shop's own HTML (wire contract 10.3). */
  const label = (place, html) => {
    try {
      place.innerHTML = html;
    } catch (refused) {
      place.textContent = html; // the shop's policy allows no HTML from scripts
    }
    return place;
  };

  const block = (name, text, ...inside) => element(
    "div", { id: `div_${name}` },
    label(element("div", { class: "field-description" }), text), element("div", { class: "field-content" }, ...inside),
  );

  const field = (name, text, placeholder, hints) => {
    const input = element("input", {
      id: name, class: "payw_keyupconfirm", type: "text", autocapitalize: "off", spellcheck: "false",
      "aria-describedby": `wrong_${name}`, ...hints,
    });
    if (placeholder) input.placeholder = placeholder;
    const made = block(name, "", input);
    made.firstChild.append(label(element("label", { for: name }), text));
    made.append(element("div", { id: `wrong_${name}`, class: "field-error", role: "alert", hidden: "" }));
    return made;
  };

  /* The shop's settings, hooks and texts, each of which may be missing. */
  const told = () => ({
    settings: typeof payment_settings === "object" && payment_settings ? payment_settings : {},
    hooks: typeof payment_hooks === "object" && payment_hooks ? payment_hooks : {},
  });

  const terms = (origin) => element(
    "p", { class: "payw_terms" }, `${words.label.agree} ${words.places}. `,
    element("a", { href: `${origin}/pay/terms?lang=${language}`, target: "_blank", rel: "noopener noreferrer" }, words.label.who),
  );

  const confirmBlock = (settings, text) => block(
    "payw_confirm", settings.payw_confirmPayment || "",
    label(element("button", { id: "payw_confirmPayment", type: "button" }), settings.payw_confirmPayment_btn || text),
  );

  /* Fields in the shop's form. The inputs have no name, so that no card data can be submitted to the shop. */
  const drawFields = ({ settings, hooks }) => {
    const merged = String(hooks.merge_expiration) === "1";
    const draw = (name, text, hints) => field(name, settings[name] || text, settings[`placeholder_${name}`], hints);
    const number = { inputmode: "numeric" };
    const failed = element(
      "div", { id: "div_payw_failed", role: "alert", hidden: "" }, element("div", { class: "field-description" }),
      element("div", { class: "field-reason" }),
    );
    const all = [
      failed,
      draw("payw_cardholder", words.label.holder, { autocomplete: "cc-name" }),
      draw("payw_cardno", words.label.number, { ...number, autocomplete: "cc-number" }),
      draw("payw_expmonth", merged ? words.label.expiry : words.label.month, { ...number, autocomplete: merged ? "cc-exp" : "cc-exp-month" }),
      ...(merged ? [] : [draw("payw_expyear", words.label.year, { ...number, autocomplete: "cc-exp-year" })]),
      draw("payw_cvv", words.label.code, { ...number, autocomplete: "cc-csc" }),
      confirmBlock(settings, words.label.pay),
    ];
    if (hooks.class_exp_cvv) {
      for (const each of all) if (/_(expmonth|expyear|cvv)$/.test(each.id)) each.classList.add(...String(hooks.class_exp_cvv).split(/\s+/).filter(Boolean));
    }
    return { box: element("div", { class: "PaymentFields" }, ...all), failed, merged };
  };

  const buildForm = (form, { origin, checkout, cryptogram }) => {
    const shop = told();
    const own = form.querySelector(":scope > center img, :scope > img");
    const icon = shop.settings.waiting_icon || (own ? own.src : "");
    const { box, failed, merged } = drawFields(shop);
    const status = element("p", { class: "payw_status", role: "status" });
    const signal = fresh(form, box, status, terms(origin));
    const input = (name) => box.querySelector(`#payw_${name}`);
    const gateway = talk(origin, { checkout_id: checkout, cryptogram });
    const enclosing = form.closest(".payment-getway-main") || form;
    const PLACES = { holder: "cardholder", number: "cardno", expiry: "expmonth", code: "cvv" };
    let working = false;

    failed.style.display = "none";
    const fail = (html, text) => {
      label(failed.children[0], html);
      failed.children[1].textContent = text;
      failed.hidden = !html && !text;
      failed.style.display = failed.hidden ? "none" : ""; // whatever the shop's style makes of blocks
    };
    const waiting = (on) => {
      form.querySelectorAll(":scope > center").forEach((each) => each.remove());
      if (on && icon) box.after(element("center", {}, element("img", { src: icon, alt: words.progress.paying })));
    };
    const view = {
      working: () => working,
      read: () => ({
        holder: input("cardholder").value, number: digitsOf(input("cardno").value), code: input("cvv").value.trim(),
        ...expiryOf(merged ? input("expmonth").value : `${input("expmonth").value.trim()}/${input("expyear").value.trim()}`),
      }),
      mark: (wrong) => {
        for (const [key, name] of Object.entries(PLACES)) {
          markField(input(name), box.querySelector(`#wrong_payw_${name}`), wrong[key]);
          input(name).parentElement.classList.toggle("error", Boolean(wrong[key]));
        }
        const first = Object.keys(PLACES).find((key) => wrong[key]);
        if (first) input(PLACES[first]).focus();
      },
      work: (on) => {
        working = on;
        box.style.display = on ? "none" : "";
        waiting(on);
        if (on) fail("", "");
        else view.say("");
      },
      say: (key) => { status.textContent = key ? words.progress[key] : ""; },
      frame: (url, giveUp) => {
        waiting(false);
        status.after(frameFor(url), otherCard("payw_other", giveUp));
        enclosing.classList.add("isActive");
      },
      unframe: () => {
        form.querySelectorAll("iframe, .payw_other").forEach((each) => each.remove());
        enclosing.classList.remove("isActive");
        waiting(true);
      },
      again: () => input("cardno").select(),
      declined: (reason) => fail(shop.settings.payw_failed_payment || words.label.nothing, reason),
      failed: (text) => fail("", text),
      unknown: () => waiting(false),
      stay: () => {
        waiting(false);
        view.say("already");
      },
      leave: (outcome) => leaveFor(form, outcome),
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(gateway, view);
    }, { signal });
    box.querySelector("#payw_confirmPayment").addEventListener("click", () => press(gateway, view), { signal });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      press(gateway, view);
    }, { signal });
    input("cardno").addEventListener("input", () => formatNumber(input("cardno")), { signal });
    if (merged) input("expmonth").addEventListener("input", (event) => formatExpiry(input("expmonth"), event), { signal });
  };

  /* Empty the form of what an earlier script put there, its listeners included; the shop's hidden inputs stay. */
  const fresh = (form, ...parts) => {
    if (form.ippCardForm) form.ippCardForm.abort();
    form.ippCardForm = new AbortController();
    const old = ":scope > center, :scope > img, :scope > .PaymentFields, :scope > .payw_status, :scope > .payw_terms, :scope > .payw_other, :scope > iframe";
    form.querySelectorAll(old).forEach((each) => each.remove());
    form.append(...parts);
    return form.ippCardForm.signal;
  };

  /* Back to the shop (wire contract 10.4); whether there was somewhere to go. `form.action` may be an input of that
     name, hence the attribute. */
  const leaveFor = (form, outcome) => {
    const action = form.getAttribute("action") || "";
    if (action === "" || action === "#" || !webAddress(action)) return go(returning(outcome.success_url, outcome));
    for (const name of ["transaction_id", "transaction_key"]) {
      form.append(element("input", { type: "hidden", name, value: outcome[name] }));
    }
    HTMLFormElement.prototype.submit.call(form);
    return true;
  };

  /* The hidden inputs that say where in the shop somebody is (wire contract 10.4). Whatever else a shop's form holds is
     not for us. */
  const PLACE = ["route", "id", "ipn"];

  /* Where the form would have gone, for our own page to go there in its stead; "" where an address alone does not lead
     there, such as for a form that posts: then the checkout's own address does. */
  const placeOf = (form) => {
    const action = form.getAttribute("action") || "";
    const back = webAddress(action);
    if (action === "" || action === "#" || !back || /^post$/i.test(form.getAttribute("method") || "")) return "";
    const own = [...form.querySelectorAll("input[type=hidden][name]")].filter(({ name }) => PLACE.includes(name));
    back.search = new URLSearchParams(own.map(({ name, value }) => [name, value])).toString();
    return back.href;
  };

  /* A button that leads to our own page, and from there to where the form would have gone; above it what there is to
     say. */
  const buttonFor = (form, { origin, checkout, cryptogram }, button, ...above) => {
    const box = element("div", { class: "PaymentFields" }, ...above, button);
    const signal = fresh(form, box);
    const leave = (event) => {
      event.preventDefault();
      const query = new URLSearchParams({ checkout_id: checkout, cryptogram });
      const action = placeOf(form);
      if (action) query.set("action", action);
      window.location.assign(`${origin}/?${query}`);
    };
    box.querySelector("button").addEventListener("click", leave, { signal });
    form.addEventListener("submit", leave, { signal });
  };

  /* The company's widget is switched off. */
  const buildButton = (form, it) => buttonFor(form, it, confirmBlock(told().settings, words.label.elsewhere));

  /* An attempt stands on the checkout: no card is asked for again, and our page shows how it stands. */
  const buildStands = (key) => (form, it) => buttonFor(
    form, it, confirmBlock({}, words.label.stands),
    element("p", { class: "payw_status", role: "status" }, words.progress[key]),
  );

  const buildGone = (form) => {
    const text = element("div", { class: "field-description" }, words.progress.gone);
    fresh(form, element("div", { class: "PaymentFields" }, element("div", { id: "div_payw_failed", role: "alert" }, text)));
  };

  const BUILD = {
    form: buildForm, page: buildButton, gone: buildGone, paid: buildStands("already"), waiting: buildStands("waiting"),
  };

  /* The form may come later than the script, by the parser or by another script. */
  const whenThere = (then) => {
    const find = () => document.querySelector("form.paymentWidgets");
    if (find()) {
      then(find());
      return;
    }
    const watch = new MutationObserver(() => {
      if (!find()) return;
      watch.disconnect();
      then(find());
    });
    watch.observe(document, { childList: true, subtree: true });
  };

  const begin = () => {
    if (!hosted) {
      whenThere((form) => BUILD[given.mode](form, given));
      return;
    }
    // A page that the browser kept is as old as it was left; how the payment stands now, the server says.
    window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
    if (hosted.dataset.hosted === "card") helpHosted(document.getElementById("card"));
    if (hosted.dataset.hosted === "waiting") waitHosted(hosted);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
