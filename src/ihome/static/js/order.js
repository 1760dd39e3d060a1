/*
 * Pictures put in another order, by dragging or by two buttons: [data-order="PUT /api/…"] with its [data-image] parts. The
 * page shows the new order at once and the API hears of it a moment later.
 */

import { call, refresh, say } from "./app.js";

const box = document.querySelector("[data-order]");
const parts = () => [...box.querySelectorAll("[data-image]")];
const ids = () => parts().map((part) => Number(part.dataset.image));

let timer;
let saving = Promise.resolve();

function save() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const [method, path] = box.dataset.order.split(" ");
    saving = saving.then(async () => { // One after the other, or the older wish might win.
      const answer = await call(method, path, { image_ids: ids() });
      if (answer.errno === "0") return;
      say(answer.errmsg);
      await refresh(location.href);
    });
  }, 400);
}

/** After a change: numbers, the ends, and where it stands now. */
function settle(moved) {
  const all = parts();
  for (const [place, part] of all.entries()) {
    part.querySelector("img").alt = box.dataset.alt.replace("{number}", place + 1);
    part.querySelector("[data-move='-1']").disabled = place === 0;
    part.querySelector("[data-move='1']").disabled = place === all.length - 1;
  }
  say(box.dataset.moved.replace("{number}", all.indexOf(moved) + 1).replace("{total}", all.length));
  save();
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
    else if (parts().some((one, place) => one !== before[place])) settle(part);
  }

  document.addEventListener("pointermove", follow, { signal });
  document.addEventListener("pointerup", () => end(true), { signal });
  document.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") end(false); }, { signal });
});

box.classList.add("movable");
