/*
 * A stay chosen on a calendar: a tap on the day of arrival, then one on the day of leaving. The months are grids: arrows go
 * by days and weeks, Page Up and Page Down by months, Home and End to the ends of a week, Enter chooses, Escape begins anew.
 * What is chosen goes into the form's date fields.
 *
 * On a house's page the months are the server's. Everywhere both date fields open a dialog, too, whose months are made here;
 * where there is a house, #taken says which of its nights are gone. What is chosen has stay.js ask the server what it costs.
 */

import { say } from "./call.js";

const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const { lang } = document.documentElement;
const locale = lang === "en" ? "en-GB" : lang;
const spoken = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" });
export const shown = new Intl.DateTimeFormat(locale, { month: lang === "en" ? "short" : "long", day: "numeric", weekday: "short", timeZone: "UTC" });

/** The nights that are gone, as [first, day after the last]; none where there is no house. */
const gone = () => (document.getElementById("taken")?.textContent ?? "").trim().split(/\s+/).filter(Boolean).map((stay) => stay.split("/"));
const isGone = (day) => gone().some(([first, end]) => first <= day && day < end);
/** The first taken night after the arrival: nobody stays past it. */
const wallAfter = (day) => gone().find(([first]) => first > day)?.[0] ?? "";

/** Which month the server is to begin with: the one in sight, or "" for that of the stay. */
function showMonth(month) {
  const url = new URL(location.href);
  if (month) url.searchParams.set("month", month);
  else url.searchParams.delete("month");
  history.replaceState(history.state, "", url);
}

