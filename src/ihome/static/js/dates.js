/*
 * A stay chosen on the calendar that the server rendered: a tap on the day of arrival, then one on the day of leaving.
 * The months become grids: arrows go by days and weeks, Page Up and Page Down by months, Home and End to the ends of a
 * week, Enter chooses, Escape begins anew. What is chosen goes into the form's date fields, and app.js has the server say
 * what it costs or which rule is in the way.
 */

const DAY = 24 * 3600 * 1000;
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const { lang } = document.documentElement;
const spoken = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "full", timeZone: "UTC" });

const addDays = (day, count) => new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10);

function picker(form) {
  const comes = form.querySelector("[data-query=check_in]");
  const leaves = form.querySelector("[data-query=check_out]");
  const hint = document.getElementById("days-hint");
  const months = () => document.querySelector("[data-days]");
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
      cell.setAttribute("aria-label", `${spoken.format(new Date(cell.dataset.day))}, ${words}`);
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
    document.getElementById("live").textContent = words; // The total says itself once it is there.
    wanted = cell.matches(":focus") ? day : null;
    leaves.min = addDays(comes.value, 1);
    showMonth(months().dataset.month);
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
    return true;
  }

  function turn(rel, then) {
    const link = document.querySelector(`#months [rel=${rel}]`);
    if (!link) return;
    wanted = then;
    link.click();
  }

  function onKey(event) {
    const cell = event.target.closest("[data-day]");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const { day } = cell.dataset;
    const weekday = (new Date(day).getUTCDay() + 6) % 7;
    if (event.key === "Enter" || event.key === " ") choose(cell);
    else if (event.key === "Escape" && isLeaving()) {
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

  document.addEventListener("keydown", (event) => { if (event.target.closest("[data-days]")) onKey(event); });
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-days] [data-day]");
    const link = event.target.closest("#months [data-swap]");
    const offer = event.target.closest("[data-stay]");
    if (cell) choose(cell);
    else if (link && !wanted) wanted = link.rel;
    else if (offer && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      [comes.value, leaves.value] = offer.dataset.stay.split(" ");
      showMonth("");
      leaves.dispatchEvent(new Event("change", { bubbles: true }));
      leaves.focus({ preventScroll: true });
    }
  });
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (isLeaving()) paint(event.target.closest("[data-days] [data-day]")?.dataset.day);
    });
  }
  document.addEventListener("fresh", (event) => {
    if (event.target.id !== "months") return;
    prepare();
    if (!wanted) return;
    if (!focus(wanted)) (document.querySelector(`#months [rel="${wanted}"]`) ?? months().querySelector("[tabindex='0']"))?.focus();
    wanted = null;
  });
  form.addEventListener("change", () => paint());
  prepare();
}

const form = document.getElementById("booking");
if (form && document.querySelector("[data-days]")) picker(form);
