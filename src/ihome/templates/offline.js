/* A page for when there is no connection. Everything else goes its usual way: nothing old is ever shown. */
const KEPT = "{{ version }}";
const FILES = {{ ["/offline", static("css/tokens.css"), static("css/site.css"), static("favicon.svg")]|tojson }};

addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES))));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
})()));

addEventListener("fetch", (event) => {
  const { mode, url } = event.request;
  if (mode === "navigate" && event.request.method === "GET") event.respondWith(fetch(event.request).catch(() => caches.match(FILES[0])));
  else if (FILES.some((file) => url === new URL(file, location.origin).href)) event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
});
