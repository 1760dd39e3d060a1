/*
 * The copy of one's data: while it is being made ([data-preparing]) the page looks again, and what has become of it is said.
 */

import { say } from "./call.js";
import { refresh } from "./fresh.js";

const part = document.getElementById("data-now");
const isPreparing = () => Boolean(part.querySelector("[data-preparing]"));
let wasPreparing = isPreparing();

setInterval(() => { if (isPreparing() && !document.hidden) refresh(location.href, { gently: true }); }, 3_000);

part.addEventListener("fresh", () => {
  const ready = part.querySelector("[data-ready]");
  if (wasPreparing && ready) {
    document.querySelector(".toast")?.remove(); // It said that the copy is being made.
    say(ready.dataset.ready);
  }
  wasPreparing = isPreparing();
});
