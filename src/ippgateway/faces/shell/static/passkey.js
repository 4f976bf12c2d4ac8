// Passkeys (WebAuthn, level 3): a form with `data-passkey` asks the browser for one and carries the answer to us. What
// the form says when that fails stands in it, in the page's language. No key ever comes near a script.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.documentElement.classList.add("passkeys");

  const octets = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const known = (credentials) => (credentials || []).map((each) => ({ ...each, id: octets(each.id) }));
  const read = (way, given) => {
    const options = { ...given, challenge: octets(given.challenge) };
    if (way === "get") return { ...options, allowCredentials: known(given.allowCredentials) };
    return { ...options, user: { ...given.user, id: octets(given.user.id) }, excludeCredentials: known(given.excludeCredentials) };
  };

  const written = (credential) => {
    const from = credential.response;
    const response = { clientDataJSON: text(from.clientDataJSON) };
    if (from.attestationObject) {
      response.attestationObject = text(from.attestationObject);
      response.transports = from.getTransports ? from.getTransports() : [];
    } else {
      response.authenticatorData = text(from.authenticatorData);
      response.signature = text(from.signature);
      response.userHandle = from.userHandle ? text(from.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  const said = (form, error) => {
    const why = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "known" }[error.name] || "failed";
    const place = form.querySelector("[role=alert]");
    place.textContent = form.dataset[why];
    place.hidden = false;
  };

  const asked = async (form) => {
    const way = form.dataset.passkey;
    const publicKey = read(way, JSON.parse(form.elements.options.value));
    const credential = await navigator.credentials[way]({ publicKey });
    form.elements.answer.value = written(credential);
    form.elements.options.disabled = true; // it is known to us
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.passkey) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    form.querySelector("[role=alert]").hidden = true;
    try {
      await asked(form);
      form.submit();
    } catch (error) {
      said(form, error);
      form.removeAttribute("aria-busy");
    }
  });
})();
