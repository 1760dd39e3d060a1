/*
 * What was typed into a form, by the names of its fields, to be put back later: after signing in on the way, or as a draft.
 */

import { KEPT } from "./call.js";

const isBox = (field) => field.type === "checkbox" || field.type === "radio";

export const nameOf = (field) => (isBox(field) ? `${field.name}=${field.value}` : field.name);
export const valueOf = (field) => (isBox(field) ? field.checked : field.value);

/** Not what is secret, and not what the page itself has written. */
export function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches("input, select, textarea") && !["hidden", "password", "file"].includes(field.type));
}

/** Put these fields' values back, and let the page know. */
export function fill(form, fields, values) {
  for (const field of fields) {
    if (isBox(field)) field.checked = values[nameOf(field)];
    else field.value = values[nameOf(field)];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

export function signInFirst(form) {
  const values = Object.fromEntries(fieldsOf(form).map((field) => [nameOf(field), valueOf(field)]));
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, form: form.id, values }));
  } catch { /* Private windows may refuse; then only the way back is kept. */ }
  const here = location.pathname + location.search + (form.id ? `#${form.id}` : location.hash);
  location.assign(`/signin?next=${encodeURIComponent(here)}`);
}

export function restore() {
  const { path, form: id, values } = JSON.parse(sessionStorage.getItem(KEPT));
  if (path !== location.pathname) return;
  sessionStorage.removeItem(KEPT);
  const form = document.getElementById(id);
  if (form instanceof HTMLFormElement) fill(form, fieldsOf(form).filter((field) => nameOf(field) in values), values);
}
