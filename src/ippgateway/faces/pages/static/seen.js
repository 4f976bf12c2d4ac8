// Tells our own origin for how long each page was to be seen. Keeps nothing, knows nothing of who looks: the name of a
// view is made up when the page opens and gone when it closes. Without it everything works the same.
(() => {
  "use strict";
  let view = "";
  let shown = 0; // milliseconds until it was last hidden
  let since = null;

  const tell = () => {
    const now = since === null ? shown : shown + performance.now() - since;
    navigator.sendBeacon("/seen", view + " " + Math.min(Math.round(now / 1000), 86400));
  };

  const open = () => {
    const octets = crypto.getRandomValues(new Uint8Array(16));
    view = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
    shown = 0;
    since = document.visibilityState === "visible" ? performance.now() : null;
    tell();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      since = performance.now();
      return;
    }
    if (since !== null) shown += performance.now() - since;
    since = null;
    tell();
  });
  addEventListener("pagehide", tell);

  // Where htmx puts another page into the same document, one view closes and the next opens. It says so for each part
  // of the page that came, so all but the first are passed over.
  let came = null;
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target, xhr } = event.detail;
    if (target !== document.body || xhr === came) return;
    came = xhr;
    tell();
    open();
  });
  open();
})();
