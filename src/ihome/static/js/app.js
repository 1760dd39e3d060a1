/*
 * One small script. Pages read, the API writes: a form with data-api becomes a call, its answer is shown at the fields,
 * and what the server renders after it replaces the marked parts. Nothing here renders a house, an order or a price.
 *
 *   data-api="POST /api/v1.0/orders"   the call this form makes; JSON, or multipart where it has a file
 *   data-next="/trips/{order_id}"  where to go then: a path of this site, or "pay_url" for the gateway's page
 *   data-refresh, data-done="Saved."   stay here, fetch the page again, swap every [data-live], say so
 *   data-errnos="4002:email_code"      at which field an error stands that names none
 *   data-night-before                  a check-out date that the API knows as the last night
 *   data-preview                       a change of a [data-query] field fetches the page for it
 *   data-stale="amount"                a refusal that names this field has the page fetched again: what it shows is old
 *   data-sure="Remove it?"             asked before it is sent
 *   data-forget                        after it this device keeps nothing of what was typed
 *
 * What only some pages need is a module beside this one. It hears of a form: "sent" when the API has done what it asked,
 * "show" at a field that is about to be pointed out.
 */

export const live = document.getElementById("live");
const KEPT = "ihome:kept";

// --- calls ------------------------------------------------------------------------------------------------------------

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** A random id; crypto.randomUUID exists on https and localhost only. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The header that every change needs (contract: Conventions). */
export const csrf = () => ({ "X-CSRFToken": cookie("csrf_token") });

/** The envelope of the answer; one of our own where none came. */
export async function call(method, path, body, headers = {}) {
  const ask = () => {
    const sent = { ...csrf(), Accept: "application/json", ...headers };
    const isPlain = body && !(body instanceof FormData) && !(body instanceof URLSearchParams);
    if (isPlain) sent["Content-Type"] = "application/json";
    return fetch(path, { method, headers: sent, body: isPlain ? JSON.stringify(body) : body, credentials: "same-origin" });
  };
  try {
    if (!cookie("csrf_token")) await fetch("/api/v1.0/sessions");
    let answer = await ask();
    let envelope = await answer.json();
    if (answer.status === 400 && envelope.errno === "4201") { // The token was another browser id's: take a new one, once.
      await fetch("/api/v1.0/sessions");
      answer = await ask();
      envelope = await answer.json();
    }
    return envelope;
  } catch {
    return { errno: "", errmsg: live.dataset.offline };
  }
}

export function say(words) {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
}

// --- what a form holds, and what is wrong with it ---------------------------------------------------------------------

function dayBefore(text) {
  const day = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return text;
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

function values(form, submitter) {
  const found = {};
  const entries = [...new FormData(form).entries()];
  if (submitter?.name) entries.push([submitter.name, submitter.value]);
  for (const [name, value] of entries) {
    if (value instanceof File) continue;
    const field = form.elements[name];
    const text = field?.dataset && "nightBefore" in field.dataset ? dayBefore(value) : value;
    if (name in found) found[name] = [found[name], text].flat();
    else found[name] = text;
  }
  return found;
}

function fieldOf(form, name) {
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
  const elsewhere = [];
  for (const [name, words] of Object.entries(errors)) {
    const field = fieldOf(form, name);
    if (!field || !markField(field, words)) elsewhere.push(words);
  }
  const first = [...form.elements].find((field) => field.hasAttribute("aria-invalid")); // As one reads, not as they came.
  tell(form, elsewhere.length ? elsewhere.join(" ") : first ? "" : answer.errmsg);
  first?.dispatchEvent(new CustomEvent("show", { bubbles: true }));
  first?.focus();
  for (const part of form.querySelectorAll("[data-on-errno]")) {
    if (part.dataset.onErrno === answer.errno) {
      part.hidden = false;
      part.querySelectorAll("[data-captcha]").forEach(renewCaptcha);
    }
  }
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
  if (answer.errno === "4101") return signInFirst(form);
  goBack();
  form.querySelectorAll("[data-captcha]").forEach((one) => { if (!one.closest("[hidden]")) renewCaptcha(one); });
  if (form.dataset.stale in (answer.errors ?? {})) return lookAgain(form, answer);
  showErrors(form, answer, form.dataset.errnos);
}

/** What the form was filled with is not true any more: first the page as it is now, then what the site said. */
async function lookAgain(form, answer) {
  await refresh(location.href);
  const fresh = document.getElementById(form.id);
  if (!fresh) return say(answer.errmsg);
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
  if ("refresh" in form.dataset) {
    document.activeElement?.blur(); // This part is done with and free to change; what is typed in others stays.
    const part = form.closest("[data-live]") ?? form;
    for (const one of [form, ...part.querySelectorAll("form")]) delete one.dataset.dirty;
    for (const one of part.querySelectorAll("details[open]:has(form)")) one.open = false;
    await refresh(location.href, { gently: true });
  }
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

// --- signing in on the way, with what was typed kept --------------------------------------------------------------------

function isKeepable(field) {
  return field.name && field.id && !["password", "hidden", "file", "submit"].includes(field.type);
}

export function signInFirst(form) {
  const kept = {};
  for (const field of form.elements) {
    if (isKeepable(field)) kept[field.id] = field.type === "checkbox" || field.type === "radio" ? field.checked : field.value;
  }
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, form: form.id, kept }));
  } catch { /* Private windows may refuse; then only the way back is kept. */ }
  const here = location.pathname + location.search + (form.id ? `#${form.id}` : location.hash);
  location.assign(`/signin?next=${encodeURIComponent(here)}`);
}

