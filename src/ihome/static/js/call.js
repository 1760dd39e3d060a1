/*
 * What goes to the site and comes back, calls and pages, and what is said of it.
 */

export const KEPT = "ihome:kept"; // What was typed, while its owner signs in: kept.js, which is seldom needed.

export const live = document.getElementById("live");

/** To ears; eyes see it elsewhere. */
export function say(words) {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
}

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

/** A page of the site, parsed. Throws where there is none, or where the site leads elsewhere. */
export async function fetchPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  const isThere = answer.ok && new URL(answer.url).pathname === new URL(address, location.href).pathname;
  if (!isThere) throw new Error(`${answer.status} ${answer.url}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
