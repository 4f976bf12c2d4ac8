// Two comforts, both of which the shop works without: a click copies a test card's number, and a receipt that still
// waits for something looks again by itself. Nothing is stored.
"use strict";

const LOOK_EVERY_MS = 1000;
const MOST_FAILURES = 30;
const COPIED_MS = 900;

document.addEventListener("click", async (event) => {
  const field = event.target.closest("input[data-copy]");
  if (!field) return;
  field.select();
  if (!navigator.clipboard) return;
  try {
    await navigator.clipboard.writeText(field.value.replaceAll(" ", ""));
  } catch {
    return; // It is selected; the keyboard copies it.
  }
  document.getElementById("copied").textContent = field.dataset.copy;
  field.classList.add("copied");
  setTimeout(() => field.classList.remove("copied"), COPIED_MS);
});

// The page itself says where to look next; when it no longer does, there is nothing more to wait for.
async function lookAgain(failures) {
  const told = document.getElementById("told");
  if (!told || !told.dataset.again || failures > MOST_FAILURES) return;
  let fresh = null;
  try {
    const answer = await fetch(told.dataset.again, { cache: "no-store" });
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("told");
  } catch {
    // The next look may find the shop again.
  }
  if (fresh && fresh.dataset.state !== told.dataset.state) told.replaceChildren(...fresh.childNodes);
  if (fresh) Object.assign(told.dataset, { state: fresh.dataset.state, again: fresh.dataset.again || "" });
  setTimeout(lookAgain, LOOK_EVERY_MS, fresh ? failures : failures + 1);
}

lookAgain(0);