function restoreKept() {
  let found;
  try {
    found = JSON.parse(sessionStorage.getItem(KEPT));
  } catch { /* as if there were none */ }
  if (!found || found.path !== location.pathname) return;
  sessionStorage.removeItem(KEPT);
  const form = document.getElementById(found.form);
  if (!(form instanceof HTMLFormElement)) return;
  for (const [id, value] of Object.entries(found.kept)) {
    const field = document.getElementById(id);
    if (!field || field.form !== form) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
  if ("preview" in form.dataset) preview(form);
}

// --- the focus: it does not fall off the page when what had it is gone ----------------------------------------------------

const isThere = (one) => Boolean(one?.isConnected && !one.disabled && one.checkVisibility());

function isInView(one) {
  const { top, bottom } = one.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** To be called when the page has changed: to this element, its twin, what it stood in, or what stood beside that. */
function wayBack(one) {
  const ids = [];
  for (let up = one?.closest("[id]"); up; up = up.parentElement.closest("[id]")) {
    ids.push(up.id, up.nextElementSibling?.id, up.previousElementSibling?.id);
  }
  const markOf = (any) => [any.getAttribute("href"), any.form?.dataset.api, any.textContent].join();
  const mark = one && markOf(one);
  return () => {
    if (document.activeElement !== document.body) return;
    const around = ids.map((id) => document.getElementById(id || null)).filter(isThere);
    const twins = one && around[0] ? [...around[0].querySelectorAll(one.localName)].filter((any) => markOf(any) === mark) : [];
    const places = [one, ...twins, ...around].filter((any) => any !== document.body && isThere(any));
    const place = places.find(isInView) ?? places[0] ?? document.getElementById("main");
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: isInView(place) });
  };
}

// --- what the server renders anew ---------------------------------------------------------------------------------------

function isBusy(part) {
  return part.matches(":has(form[data-dirty], form[data-busy], details[open] form, .dragging)") || part.contains(document.activeElement?.closest("input, textarea, select") ?? null);
}

let refreshing = 0;
const rendered = new WeakMap(); // Each part as the server wrote it: script changes parts, too.
for (const part of document.querySelectorAll("[data-live]")) rendered.set(part, part.outerHTML);

/** Fetch the page and put its [data-live] parts in place of ours. `gently` leaves alone what somebody is working in. */
export async function refresh(address, { gently = false } = {}) {
  const mine = ++refreshing;
  let page;
  if (!gently) document.body.dataset.loading = "";
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || new URL(answer.url).pathname !== new URL(address, location.href).pathname) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  } finally {
    if (mine === refreshing) delete document.body.dataset.loading;
  }
  if (mine !== refreshing) return; // A later one is on its way.
  const swapped = [];
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (swapped.some((one) => one.contains(part)) || (gently && isBusy(part))) continue;
    if (!fresh) part.remove();
    else if (fresh.outerHTML !== rendered.get(part)) {
      rendered.set(part, fresh.outerHTML);
      const goBack = part.contains(document.activeElement) ? wayBack(document.activeElement) : null;
      part.replaceChildren(...fresh.childNodes);
      goBack?.();
      for (const inner of part.querySelectorAll("[data-live]")) rendered.set(inner, inner.outerHTML);
      swapped.push(part);
      prepare(part);
      part.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
    }
  }
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

/** A link to the same page, shown differently: the marked parts change, the reader stays where they are. */
async function swapTo(link) {
  const part = link.closest("[data-live]");
  history.replaceState(null, "", link.href);
  await refresh(link.href);
  if (!part || link.isConnected) return;
  if (document.activeElement === document.body) part.querySelector(`[rel="${link.rel}"], [data-swap]`)?.focus({ preventScroll: true });
  if (part.getBoundingClientRect().top < 0) part.scrollIntoView();
}

/** Leaving comes after coming: a check-in past it moves the check-out along. */
function keepOrder(form) {
  const comes = form.querySelector("[data-query=check_in]");
  const leaves = form.querySelector("[data-query=check_out]");
  if (!comes?.value || !leaves) return;
  const earliest = addDays(comes.value, 1);
  leaves.min = earliest;
  if (leaves.value && leaves.value < earliest) leaves.value = addDays(comes.value, Number(leaves.dataset.least) || 1);
}

