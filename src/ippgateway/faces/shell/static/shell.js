// What htmx leaves to a page: focus, the language and theme of what came, failures of the way, menus that close. Every
// page works the same without it.
(() => {
  "use strict";
  const root = document.documentElement;

  // A page of a newer release brings files of its own: then the browser loads it as a whole. What answers a form at the
  // form's own address stays, because it may show something this once.
  const files = (from) => Array.from(from.querySelectorAll("head link[rel=stylesheet], head script[src]"), (each) => each.getAttribute("href") || each.getAttribute("src")).join(" ");

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo, requestConfig, target } = event.detail;
    if (target !== document.body) return;
    const came = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const answers = requestConfig.verb === "post" && xhr.responseURL === new URL(pathInfo.finalRequestPath, location).href;
    if (!came.getElementById("content")) {
      event.detail.shouldSwap = false;
      failed(event);
      return;
    }
    if (!answers && files(came) !== files(document)) {
      event.detail.shouldSwap = false;
      location.assign(xhr.responseURL);
      return;
    }
    root.lang = came.documentElement.lang;
    const theme = came.documentElement.dataset.theme;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  });

  // Focus goes where the new page begins, unless the page itself says where.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== document.body) return;
    const chosen = document.querySelector("[autofocus]");
    (chosen || document.getElementById("content"))?.focus({ preventScroll: !chosen });
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt instanceof HTMLFormElement) event.detail.elt.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.removeAttribute("aria-busy"));

  // No page came: a link is followed the browser's own way, which shows what there is; after a form we say so.
  const failed = (event) => {
    const { pathInfo, requestConfig } = event.detail;
    if (requestConfig.verb === "get") {
      location.assign(pathInfo.finalRequestPath);
      return;
    }
    const loading = document.getElementById("loading");
    const notice = document.createElement("div");
    const words = document.createElement("p");
    notice.className = "notice problem";
    notice.setAttribute("role", "alert");
    words.textContent = navigator.onLine ? loading.dataset.unanswered : loading.dataset.unreached;
    notice.append(words);
    const main = document.getElementById("content");
    main.querySelector(":scope > .notice.problem")?.remove();
    main.prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);

  // What is shown once can be copied and printed. The buttons are there when a script can press them.
  const helped = () => {
    for (const each of document.querySelectorAll("[data-copy], [data-print]")) each.hidden = false;
  };
  const copy = async (button) => {
    const from = Array.from(document.querySelectorAll(button.dataset.copy), (each) => each.innerText);
    await navigator.clipboard.writeText(from.join("\n"));
    button.textContent = button.dataset.copied;
  };
  helped();
  document.addEventListener("htmx:afterSettle", helped);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.dataset.copy) copy(button).catch(() => { button.hidden = true; });
    else if (button) window.print();
  });

  const close = (but) => {
    for (const each of document.querySelectorAll("details.drop[open]")) if (!each.contains(but)) each.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.drop[open]");
    close(null);
    open?.querySelector("summary").focus();
  });
})();
