/*
 * More houses on the same page. Without script #pages has links to the next page and back; with it a button appends the
 * next page's cards. The address is that of the last page shown, and the history's entry knows the first, so that coming
 * back from a house finds the same cards at the same place.
 */

import { fetchPage, say } from "./call.js";

const results = document.getElementById("results");
const pages = document.getElementById("pages");

function addressOf(page) {
  const url = new URL(location.href);
  url.searchParams.set("page", page);
  return url.href;
}

const now = () => Number(pages.dataset.page);
const firstShown = () => history.state?.first ?? now();

/** The button in place of the links; the links stay where pages before the first one shown could be missed. */
function offer() {
  const next = pages.querySelector("[rel=next]");
  const nav = pages.querySelector("nav");
  pages.querySelector(".further")?.remove();
  if (nav) nav.hidden = firstShown() === 1;
  const box = document.createElement("div");
  box.className = "further";
  if (firstShown() === 1 && (nav || now() > 1)) {
    const words = document.createElement("p");
    words.textContent = pages.dataset.shown.replace("{shown}", results.children.length);
    box.append(words);
  }
  if (next) {
    const button = document.createElement("button");
    button.className = "button";
    button.textContent = pages.dataset.more;
    button.addEventListener("click", () => append(next.href, button));
    box.append(button);
  }
  pages.append(box);
}

async function append(address, button) {
  button.disabled = true;
  results.setAttribute("aria-busy", "true");
  document.body.dataset.loading = "";
  try {
    const page = await fetchPage(address);
    const cards = [...(page.getElementById("results")?.children ?? [])];
    const first = firstShown();
    results.append(...cards);
    take(page.getElementById("pages"));
    history.replaceState({ ...history.state, first }, "", address);
    offer();
    cards[0]?.querySelector("a").focus({ preventScroll: true });
    say(pages.dataset.shown.replace("{shown}", results.children.length));
  } catch {
    location.assign(address); // The browser says what is wrong, and tries again.
  }
  results.removeAttribute("aria-busy");
  delete document.body.dataset.loading;
}

function take(fresh) {
  if (!fresh) return;
  pages.dataset.page = fresh.dataset.page;
  pages.replaceChildren(...fresh.childNodes);
}

/** Back from a house, the server sent the last page alone: those before it come, and the reader's place with them. */
async function restore({ first, y }) {
  history.scrollRestoration = "manual";
  const before = Array.from({ length: now() - first }, (_, ahead) => addressOf(first + ahead));
  try {
    const found = await Promise.all(before.map(fetchPage));
    results.prepend(...found.flatMap((page) => [...(page.getElementById("results")?.children ?? [])]));
  } catch {
    history.replaceState(null, "");
  }
  offer();
  scrollTo(0, y ?? 0);
  history.scrollRestoration = "auto";
}

if (results && pages) {
  addEventListener("pagehide", () => { if (history.state?.first) history.replaceState({ ...history.state, y: scrollY }, ""); });
  if (history.state?.first < now()) restore(history.state);
  else offer();
}
