// The day: what the service planned, with what this phone has said since. Pace: is the rest of the day still possible?
"use strict";
rounds.day = (() => {
  const { store, queue, words } = rounds;
  const { project, rep } = rounds.setting;
  const base = `/api/v1/projects/${project}/rep-days/${encodeURIComponent(rep)}`;
  const RANK = { under_way: 0, made: 1, skipped: 1, moved: 1, missed: 1 };
  const day = { plan: null, kept: false, visits: new Map(), report: null, pace: null, today: words.now().day };

  async function read(date) {
    const answer = await fetch(`${base}/${date}`);
    if (answer.status === 401) { location.assign(`/sign-in?to=${encodeURIComponent("/phone")}`); }
    if (!answer.ok) throw new Error(answer.status);
    return { plan: await answer.json(), kept: answer.headers.has("X-Kept") };
  }

  async function load() {
    day.today = words.now().day;
    const { plan, kept } = await read(day.today);
    day.plan = plan;
    day.kept = kept || !navigator.onLine;
    const rows = await store.all("visits");
    // What is said while this reads is not lost: the newest word of each visit counts, wherever it is kept.
    const said = [...rows.map(({ key, body }) => ({ id: key, ...body })), ...day.visits.values()];
    day.visits = new Map(plan.visits.map((visit) => [visit.customer_id, withFollowUps(visit, plan)]));
    for (const visit of said) {
      const known = day.visits.get(visit.customer_id);
      if (visit.day === day.today && (known?.sequence ?? 0) < visit.sequence) day.visits.set(visit.customer_id, visit);
    }
    for (const { key, body } of rows) if (body.day < words.add(day.today, -14)) await store.drop("visits", key);
    const own = (await store.get("days", day.today))?.body;
    day.report = own && own.sequence > (plan.report?.sequence ?? 0) ? own : plan.report;
  }

  // What the visit left behind is with the customer's card.
  function withFollowUps(visit, plan) {
    const owed = plan.stops.find((stop) => stop.customer_id === visit.customer_id)?.follow_ups ?? [];
    const own = owed.filter((item) => item.visit_id === visit.id);
    return { ...visit, follow_ups: own.map(({ id, kind, text, due }) => ({ id, kind, text, due })) };
  }

  const visit = (customer) => day.visits.get(customer);
  const state = (customer) => visit(customer)?.outcome ?? "open";
  const left = () => day.plan.stops.filter((stop) => !(state(stop.customer_id) in RANK));
  const underWay = () => day.plan.stops.find((stop) => state(stop.customer_id) === "under_way");
  const done = () => day.plan.stops.filter((stop) => RANK[state(stop.customer_id)] === 1);

  // Says something of a visit: kept here first, then queued.
  async function say(customer, change) {
    const before = visit(customer);
    const known = before ?? { id: words.id(), follow_ups: [], report: {} };
    const next = {
      customer_id: customer, rep_id: rep, day: day.today, outcome: known.outcome, started: known.started ?? null,
      ended: known.ended ?? null, report: known.report ?? {}, next_visit: known.next_visit ?? null,
      next_start: known.next_start ?? null, reason: known.reason ?? "", position: known.position ?? null,
      follow_ups: known.follow_ups ?? [], ...change, sequence: (known.sequence ?? 0) + 1,
    };
    day.visits.set(customer, { id: known.id, ...next });
    await store.put("visits", { key: known.id, body: next });
    await queue.add(`visit:${known.id}`, `/visits/${known.id}/report`, next);
    return known.id;
  }

  async function sayDay(change) {
    const now = day.report ?? { sequence: 0, started: null, ended: null, kit: [], summary: "", documents: false, urgent: "" };
    const body = { sequence: now.sequence + 1, started: now.started, ended: now.ended, kit: now.kit, summary: now.summary,
      documents: now.documents, urgent: now.urgent, ...change };
    day.report = body;
    await store.put("days", { key: day.today, body });
    await queue.add(`day:${day.today}`, `/rep-days/${encodeURIComponent(rep)}/${day.today}`, body);
  }

  // Where the rep is and when he drives on; null before the day has begun.
  function moment() {
    const clock = words.now().clock;
    const here = underWay();
    if (here) {
      const over = words.seconds(visit(here.customer_id).started) + here.service_s;
      return { at: here.customer_id, now: words.clock(Math.max(over, words.seconds(clock))) };
    }
    const last = done().filter((stop) => visit(stop.customer_id).ended)
      .sort((a, b) => (visit(a.customer_id).ended < visit(b.customer_id).ended ? 1 : -1))[0];
    if (last) return { at: last.customer_id, now: clock };
    return day.report?.started ? { at: null, now: clock } : null;
  }

  async function retime() {
    const where = moment();
    const open = left();
    day.pace = null;
    if (!where || !open.length) return;
    // Once somebody has driven off, the way to the next place lies behind him: he is somewhere on it.
    const asked = { ...where, left: open.map((stop) => stop.customer_id), break_taken: breakTaken() };
    try {
      const answer = await fetch(`${base}/${day.today}/retime`, {
        method: "POST", body: JSON.stringify(asked),
        headers: { "Content-Type": "application/json", ...rounds.csrf() },
      });
      if (!answer.ok) throw new Error(answer.status);
      day.pace = await answer.json();
    } catch {
      day.pace = estimate(where, open);
    }
  }

  const breakTaken = () => {
    const planned = day.plan.break_start;
    return planned !== null && words.seconds(words.now().clock) > words.seconds(planned) + day.plan.lunch_s;
  };

  // Without the service: the planned legs one after the other, windows waited for, the break where it was planned.
  function estimate({ now }, open) {
    let clock = words.seconds(now);
    let pause = day.plan.break_start !== null && !breakTaken() ? words.seconds(day.plan.break_start) : null;
    const missed = [];
    const stops = open.map((stop) => {
      if (pause !== null && clock >= pause) { clock += day.plan.lunch_s; pause = null; }
      const arrival = clock + stop.travel_s;
      const windows = stop.booked ? [{ early: stop.booked, late: stop.booked }] : stop.windows;
      const open = windows.find((w) => words.seconds(w.late) >= arrival);
      const start = open ? Math.max(arrival, words.seconds(open.early)) : arrival;
      if (windows.length && !open) {
        const closes = windows.at(-1).late;
        missed.push({ customer_id: stop.customer_id, closes, late_s: start - words.seconds(closes) });
      }
      clock = start + stop.service_s;
      return { customer_id: stop.customer_id, arrival: words.clock(arrival), start: words.clock(start), departure: words.clock(clock) };
    });
    return { stops, missed, estimated: true, overtime_s: 0, break_late_s: 0, back: null, holds: !missed.length };
  }

  return { day, base, read, load, say, sayDay, visit, state, left, underWay, retime };
})();
