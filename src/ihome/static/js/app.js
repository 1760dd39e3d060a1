/*
 * Forms, on every page. Pages read, the API writes: a form with data-api becomes a call, its answer is shown at the fields,
 * and what the server renders after it replaces the marked parts. Nothing here renders a house, an order or a price.
 *
 *   data-api="POST /api/v1.0/orders"   the call this form makes; JSON, or multipart where it has a file
 *   data-next="/trips/{order_id}"  where to go then: a path of this site, or "pay_url" for the gateway's page
 *   data-refresh, data-done="Saved."   stay here, fetch the page again, swap every [data-live], say so
 *   data-errnos="4002:email_code"      at which field an error stands that names none
 *   data-stale="amount 4201"           a refusal of this field or number has the page fetched again: what it shows is old
 *   data-sure="Remove it?"             asked before it is sent
 *   data-forget                        after it this device keeps nothing of what was typed
 *   data-stays                         a link to a file that is saved: the page stays
 *
 * What only some pages need is a module beside this one. It hears of a form: "sent" when the API has done what it asked,
 * "refused" when it has not, "show" at a field that is about to be pointed out; and of "fresh" parts of the page.
 */

import { KEPT, call, live, say, uuid } from "./call.js";
import { refresh, wayBack } from "./fresh.js";

// --- what a form holds, and what is wrong with it ---------------------------------------------------------------------

export function values(form, submitter) {
  const found = {};
  const entries = [...new FormData(form).entries()];
  if (submitter?.name) entries.push([submitter.name, submitter.value]);
  for (const [name, value] of entries) {
    if (value instanceof File) continue;
    if (name in found) found[name] = [found[name], value].flat();
    else found[name] = value;
  }
  return found;
}

export function fieldOf(form, name) {
  const found = form.elements[name];
  const field = found instanceof RadioNodeList ? found[0] : found;
  return field && field.type !== "hidden" ? field : null;
}

function errorOf(field) {
  const id = (field.getAttribute("aria-describedby") || "").split(" ").find((one) => one.endsWith("-error"));
  return document.getElementById(id || `${field.name}-error`);
}

export function markField(field, words) {
  const place = errorOf(field);
  if (!place) return false;
  place.textContent = words;
  if (words) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return true;
}

export function tell(form, words, isGood = false) {
  const place = form.querySelector("[data-message]");
  if (!place) return say(words);
  place.classList.toggle("good", isGood);
  place.textContent = words;
  if (words) place.scrollIntoView({ block: "nearest" });
}

export function clearErrors(form) {
  tell(form, "");
  for (const field of form.querySelectorAll("[aria-invalid]")) markField(field, "");
}

/** Errors at their fields, the rest in the form's message. `errnos` says where an error stands that names no field. */
export function showErrors(form, answer, errnos = "") {
  const errors = { ...answer.errors };
  const byNumber = Object.fromEntries(errnos.split(" ").filter(Boolean).map((pair) => pair.split(":")));
  if (!answer.errors && byNumber[answer.errno]) errors[byNumber[answer.errno]] = answer.errmsg;
  for (const part of form.querySelectorAll("[data-on-errno], [data-on-field]")) {
    if (part.dataset.onErrno === answer.errno || part.dataset.onField in errors) part.hidden = false;
  }
  const elsewhere = [];
  for (const [name, words] of Object.entries(errors)) {
    const field = fieldOf(form, name);
    if (!field || !markField(field, words)) elsewhere.push(words);
  }
  const first = [...form.elements].find((field) => field.hasAttribute("aria-invalid")); // As one reads, not as they came.
  tell(form, elsewhere.length ? elsewhere.join(" ") : first ? "" : answer.errmsg);
  first?.dispatchEvent(new CustomEvent("show", { bubbles: true }));
  first?.focus();
}

/** What was typed and not sent is nobody else's business: the next at this device may be somebody else. */
function forget() {
  try {
    sessionStorage.clear();
    localStorage.clear();
  } catch { /* Then nothing was kept. */ }
}

