/*
 * The square of a picture that others will see: [data-crop] in a form with one picture. Drag it, or use the three sliders;
 * what is sent is the square alone. A picture this browser cannot read goes as it is, and the site decides.
 */

const crop = document.querySelector("[data-crop]");
const form = crop.closest("form");
const field = form.querySelector("input[type=file]");
const stage = crop.querySelector("[data-stage]");
const canvases = [stage, ...crop.querySelectorAll("[data-preview-of]")];
const zoom = crop.querySelector("[data-zoom]");
const x = crop.querySelector("[data-x]"); // Of what does not fit in, how much is cut off on the left, and above.
const y = crop.querySelector("[data-y]");
const chosen = form.querySelector("[data-chosen]");
const asking = [...chosen.childNodes]; // Other words for a mouse than for a finger.

let picture = null;

const side = () => Math.min(picture.width, picture.height) / Number(zoom.value);

function draw() {
  const square = side();
  const left = (picture.width - square) * Number(x.value);
  const top = (picture.height - square) * Number(y.value);
  for (const canvas of canvases) {
    const paper = canvas.getContext("2d");
    paper.imageSmoothingQuality = "high";
    paper.fillStyle = "white"; // As the site does with what is transparent.
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, left, top, square, square, 0, 0, canvas.width, canvas.height);
  }
}

async function open() {
  crop.hidden = true;
  picture = null;
  chosen.replaceChildren(...(field.files.length ? [field.files[0].name] : asking));
  if (!field.files.length) return;
  try {
    picture = await createImageBitmap(field.files[0]);
  } catch {
    return;
  }
  [zoom.value, x.value, y.value] = [1, 0.5, 0.5];
  crop.hidden = false;
  draw();
}

/** By so many pixels of the stage. */
function drag(across, down) {
  const scale = side() / stage.clientWidth;
  for (const [slider, moved, size] of [[x, across, picture.width], [y, down, picture.height]]) {
    const rest = size - side();
    if (rest > 0) slider.value = Number(slider.value) - (moved * scale) / rest;
  }
  draw();
}

/** The square in place of the file that was chosen. */
function cut() {
  const bytes = atob(stage.toDataURL("image/jpeg", 0.92).split(",")[1]);
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(bytes, (one) => one.charCodeAt(0))], "avatar.jpg", { type: "image/jpeg" }));
  field.files = files.files;
}

field.addEventListener("change", open);
crop.addEventListener("input", draw);
stage.addEventListener("pointerdown", (event) => {
  stage.setPointerCapture(event.pointerId);
  event.preventDefault();
});
stage.addEventListener("pointermove", (event) => { if (stage.hasPointerCapture(event.pointerId)) drag(event.movementX, event.movementY); });
form.addEventListener("submit", () => { if (picture) cut(); });
form.addEventListener("reset", () => {
  picture = null;
  crop.hidden = true;
  chosen.replaceChildren(...asking);
});
form.classList.add("ready");
