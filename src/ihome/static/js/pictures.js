/*
 * Pictures side by side. A [data-strip] scrolls and snaps by itself, by touch and without script; this adds buttons, arrow
 * keys and a count, and shows a house's pictures over the whole screen.
 *
 *   [data-carousel]             holds a [data-strip] and, if it likes, [data-step="1"], [data-step="-1"], [data-count]
 *   [data-gallery]              links to pictures, each a link to itself without script
 *   dialog[data-lightbox]       a carousel that is filled with them
 */

const isStill = matchMedia("(prefers-reduced-motion: reduce)");

function carousel(box) {
  const strip = box.querySelector("[data-strip]");
  const count = box.querySelector("[data-count]");
  const buttons = [...box.querySelectorAll("[data-step]")];

  let waiting = 0;
  let goal = null; // Where it is on its way to: a second key goes on from there.

  const at = () => goal ?? Math.round(strip.scrollLeft / Math.max(step(), 1));
  const step = () => (strip.children[1]?.offsetLeft ?? 0) - (strip.children[0]?.offsetLeft ?? 0);

  function show(index, behavior = isStill.matches ? "instant" : "smooth") {
    goal = Math.max(0, Math.min(index, strip.children.length - 1));
    strip.scrollTo({ left: goal * step(), behavior });
    rest();
  }

  function rest() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      goal = null;
      tell();
    }, 120);
  }

  function tell() {
    const isFirst = strip.scrollLeft < 2;
    const isLast = strip.scrollLeft > strip.scrollWidth - strip.clientWidth - 2;
    for (const button of buttons) button.toggleAttribute("data-idle", button.dataset.step < 0 ? isFirst : isLast);
    const words = `${at() + 1} / ${strip.children.length}`;
    if (count && count.textContent !== words) count.textContent = words;
  }

  function onKey(event) {
    const target = { ArrowLeft: at() - 1, ArrowRight: at() + 1, Home: 0, End: strip.children.length - 1 }[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(target);
    // Who is at one of the pictures goes along: Enter opens the one that is shown.
    if (document.activeElement.closest("[data-strip] > *")) strip.children[goal].querySelector("a")?.focus({ preventScroll: true });
  }

  strip.addEventListener("scroll", rest);
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => show(at() + Number(button.dataset.step)));
  }
  box.addEventListener("keydown", onKey);
  new ResizeObserver(tell).observe(strip);
  return { show, tell };
}

function gallery(links, box) {
  const shown = carousel(box);
  const strip = box.querySelector("[data-strip]");

  function fill() {
    for (const link of links.querySelectorAll("a")) {
      const picture = link.querySelector("img").cloneNode();
      picture.sizes = "100vw";
      picture.loading = "lazy";
      strip.append(picture);
    }
  }

  function open(index) {
    if (!strip.children.length) fill();
    box.showModal();
    strip.focus({ preventScroll: true });
    shown.show(index, "instant");
    shown.tell();
  }

  links.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open([...links.querySelectorAll("a")].indexOf(link));
  });
}

for (const box of document.querySelectorAll("[data-carousel]:not([data-lightbox])")) carousel(box);
const links = document.querySelector("[data-gallery]");
const lightbox = document.querySelector("[data-lightbox]");
if (links && lightbox?.showModal) gallery(links, lightbox);
