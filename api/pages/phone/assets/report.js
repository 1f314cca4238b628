// Starting a visit, the report after it, skipping.
"use strict";
rounds.report = (() => {
  const { words, queue, day: model } = rounds;
  const { text } = words;
  const $ = (id) => document.getElementById(id);
  let about = null, found = [];

  // The position, if the phone tells it soon; a visit is never held up by it.
  function position() {
    if (!navigator.geolocation) return Promise.resolve(null);
    return new Promise((done) => navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.min(100000, Math.round(coords.accuracy)) }),
      () => done(null), { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true }));
  }

  async function start(stop) {
    await model.say(stop.customer_id, { outcome: "under_way", started: words.now().clock });
    if (!model.day.report?.started) await model.sayDay({ started: words.now().clock });
    position().then(async (where) => {
      if (where && model.visit(stop.customer_id)) await model.say(stop.customer_id, { position: where });
    });
  }

  async function open(stop) {
    about = stop;
    const visit = model.visit(stop.customer_id);
    const said = visit.report ?? {};
    const dialog = $("report-dialog");
    dialog.querySelector("form").reset();
    dialog.querySelector(".of").textContent = stop.name;
    dialog.querySelector(".fault").textContent = "";
    $("r-started").value = words.hm(visit.started ?? words.now().clock);
    $("r-ended").value = words.hm(visit.ended ?? words.now().clock);
    $("r-by").value = said.received_by || stop.contact;
    $("r-post").value = said.post || stop.post;
    choose("decides", { true: "yes", false: "no" }[said.decides ?? stop.decides] ?? "");
    choose("satisfaction", String(said.satisfaction ?? ""));
    $("r-result").value = said.result ?? "";
    $("r-needs").value = said.needs ?? "";
    $("r-rivals").value = said.competitors ?? "";
    const owed = Object.fromEntries((visit.follow_ups ?? []).map((item) => [item.kind, item]));
    $("r-promise").value = owed.promise?.text ?? "";
    $("r-promise-due").value = owed.promise?.due ?? "";
    $("r-call").value = owed.call_back?.text ?? "";
    $("r-call-due").value = owed.call_back?.due ?? "";
    $("r-complaint").value = owed.complaint?.text ?? "";
    $("r-next").value = visit.next_visit ?? "";
    $("r-next-time").value = words.hm(visit.next_start ?? "");
    for (const id of ["r-promise-due", "r-call-due", "r-next"]) $(id).min = words.add(model.day.today, id === "r-next" ? 1 : 0);
    const own = new Set((visit.follow_ups ?? []).map((item) => item.id));
    const before = stop.follow_ups.filter((item) => !own.has(item.id));
    $("r-open").hidden = !before.length;
    $("r-open").querySelector("ul").replaceChildren(...before.map((item) => tick(item.id, `${text(item.kind)}${words.colon}${item.text}`)));
    dialog.showModal();
    slots(stop);
  }

  async function slots(stop) {
    const note = $("r-slots-note"), place = $("r-slots");
    place.replaceChildren();
    note.textContent = "";
    found = [];
    try {
      const answer = await fetch(`${model.base}/${model.day.today}/slots?customer_id=${encodeURIComponent(stop.customer_id)}`);
      if (!answer.ok) throw new Error(answer.status);
      found = await answer.json();
    } catch {
      note.textContent = text("slots_offline");
      return;
    }
    if (about !== stop) return;
    if (!found.length) { note.textContent = text("no_slots"); return; }
    const best = Math.min(...found.map((slot) => slot.detour_s));
    const days = new Map();  // of each day its cheapest slot: a choice of days before one of hours
    for (const slot of found) if (!(days.get(slot.day)?.detour_s <= slot.detour_s)) days.set(slot.day, slot);
    const wanted = new Set([...days.values()].sort((a, b) => a.detour_s - b.detour_s || (a.day < b.day ? -1 : 1)).slice(0, 9));
    place.replaceChildren(...found.filter((slot) => wanted.has(slot)).map((slot) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `slot ${slot.detour_s <= best + 300 ? "good" : slot.detour_s <= best + 1200 ? "fair" : "dear"}`;
      const time = document.createElement("b"), when = document.createElement("span"), cost = document.createElement("small");
      time.textContent = words.hm(slot.start);
      cost.textContent = text("slot", { min: Math.round(slot.detour_s / 60) });
      when.append(time, " ", cost);
      button.append(words.day(slot.day), when);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        for (const other of place.children) other.setAttribute("aria-pressed", String(other === button));
        $("r-next").value = slot.day;
        $("r-next-time").value = words.hm(slot.start);
      });
      return button;
    }));
  }

  async function save() {
    const visit = model.visit(about.customer_id);
    const known = Object.fromEntries((visit.follow_ups ?? []).map((item) => [item.kind, item]));
    const owed = [["promise", "r-promise", "r-promise-due"], ["call_back", "r-call", "r-call-due"], ["complaint", "r-complaint", null]]
      .map(([kind, what, due]) => ({ id: known[kind]?.id ?? words.id(), kind, text: $(what).value.trim(), due: (due && $(due).value) || null }))
      .filter((item) => item.text);
    for (const item of owed) if (item.kind === "complaint") item.due = words.add(model.day.today, 1);
    const decides = { yes: true, no: false }[chosen("decides")] ?? null;
    const satisfaction = Number(chosen("satisfaction")) || null;
    await model.say(about.customer_id, {
      outcome: "made", started: $("r-started").value, ended: $("r-ended").value,
      report: { received_by: $("r-by").value, post: $("r-post").value, decides, result: $("r-result").value,
        needs: $("r-needs").value, competitors: $("r-rivals").value, satisfaction },
      next_visit: $("r-next").value || null, next_start: ($("r-next").value && $("r-next-time").value) || null,
      follow_ups: owed,
    });
    for (const box of $("r-open").querySelectorAll("input:checked")) {
      await queue.add(`follow-up:${box.value}`, `/follow-ups/${box.value}`, { state: "done", outcome: "" });
      about.follow_ups = about.follow_ups.filter((item) => item.id !== box.value);
    }
  }

  function fault() {
    if (!$("r-started").value || !$("r-ended").value) return $("r-started").value ? "r-ended" : "r-started";
    if ($("r-ended").value < $("r-started").value) return "r-ended";
    if ($("r-next-time").value && !$("r-next").value) return "r-next";
    return [["r-next", 1], ["r-promise-due", 0]].find(([id, days]) => $(id).value && $(id).value < words.add(model.day.today, days))?.[0];
  }

  function skip(stop) {
    about = stop;
    const dialog = $("skip-dialog");
    dialog.querySelector("form").reset();
    dialog.querySelector(".of").textContent = stop.name;
    dialog.querySelector(".fault").textContent = "";
    $("skip-day").min = words.add(model.day.today, 1);
    dialog.showModal();
  }

  async function saveSkip() {
    const why = $("skip-why").value, more = $("skip-text").value.trim();
    const reason = [why === "other" ? "" : why, more].filter(Boolean).join(": ");
    if (!reason) return false;
    const to = $("skip-day").value;
    await model.say(about.customer_id, { outcome: to ? "moved" : "skipped", reason, next_visit: to || null });
    return true;
  }

  function tick(value, said) {
    const item = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
    label.className = "inline tall";
    Object.assign(box, { type: "checkbox", value });
    label.append(box, said);
    item.append(label);
    return item;
  }
  const chosen = (name) => document.querySelector(`#report-dialog input[name=${name}]:checked`)?.value ?? "";
  const choose = (name, value) => {
    for (const radio of document.querySelectorAll(`#report-dialog input[name=${name}]`)) radio.checked = radio.value === value;
  };

  $("report-dialog").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = fault();
    if (wrong) {
      document.querySelector("#report-dialog .fault").textContent = document.querySelector(`label[for=${wrong}]`).textContent + " ?";
      $(wrong).setAttribute("aria-invalid", "true");
      $(wrong).focus();
      return;
    }
    await save();
    $("report-dialog").close();
    document.dispatchEvent(new CustomEvent("rounds:changed"));
  });
  $("skip-dialog").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await saveSkip())) {
      document.querySelector("#skip-dialog .fault").textContent = text("skip_reason");
      $("skip-why").focus();
      return;
    }
    $("skip-dialog").close();
    document.dispatchEvent(new CustomEvent("rounds:changed"));
  });
  return { start, open, skip, tick };
})();
