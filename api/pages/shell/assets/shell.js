// What every page needs: proof that a write comes from our own page, signing out, menus, messages.
"use strict";
globalThis.rounds = {
  // The header that the service asks for with every write.
  csrf() {
    const found = document.cookie.match(/(?:^|; )rounds_csrf=([^;]*)/);
    return { "X-CSRF-Token": found ? decodeURIComponent(found[1]) : "" };
  },
  say(text, bad = false) {
    const note = document.createElement("div");
    note.className = bad ? "note bad" : "note good";
    note.textContent = text;
    document.getElementById("messages").replaceChildren(note);
  },
};
document.addEventListener("htmx:configRequest", (event) => {
  Object.assign(event.detail.headers, rounds.csrf());
});
document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-sign-out]");
  if (target) {
    await fetch("/api/v1/session", { method: "DELETE", headers: rounds.csrf() });
    location.assign("/sign-in");
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// A good message leaves by itself; a bad one stays until the next act.
new MutationObserver(() => {
  const good = document.querySelector("#messages .note.good");
  if (good) setTimeout(() => good.remove(), 6000);
}).observe(document.getElementById("messages"), { childList: true });
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") document.getElementById("messages").replaceChildren();
});