export function addDays(text, count) {
  const day = new Date(`${text}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
}

/** Keys, taps and words for the [data-days] in `root`; "fresh" says that root has other months or another choice. */
function picker(form, root, hint) {
  const comes = form.querySelector("[data-query=check_in]");
  const leaves = form.querySelector("[data-query=check_out]");
  const months = () => root.querySelector("[data-days]");
  const days = () => [...months().querySelectorAll("[data-day]")].filter((cell) => cell.getClientRects().length);
  const cellOf = (day) => days().find((cell) => cell.dataset.day === day);
  const isLeaving = () => Boolean(comes.value && !leaves.value);
  let refusal = ""; // Which rule is in the way of the day that was tried.
  let wanted = null; // The day to go to, or the button to return to, once other months are there.

  /** The grid as it came from the server, made ready for keys and for ears. */
  function prepare() {
    for (const table of months().querySelectorAll("table")) table.setAttribute("role", "grid");
    for (const cell of months().querySelectorAll("[data-day]")) {
      cell.tabIndex = -1;
      const words = cell.querySelector(".visually-hidden")?.textContent.trim() || months().dataset.free;
      cell.setAttribute("aria-label", [spoken.format(new Date(cell.dataset.day)), words].filter(Boolean).join(", "));
    }
    months().classList.add("tappable");
    paint();
    const first = cellOf(comes.value) ?? days().find((cell) => cell.matches(".free")) ?? days()[0];
    if (first) first.tabIndex = 0;
  }

  /** Which days can be chosen now, and how far a stay until `until` would reach. */
  function paint(until = "") {
    if (hint) {
      hint.hidden = false;
      const { come, leave, settled, refused } = months().dataset;
      const isSettled = Boolean(comes.value && leaves.value);
      const asked = isLeaving() ? leave : (isSettled && (refused ?? settled)) || come;
      if (hint.matches(".help")) hint.classList.toggle("error", Boolean(isSettled && refused));
      const words = [refusal, asked].filter(Boolean).join(lang === "en" ? " " : "");
      if (hint.textContent !== words) hint.textContent = words;
    }
    for (const cell of days()) {
      const { day } = cell.dataset;
      const isAfter = isLeaving() && day > comes.value;
      const isOut = Boolean(isLeaving() ? isAfter && ruleFor(day) : cell.matches(".taken"));
      cell.classList.toggle("out", isAfter && isOut);
      cell.classList.toggle("reach", isAfter && !isOut);
      cell.classList.toggle("between", Boolean(isAfter && until && day < until));
      if (isLeaving()) cell.classList.toggle("end", day === comes.value);
      cell.setAttribute("aria-disabled", String(isOut || (!isAfter && cell.matches(".taken"))));
      cell.setAttribute("aria-selected", String(cell.matches(".end, .chosen")));
    }
  }

  /** Which rule is in the way of leaving on this day, or else of arriving on it; "" where none is. */
  function ruleFor(day) {
    const { short, long, gone: taken, wall: blocked } = months().dataset;
    const [least, most] = [Number(leaves.dataset.least) || 1, Number(leaves.dataset.most)];
    const arrives = isLeaving() && day > comes.value ? comes.value : day;
    const wall = wallAfter(arrives);
    const end = wall && blocked.replace("#", shown.format(new Date(wall)));
    if (arrives === day) {
      if (isGone(day)) return taken;
      return wall && addDays(day, least) > wall ? [short, end].join(lang === "en" ? " " : "") : "";
    }
    if (wall && day > wall) return end;
    if (day < addDays(arrives, least)) return short;
    return most && day > addDays(arrives, most) ? long : "";
  }

  function choose(cell) {
    const { day } = cell.dataset;
    refusal = ruleFor(day);
    if (refusal) {
      paint();
      if (!root.matches("dialog")) say(refusal);
      return;
    }
    if (isLeaving() && day > comes.value) leaves.value = day;
    else [comes.value, leaves.value] = [day, ""];
    const words = isLeaving() ? `${cell.getAttribute("aria-label")}. ${months().dataset.leave}` : "";
    say(words); // The total says itself once it is there.
    wanted = cell.matches(":focus") ? day : null;
    leaves.min = addDays(comes.value, 1);
    showMonth(months().dataset.month ?? "");
    leaves.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function focus(day) {
    const cell = cellOf(day);
    if (!cell) return false;
    for (const one of months().querySelectorAll("[data-day][tabindex='0']")) one.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
    if (wanted) wanted = day; // Who moves on while the page is fetched stays where they are by then.
    return true;
  }

  function turn(rel, then) {
    const link = root.querySelector(`[rel=${rel}]`);
    if (!link || link.disabled) return;
    wanted = then;
    link.click();
  }

  function onKey(event) {
    const cell = event.target.closest("[data-day]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const { day } = cell.dataset;
    const weekday = (new Date(day).getUTCDay() + 6) % 7;
    if (event.key === "Enter" || event.key === " ") choose(cell);
    else if (event.key === "Escape" && isLeaving() && !root.matches("dialog")) {
      comes.value = "";
      wanted = day;
      leaves.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key === "PageDown") turn("next", addDays(day, 30));
    else if (event.key === "PageUp") turn("prev", addDays(day, -30));
    else if (event.key === "Home") focus(addDays(day, -weekday));
    else if (event.key === "End") focus(addDays(day, 6 - weekday));
    else if (event.key in MOVES) {
      const to = addDays(day, MOVES[event.key]);
      if (!focus(to)) turn(MOVES[event.key] > 0 ? "next" : "prev", to);
    } else return;
    event.preventDefault();
  }

  root.addEventListener("keydown", onKey);
  root.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-day]");
    const link = event.target.closest("[rel]");
    if (cell) choose(cell);
    else if (link && !wanted) wanted = link.getAttribute("rel");
  }, true); // Before whoever turns the page.
  for (const kind of ["pointerover", "focusin"]) {
    root.addEventListener(kind, (event) => { if (isLeaving()) paint(event.target.closest("[data-day]")?.dataset.day); });
  }
  root.addEventListener("fresh", () => {
    prepare();
    if (!wanted) return;
    if (!focus(wanted)) (root.querySelector(`[rel="${wanted}"]:enabled, a[rel="${wanted}"]`) ?? months().querySelector("[tabindex='0']"))?.focus();
    wanted = null;
  });
  form.addEventListener("change", () => {
    refusal = "";
    paint();
  });
  prepare();
}

// --- the dialog of a form's dates ----------------------------------------------------------------------------------------

const titled = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
const monthOf = (day) => `${day.slice(0, 7)}-01`;

function addMonths(day, count) {
  const found = new Date(monthOf(day));
  found.setUTCMonth(found.getUTCMonth() + count);
  return found.toISOString().slice(0, 10);
}

function element(name, values = {}, ...children) {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
}

/** A month as the server renders one (templates/storefront/_calendar.html). */
function monthTable(first, { today, comes, leaves, weekdays, chosen, taken, leaving }) {
  const days = [];
  for (let day = first; monthOf(day) === first; day = addDays(day, 1)) days.push(day);
  const cells = Array.from({ length: (new Date(first).getUTCDay() + 6) % 7 }, () => element("td"));
  for (const day of days) {
    const state = [comes, leaves].includes(day) ? "end" : comes && comes < day && day < leaves ? "chosen" : "";
    const isTaken = isGone(day);
    const isLeaving = isTaken && day > today && !isGone(addDays(day, -1));
    const kind = isTaken ? `taken${isLeaving ? " leaving" : ""}` : "free";
    const number = String(Number(day.slice(8)));
    const cell = element("td", { className: day < today ? "past" : `${kind} ${state}`.trim() }, day >= today && isTaken ? element("s", {}, number) : number);
    if (day >= today) {
      cell.dataset.day = day;
      const words = [isLeaving ? leaving : isTaken ? taken : "", state ? chosen : ""].filter(Boolean).join(" ");
      if (words) cell.append(element("span", { className: "visually-hidden" }, ` ${words}`));
    }
    cells.push(cell);
  }
  const rows = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => element("tr", {}, ...cells.slice(week * 7, week * 7 + 7)));
  const heads = weekdays.split(" ").map((word) => element("th", { scope: "col" }, word));
  return element("table", { className: "month" },
    element("caption", {}, titled.format(new Date(first))),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows));
}

/** Both date fields of a form become buttons that open one calendar. */
function whenOf(form, template) {
  const dialog = template.content.firstElementChild;
  const months = dialog.querySelector("[data-days]");
  const [comes, leaves] = ["check_in", "check_out"].map((name) => form.elements[name]);
  const today = comes.min;
  let first = monthOf(today);
  let before = ["", ""]; // What the fields said when the dialog was opened.
  const openers = [comes, leaves].map((field) => {
    const label = form.querySelector(`label[for="${field.id}"]`);
    const button = element("button", { type: "button", className: "pick", id: `${field.id}-pick` });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) button.setAttribute(name, field.getAttribute(name));
    }
    button.setAttribute("aria-haspopup", "dialog");
    const kept = field.value; // Of a hidden field it would be what the address said, a date or not.
    [field.dataset.query, field.type, field.value] = [field.name, "hidden", kept];
    field.required = false;
    field.before(button);
    label.htmlFor = button.id;
    button.addEventListener("click", () => open(button));
    return { field, button, name: label.textContent };
  });

  function render() {
    const state = { today, comes: comes.value, leaves: leaves.value, ...months.dataset };
    months.replaceChildren(monthTable(first, state), monthTable(addMonths(first, 1), state));
    dialog.querySelector("[rel=prev]").disabled = first <= monthOf(today);
    dialog.querySelector("[rel=next]").disabled = first >= addMonths(today, 17);
    for (const { field, button, name } of openers) {
      const day = field.value ? shown.format(new Date(field.value)) : "";
      button.textContent = day || template.dataset.any;
      button.classList.toggle("muted", !day);
      button.setAttribute("aria-label", `${name}: ${button.textContent}`);
    }
    dialog.dispatchEvent(new CustomEvent("fresh"));
  }

  function open(button, { anew = false } = {}) {
    before = [comes.value, leaves.value];
    if (anew) comes.value = leaves.value = "";
    else if (button === openers[1].button) leaves.value = ""; // Who opens it for the day of leaving keeps that of arriving.
    first = monthOf(comes.value > today ? comes.value : today);
    render();
    dialog.showModal();
    render(); // Now that it is known which months are in sight.
    const { left, bottom } = button.getBoundingClientRect();
    const isSheet = matchMedia("(max-width: 599px)").matches; // On a phone it stands at the foot of the screen.
    dialog.style.left = isSheet ? "" : `${Math.max(8, Math.min(left, innerWidth - dialog.offsetWidth - 8))}px`;
    dialog.style.top = isSheet ? "" : `${Math.max(8, Math.min(bottom + 8, innerHeight - dialog.offsetHeight - 8))}px`;
    months.querySelector("[tabindex='0']")?.focus();
  }

  form.after(dialog);
  months.dataset.free ??= "";
  picker(form, dialog, dialog.querySelector("[data-hint]"));
  dialog.addEventListener("click", (event) => {
    const turn = event.target.closest("[rel]")?.getAttribute("rel");
    if (turn) {
      first = addMonths(first, turn === "next" ? 1 : -1);
      render();
    } else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    else if (event.target.closest("[data-clear]")) {
      [comes.value, leaves.value] = before = ["", ""];
      leaves.dispatchEvent(new Event("change", { bubbles: true }));
      dialog.close();
    }
  });
  leaves.addEventListener("change", () => {
    render();
    if (comes.value && leaves.value) dialog.close();
  });
  dialog.addEventListener("close", () => { // Half a choice is none, where there was a whole one.
    if (!before.every(Boolean) || (comes.value && leaves.value)) return;
    [comes.value, leaves.value] = before;
    leaves.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    const isOther = event.submitter?.matches("[data-other]");
    if (form.matches("[role=search]") || (comes.value && leaves.value && !isOther)) return;
    event.preventDefault(); // Nothing can be asked for without dates that can be had.
    const isHalf = Boolean(comes.value && !leaves.value);
    open(openers[isHalf ? 1 : 0].button, { anew: !isHalf });
  });
  render();
}

/** Dates that the server offers in place of those that cannot be had. */
function takeOffer(event, form) {
  const offer = event.target.closest("[data-stay]");
  if (!offer || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [comes, leaves] = ["check_in", "check_out"].map((name) => form.elements[name]);
  [comes.value, leaves.value] = offer.dataset.stay.split(" ");
  showMonth("");
  leaves.dispatchEvent(new Event("change", { bubbles: true }));
  (document.getElementById(`${leaves.id}-pick`) ?? leaves).focus({ preventScroll: true });
}

const template = document.querySelector("template[data-when]");
const form = template?.previousElementSibling;
const months = document.getElementById("months");
if (form && HTMLDialogElement.prototype.showModal) whenOf(form, template);
if (form && months) picker(form, months, document.getElementById("days-hint"));
if (form) document.addEventListener("click", (event) => takeOffer(event, form));
