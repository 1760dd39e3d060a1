/*
 * What the server renders anew: a page is fetched again, and its marked parts take the place of ours.
 *
 *   data-live, id    a part that changes
 *   data-swap        a link to the same page shown differently: the parts change, the reader stays where they are
 */

import { fetchPage } from "./call.js";

function isBusy(part) {
  return part.matches("[data-busy], :has(form[data-dirty], form[data-busy], details[open] form, .dragging)") || part.contains(document.activeElement?.closest("input, textarea, select") ?? null);
}

let refreshing = 0;
const rendered = new WeakMap(); // Each part as the server wrote it: script changes parts, too.
for (const part of document.querySelectorAll("[data-live]")) rendered.set(part, part.outerHTML);

/** Fetch the page and put its [data-live] parts in place of ours. `gently` leaves alone what somebody is working in. */
export async function refresh(address, { gently = false } = {}) {
  const mine = ++refreshing;
  let page;
  if (!gently) document.body.dataset.loading = "";
  try {
    page = await fetchPage(address);
  } catch {
    return;
  } finally {
    if (mine === refreshing) delete document.body.dataset.loading;
  }
  if (mine !== refreshing) return; // A later one is on its way.
  const swapped = [];
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (swapped.some((one) => one.contains(part)) || (gently && isBusy(part))) continue;
    if (!fresh) part.remove();
    else if (fresh.outerHTML !== rendered.get(part)) {
      rendered.set(part, fresh.outerHTML);
      const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.replaceChildren(...fresh.childNodes);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      for (const inner of part.querySelectorAll("[data-live]")) rendered.set(inner, inner.outerHTML);
      swapped.push(part);
      part.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
    }
  }
}

async function swapTo(link) {
  const part = link.closest("[data-live]");
  history.replaceState(null, "", link.href);
  await refresh(link.href);
  if (!part || link.isConnected) return;
  if (document.activeElement === document.body) part.querySelector(`[rel="${link.rel}"], [data-swap]`)?.focus({ preventScroll: true });
  if (part.getBoundingClientRect().top < 0) part.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // A tab of its own.
  event.preventDefault();
  swapTo(link);
});
