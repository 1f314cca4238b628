// The page: views, what is tapped, the week, the calendar addresses, signing out.
"use strict";
(() => {
  const { words, queue, day: model, cards, report, wrapUp, setting, store } = rounds;
  const { text } = words;
  const $ = (id) => document.getElementById(id);
  const projectBase = `/api/v1/projects/${setting.project}`;
  let monday = null;

  async function refresh() {
    try {
      await model.load();
    } catch {
      if (!model.day.plan) {
        $("stops").replaceChildren();
        $("empty").hidden = false;
        $("empty").textContent = text("no_day");
        return;
      }
    }
    draw();
    await model.retime();
    draw();
  }

  // What lies under a finger stays until it is lifted: a button drawn anew between touch and release hears no tap.
  let touched = false, due = false;
  addEventListener("pointerdown", () => { touched = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => setTimeout(() => {
      touched = false;
      if (due) draw();
    }, 50), true);
  }

  function draw() {
    due = touched;
    if (touched) return;
    const { plan, kept, today } = model.day;
    $("title").textContent = words.longDay(today);
    $("empty").hidden = plan.stops.length > 0;
    $("empty").textContent = text("nothing");
    const finished = plan.stops.length - model.left().length - (model.underWay() ? 1 : 0);
    $("summary").textContent = plan.stops.length
      ? `${text("summary", { n: plan.stops.length, km: words.km(plan.travel_m), leave: words.hm(plan.leave), back: words.hm(plan.back) })} · ${text("progress", { done: finished, n: plan.stops.length })}` : "";
    $("offline").hidden = !kept;
    $("offline").textContent = text("offline", { time: words.now(new Date(plan.now)).clock });
    cards.draw();
    wrapUp.draw();
    pace();
    if (!$("week").hidden && monday === null) week(plan.week);
    if (!$("map-view").hidden) rounds.phoneMap?.draw();
  }

  function pace() {
    const { pace, plan } = model.day;
    const box = $("pace");
    box.hidden = !pace;
    if (!pace) return;
    const first = pace.stops[0];
    const planned = plan.stops.find((stop) => stop.customer_id === first.customer_id);
    const off = words.seconds(first.start) - words.seconds(planned.start);
    const said = [off >= 300 ? text("late", { time: words.span(off) }) : off <= -300 ? text("early", { time: words.span(-off) }) : text("on_time")];
    if (pace.back) said.push(text("back_at", { time: words.hm(pace.back) }));
    const bad = pace.missed.map((miss) => text("will_miss", {
      name: plan.stops.find((stop) => stop.customer_id === miss.customer_id).name, closes: words.hm(miss.closes), time: words.span(miss.late_s),
    }));
    if (pace.overtime_s >= 60) bad.push(text("overtime", { time: words.span(pace.overtime_s) }));
    if (pace.break_late_s >= 60) bad.push(text("break_late", { time: words.span(pace.break_late_s) }));
    if (pace.estimated) said.push(text("estimate"));
    box.className = `note ${bad.length ? "bad" : off >= 300 ? "warn" : "good"}`;
    const lines = document.createElement("ul");
    lines.append(...bad.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    box.replaceChildren(words.sentences(said), ...(bad.length ? [lines] : []));
  }

  rounds.show = (view, customer) => {
    for (const section of document.querySelectorAll(".view")) section.hidden = section.id !== view;
    for (const tab of document.querySelectorAll(".tabs-below button")) {
      if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    scrollTo(0, 0);
    if (view === "map-view") showMap();
    if (view === "week") { week(monday === null ? model.day.plan?.week ?? [] : null); feeds(); }
    if (customer) {
      const card = [...$("stops").children].find((item) => item.dataset.customer === customer);
      card.querySelector("details").open = true;
      card.querySelector("summary").focus();
    }
  };

  // Leaflet is loaded when the map is first opened.
  let loaded;
  function showMap() {
    loaded ??= setting.map.reduce((before, address) => before.then(() => new Promise((done, failed) => {
      const style = address.endsWith(".css");
      const part = style ? Object.assign(document.createElement("link"), { rel: "stylesheet", href: address })
        : Object.assign(document.createElement("script"), { src: address });
      part.onload = done;
      part.onerror = failed;
      document.head.append(part);
    })), Promise.resolve());
    loaded.then(() => model.day.plan && rounds.phoneMap.draw());
  }

  async function week(days) {
    const first = monday ?? days?.[0]?.day;
    if (!first) return;
    try {
      days ??= (await model.read(first)).plan.week;
    } catch {
      $("week-days").textContent = text("no_day");
      return;
    }
    $("week-title").textContent = `${words.day(first)} – ${words.day(words.add(first, 6))}`;
    $("week-days").replaceChildren(...days.map((day) => {
      const box = document.createElement("section");
      box.className = `card week-day${day.day === model.day.today ? " is-today" : ""}${day.stops.length ? "" : " free"}`;
      const head = document.createElement("h3");
      head.textContent = words.day(day.day);
      const note = document.createElement("p");
      note.className = "soft small";
      note.textContent = day.stops.length ? text("summary", { n: day.stops.length, km: words.km(day.travel_m), leave: words.hm(day.leave), back: words.hm(day.back) }) : text("day_off");
      const list = document.createElement("ol");
      list.className = "plain-list";
      list.append(...day.stops.map((stop) => {
        const line = document.createElement("li");
        const time = document.createElement("b");
        time.textContent = words.hm(stop.start);
        line.append(time, ` ${stop.name}${stop.booked ? " ●" : ""}`);
        return line;
      }));
      box.append(head, note, list);
      return box;
    }));
  }

  async function feeds() {
    const answer = await fetch(`${projectBase}/calendar-feeds`).catch(() => null);
    if (!answer?.ok) return;
    const { items } = await answer.json();
    $("feeds").replaceChildren(...items.filter((feed) => !feed.revoked_at && feed.rep_id === setting.rep).map((feed) => {
      const line = document.createElement("li");
      line.className = "row apart";
      const button = Object.assign(document.createElement("button"), { type: "button", className: "slim danger", textContent: text("feed_revoke") });
      button.addEventListener("click", async () => { await write(`calendar-feeds/${feed.id}/revoke`); feeds(); });
      line.append(text("feed_made", { day: words.day(feed.created_at.slice(0, 10)) }), button);
      return line;
    }));
  }

  const write = (path, body) => fetch(`${projectBase}/${path}`, {
    method: "POST", body: body && JSON.stringify(body), headers: { "Content-Type": "application/json", ...rounds.csrf() },
  });

  $("feed-new").addEventListener("click", async () => {
    const answer = await write("calendar-feeds", { rep_id: setting.rep }).catch(() => null);
    if (!answer?.ok) return;
    const { path } = await answer.json();
    await feeds();
    const line = document.createElement("li");
    const field = Object.assign(document.createElement("input"), { readOnly: true, value: location.origin + path });
    field.setAttribute("aria-label", text("feed_new"));
    field.addEventListener("focus", () => field.select());
    line.append(Object.assign(document.createElement("p"), { className: "small", textContent: text("feed_new") }), field);
    $("feeds").prepend(line);
    field.focus();
  });
  for (const [id, days] of [["week-back", -7], ["week-on", 7]]) {
    $(id).addEventListener("click", () => {
      monday = words.add(monday ?? model.day.plan.week[0].day, days);
      week(null);
    });
  }

  $("stops").addEventListener("click", async (event) => {
    const act = event.target.closest("button");
    const item = event.target.closest(".stop");
    if (!act || !item) return;
    const stop = model.day.plan.stops.find((other) => other.customer_id === item.dataset.customer);
    if (act.matches(".go")) {
      for (const link of $("go-dialog").querySelectorAll("[data-app]")) link.href = stop.links[link.dataset.app];
      $("go-dialog").showModal();
    } else if (act.matches(".skip-visit")) report.skip(stop);
    else if (act.matches(".start")) { await report.start(stop); changed(); }
    else if (act.matches(".finish, .edit")) report.open(stop);
  });
  $("go-dialog").addEventListener("click", (event) => { if (event.target.closest("a")) $("go-dialog").close(); });
  document.querySelector(".tabs-below").addEventListener("click", (event) => {
    const tab = event.target.closest("button");
    if (tab) rounds.show(tab.dataset.view);
  });
  $("sign-out").addEventListener("click", async () => {
    const n = await queue.waiting();
    if (n && !confirm(text("wait_sign_out", { n }))) return;
    await fetch("/api/v1/session", { method: "DELETE", headers: rounds.csrf() }).catch(() => null);
    await store.forget();
    for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
    location.assign("/sign-in?to=/phone");
  });

  // The worker keeps what passes through it; what came before it was there is fetched once more. Old days go.
  async function keep() {
    const cache = await caches.open("rounds-phone-data");
    for (const address of [location.pathname + location.search, `${model.base}/${words.now().day}`]) {
      if (!(await cache.match(address))) await cache.add(address).catch(() => {});
    }
    for (const request of await cache.keys()) {
      const day = request.url.match(/rep-days\/[^/]+\/([\d-]+)$/)?.[1];
      if (day && day < words.add(model.day.today, -7)) await cache.delete(request);
    }
  }

  async function changed() {
    draw();
    await model.retime();
    draw();
  }
  document.addEventListener("rounds:changed", changed);
  addEventListener("online", refresh);
  addEventListener("offline", () => { model.day.kept = true; if (model.day.plan) draw(); queue.show(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { queue.send(); refresh(); } });
  setInterval(() => (words.now().day === model.day.today ? changed() : refresh()), 120000);

  navigator.serviceWorker?.register("/phone/worker.js", { scope: "/phone" });
  navigator.serviceWorker?.ready.then(keep);
  queue.show().then(() => queue.send());
  refresh();
})();
