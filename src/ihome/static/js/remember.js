/*
 * The last search, offered again on the start page and in its head. It is kept in this browser and told to nobody; dates that
 * are over are forgotten, and so is all of it by a tap, or by signing out.
 */

import { say } from "./call.js";
import { shown } from "./dates.js";

const KEY = "ihome:search";
const FORMS = { city_id: /^\d+$/, area_id: /^\d+$/, check_in: /^\d{4}-\d\d-\d\d$/, check_out: /^\d{4}-\d\d-\d\d$/, guests: /^\d{1,3}$/ };
const form = document.getElementById("search");
const again = document.getElementById("again");

function keep(search) {
  try {
    if (Object.keys(search).length) localStorage.setItem(KEY, JSON.stringify(search));
    else localStorage.removeItem(KEY);
  } catch { /* Private windows may refuse: then nothing is offered. */ }
}

function recall() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(KEY));
  } catch { /* as if there were none */ }
  return known(new Map(Object.entries(kept ?? {})));
}

/** What of this search can still be asked. */
function known(values) {
  const found = {};
  for (const [name, look] of Object.entries(FORMS)) if (look.test(values.get(name) ?? "")) found[name] = values.get(name);
  const today = form.elements.check_in.min;
  const isOver = (found.check_in ?? found.check_out) < today || found.check_out <= (found.check_in ?? today);
  if (isOver) for (const name of ["check_in", "check_out"]) delete found[name];
  for (const name of ["city_id", "area_id"]) if (found[name] && !optionOf(name, found[name])) delete found[name];
  return found;
}

const optionOf = (name, value) => [...(form.elements[name]?.options ?? [])].find((option) => option.value === value);

/** Where, when and who, in words. */
function wordsFor({ city_id: city, area_id: area, check_in: comes, check_out: leaves, guests }) {
  const when = [comes, leaves].filter(Boolean).map((day) => shown.format(new Date(day))).join(" – ");
  const who = guests && (guests === "1" ? again.dataset.guest : again.dataset.guests.replace("#", guests));
  return [(optionOf("area_id", area) ?? optionOf("city_id", city))?.textContent, when, who].filter(Boolean);
}

function offer() {
  const search = recall();
  keep(search);
  again.hidden = !Object.keys(search).length;
  if (again.hidden) return;
  const words = wordsFor(search);
  const link = again.querySelector("a");
  link.href = `/search?${new URLSearchParams(search)}`;
  link.querySelector("[data-words]").textContent = words.join(" · ");
  const pill = document.querySelector(".head-search");
  pill.dataset.form ??= pill.href;
  pill.href = link.href;
  pill.querySelectorAll(":scope > span:not(.visually-hidden)").forEach((one) => one.remove());
  pill.append(...words.map((one) => Object.assign(document.createElement("span"), { textContent: one })));
}

function forget() {
  keep({});
  again.hidden = true;
  const pill = document.querySelector(".head-search");
  pill.href = pill.dataset.form;
  pill.querySelectorAll(":scope > span:not(.visually-hidden)").forEach((one) => one.remove());
  pill.append(Object.assign(document.createElement("span"), { textContent: pill.dataset.words }));
  say(again.dataset.forgotten);
  form.elements.area_id.focus();
}

if (again) {
  again.querySelector("button").addEventListener("click", forget);
  addEventListener("pageshow", offer); // Also when the browser brings the page back as it was.
} else if (form && !form.querySelector("[aria-invalid]")) {
  const asked = known(new URLSearchParams(location.search));
  if (Object.keys(asked).length) keep(asked);
}
