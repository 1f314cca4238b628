// Territories on the map. The page keeps what was moved; the service says what it does to the balance.
"use strict";
(async () => {
  const root = document.getElementById("territories");
  const at = root.dataset.at;
  const texts = JSON.parse(root.dataset.texts);
  const tolerance = Number(root.dataset.tolerance);
  const may = root.dataset.may === "yes";
  const SCALE = 0.4; // deviation at the end of a bar
  const part = (id) => document.getElementById(id);
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });

  const map = rounds.map(part("map"), { doubleClickZoom: true });
  const data = await (await fetch(`${at}/map.json`)).json();
  const customers = data.points.features.map((f) => ({ ...f.properties, lat: f.geometry.coordinates[1], lon: f.geometry.coordinates[0] }));
  const byId = new Map(customers.map((c) => [c.id, c]));
  const repNames = new Map([...document.querySelectorAll("#balance li")].map((li) => [li.dataset.rep, li.querySelector(".rep-name").textContent.trim()]));
  const home = new Map(customers.map((c) => [c.id, c.rep]));

  // ---- drawing
  map.fitBounds(L.latLngBounds(customers.map((c) => [c.lat, c.lon])).pad(0.04));
  if (data.areas) {
    L.geoJSON(data.areas, {
      interactive: false,
      style: (f) => ({ color: data.colours[f.properties.rep_id], weight: 1.5, fillOpacity: 0.1 }),
    }).addTo(map);
  }
  for (const h of data.homes) {
    L.marker([h.lat, h.lon], {
      icon: L.divIcon({ className: "home-mark", iconSize: [13, 13] }), title: repNames.get(h.rep), alt: repNames.get(h.rep), interactive: false, keyboard: false,
    }).addTo(map);
  }
  const dots = new Map();
  for (const c of customers) {
    const dot = L.circleMarker([c.lat, c.lon], { radius: customers.length > 800 ? 4 : 6, weight: 1.5, fillOpacity: 0.9 });
    dot.addTo(map);
    dots.set(c.id, dot);
  }

  const chosen = new Set();
  let history = [{}];
  let now = 0;
  const repOf = (id) => history[now][id] ?? home.get(id);
  const paint = (id) => {
    const c = byId.get(id);
    const colour = data.colours[repOf(id)];
    const moved = history[now][id] !== undefined;
    dots.get(id).setStyle({
      fillColor: colour, color: chosen.has(id) ? "#000000" : moved ? "#1d2730" : c.locked ? "#1d2730" : "#ffffff",
      weight: chosen.has(id) ? 4 : moved ? 3 : c.locked ? 2 : 1.5,
    });
  };
  customers.forEach((c) => paint(c.id));

  // ---- balance
  const showBalance = (balance) => {
    for (const b of balance) {
      const li = document.querySelector(`#balance li[data-rep="${CSS.escape(b.rep)}"]`);
      const hours = `${numbers.format(b.hours)} ${texts.hours}`;
      li.classList.toggle("changed", li.dataset.before !== undefined && li.dataset.before !== String(b.hours));
      li.dataset.before ??= String(b.hours);
      li.querySelector("[data-hours]").textContent = hours;
      li.querySelector("[data-customers]").textContent = b.customers;
      li.querySelector("[data-deviation]").textContent = percents.format(b.deviation);
      const end = Math.max(-1, Math.min(1, b.deviation / SCALE)) * 100;
      const bar = li.querySelector("[data-bar]");
      bar.setAttribute("x", Math.min(0, end));
      bar.setAttribute("width", Math.max(1, Math.abs(end)));
      li.querySelector(".deviation").classList.toggle("out", Math.abs(b.deviation) > tolerance + 1e-9);
    }
  };
  const send = async (address, body) => {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json", "HX-Request": "true", "HX-Current-URL": location.href, ...rounds.csrf() }, body: JSON.stringify(body),
    });
    if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      part("messages").innerHTML = await answer.text();
      throw new Error("refused");
    }
    return answer.json();
  };
  const look = async () => showBalance((await send(`${at}/effect`, { moved: history[now] })).balance);

  // ---- moving
  const settle = () => {
    const count = Object.keys(history[now]).length;
    if (!may) return;
    part("undo").disabled = now === 0;
    part("redo").disabled = now === history.length - 1;
    part("take").disabled = count === 0;
    part("count").textContent = count ? `${texts.moved}: ${count}` : "";
  };
  const step = (to) => {
    const touched = new Set([...Object.keys(history[now]), ...Object.keys(history[to])]);
    now = to;
    touched.forEach(paint);
    settle();
    look();
  };
  const unchoose = () => {
    const old = [...chosen];
    chosen.clear();
    old.forEach(paint);
    tellChosen();
  };
  const tellChosen = () => {
    if (may) part("chosen").textContent = chosen.size ? `${chosen.size} ${texts.chosen}: ${[...chosen].slice(0, 5).map((id) => byId.get(id).name).join(", ")}` : "";
  };
  const move = async (what, rep, force = false) => {
    const refused = part("refused");
    refused.hidden = true;
    const effect = await send(`${at}/effect`, { moved: history[now], rep_id: rep, force, ...what });
    refused.hidden = effect.applied;
    if (!effect.applied) {
      refused.replaceChildren();
      const head = document.createElement("p");
      head.textContent = texts.cannot;
      const list = document.createElement("ul");
      for (const text of effect.broken.slice(0, 6)) {
        const item = document.createElement("li");
        item.textContent = text;
        list.append(item);
      }
      const anyway = document.createElement("button");
      anyway.type = "button";
      anyway.textContent = texts.anyway;
      anyway.addEventListener("click", () => move(what, rep, true));
      refused.append(head, list, anyway);
      return;
    }
    if (JSON.stringify(effect.moved) === JSON.stringify(history[now])) {
      if (what.polygon) rounds.say(texts.nobody, true);
      return;
    }
    const touched = new Set([...Object.keys(history[now]), ...Object.keys(effect.moved)]);
    history = [...history.slice(0, now + 1), effect.moved];
    now = history.length - 1;
    touched.forEach(paint);
    unchoose();
    settle();
    showBalance(effect.balance);
  };

  // ---- the popup of a customer
  const open = (c) => {
    const box = document.createElement("div");
    const title = document.createElement("b");
    title.textContent = c.name;
    const facts = document.createElement("p");
    facts.textContent = [c.id, c.grade && `${texts.grade} ${c.grade}`, repNames.get(repOf(c.id))].filter(Boolean).join(" · ");
    box.append(title, facts);
    if (may) {
      const lock = document.createElement("button");
      lock.type = "button";
      lock.className = "slim";
      lock.textContent = c.locked ? texts.unlock : texts.lock;
      lock.addEventListener("click", async () => {
        c.locked = (await send(`${at}/locks/${encodeURIComponent(c.id)}`, {})).locked;
        paint(c.id);
        map.closePopup();
        rounds.say(c.locked ? texts.locked : texts.freed);
      });
      box.append(lock);
    }
    L.popup().setLatLng([c.lat, c.lon]).setContent(box).openOn(map);
  };
  const choose = (id) => {
    chosen.has(id) ? chosen.delete(id) : chosen.add(id);
    paint(id);
    tellChosen();
  };

  // ---- dragging a customer
  let drag = null;
  const nearestRep = (latlng, but) => {
    const k = Math.cos((latlng.lat * Math.PI) / 180);
    let best = null;
    let least = Infinity;
    for (const c of customers) {
      if (c.id === but) continue;
      const d = (c.lat - latlng.lat) ** 2 + ((c.lon - latlng.lng) * k) ** 2;
      if (d < least) [least, best] = [d, c];
    }
    return best && repOf(best.id);
  };
  const under = (event) => {
    const li = document.elementFromPoint(event.clientX, event.clientY)?.closest("#balance li");
    if (li) return li.dataset.rep;
    const box = part("map").getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    return inside ? nearestRep(map.mouseEventToLatLng(event), drag.id) : null;
  };
  const mark = (rep) => document.querySelectorAll("#balance li").forEach((li) => li.classList.toggle("over", li.dataset.rep === rep));
  let drawing = null;
  for (const c of customers) {
    dots.get(c.id).on("mousedown", (event) => {
      if (drawing || !may || event.originalEvent.button !== 0) return;
      L.DomEvent.stop(event);
      map.dragging.disable();
      drag = { id: c.id, from: event.originalEvent, ghost: null, line: null };
    });
    dots.get(c.id).on("click", (event) => {
      if (drawing) return;
      L.DomEvent.stop(event);
      if (event.originalEvent.shiftKey || event.originalEvent.ctrlKey) choose(c.id);
      else open(c);
    });
  }
  document.addEventListener("mousemove", (event) => {
    if (!drag) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.from.clientX, event.clientY - drag.from.clientY) < 6) return;
    const c = byId.get(drag.id);
    const here = map.mouseEventToLatLng(event);
    drag.ghost ??= L.circleMarker(here, { radius: 9, weight: 3, color: "#000000", fillOpacity: 0.9, interactive: false }).addTo(map);
    drag.line ??= L.polyline([[c.lat, c.lon], here], { color: "#000000", weight: 2, dashArray: "4 4", interactive: false }).addTo(map);
    drag.ghost.setLatLng(here);
    drag.line.setLatLngs([[c.lat, c.lon], here]);
    drag.rep = under(event);
    drag.ghost.setStyle({ fillColor: data.colours[drag.rep] ?? "#888888" });
    mark(drag.rep);
  });
  document.addEventListener("mouseup", () => {
    if (!drag) return;
    const { id, ghost, line, rep } = drag;
    drag = null;
    map.dragging.enable();
    ghost?.remove();
    line?.remove();
    mark(null);
    if (ghost && rep && rep !== repOf(id)) move({ customers: chosen.has(id) ? [...chosen] : [id] }, rep);
  });

  // ---- drawing an area
  const stopDrawing = () => {
    drawing?.shape.remove();
    drawing = null;
    map.doubleClickZoom.enable();
    part("map").classList.remove("drawing");
    part("draw").setAttribute("aria-pressed", "false");
  };
  const finish = () => {
    const corners = drawing.corners;
    stopDrawing();
    if (corners.length > 2) move({ polygon: corners.map((p) => [p.lng, p.lat]) }, part("target").value);
  };
  map.on("click", (event) => {
    if (!drawing) return;
    const last = drawing.corners.at(-1);
    if (last && map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) return; // second half of a double click
    drawing.corners.push(event.latlng);
    drawing.shape.setLatLngs(drawing.corners);
  });
  map.on("mousemove", (event) => drawing?.corners.length && drawing.shape.setLatLngs([...drawing.corners, event.latlng]));
  map.on("dblclick", () => drawing && finish());

  if (may) {
    part("draw").addEventListener("click", () => {
      if (drawing) return stopDrawing();
      drawing = { corners: [], shape: L.polygon([], { color: "#000000", weight: 2, dashArray: "5 4", interactive: false }).addTo(map) };
      map.doubleClickZoom.disable();
      map.closePopup();
      part("map").classList.add("drawing");
      part("draw").setAttribute("aria-pressed", "true");
      rounds.say(texts.draw);
      part("map").focus();
    });
    document.addEventListener("keydown", (event) => {
      if (drawing && event.key === "Enter") finish();
      if (drawing && event.key === "Escape") stopDrawing();
    });
    part("undo").addEventListener("click", () => step(now - 1));
    part("redo").addEventListener("click", () => step(now + 1));
    const known = (text) => byId.get(text) ?? customers.find((c) => c.name === text || `${c.name} (${c.id})` === text);
    part("find").addEventListener("input", () => {
      const text = part("find").value.toLowerCase();
      if (known(part("find").value)) return;
      const found = text ? customers.filter((c) => c.name.toLowerCase().includes(text) || c.id.toLowerCase().includes(text)).slice(0, 20) : [];
      part("names").replaceChildren(...found.map((c) => Object.assign(document.createElement("option"), { value: `${c.name} (${c.id})` })));
    });
    part("move").addEventListener("click", () => {
      const named = known(part("find").value);
      if (named) chosen.add(named.id);
      if (!chosen.size) return;
      move({ customers: [...chosen] }, part("target").value);
      part("find").value = "";
    });
    part("take").addEventListener("click", async () => {
      part("take").disabled = true;
      try {
        const done = await send(`${at}/take-over`, { moved: history[now] });
        history = [{}];
        now = 0;
        location.assign(done.plan);
      } catch {
        settle();
      }
    });
    addEventListener("beforeunload", (event) => Object.keys(history[now]).length && event.preventDefault());
  }
  for (const li of document.querySelectorAll("#balance li")) {
    li.querySelector(".rep-name").addEventListener("click", () => {
      const mine = customers.filter((c) => repOf(c.id) === li.dataset.rep);
      if (mine.length) map.fitBounds(L.latLngBounds(mine.map((c) => [c.lat, c.lon])).pad(0.1));
      if (may) part("target").value = li.dataset.rep;
    });
  }
  settle();
  await look();
  root.dataset.ready = "yes";
})();
