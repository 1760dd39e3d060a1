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

// --- the focus does not fall off the page when what had it is gone --------------------------------------------------------

const isThere = (one) => Boolean(one?.isConnected && !one.disabled && one.checkVisibility());

function isInView(one) {
  const { top, bottom } = one.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** To be called when the page has changed: to this element, its twin, what it stood in, or what stood beside that. */
export function wayBack(one) {
  const ids = [];
  for (let up = one?.closest("[id]"); up; up = up.parentElement.closest("[id]")) {
    ids.push(up.id, up.nextElementSibling?.id, up.previousElementSibling?.id);
  }
  const markOf = (any) => [any.getAttribute("href"), any.form?.dataset.api, any.textContent].join();
  const mark = one && markOf(one);
  return () => {
    if (document.activeElement !== document.body) return;
    const around = ids.map((id) => document.getElementById(id || null)).filter(isThere);
    const twins = one && around[0] ? [...around[0].querySelectorAll(one.localName)].filter((any) => markOf(any) === mark) : [];
    const places = [one, ...twins, ...around].filter((any) => any !== document.body && isThere(any));
    const place = places.find(isInView) ?? places[0] ?? document.getElementById("main");
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: isInView(place) });
  };
}

// --- fetching and swapping ----------------------------------------------------------------------------------------------

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
      const goBack = part.contains(document.activeElement) ? wayBack(document.activeElement) : null;
      part.replaceChildren(...fresh.childNodes);
      goBack?.();
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
