/*
 * The form of a stay: form[data-preview]. A change of a [data-query] field goes into the address, and the server quotes the
 * stay anew. On a phone a bar has the price until what it stands for is in sight: .bar[data-until].
 */

import { markField } from "./app.js";
import { addDays } from "./dates.js";
import { refresh } from "./fresh.js";

/** Leaving comes after coming: a check-in past it moves the check-out along. */
function keepOrder(form) {
  const comes = form.querySelector("[data-query=check_in]");
  const leaves = form.querySelector("[data-query=check_out]");
  if (!comes?.value || !leaves) return;
  const earliest = addDays(comes.value, 1);
  leaves.min = earliest;
  if (leaves.value && leaves.value < earliest) leaves.value = addDays(comes.value, Number(leaves.dataset.least) || 1);
}

function preview(form) {
  const url = new URL(location.href);
  const isHalf = [...form.querySelectorAll("[data-query^=check_]")].some((field) => !field.value); // One date alone waits for the other.
  for (const field of form.querySelectorAll("[data-query]")) {
    if (field.value && !(isHalf && field.dataset.query.startsWith("check_"))) url.searchParams.set(field.dataset.query, field.value);
    else url.searchParams.delete(field.dataset.query);
  }
  history.replaceState(null, "", url);
  refresh(url.href);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!event.target.dataset.query || !form || !("preview" in form.dataset)) return;
  if (event.target.hasAttribute("aria-invalid")) markField(event.target, "");
  keepOrder(form);
  preview(form);
});

const bar = document.getElementById("bar");
const until = document.getElementById(bar?.dataset.until ?? "");
if (until) new IntersectionObserver(([seen]) => bar.classList.toggle("away", seen.isIntersecting)).observe(until);
