/*
 * Several pictures at once, each with its own bar, its own error and another try: form[data-uploads]. Pictures go as soon
 * as they are chosen or dropped on the field, two at a time; each that has arrived appears in the list below, where they
 * stand as they were chosen, whichever came first.
 */

import { tell } from "./app.js";
import { csrf, live, say } from "./call.js";
import { refresh } from "./fresh.js";
import { signInFirst } from "./kept.js";
import { place } from "./order.js";

const AT_ONCE = 2;
const LARGE = 6 * 1024 * 1024; // Bytes from which a picture is made smaller first: the site keeps 1600 pixels of it.
const ENOUGH = 3200;
const NOT_A_PICTURE = "4004"; // Nor will it be one at the next try.

/** The envelope of the answer. XMLHttpRequest, because fetch does not tell how far an upload is. */
function send(form, file, progress) {
  const [method, path] = form.dataset.api.split(" ");
  const body = new FormData(form);
  const name = form.querySelector("input[type=file]").name;
  body.delete(name);
  body.append(name, file);
  const request = new XMLHttpRequest();
  request.open(method, path);
  request.responseType = "json";
  for (const [header, value] of Object.entries(csrf())) request.setRequestHeader(header, value);
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
  const answer = new Promise((done) => {
    request.addEventListener("load", () => done(request.response ?? { errno: "", errmsg: live.dataset.offline }));
    for (const trouble of ["error", "timeout", "abort"]) request.addEventListener(trouble, () => done({ errno: "", errmsg: live.dataset.offline }));
  });
  request.send(body);
  return [answer, () => request.abort()];
}

/** What a camera made of 48 megapixels, as it can be sent; anything else as it is. */
async function lighter(file) {
  if (file.size < LARGE) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, ENOUGH / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.9); });
    return made && made.size < file.size ? new File([made], file.name, { type: made.type }) : file;
  } catch {
    return file;
  }
}

async function draw(canvas, file) {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 128 });
    const { width, height } = canvas;
    const scale = Math.max(width / picture.width, height / picture.height);
    canvas.getContext("2d").drawImage(picture, (width - picture.width * scale) / 2, (height - picture.height * scale) / 2, picture.width * scale, picture.height * scale);
  } catch { /* The site will say what is wrong with it. */ }
}

function takeUploads(form) {
  const field = form.querySelector("input[type=file]");
  const queue = form.querySelector("[data-queue]");
  const chosen = []; // What was chosen together, each time, also what has arrived.
  const placed = new Set();
  const waiting = [];
  let running = 0;
  let leaving = false; // To sign in: none of them will arrive.

  function add(files) {
    tell(form, "");
    const rows = files.map(row);
    chosen.push(rows);
    waiting.push(...rows);
    next();
  }

  function row(file) {
    const item = form.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-${name}]`);
    const one = { file, item, part, bar: item.querySelector("progress"), cancel: null, id: null };
    part("name").textContent = file.name;
    part("state").textContent = part("state").dataset.waiting;
    one.bar.setAttribute("aria-label", file.name);
    part("drop").addEventListener("click", () => {
      if (waiting.includes(one)) waiting.splice(waiting.indexOf(one), 1);
      item.remove();
      one.cancel?.();
      note();
      field.focus();
    });
    part("again").addEventListener("click", () => {
      part("again").hidden = true;
      part("error").textContent = "";
      one.bar.hidden = false;
      note();
      waiting.push(one);
      next();
    });
    queue.append(item);
    draw(item.querySelector("canvas"), file);
    return one;
  }

  /** The first picture of a house becomes its main one: it goes alone, so that none overtakes it. */
  function next() {
    const hasPictures = document.querySelector("[data-image]") || chosen.flat().some((one) => one.id);
    while (running < (hasPictures ? AT_ONCE : 1) && waiting.length) upload(waiting.shift());
  }

  async function upload(one) {
    running += 1;
    const state = one.part("state");
    one.bar.value = 0;
    const [answer, cancel] = send(form, await lighter(one.file), (share) => {
      one.bar.value = share;
      state.textContent = share < 1 ? `${Math.round(share * 100)}%` : state.dataset.working;
    });
    one.cancel = cancel;
    const { errno, errmsg, errors, data } = await answer;
    one.cancel = null;
    one.id = data?.image_id;
    running -= 1;
    next();
    if (errno === "4101") {
      waiting.length = 0;
      if (!leaving) signInFirst(form);
      leaving = true;
      return;
    }
    if (errno === "0") {
      one.item.remove();
      await refresh(location.href, { gently: true });
    } else if (one.item.isConnected) {
      state.textContent = "";
      one.bar.hidden = true;
      one.part("error").textContent = Object.values(errors ?? {})[0] ?? errmsg;
      one.part("again").hidden = errno === NOT_A_PICTURE;
    }
    if (!running && !waiting.length && !note()) say(form.dataset.done);
  }

  /** What is said of all of them goes with the last error beside one. */
  function note() {
    const hasErrors = Boolean(queue.querySelector(".error:not(:empty)"));
    tell(form, hasErrors && !running ? form.dataset.failed : "");
    return hasErrors;
  }

  document.addEventListener("fresh", () => {
    for (const rows of chosen) place(rows.map((one) => one.id).filter(Boolean), placed);
  });

  field.addEventListener("change", () => {
    add([...field.files]);
    field.value = "";
  });
  addEventListener("beforeunload", (event) => { if (running && !leaving) event.preventDefault(); });
  form.querySelector(".buttons").remove();
  form.classList.add("ready");
}

document.querySelectorAll("form[data-uploads]").forEach(takeUploads);
