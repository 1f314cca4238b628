// Reports wait here until the service has taken them. Each key holds the newest word only; ids are made on this phone,
// so that a report that is sent twice is one.
"use strict";
rounds.queue = (() => {
  const { store } = rounds;
  const { text } = rounds.words;
  const base = `/api/v1/projects/${rounds.setting.project}`;
  let sending = false, again = false, signedOut = false;

  async function add(key, path, body) {
    await store.put("queue", { key, path: base + path, body, stamp: rounds.words.id() });
    await show();
    send();
  }

  // A pass over everything that waits. Nothing is taken away before the service has answered.
  async function send() {
    if (sending) { again = true; return; }
    sending = true;
    do {
      again = false;
      for (const row of await store.all("queue")) {
        if (row.refused && row.refused === row.stamp) continue;
        let answer;
        await show();
        try {
          answer = await fetch(row.path, {
            method: "PUT", body: JSON.stringify(row.body),
            headers: { "Content-Type": "application/json", ...rounds.csrf() },
          });
        } catch { break; }
        if (answer.ok) await store.dropIf("queue", row);
        else if (answer.status === 401 || answer.status === 403) { signedOut = true; break; }
        else if (answer.status < 500 && answer.status !== 429) {
          const problem = await answer.json().catch(() => ({}));
          const said = [problem.detail, ...(problem.issues ?? []).map((issue) => issue.what)].filter(Boolean).join(" ");
          await store.put("queue", { ...row, refused: row.stamp, said });
        } else break;
        if (answer.ok) signedOut = false;
      }
    } while (again);
    sending = false;
    await show();
    document.dispatchEvent(new CustomEvent("rounds:sent"));
  }

  async function show() {
    const rows = await store.all("queue");
    const refused = rows.filter((row) => row.refused === row.stamp);
    const n = rows.length - refused.length;
    const place = document.getElementById("state");
    const key = !n ? "sent" : signedOut ? "sign_in" : sending && navigator.onLine ? "sending" : n === 1 ? "waiting_one" : "waiting";
    place.textContent = text(key, { n });
    place.className = `state ${n ? "waits" : "fine"}`;
    place.dataset.waiting = n;
    const box = document.getElementById("refused");
    box.hidden = !refused.length;
    box.textContent = refused.length ? `${text("refused", { n: refused.length })}${rounds.words.colon}${refused.map((r) => r.said).join(" ")}` : "";
  }

  addEventListener("online", send);
  setInterval(send, 30000);
  return { add, send, show, waiting: async () => (await store.all("queue")).length };
})();
