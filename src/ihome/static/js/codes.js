/*
 * Codes and passwords: the code in a picture ([data-captcha], another one or spoken by [data-renew] and [data-listen]), the
 * code in a mail ([data-ask]), and a password that is shown ([data-reveal]).
 */

import { clearErrors, fieldOf, markField, showErrors, tell, values } from "./app.js";
import { call, live, say, uuid } from "./call.js";

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
    renewIn(form);
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
  renewIn(form);
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const isShown = field.type === "text";
  field.type = isShown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!isShown));
  [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
}

/** One try, one picture. */
function renewIn(root) {
  for (const box of root.querySelectorAll("[data-captcha]")) if (!box.closest("[hidden]")) renewCaptcha(box);
}

function prepare(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) button.hidden = false;
  renewIn(root);
}

/** Who asked for "/me#data" is on "/signin?next=/me#data" (RFC 9110, 10.2.2): script alone can take that along. */
if (location.hash) {
  for (const form of document.querySelectorAll(".door form")) form.dataset.next += location.hash;
  for (const link of document.querySelectorAll(".door .aside a")) link.setAttribute("href", link.getAttribute("href") + location.hash);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-ask], [data-renew], [data-listen], [data-reveal]");
  if (!target) return;
  if ("ask" in target.dataset) askForCode(target);
  else if ("renew" in target.dataset) renewCaptcha(target.closest("[data-captcha]"));
  else if ("listen" in target.dataset) listen(target.closest("[data-captcha]"));
  else reveal(target);
});
document.addEventListener("refused", (event) => renewIn(event.target));
document.addEventListener("fresh", (event) => prepare(event.target));
prepare(document);