// --- sending ------------------------------------------------------------------------------------------------------------

const keys = new WeakMap();

/** The Idempotency-Key of this form and this content: the same for a second try, another one for another wish. */
function keyOf(form, body) {
  const content = JSON.stringify(body);
  const known = keys.get(form);
  if (known?.content === content) return known.key;
  const made = { content, key: uuid() };
  keys.set(form, made);
  return made.key;
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  const [method, path] = form.dataset.api.split(" ");
  const buttons = [...form.elements].filter((field) => field instanceof HTMLButtonElement && !field.disabled);
  const goBack = wayBack(document.activeElement); // A button that is disabled loses the focus.
  form.dataset.busy = "yes";
  for (const button of buttons) button.disabled = true;
  clearErrors(form);
  const body = values(form, submitter);
  const answer = await deliver(form, method, path, body);
  delete form.dataset.busy;
  if (answer.errno === "0") {
    keys.delete(form);
    delete form.dataset.dirty;
    form.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
    if ("forget" in form.dataset) forget();
    if (form.dataset.next && follow(form.dataset.next, answer.data ?? {})) return; // The button stays as it is until the next page is there.
  }
  for (const button of buttons) button.disabled = false;
  if (answer.errno === "0") return succeed(form, goBack);
  if (answer.errno === "4101") return (await import("./kept.js")).signInFirst(form);
  goBack();
  if (form.dataset.stale?.split(" ").some((sign) => sign === answer.errno || sign in (answer.errors ?? {}))) return lookAgain(form, answer);
  showErrors(form, answer, form.dataset.errnos);
  form.dispatchEvent(new CustomEvent("refused", { bubbles: true }));
}

/** The part with this form is done with and free to change; what is typed in others stays. */
async function renew(form) {
  document.activeElement?.blur();
  const part = form.closest("[data-live]") ?? form;
  for (const one of [form, ...part.querySelectorAll("form")]) delete one.dataset.dirty;
  for (const one of part.querySelectorAll("details[open]:has(form)")) one.open = false;
  await refresh(location.href, { gently: true });
}

/** What the form was filled with is not true any more: first the page as it is now, then what the site said. */
async function lookAgain(form, answer) {
  await renew(form);
  const fresh = document.getElementById(form.id || null);
  if (!fresh) { // It cannot be asked for any more, and the page says why.
    say(answer.errmsg);
    return toast(answer.errmsg);
  }
  showErrors(fresh, answer);
  fresh.querySelector("button:not([type=button])")?.focus({ preventScroll: true });
}

async function deliver(form, method, path, body) {
  const file = form.querySelector("input[type=file]");
  if (!file) {
    const isEmpty = Object.keys(body).length === 0;
    return call(method, path, isEmpty ? undefined : body, { "Idempotency-Key": keyOf(form, body) });
  }
  say(live.dataset.sending);
  let answer;
  for (const one of file.files.length ? file.files : [null]) { // Several files are several calls.
    const sent = new FormData();
    for (const [name, value] of Object.entries(body)) sent.append(name, value);
    if (one) sent.append(file.name, one);
    answer = await call(method, path, sent);
    if (answer.errno !== "0") break;
  }
  return answer;
}

async function succeed(form, goBack) {
  if ("clear" in form.dataset) form.reset();
  if (form.dataset.done) tell(form, form.dataset.done, true);
  if ("refresh" in form.dataset) await renew(form);
  goBack();
  if (!form.dataset.done) return;
  say(form.dataset.done);
  if (!form.isConnected) toast(form.dataset.done);
}

/** For the eyes, where the form that said it is gone; ears have heard it already. */
function toast(words) {
  document.querySelector(".toast")?.remove();
  const shown = document.createElement("p");
  shown.className = "toast";
  shown.ariaHidden = "true";
  shown.textContent = words;
  document.body.append(shown);
  setTimeout(() => shown.remove(), 5_000);
}