export function addDays(text, count) {
  const day = new Date(`${text}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
}

// --- codes --------------------------------------------------------------------------------------------------------------

function renewCaptcha(box) {
  const id = uuid();
  const image = box.querySelector("[data-picture]");
  box.querySelector("[name=image_code_id]").value = id;
  box.querySelector("[name=image_code]").value = "";
  image.hidden = false;
  image.src = `/api/v1.0/get_image_codes/${id}`;
}

function listen(box) {
  const id = box.querySelector("[name=image_code_id]").value;
  new Audio(`/api/v1.0/get_image_codes/${id}/audio`).play().catch(() => say(live.dataset.offline));
}

/** Ask for the mail with the code; then the button counts down the minute in which no second one is sent. */
async function askForCode(button) {
  const form = button.form;
  const all = values(form);
  const fields = Object.fromEntries(button.dataset.fields.split(" ").map((name) => [name, all[name] ?? ""]));
  clearErrors(form);
  const missing = Object.keys(fields).map((name) => fieldOf(form, name)).filter((field) => field && !field.value.trim());
  for (const field of missing) markField(field, live.dataset.required);
  if (missing.length) return missing[0].focus();
  button.disabled = true;
  const [method, template] = button.dataset.ask.split(" ");
  const path = template.replace("{email}", encodeURIComponent(fields.email));
  const { email, ...rest } = fields;
  const answer = method === "GET" ? await call(method, `${path}?${new URLSearchParams(rest)}`) : await call(method, path, fields);
  if (answer.errno !== "0") {
    button.disabled = false;
    form.querySelectorAll("[data-captcha]").forEach(renewCaptcha); // One try, one picture.
    return showErrors(form, answer, button.dataset.errnos);
  }
  tell(form, "");
  say(button.dataset.done);
  const help = document.getElementById("email_code-help");
  if (help) help.textContent = button.dataset.done;
  form.elements.email_code.focus();
  const words = button.textContent;
  for (let seconds = 60; seconds > 0; seconds -= 1) {
    button.textContent = live.dataset.seconds.replace("{seconds}", seconds);
    await new Promise((done) => setTimeout(done, 1000));
  }
  button.textContent = words;
  button.disabled = false;
  form.querySelectorAll("[data-captcha]").forEach(renewCaptcha);
}

// --- paying, passwords --------------------------------------------------------------------------------------------------

/** Back from the gateway: what it appended to the address goes to the API, unchanged. */
async function confirmPayment(part) {
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

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
  [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
}

// --- on every page ------------------------------------------------------------------------------------------------------

/** Whatever needs script, made ready: on load, and in parts that were swapped in. */
function prepare(root) {
  for (const form of root.querySelectorAll("form[data-api]")) form.noValidate = true; // The API's words, in one language.
  for (const button of root.querySelectorAll("[data-reveal]")) button.hidden = false;
  for (const box of root.querySelectorAll("[data-captcha]")) if (!box.closest("[hidden]")) renewCaptcha(box);
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.api) return;
  event.preventDefault();
  const { sure } = event.target.dataset;
  if (!sure || confirm(sure)) send(event.target, event.submitter);
});

document.addEventListener("formdata", (event) => { // What was not chosen does not stand in the address of a search.
  if (event.target.role !== "search") return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-ask], [data-renew], [data-listen], [data-reveal], [data-swap]");
  if (!target) return;
  if ("ask" in target.dataset) askForCode(target);
  else if ("renew" in target.dataset) renewCaptcha(target.closest("[data-captcha]"));
  else if ("listen" in target.dataset) listen(target.closest("[data-captcha]"));
  else if ("reveal" in target.dataset) reveal(target);
  else if (event.ctrlKey || event.metaKey || event.shiftKey) return; // A link in a tab of its own.
  else {
    event.preventDefault();
    swapTo(target);
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.api) return;
  form.dataset.dirty = "yes";
  if (event.target.hasAttribute("aria-invalid")) markField(event.target, "");
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!event.target.dataset.query || !form || !("preview" in form.dataset)) return;
  if (event.target.hasAttribute("aria-invalid")) markField(event.target, "");
  keepOrder(form);
  preview(form);
});

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
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.origin !== location.origin) return;
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

const offline = document.getElementById("offline");
const noteConnection = () => {
  offline.hidden = navigator.onLine;
  if (!navigator.onLine) say(offline.textContent);
};
window.addEventListener("offline", noteConnection);
window.addEventListener("online", noteConnection);
navigator.serviceWorker?.register("/sw.js").catch(() => {}); // Only for a page to show when there is no connection.

prepare(document);
restoreKept();

const bar = document.getElementById("bar"); // On a phone: the price and the button, while the form is out of sight.
const book = document.getElementById("book");
if (bar && book) new IntersectionObserver(([seen]) => bar.classList.toggle("away", seen.isIntersecting)).observe(book);

for (const part of document.querySelectorAll("[data-past]")) { // Shown once that part of the page is out of sight above.
  const passed = document.getElementById(part.dataset.past);
  const observer = new IntersectionObserver(([seen]) => { part.hidden = seen.isIntersecting || seen.boundingClientRect.top > 0; });
  if (passed) observer.observe(passed);
}

for (const part of document.querySelectorAll("[data-confirm]")) confirmPayment(part);
if (document.querySelector("[data-poll]")) {
  setInterval(() => { if (!document.hidden) refresh(location.href, { gently: true }); }, 30_000);
}
