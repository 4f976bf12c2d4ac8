// Tells our own origin for how long this page was to be seen. Keeps nothing, knows nothing of who looks: the name of the
// view is made up when the page opens and gone when it closes. Without it everything works the same.
(() => {
  "use strict";
  const octets = crypto.getRandomValues(new Uint8Array(16));
  const view = Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
  let shown = 0; // milliseconds until it was last hidden
  let since = document.visibilityState === "visible" ? performance.now() : null;

  const tell = () => {
    const now = since === null ? shown : shown + performance.now() - since;
    navigator.sendBeacon("/seen", view + " " + Math.min(Math.round(now / 1000), 86400));
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
  tell();
})();