/** Go on to a path of this site, or to the gateway. False where there is nowhere to go. */
function follow(next, data) {
  if (next === "pay_url") {
    if (!/^https?:\/\//.test(data.pay_url ?? "")) return false;
    location.assign(data.pay_url);
    return true;
  }
  const filled = next.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(data[name] ?? ""));
  const url = new URL(filled, location.origin);
  if (url.origin !== location.origin) return false;
  if (url.pathname === location.pathname && url.search === location.search) {
    history.replaceState(null, "", url);
    location.reload();
  } else location.assign(url.href);
  return true;
}

/** A search leaves out of its address what was not chosen. */
document.addEventListener("formdata", (event) => {
  if (event.target.role !== "search") return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.api) return;
  event.preventDefault();
  const { sure } = event.target.dataset;
  if (!sure || confirm(sure)) send(event.target, event.submitter);
});

document.addEventListener("input", (event) => {
  const form = event.target.form ?? event.target; // The form itself where all of it was put back.
  if (!form.dataset.api) return;
  form.dataset.dirty = "yes";
  if (event.target.hasAttribute("aria-invalid")) markField(event.target, "");
});

/** The API says what is wrong, in one language; the browser would say it in its own. */
function takeOver(root) {
  for (const form of root.querySelectorAll("form[data-api]")) form.noValidate = true;
}

document.addEventListener("fresh", (event) => takeOver(event.target));
takeOver(document);

/** On the way to another page: a slow line is seen to be one. Whoever stops it, or comes back, finds nothing under way. */
function leave(event) {
  if (event.defaultPrevented) return;
  document.body.dataset.loading = "";
  setTimeout(stay, 30_000);
}
function stay() {
  delete document.body.dataset.loading;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || "stays" in link.dataset || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.origin !== location.origin) return;
  if (link.pathname + link.search === location.pathname + location.search && link.hash) return;
  setTimeout(() => leave(event)); // Others may yet prevent it.
});
document.addEventListener("submit", (event) => { if (!event.target.method.includes("dialog")) setTimeout(() => leave(event)); });
window.navigation?.addEventListener("navigateerror", stay);
window.addEventListener("pagehide", stay);

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-api]")) delete form.dataset.busy;
  for (const button of document.querySelectorAll("form[data-api] button:disabled")) button.disabled = false;
});

try {
  if (sessionStorage.getItem(KEPT)) import("./kept.js").then(({ restore }) => restore());
} catch { /* Private windows may refuse; then nothing was kept. */ }

// --- the rest of every page ---------------------------------------------------------------------------------------------

const offline = document.getElementById("offline");
const noteConnection = () => {
  offline.hidden = navigator.onLine;
  if (!navigator.onLine) say(offline.textContent);
};
window.addEventListener("offline", noteConnection);
window.addEventListener("online", noteConnection);
navigator.serviceWorker?.register("/sw.js").catch(() => {}); // Only for a page to show when there is no connection.

/** The way up is the way back for who came from there: the list is as they left it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-back]");
  if (!link || !document.referrer || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const came = new URL(document.referrer);
  if (came.origin !== location.origin || came.pathname !== link.pathname) return;
  link.href = came;
  if (history.length < 2 || location.hash) return; // In a tab of its own, or further down on this page.
  event.preventDefault();
  history.back();
});

/** A menu closes when one looks elsewhere. */
for (const sign of ["click", "focusin", "keydown"]) {
  document.addEventListener(sign, (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (!menu || (sign === "keydown" ? event.key !== "Escape" : menu.contains(event.target))) return;
    menu.open = false;
    if (sign === "keydown") menu.querySelector("summary").focus();
  });
}

for (const part of document.querySelectorAll("[data-past]")) { // Shown once that part of the page is out of sight above.
  const passed = document.querySelector(part.dataset.past);
  const observer = new IntersectionObserver(([seen]) => { part.hidden = seen.isIntersecting || seen.boundingClientRect.top > 0; });
  if (passed) observer.observe(passed);
}
