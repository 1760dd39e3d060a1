/*
 * A long form one step at a time: form[data-steps] with its [data-form-step] parts, .progress links to them, [data-back] and
 * [data-forward]. The step is in the address, so that the browser's back button goes one step back.
 */

import { markField } from "./app.js";
import { live } from "./call.js";

/** What is wrong with a field as far as the page can tell, in the API's words; "" for nothing. */
function fault(form, field) {
  const { validity } = field;
  if (validity.valid) return "";
  if (validity.badInput || validity.stepMismatch) return form.dataset.number;
  if (validity.valueMissing) return live.dataset.required;
  if (validity.patternMismatch) return form.dataset.amount;
  if (validity.rangeUnderflow) return form.dataset.least.replace("{ge}", field.min);
  if (validity.rangeOverflow) return form.dataset.most.replace("{le}", field.max);
  return field.validationMessage;
}

function oneAtATime(form) {
  const steps = [...form.querySelectorAll("[data-form-step]")];
  const links = [...form.querySelectorAll(".progress a")];
  const back = form.querySelector("[data-back]");
  const forward = form.querySelector("[data-forward]");
  const last = form.querySelector("[data-last]"); // What ends a form that is filled in for the first time.
  let current;

  const fieldsOf = (step) => [...step.querySelectorAll("input, select, textarea")];
  const goTo = (step) => { location.hash = step.id; };

  function noteProgress() {
    for (const [number, step] of steps.entries()) {
      links[number].parentElement.classList.toggle("done", fieldsOf(step).every((field) => field.validity.valid));
    }
  }

  function show(step) {
    current = step;
    for (const [number, one] of steps.entries()) {
      one.hidden = one !== step;
      if (one === step) links[number].setAttribute("aria-current", "step");
      else links[number].removeAttribute("aria-current");
    }
    back.hidden = step === steps[0];
    forward.hidden = step === steps.at(-1);
    if (last) last.hidden = step !== steps.at(-1);
    noteProgress();
  }

  /** The fields of this step that break a rule are marked; the first of them is returned. */
  function findFault(step) {
    let first = null;
    for (const field of fieldsOf(step)) {
      const words = fault(form, field);
      if (words && markField(field, words)) first ??= field;
    }
    return first;
  }

  function goForward() {
    const wrong = findFault(current);
    if (wrong) wrong.focus();
    else goTo(steps[steps.indexOf(current) + 1]);
  }

  back.addEventListener("click", () => goTo(steps[steps.indexOf(current) - 1]));
  forward.addEventListener("click", goForward);
  form.addEventListener("input", noteProgress);
  form.addEventListener("reset", () => setTimeout(noteProgress));
  form.addEventListener("show", (event) => { // An error stands at a field of a step that may be out of sight.
    const step = event.target.closest("[data-form-step]");
    if (!step || step === current) return;
    history.replaceState(null, "", `#${step.id}`);
    show(step);
  });
  form.addEventListener("submit", (event) => { // Enter in a field of an earlier step.
    if (!last || current === steps.at(-1)) return;
    event.preventDefault();
    event.stopPropagation();
    goForward();
  });

  const asked = () => steps.find((step) => `#${step.id}` === location.hash);
  addEventListener("hashchange", () => {
    show(asked() ?? steps[0]);
    current.querySelector("legend").focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  });
  form.classList.add("stepped");
  show(asked() ?? steps[0]);
}

document.querySelectorAll("form[data-steps]").forEach(oneAtATime);
