/*
 * What was typed is kept in this browser until it is saved: form[data-draft="whose:what"]. Only what differs from the
 * page is kept, so that an old draft does not undo what was changed elsewhere in the meantime.
 */

import { say } from "./call.js";
import { fieldsOf, fill, nameOf, valueOf } from "./kept.js";

const KEPT_FOR = 30 * 24 * 3600 * 1000;

function original(field) {
  if (typeof valueOf(field) === "boolean") return field.defaultChecked;
  if (field instanceof HTMLSelectElement) return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0]).value;
  return field.defaultValue;
}

function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && Date.now() - found.at < KEPT_FOR ? found.values : {};
  } catch {
    return {};
  }
}

function write(key, values) {
  try {
    if (Object.keys(values).length) localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(key);
  } catch { /* A private window may refuse: then nothing is kept. */ }
}

function keepDraft(form) {
  const key = `ihome:draft:${form.dataset.draft}`;
  const note = form.querySelector("[data-draft-note]");
  let timer;

  function rest() {
    clearTimeout(timer);
    timer = undefined;
  }

  function forget() {
    rest();
    write(key, {});
  }

  function keep() {
    rest();
    const changed = fieldsOf(form).filter((field) => valueOf(field) !== original(field));
    write(key, Object.fromEntries(changed.map((field) => [nameOf(field), valueOf(field)])));
  }

  const draft = read(key);
  const restored = fieldsOf(form).filter((field) => nameOf(field) in draft && draft[nameOf(field)] !== original(field));
  if (note) note.hidden = restored.length === 0;
  if (restored.length) fill(form, restored, draft);

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  addEventListener("pagehide", () => { if (timer) keep(); });
  form.addEventListener("sent", forget);
  note?.querySelector("[data-discard]").addEventListener("click", (event) => {
    form.reset();
    forget();
    note.hidden = true;
    form.querySelector("[data-form-step]:not([hidden]) legend")?.focus();
    say(event.target.dataset.discard);
  });
}

document.addEventListener("fresh", (event) => event.target.querySelectorAll("form[data-draft]").forEach(keepDraft));
document.querySelectorAll("form[data-draft]").forEach(keepDraft);
