// Answers when the network does not: assets from the cache, page and days from the network first.
"use strict";
const ASSETS = "rounds-phone-assets", DATA = "rounds-phone-data";
const PATIENCE = 4000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(ASSETS);
    for (const request of await cache.keys()) {
      if (!SHELL.includes(new URL(request.url).pathname)) await cache.delete(request);
    }
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
  } else if (url.pathname === "/phone" || /\/rep-days\/[^/]+\/\d{4}-\d\d-\d\d$/.test(url.pathname)) {
    event.respondWith(networkFirst(event, url.pathname + url.search));
  }
});

// What was kept is shown when the network fails or is too slow; it says so itself.
async function networkFirst(event, key) {
  const cache = await caches.open(DATA);
  const kept = await cache.match(key);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  if (!kept) return fresh;
  const old = new Headers(kept.headers);
  old.set("X-Kept", "1");
  const stale = async () => new Response(await kept.clone().blob(), { status: 200, headers: old });
  const slow = new Promise((done) => setTimeout(done, PATIENCE));
  return Promise.race([fresh.catch(stale), slow.then(stale)]);
}
