/*
 * A stay chosen on a calendar: a tap on the day of arrival, then one on the day of leaving. The months are grids: arrows go
 * by days and weeks, Page Up and Page Down by months, Home and End to the ends of a week, Enter chooses, Escape begins anew.
 * What is chosen goes into the form's date fields.
 *
 * On a house's page the months are the server's, with what is taken; a choice has app.js ask the server what it costs or
 * which rule is in the way. A search knows no house, so its months are made here, in a dialog that both dates open.
 */

import { addDays, say } from "./app.js";

const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const { lang } = document.documentElement;
const spoken = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "full", timeZone: "UTC" });

/** Keys, taps and words for the [data-days] in `root`; "fresh" says that root has other months or another choice. */
function picker(form, root, hint) {
  const comes = form.querySelector("[data-query=check_in]");
  const leaves = form.querySelector("[data-query=check_out]");
  const months = () => root.querySelector("[data-days]");
  const days = () => [...months().querySelectorAll("[data-day]")].filter((cell) => cell.getClientRects().length);
  const cellOf = (day) => days().find((cell) => cell.dataset.day === day);
  const isLeaving = () => Boolean(comes.value && !leaves.value);
  let wall = ""; // The first taken night after the arrival: nobody stays past it.
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
      hint.textContent = isLeaving() ? months().dataset.leave : months().dataset.come;
    }
    const least = isLeaving() ? addDays(comes.value, Number(leaves.dataset.least) || 1) : "";
    const most = isLeaving() && Number(leaves.dataset.most) ? addDays(comes.value, Number(leaves.dataset.most)) : "";
    for (const cell of days()) {
      const { day } = cell.dataset;
      const isAfter = isLeaving() && day > comes.value;
      if (isAfter && cell.matches(".taken") && (!wall || day < wall)) wall = day;
      const isOut = isAfter ? day < least || (most && day > most) || (wall && day > wall) : cell.matches(".taken");
      cell.classList.toggle("out", Boolean(isAfter && isOut));
      cell.classList.toggle("reach", Boolean(isAfter && !isOut));
      cell.classList.toggle("between", Boolean(isAfter && until && day < until));
      if (isLeaving()) cell.classList.toggle("end", day === comes.value);
      cell.setAttribute("aria-disabled", String(Boolean(isOut)));
      cell.setAttribute("aria-selected", String(cell.matches(".end, .chosen")));
    }
  }

  function choose(cell) {
    const { day } = cell.dataset;
    if (isLeaving() && day > comes.value) leaves.value = day;
    else if (cell.matches(".free")) [comes.value, leaves.value, wall] = [day, "", ""];
    else return;
    const words = isLeaving() ? `${cell.getAttribute("aria-label")}. ${months().dataset.leave}` : "";
    say(words); // The total says itself once it is there.
    wanted = cell.matches(":focus") ? day : null;
    leaves.min = addDays(comes.value, 1);
    if (months().dataset.month) showMonth(months().dataset.month);
    leaves.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Which month the server is to begin with: the one in sight, or "" for that of the stay. */
  function showMonth(month) {
    const url = new URL(location.href);
    if (month) url.searchParams.set("month", month);
    else url.searchParams.delete("month");
    history.replaceState(history.state, "", url);
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
  form.addEventListener("change", () => paint());
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-stay]");
    if (!offer || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    [comes.value, leaves.value] = offer.dataset.stay.split(" ");
    showMonth("");
    leaves.dispatchEvent(new Event("change", { bubbles: true }));
    leaves.focus({ preventScroll: true });
  });
  prepare();
}

// --- the dates of a search ----------------------------------------------------------------------------------------------

const locale = lang === "en" ? "en-GB" : lang;
const titled = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
const shown = new Intl.DateTimeFormat(locale, { month: lang === "en" ? "short" : "long", day: "numeric", weekday: "short", timeZone: "UTC" });

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

/** A month as the server renders one for a house; every day from `today` on can be had. */
function monthTable(first, { today, comes, leaves, weekdays, chosen }) {
  const days = [];
  for (let day = first; monthOf(day) === first; day = addDays(day, 1)) days.push(day);
  const cells = Array.from({ length: (new Date(first).getUTCDay() + 6) % 7 }, () => element("td"));
  for (const day of days) {
    const state = [comes, leaves].includes(day) ? "end" : comes && comes < day && day < leaves ? "chosen" : "";
    const cell = element("td", { className: day < today ? "past" : `free ${state}`.trim() }, String(Number(day.slice(8))));
    if (day >= today) cell.dataset.day = day;
    if (state) cell.append(element("span", { className: "visually-hidden" }, ` ${chosen}`));
    cells.push(cell);
  }
  const rows = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => element("tr", {}, ...cells.slice(week * 7, week * 7 + 7)));
  const heads = weekdays.split(" ").map((word) => element("th", { scope: "col" }, word));
  return element("table", { className: "month" },
    element("caption", {}, titled.format(new Date(first))),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows));
}

/** Both date fields of the search become buttons that open one calendar. */
function whenOf(form, template) {
  const dialog = template.content.firstElementChild;
  const months = dialog.querySelector("[data-days]");
  const [comes, leaves] = ["check_in", "check_out"].map((name) => form.elements[name]);
  const today = comes.min;
  let first = monthOf(today);
  const openers = [comes, leaves].map((field) => {
    const label = form.querySelector(`label[for="${field.id}"]`);
    const button = element("button", { type: "button", className: "pick", id: `${field.id}-pick` });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) button.setAttribute(name, field.getAttribute(name));
    }
    button.setAttribute("aria-haspopup", "dialog");
    [field.dataset.query, field.type] = [field.name, "hidden"];
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

  function open(button) {
    first = monthOf(comes.value > today ? comes.value : today);
    render();
    dialog.showModal();
    const { left, bottom } = button.getBoundingClientRect();
    dialog.style.left = `${Math.max(8, Math.min(left, innerWidth - dialog.offsetWidth - 8))}px`;
    dialog.style.top = `${Math.max(8, Math.min(bottom + 8, innerHeight - dialog.offsetHeight - 8))}px`;
    render(); // Now that it is known which months are in sight.
    months.querySelector("[tabindex='0']")?.focus();
  }

  form.after(dialog);
  dialog.querySelector("[data-days]").dataset.free = "";
  picker(form, dialog, dialog.querySelector("[data-hint]"));
  dialog.addEventListener("click", (event) => {
    const turn = event.target.closest("[rel]")?.getAttribute("rel");
    if (turn) {
      first = addMonths(first, turn === "next" ? 1 : -1);
      render();
    } else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    else if (event.target.closest("[data-clear]")) {
      [comes.value, leaves.value] = ["", ""];
      render();
      dialog.close();
    }
  });
  leaves.addEventListener("change", () => {
    render();
    if (comes.value && leaves.value) dialog.close();
  });
  render();
}

const booking = document.getElementById("booking");
const calendar = document.getElementById("months");
if (booking && calendar) picker(booking, calendar, document.getElementById("days-hint"));
const search = document.getElementById("search");
const template = document.querySelector("template[data-when]");
if (search && template && HTMLDialogElement.prototype.showModal) whenOf(search, template);
