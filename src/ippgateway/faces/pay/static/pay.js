/* IPP card form, the loader. It belongs to one checkout, whose values are written in below; never keep this file.
   It loads the form's code from where it came from itself, and the browser checks that code against its hash. */
(() => {
  "use strict";
  const given = "@GIVEN@";
  const here = document.currentScript;
  const address = here && here.src ? new URL(here.src) : null;
  const origin = address && address.pathname.endsWith("/pay.js") ? address.origin : given.origin;
  const core = document.createElement("script");
  core.src = origin + given.core;
  core.integrity = given.integrity;
  core.crossOrigin = "anonymous";
  if (here && here.nonce) core.nonce = here.nonce; // a shop whose policy trusts by nonce
  Object.assign(core.dataset, { origin, mode: given.mode, checkout: given.checkout, cryptogram: given.cryptogram });
  core.addEventListener("load", () => core.remove());
  (document.head || document.documentElement).append(core);
})();
