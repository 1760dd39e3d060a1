/*
 * Orders as they stand: the page looks again every half minute, and deadlines count down in words, said aloud at moments
 * that help. The server has written the same words, so without script they are as right as the page is new; nothing here
 * decides what may still be done.
 *
 *   data-now            the server's clock as this page was made: the reader's may be wrong
 *   data-minute(s), data-hour(s), data-over   the words, "#" for the number
 *   time[data-left]     a deadline
 *   data-checking       the payment's answer is late: look more often
 *   data-fill="id"      a suggestion: its words go into that field, to be sent as they are or changed
 */

import { say } from "./call.js";
import { refresh } from "./fresh.js";

const SAID_AT = [60, 30, 10, 5, 1]; // Minutes before the end.
const words = document.querySelector("[data-now]").dataset;
const ahead = Date.parse(words.now) - Date.now();
const seen = new Map(); // Minutes left when we last looked, by order and deadline.

const count = (number, one, many) => (number === 1 ? one : many.replace("#", number));
const lookAgain = () => { if (!document.hidden) refresh(location.href, { gently: true }); };

/** As orders/pages.py does it: format_time_left(). */
function inWords(minutes) {
  if (minutes <= 0) return words.over;
  if (minutes < 120) return count(minutes, words.minute, words.minutes);
  const hours = Math.floor(minutes / 60);
  return count(hours, words.hour, words.hours);
}

function nameOf(time) {
  const order = time.closest("[aria-labelledby]");
  return (order ? document.getElementById(order.getAttribute("aria-labelledby")) : document.querySelector("h1")).textContent.trim();
}

function tick() {
  let isOver = false;
  for (const time of document.querySelectorAll("time[data-left]")) {
    const minutes = Math.max(0, Math.ceil((Date.parse(time.dateTime) - Date.now() - ahead) / 60_000));
    const text = inWords(minutes);
    if (time.textContent !== text) time.textContent = text;
    time.closest(".todo")?.classList.toggle("soon", minutes <= 10);
    const key = `${time.closest("[id^=order-]")?.id} ${time.dateTime}`;
    const before = seen.get(key) ?? minutes;
    seen.set(key, minutes);
    if (minutes < before && (minutes === 0 || SAID_AT.some((moment) => minutes <= moment && moment < before))) say(`${nameOf(time)}: ${text}`);
    isOver ||= minutes === 0;
  }
  return isOver;
}

const begun = Date.now();
let looked = begun;

/** A payment that is being checked, for two minutes; what has expired, until the page says so. */
function isDue(isOver) {
  return isOver || (document.querySelector("[data-checking]") && Date.now() - begun < 120_000);
}

setInterval(() => {
  if (!isDue(tick()) || Date.now() - looked < 4_000) return;
  looked = Date.now();
  lookAgain();
}, 1_000);
tick();

setInterval(lookAgain, 30_000);
document.addEventListener("visibilitychange", () => {
  tick();
  lookAgain(); // Whoever comes back sees how things stand.
});

document.querySelector(".order-filters [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-fill]");
  if (!chosen) return;
  const field = document.getElementById(chosen.dataset.fill);
  field.value = chosen.textContent.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
