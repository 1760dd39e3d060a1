/*
 * Back from the gateway: [data-confirm="PUT /api/…"] with its [data-when] parts. What the gateway appended to the address
 * goes to the API, unchanged.
 */

import { call } from "./call.js";
import { refresh } from "./fresh.js";

async function confirm(part) {
  const [method, path] = part.dataset.confirm.split(" ");
  const answer = await call(method, path, new URLSearchParams(location.search));
  const isDone = answer.errno === "0";
  for (const one of part.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== (isDone ? "done" : "failed");
  if (isDone) {
    const link = part.querySelector("[data-to]");
    link.href = link.dataset.to.replace("{order_id}", encodeURIComponent(answer.data.order_id));
  } else part.querySelector("[data-reason]").textContent = answer.errmsg;
  refresh(location.href, { gently: true }); // The server may know more by now.
}

for (const part of document.querySelectorAll("[data-confirm]")) confirm(part);
