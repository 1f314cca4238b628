// One card for each stop: what to know before going in, what to do now.
"use strict";
rounds.cards = (() => {
  const { words, day: model } = rounds;
  const { text } = words;

  function draw() {
    const { plan, pace } = model.day;
    const list = document.getElementById("stops");
    const open = new Set([...list.querySelectorAll(".stop:has(details[open])")].map((card) => card.dataset.customer));
    const next = model.underWay() ?? model.left()[0];
    if (list.dataset.next !== (next?.customer_id ?? "")) {  // the day has moved on: the next card opens, the last one closes
      open.delete(list.dataset.next);
      if (next) open.add(next.customer_id);
    }
    const again = document.activeElement?.closest?.(".stop")?.dataset.customer;
    const focus = document.activeElement?.className;
    list.replaceChildren(...plan.stops.map((stop, k) => card(stop, k, pace, open, stop === next)));
    list.dataset.next = next?.customer_id ?? "";
    if (again) {
      const card = [...list.children].find((item) => item.dataset.customer === again);
      (card?.querySelector(`.more button.strong:not([hidden])`) ?? card?.querySelector("summary"))?.focus({ preventScroll: Boolean(focus) });
    }
  }

  function card(stop, k, pace, open, isNext) {
    const item = document.getElementById("stop-card").content.cloneNode(true).firstElementChild;
    const $ = (selector) => item.querySelector(selector);
    const state = model.state(stop.customer_id);
    const visit = model.visit(stop.customer_id);
    item.dataset.customer = stop.customer_id;
    item.dataset.state = state;
    item.classList.toggle("next", isNext);
    $("details").open = open.has(stop.customer_id);
    $(".number").textContent = state === "made" ? "✓" : k + 1;
    $(".name").textContent = stop.name;
    $(".facts").textContent = [stop.grade, stop.channel, text("drive", { min: Math.round(stop.travel_s / 60), km: words.km(stop.travel_m) }).replaceAll(" ", "\u00a0")].filter(Boolean).join(" · ");
    const owed = stop.follow_ups.length;
    $(".owed").textContent = owed ? stop.follow_ups.map((f) => text(f.kind)).filter((w, i, all) => all.indexOf(w) === i).join(" · ") : "";
    const now = pace?.stops.find((other) => other.customer_id === stop.customer_id);
    const moved = now && Math.abs(words.seconds(now.start) - words.seconds(stop.start)) >= 120;
    const late = pace?.missed.some((other) => other.customer_id === stop.customer_id);
    item.classList.toggle("will-miss", Boolean(late));
    $(".time").textContent = words.hm(visit?.started ?? (moved ? now.start : stop.start));
    $(".was").textContent = !visit && moved ? text("planned", { time: words.hm(stop.start) }) : "";
    fill($, stop, visit, state);
    $(".start").hidden = state !== "open";
    $(".finish").hidden = state !== "under_way";
    $(".edit").hidden = state !== "made";
    $(".skip-visit").hidden = state !== "open";
    $(".call").hidden = !stop.phone;
    $(".call").href = `tel:${stop.phone.replace(/[^\d+*#]/g, "")}`;
    return item;
  }

  function fill($, stop, visit, state) {
    const said = {
      under_way: () => text("under_way", { time: words.hm(visit.started) }),
      made: () => text("made", { time: words.hm(visit.ended ?? visit.started ?? "") }),
      skipped: () => text("skipped", { reason: visit.reason }),
      moved: () => text("moved", { day: visit.next_visit ? words.day(visit.next_visit) : visit.reason }),
      missed: () => text("missed"),
    }[state]?.() ?? "";
    line($(".status"), said);
    const windows = stop.windows.map((w) => text("window", { early: words.hm(w.early), late: words.hm(w.late) }));
    line($(".window"), stop.booked ? text("booked", { time: words.hm(stop.booked) }) : windows.join(" · "));
    const decides = { true: text("decides"), false: text("decides_not") }[stop.decides];
    for (const [name, value] of [
      ["person", [stop.contact, stop.post, stop.contact || stop.post ? decides : null].filter(Boolean).join(words.comma)],
      ["purpose", stop.purpose], ["goal", stop.goal], ["kit", stop.kit.join(" · ")], ["notes", stop.notes],
    ]) pair($(`.${name}`), value);
    const last = stop.last_visit;
    pair($(".before"), last ? [last.result, last.needs, last.competitors].filter(Boolean).join(" · ") || "–" : "");
    if (last) $(".before dt").textContent = text("last", { day: words.day(last.day) });
    $(".follow-ups").replaceChildren(...stop.follow_ups.map((owed) => {
      const item = document.createElement("li");
      const overdue = owed.due && owed.due < model.day.today;
      item.className = overdue ? "overdue" : "";
      const when = owed.due ? text(overdue ? "overdue" : "due", { day: words.day(owed.due) }) : "";
      item.append(badge(text(owed.kind), owed.kind), ` ${owed.text}${when ? words.aside(when) : ""}`);
      return item;
    }));
  }

  function badge(said, kind) {
    const made = document.createElement("span");
    made.className = `badge ${kind === "complaint" ? "bad" : "warn"}`;
    made.textContent = said;
    return made;
  }
  const line = (place, said) => { place.textContent = said; place.hidden = !said; };
  const pair = (place, said) => { place.querySelector("dd").textContent = said; place.hidden = !said; };

  return { draw };
})();
