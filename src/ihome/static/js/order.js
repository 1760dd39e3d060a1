/*
 * Pictures put in another order, by dragging or by two buttons: [data-order="PUT /api/…"] with its [data-image] parts. The
 * page shows the new order at once and the API hears of it a moment later. Until then nothing takes the parts away, and
 * what has been uploaded or removed meanwhile comes into the order that is sent.
 */

import { call, fetchPage, say } from "./call.js";
import { refresh } from "./fresh.js";

const box = document.querySelector("[data-order]");
const parts = () => [...box.querySelectorAll("[data-image]")];
const idOf = (part) => Number(part.dataset.image);
const ids = () => parts().map(idOf);

const CHANGED = "4004"; // The house has other pictures by now (errno of PhotosChanged).

let timer;
let saving = Promise.resolve();
let wishes = 0; // Not yet heard by the API.

/** Our order of the pictures that there are, the new ones last. */
async function idsOfNow() {
  const page = await fetchPage(location.href);
  const there = [...page.querySelectorAll("[data-order] [data-image]")].map(idOf);
  const known = ids().filter((id) => there.includes(id));
  return [...known, ...there.filter((id) => !known.includes(id))];
}

async function save() {
  const [method, path] = box.dataset.order.split(" ");
  let answer = await call(method, path, { image_ids: ids() });
  if (answer.errno === CHANGED) answer = await idsOfNow().then((image_ids) => call(method, path, { image_ids }), () => answer);
  if (answer.errno !== "0") say(answer.errmsg);
}

function saveSoon(delay = 400) {
  box.dataset.busy = "yes";
  wishes += 1;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const heard = wishes;
    saving = saving.then(async () => { // One after the other, or the older wish might win.
      await save();
      if (heard !== wishes) return;
      delete box.dataset.busy;
      await refresh(location.href, { gently: true });
    });
  }, delay);
}

function renumber() {
  const all = parts();
  for (const [place, part] of all.entries()) {
    part.querySelector("img").alt = box.dataset.alt.replace("{number}", place + 1);
    part.querySelector("[data-move='-1']").disabled = place === 0;
    part.querySelector("[data-move='1']").disabled = place === all.length - 1;
  }
  return all;
}

/** Pictures of one upload go side by side, as `chosen` has their ids. Those that are `placed` stay where they are. */
export function place(chosen, placed) {
  const before = ids();
  const partOf = (id) => box.querySelector(`[data-image="${id}"]`);
  for (const [number, id] of chosen.entries()) {
    const part = partOf(id);
    if (!part || placed.has(id)) continue;
    const isThere = (other) => placed.has(other) && partOf(other);
    const earlier = chosen.slice(0, number).findLast(isThere);
    const later = chosen.slice(number + 1).find(isThere);
    if (earlier) partOf(earlier).after(part);
    else if (later) partOf(later).before(part);
    placed.add(id);
  }
  if (ids().every((id, number) => id === before[number])) return;
  renumber();
  saveSoon(0);
}

/** After a change: numbers, the ends, and where it stands now. */
function settle(moved) {
  const all = renumber();
  say(box.dataset.moved.replace("{number}", all.indexOf(moved) + 1).replace("{total}", all.length));
  saveSoon();
}

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const part = button.closest("[data-image]");
  if (button.dataset.move === "1") part.nextElementSibling.after(part);
  else part.previousElementSibling.before(part);
  settle(part);
  const other = part.querySelector(`[data-move='${-button.dataset.move}']`);
  (button.disabled ? other : button).focus();
});

box.addEventListener("dragstart", (event) => event.preventDefault()); // The browser's own, of pictures.

box.addEventListener("pointerdown", (event) => {
  const part = event.target.closest("[data-image]");
  const isGrip = event.target.closest("[data-grip]") || (event.pointerType === "mouse" && event.target.closest("img"));
  if (!part || !isGrip || event.button) return;
  event.preventDefault();
  const before = parts();
  const watch = new AbortController();
  const { signal } = watch;
  part.classList.add("dragging");

  function follow({ clientX, clientY }) {
    if (clientY < 90) scrollBy(0, -12);
    else if (clientY > innerHeight - 90) scrollBy(0, 12);
    const under = document.elementFromPoint(clientX, clientY)?.closest("[data-image]");
    if (!under || under === part || under.parentElement !== box) return;
    const all = parts();
    if (all.indexOf(under) > all.indexOf(part)) under.after(part);
    else under.before(part);
  }

  function end(isKept) {
    watch.abort();
    part.classList.remove("dragging");
    if (!isKept) box.append(...before);
    if (parts().some((one, place) => one !== before[place])) settle(part);
    else refresh(location.href, { gently: true }); // What has been uploaded meanwhile.
  }

  document.addEventListener("pointermove", follow, { signal });
  document.addEventListener("pointerup", () => end(true), { signal });
  document.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") end(false); }, { signal });
});

box.classList.add("movable");
