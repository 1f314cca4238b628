/* Draws a plan on a Leaflet map. All texts go into the page as text nodes, never as markup. */
function roundsPlanMap(map, data, backgrounds) {
  "use strict";
  const REP = { name: 0, id: 1, colour: 2, lat: 3, lon: 4, endLat: 5, endLon: 6 };
  const CUSTOMER = { id: 0, name: 1, lat: 2, lon: 3, grade: 4, channel: 5, rep: 6, rhythm: 7 };
  const ROUTE = { rep: 0, day: 1, leave: 2, back: 3, metres: 4, seconds: 5, pause: 6, pauseLength: 7, stops: 8, line: 9 };
  const WIDTH = 5; // a stop: customer, arrival, start, departure, seconds of travel
  const state = { rep: -1, week: 0, day: -1 };
  const shown = { areas: true, routes: true, customers: true, homes: true };
  const gradesOff = new Set();
  const weeks = Math.ceil(data.days.length / 7);

  /* ---- words ---- */
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  const language = asked === "en" || asked === "zh" ? asked : data.language;
  const words = roundsWords(language), { say, clock, span, km } = words;
  const count = words.visits;
  const shortDay = (day) => words.shortDay(data.days[day]);
  const gradeName = (g) => words.grade(data.grades[g]);
  const stopsOf = (route) => {
    const flat = route[ROUTE.stops], stops = [];
    for (let k = 0; k < flat.length; k += WIDTH) {
      stops.push({ customer: flat[k], arrival: flat[k + 1], start: flat[k + 2], end: flat[k + 3], travel: flat[k + 4] });
    }
    return stops.filter((stop) => stop.customer >= 0);
  };
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick" || name === "onchange" || name === "oninput") node[name] = value;
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const dot = (colour) => {
    const node = el("span", { class: "rounds-dot" });
    node.style.background = colour;
    return node;
  };

  /* ---- geometry ---- */
  const decode = (text) => {
    const points = [];
    let at = 0, lat = 0, lon = 0;
    const next = () => {
      let result = 0, shift = 0, byte;
      do { byte = text.charCodeAt(at++) - 63; result |= (byte & 31) << shift; shift += 5; } while (byte >= 32);
      return result & 1 ? ~(result >> 1) : result >> 1;
    };
    while (at < text.length) { lat += next(); lon += next(); points.push([lat / 1e5, lon / 1e5]); }
    return points;
  };
  const placeOf = (k) => [data.customers[k][CUSTOMER.lat], data.customers[k][CUSTOMER.lon]];
  const homeOf = (rep) => [data.reps[rep][REP.lat], data.reps[rep][REP.lon]];
  const endOf = (rep) => data.reps[rep].length > REP.endLat
    ? [data.reps[rep][REP.endLat], data.reps[rep][REP.endLon]] : homeOf(rep);
  const lineOf = (route) => route[ROUTE.line] ? decode(route[ROUTE.line])
    : [homeOf(route[ROUTE.rep]), ...stopsOf(route).map((stop) => placeOf(stop.customer)), endOf(route[ROUTE.rep])];

  /* ---- visits per customer ---- */
  const visits = data.customers.map(() => []);
  data.routes.forEach((route) => stopsOf(route).forEach((stop) => {
    visits[stop.customer].push([route[ROUTE.day], stop.start, route[ROUTE.rep]]);
  }));
  visits.forEach((list) => list.sort((a, b) => a[0] - b[0] || a[1] - b[1]));

  /* ---- layers ---- */
  if (data.amap) {
    backgrounds = [["Amap", roundsPlaces.shifted(data.amap, { subdomains: "1234", maxZoom: 18, attribution: "&copy; AutoNavi" })], ...backgrounds];
    map.addLayer(backgrounds[0][1]);
  }
  if (data.streets) {
    roundsStreets(map, data.streets, decode);
    roundsNames(map, data.streets.names, data.streets.places);
  }
  map.createPane("areas").style.zIndex = 350;
  const paint = L.canvas({ padding: 0.3 });
  const areas = L.layerGroup(), lines = L.layerGroup(), places = L.layerGroup(), homes = L.layerGroup(), numbers = L.layerGroup(), heads = L.layerGroup();
  const areaShapes = data.areas.map(([rep, geometry]) => {
    const shape = L.geoJSON(geometry, { pane: "areas", interactive: rep >= 0 });
    if (rep >= 0) {
      shape.bindTooltip(() => document.createTextNode(data.reps[rep][REP.name]), { sticky: true });
      shape.on("click", () => choose({ rep: rep, day: -1 }));
    }
    areas.addLayer(shape);
    return [rep, shape];
  });
  const radius = (grade) => Math.max(3.5, 7.5 - 1.75 * data.gradesUsed.indexOf(grade));
  const crowded = () => (data.customers.length > 600 && map.getZoom() < 13 ? 0.7 : 1);
  const spots = data.customers.map((customer, k) => {
    const spot = L.circleMarker(placeOf(k), { renderer: paint, radius: radius(customer[CUSTOMER.grade]) });
    spot.bindPopup(() => popup(k), { maxWidth: 280, autoPanPaddingTopLeft: [20, 20], autoPanPaddingBottomRight: [20, 20] });
    spot.bindTooltip(() => document.createTextNode(customer[CUSTOMER.name]));
    return spot;
  });
  const houseShape = (colour) => svg("svg", { viewBox: "0 0 16 16", class: "rounds-home", "aria-hidden": "true" },
    svg("path", { d: "M8 1 1 7h2v7h10V7h2z", fill: colour, stroke: "#fff", "stroke-width": "1.2" }));
  const houses = data.reps.flatMap((rep, k) => {
    const points = [[homeOf(k), say("Start of") + " "]];
    if (rep.length > REP.endLat) points.push([endOf(k), say("End of") + " "]);
    return points.map(([at, word]) => {
      const marker = L.marker(at, {
        icon: L.divIcon({ className: "", html: houseShape(rep[REP.colour]), iconSize: [16, 16] }), keyboard: false,
        alt: word + rep[REP.name],
      });
      marker.bindTooltip(() => document.createTextNode(word + rep[REP.name]));
      marker.on("click", () => choose({ rep: k, day: -1 }));
      homes.addLayer(marker);
      return [k, marker];
    });
  });

  function popup(k) {
    const customer = data.customers[k], missing = data.unserved[k];
    const facts = [gradeName(customer[CUSTOMER.grade]), data.channels[customer[CUSTOMER.channel]], words.rhythm(data.rhythms[customer[CUSTOMER.rhythm]])];
    const rep = customer[CUSTOMER.rep];
    const list = visits[k].slice(0, 8).map(([day, start]) => el("li", null, words.day(data.days[day]) + " " + clock(start)));
    if (visits[k].length > 8) list.push(el("li", null, words.more(visits[k].length - 8)));
    return el("div", { class: "rounds-popup" },
      el("h2", null, customer[CUSTOMER.name]),
      el("p", null, customer[CUSTOMER.id] + " · " + facts.filter(Boolean).join(" · ")),
      el("p", null, rep >= 0 ? words.rep(data.reps[rep][REP.name]) : say("No rep")),
      el("p", null, say(list.length ? "Visits in this plan" : "No visit in this plan")),
      list.length ? el("ul", null, ...list) : null,
      missing ? el("p", { class: "missing" }, count(missing[0]) + " " + say("not planned") + ". " + words.reason(...missing.slice(1))) : null,
      el("p", { class: "rounds-go" }, say("Navigate with") + ": ", ...roundsPlaces.links(placeOf(k), customer[CUSTOMER.name]).flatMap(
        ([name, address], n) => [n ? " · " : "", el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, say(name))])));
  }

  /* ---- what is chosen ---- */
  const weekOf = (day) => Math.floor(day / 7);
  const chosen = () => data.routes.filter((route) =>
    (state.rep < 0 || route[ROUTE.rep] === state.rep) &&
    (state.week < 0 || weekOf(route[ROUTE.day]) === state.week) &&
    (state.day < 0 || route[ROUTE.day] === state.day));
  function choose(change) {
    Object.assign(state, change);
    if (state.day >= 0) state.week = weekOf(state.day);
    draw();
    frame();
    remember();
  }

  /* The choice is part of the address, so that a link shows what its sender saw: #rep=ana&week=1&day=1 (of the week). */
  function remember() {
    const choice = new URLSearchParams();
    if (state.rep >= 0) choice.set("rep", data.reps[state.rep][REP.id]);
    choice.set("week", state.week < 0 ? "all" : state.week + 1);
    if (state.day >= 0) choice.set("day", (state.day % 7) + 1);
    const wanted = languageSelect.value;
    if (wanted !== data.language) choice.set("lang", wanted);
    try { history.replaceState(null, "", "#" + choice); } catch (refused) { /* a page inside a notebook has no address */ }
  }
  function recall() {
    const choice = new URLSearchParams(location.hash.slice(1));
    state.rep = data.reps.findIndex((rep) => rep[REP.id] === choice.get("rep"));
    const week = choice.get("week"), day = Number(choice.get("day"));
    if (week === "all") state.week = -1;
    else if (Number(week) >= 1 && Number(week) <= weeks) state.week = Math.floor(Number(week)) - 1;
    if (state.week >= 0 && day >= 1 && day <= 7) state.day = Math.min(7 * state.week + Math.floor(day) - 1, data.days.length - 1);
  }

  function draw() {
    const routes = chosen();
    const single = routes.length === 1 && state.rep >= 0 && state.day >= 0 ? routes[0] : null;
    lines.clearLayers();
    numbers.clearLayers();
    heads.clearLayers();
    const visited = new Set();
    routes.forEach((route) => stopsOf(route).forEach((stop) => visited.add(stop.customer)));
    routes.forEach((route) => {
      const byDay = state.rep >= 0 && state.day < 0;
      const colour = byDay ? data.dayColours[route[ROUTE.day] % 7] : data.reps[route[ROUTE.rep]][REP.colour];
      const path = lineOf(route);
      if (single) lines.addLayer(L.polyline(path, { renderer: paint, color: "#fff", weight: 8, opacity: 0.9, interactive: false }));
      const line = L.polyline(path, { renderer: paint, color: colour, weight: single ? 5 : state.rep >= 0 ? 3 : 2, opacity: state.rep >= 0 ? 0.9 : 0.6 });
      line.bindTooltip(() => document.createTextNode(data.reps[route[ROUTE.rep]][REP.name] + ", " + shortDay(route[ROUTE.day]) + ": " +
        count(stopsOf(route).length) + ", " + km(route[ROUTE.metres])), { sticky: true });
      line.on("click", () => choose({ rep: route[ROUTE.rep], day: route[ROUTE.day], week: weekOf(route[ROUTE.day]) }));
      lines.addLayer(line);
    });
    places.clearLayers();
    spots.forEach((spot, k) => {
      const customer = data.customers[k];
      if (gradesOff.has(customer[CUSTOMER.grade])) return;
      const mine = state.rep < 0 || customer[CUSTOMER.rep] === state.rep;
      const now = mine && (state.day < 0 || visited.has(k));
      const missing = data.unserved[k] !== undefined;
      spot.setRadius(crowded() * radius(customer[CUSTOMER.grade]));
      spot.setStyle({
        fillColor: customer[CUSTOMER.rep] >= 0 ? data.reps[customer[CUSTOMER.rep]][REP.colour] : "#777",
        fillOpacity: now ? 0.9 : mine ? 0.3 : 0.12, color: missing ? "#d00000" : "#fff", weight: missing ? 2.5 : 1,
        opacity: now || missing && mine ? 1 : mine ? 0.5 : 0.15,
      });
      places.addLayer(spot);
    });
    areaShapes.forEach(([rep, shape]) => shape.setStyle({
      color: rep >= 0 ? data.reps[rep][REP.colour] : "#888", weight: state.rep === rep ? 2.5 : 1, opacity: 0.8,
      fillOpacity: state.rep < 0 ? 0.14 : state.rep === rep ? 0.16 : 0.04,
    }));
    houses.forEach(([rep, marker]) => marker.setOpacity(state.rep < 0 || state.rep === rep ? 1 : 0.25));
    if (single) stopsOf(single).forEach((stop, k) => {
      const disc = el("div", { class: "rounds-stop" }, String(k + 1));
      disc.style.background = data.reps[single[ROUTE.rep]][REP.colour];
      const pin = el("div", { class: "rounds-pin" }, disc, el("span", { class: "rounds-at" }, clock(stop.arrival)));
      const marker = L.marker(placeOf(stop.customer), { icon: L.divIcon({ className: "", html: pin, iconSize: [24, 24] }), keyboard: false });
      marker.bindPopup(() => popup(stop.customer), { maxWidth: 280 });
      marker.bindTooltip(() => document.createTextNode(clock(stop.start) + " " + data.customers[stop.customer][CUSTOMER.name]));
      numbers.addLayer(marker);
    });
    point(routes, single);
    [[areas, shown.areas], [lines, shown.routes], [heads, shown.routes], [numbers, shown.routes], [places, shown.customers], [homes, shown.homes]]
      .forEach(([layer, on]) => (on ? map.addLayer(layer) : map.removeLayer(layer)));
    if (shown.customers && shown.routes) { map.removeLayer(places); map.addLayer(places); } // points above lines
    fill(routes, single);
  }

  /* Which way routes go, once a rep is chosen; anew at every zoom, so that arrows keep their size and distance. */
  function point(routes, single) {
    heads.clearLayers();
    map.getContainer().classList.toggle("rounds-near", map.getZoom() >= 14);
    if (state.rep < 0) return;
    const style = single ? { color: "#fff", weight: 2.5 } : { color: "#1d2730", weight: 1.5, opacity: 0.75 };
    routes.forEach((route) => heads.addLayer(L.polyline(roundsPlaces.arrows(map, lineOf(route), single ? 70 : 140, 6),
      { renderer: paint, interactive: false, ...style })));
  }

  function frame() {
    const box = L.latLngBounds([]);
    const all = state.rep < 0;
    if (all) {
      data.customers.forEach((customer, k) => box.extend(placeOf(k)));
      data.reps.forEach((rep, k) => box.extend(homeOf(k)).extend(endOf(k)));
    }
    else {
      const routes = chosen();
      (routes.length ? routes : data.routes.filter((route) => route[ROUTE.rep] === state.rep)).forEach((route) => lineOf(route).forEach((point) => box.extend(point)));
      box.extend(homeOf(state.rep));
    }
    if (!box.isValid()) return;
    const narrow = map.getSize().x <= 640;
    const folded = panel.classList.contains("folded");
    if (panel.parentNode === document.body) map.fitBounds(box, { maxZoom: 16, padding: [25, 25], animate: false });
    else map.fitBounds(box, { maxZoom: 16, paddingTopLeft: [25, 25], paddingBottomRight: narrow ? [25, folded ? 90 : panel.offsetHeight + 30] : [folded ? 25 : 335, 25] });
  }

  /* ---- panel ---- */
  const repSelect = el("select", { id: "rounds-rep", onchange: () => choose({ rep: Number(repSelect.value) }) },
    el("option", { value: -1 }, words.allReps(data.reps.length)), ...data.reps.map((rep, k) => el("option", { value: k }, rep[REP.name])));
  const weekSelect = el("select", { id: "rounds-week", onchange: () => choose({ week: Number(weekSelect.value), day: -1 }) },
    ...Array.from({ length: weeks }, (_, w) => el("option", { value: w }, words.weekFrom(w + 1, shortDay(7 * w)))),
    el("option", { value: -1 }, say("All weeks")));
  const dayRow = el("div", { class: "rounds-days", role: "group", "aria-label": say("Day") });
  const summary = el("p", { class: "rounds-sum", "aria-live": "polite" });
  const list = el("ul", { class: "rounds-list" });
  const found = el("ul", { class: "rounds-list" });
  const search = el("input", { type: "search", id: "rounds-find", placeholder: say("Customer name or id"), "aria-label": say("Find a customer"), oninput: find });
  const check = (label, sample, on, change) => el("label", { class: "rounds-check" },
    el("input", { type: "checkbox", checked: on, onchange: (event) => { change(event.target.checked); draw(); } }),
    el("span", { class: "sample" }, sample), label);
  const circle = (grade) => svg("svg", { width: 20, height: 20, "aria-hidden": "true" },
    svg("circle", { cx: 10, cy: 10, r: radius(grade), fill: "#5b6872", stroke: "#fff" }));
  const ring = svg("svg", { width: 20, height: 20, "aria-hidden": "true" }, svg("circle", { cx: 10, cy: 10, r: 5.5, fill: "#b9c2c8", stroke: "#d00000", "stroke-width": 2.5 }));
  const stroke = svg("svg", { width: 20, height: 20, "aria-hidden": "true" }, svg("path", { d: "M2 15 8 6l4 6 6-8", fill: "none", stroke: "#5b6872", "stroke-width": 2.5 }));
  const patch = svg("svg", { width: 20, height: 20, "aria-hidden": "true" }, svg("rect", { x: 2, y: 4, width: 16, height: 12, rx: 2, fill: "#5b687233", stroke: "#5b6872" }));
  const backgroundSelect = backgrounds.length ? el("select", { id: "rounds-ground", onchange: () => {
    backgrounds.forEach(([, layer], k) => (String(k) === backgroundSelect.value ? map.addLayer(layer) : map.removeLayer(layer)));
  } }, ...backgrounds.map(([name], k) => el("option", { value: k }, say(name))), el("option", { value: -1 }, say("No background"))) : null;
  const fold = el("button", { type: "button", "aria-expanded": "true", onclick: () => {
    const folded = panel.classList.toggle("folded");
    fold.textContent = say(folded ? "Show" : "Hide");
    fold.setAttribute("aria-expanded", String(!folded));
  } }, say("Hide"));
  const languageSelect = el("select", { id: "rounds-language", "aria-label": say("Language"), onchange: () => { remember(); location.reload(); } },
    el("option", { value: "en", lang: "en", selected: language !== "zh" }, "English"), el("option", { value: "zh", lang: "zh-CN", selected: language === "zh" }, "中文"));
  const unserved = Object.values(data.unserved).reduce((sum, row) => sum + row[0], 0);
  const panel = el("section", { class: "rounds-panel", "aria-label": say("Plan") },
    el("header", { class: "rounds-head" }, el("h1", null, say("Visit plan"), el("small", null, words.title(data.days[0], weeks, data.title) + (data.estimated ? ", " + say("travel times estimated") : ""))), fold),
    el("div", { class: "rounds-body" },
      data.estimated ? el("div", { class: "rounds-badge" }, say("Travel times: estimated") + (data.source ? " (" + data.source.replace(/\s*\(estimated\)/, "") + ")" : "")) : null,
      el("div", { class: "rounds-row" }, el("label", { for: "rounds-rep" }, say("Rep")), repSelect,
        el("label", { for: "rounds-week" }, say("Week")), weekSelect),
      dayRow, summary, list,
      search, found,
      el("fieldset", null, el("legend", null, say("Customers")),
        ...data.gradesUsed.map((grade) => check(gradeName(grade), circle(grade), true, (on) => (on ? gradesOff.delete(grade) : gradesOff.add(grade)))),
        unserved ? el("div", { class: "rounds-check" }, el("span", { class: "sample" }, ring), count(unserved) + " " + say("not planned") + ", " + say("see pop-up")) : null),
      el("fieldset", null, el("legend", null, say("Layers")),
        data.areas.length ? check(say("Territories"), patch, true, (on) => (shown.areas = on)) : null,
        check(say("Day routes"), stroke, true, (on) => (shown.routes = on)),
        check(say("Customers"), circle(data.gradesUsed[0]), true, (on) => (shown.customers = on)),
        check(say("Start and end places"), houseShape("#5b6872"), true, (on) => (shown.homes = on))),
      backgroundSelect ? el("fieldset", null, el("legend", null, say("Background")), backgroundSelect) : null,
      el("p", { class: "rounds-note" }, say(data.alongRoads ? "Routes follow the roads." : "Lines are straight from stop to stop, not along the roads.") + " " + say("Plan") + " " + data.fingerprint + "."),
      el("div", { class: "rounds-foot" }, languageSelect, el("button", { type: "button", onclick: () => window.print() }, say("Print")))));
  map.getContainer().append(panel);
  L.DomEvent.disableClickPropagation(panel);
  L.DomEvent.disableScrollPropagation(panel);
  map.on("zoomend", () => point(chosen(), state.rep >= 0 && state.day >= 0));
  map.on("zoomend", () => spots.forEach((spot, k) => spot.setRadius(crowded() * radius(data.customers[k][CUSTOMER.grade]))));
  map.on("popupopen", () => { if (map.getSize().x <= 640 && !panel.classList.contains("folded")) fold.click(); });

  function item(onclick, ...parts) {
    return el("li", null, el("button", { type: "button", onclick: onclick }, ...parts));
  }
  const text = (kind, words) => el("span", { class: kind }, words);

  function fill(routes, single) {
    repSelect.value = state.rep;
    weekSelect.value = state.week;
    const stops = routes.reduce((sum, route) => sum + route[ROUTE.stops].length / WIDTH, 0);
    const hours = routes.reduce((sum, route) => sum + route[ROUTE.back] - route[ROUTE.leave] - route[ROUTE.pauseLength], 0);
    const metres = routes.reduce((sum, route) => sum + route[ROUTE.metres], 0);
    summary.textContent = routes.length ? count(stops) + ", " + span(hours) + " " + say("work") + ", " + km(metres) : say("No visits");
    dayRow.replaceChildren();
    if (state.week >= 0) {
      const busy = new Set(data.routes.filter((route) => state.rep < 0 || route[ROUTE.rep] === state.rep).map((route) => route[ROUTE.day]));
      const all = el("button", { type: "button", "aria-pressed": String(state.day < 0), onclick: () => choose({ day: -1 }) }, say("Week"));
      dayRow.append(all);
      for (let day = 7 * state.week; day < Math.min(7 * state.week + 7, data.days.length); day++) {
        const parts = words.dayParts(data.days[day]);
        const someone = data.routes.some((route) => route[ROUTE.day] % 7 === day % 7);
        if (!someone && data.holidays[day] === undefined) continue;
        const button = el("button", {
          type: "button", "aria-pressed": String(state.day === day), disabled: !busy.has(day),
          title: words.day(data.days[day]) + (data.holidays[day] ? ": " + data.holidays[day] : ""), onclick: () => choose({ day: day }),
        }, parts[0], el("br"), parts[1]);
        if (state.rep >= 0 && busy.has(day)) button.style.borderBottomColor = data.dayColours[day % 7];
        dayRow.append(button);
      }
    }
    list.replaceChildren();
    list.classList.toggle("whole", single !== null);
    if (single) {
      const rows = [[single[ROUTE.leave], el("li", null, el("div", { class: "rounds-fixed" }, text("num", clock(single[ROUTE.leave])), text("grow", say("Leave"))))]];
      stopsOf(single).forEach((stop, k) => {
        const number = el("span", { class: "rounds-num" }, String(k + 1));
        number.style.background = data.reps[single[ROUTE.rep]][REP.colour];
        rows.push([stop.start, item(() => { map.panTo(placeOf(stop.customer)); spots[stop.customer].addTo(map).openPopup(); },
          number, text("num", clock(stop.start)), text("grow", data.customers[stop.customer][CUSTOMER.name]), text("num", span(stop.travel)))]);
      });
      if (single[ROUTE.pause] >= 0) rows.push([single[ROUTE.pause], el("li", null, el("div", { class: "rounds-fixed" }, text("num", clock(single[ROUTE.pause])), text("grow", say("Break") + ", " + span(single[ROUTE.pauseLength]))))]);
      rows.push([single[ROUTE.back], el("li", null, el("div", { class: "rounds-fixed" }, text("num", clock(single[ROUTE.back])), text("grow", say("Back"))))]);
      rows.sort((a, b) => a[0] - b[0]);
      list.append(...rows.map((row) => row[1]));
    } else if (state.rep >= 0) {
      routes.slice(0, 60).forEach((route) => list.append(item(
        () => choose({ week: weekOf(route[ROUTE.day]), day: route[ROUTE.day] }),
        dot(data.dayColours[route[ROUTE.day] % 7]), text("grow", shortDay(route[ROUTE.day])),
        text("num", count(route[ROUTE.stops].length / WIDTH)), text("num", km(route[ROUTE.metres])))));
    } else {
      data.reps.forEach((rep, k) => {
        const own = routes.filter((route) => route[ROUTE.rep] === k);
        list.append(item(() => choose({ rep: k }), dot(rep[REP.colour]), text("grow", rep[REP.name]),
          text("num", count(own.reduce((sum, route) => sum + route[ROUTE.stops].length / WIDTH, 0))),
          text("num", km(own.reduce((sum, route) => sum + route[ROUTE.metres], 0)))));
      });
    }
  }

  function find() {
    const wanted = search.value.trim().toLocaleLowerCase();
    found.replaceChildren();
    if (!wanted) return;
    const hits = data.customers.map((customer, k) => k).filter((k) =>
      data.customers[k][CUSTOMER.name].toLocaleLowerCase().includes(wanted) || data.customers[k][CUSTOMER.id].toLocaleLowerCase().includes(wanted));
    hits.slice(0, 8).forEach((k) => found.append(item(() => {
      map.setView(placeOf(k), Math.max(map.getZoom(), 15));
      spots[k].addTo(map).openPopup();
    }, text("grow", data.customers[k][CUSTOMER.name]), text("num", data.customers[k][CUSTOMER.id]))));
    if (!hits.length) found.append(el("li", null, el("div", { class: "rounds-fixed" }, say("No customer is called that."))));
  }

  map.attributionControl.setPosition("bottomleft").setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
  if (data.alongRoads) map.attributionControl.addAttribution("© OpenStreetMap contributors");
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  if (map.getSize().x <= 640) fold.click();
  /* On paper the panel stands below the map. */
  const relaid = (home, onPaper) => () => {
    home().append(panel);
    document.body.classList.toggle("rounds-paper", onPaper); // gives the map its size on paper before it is laid out
    map.invalidateSize({ animate: false });
    frame();
  };
  window.addEventListener("beforeprint", relaid(() => document.body, true));
  window.addEventListener("afterprint", relaid(() => map.getContainer(), false));
  recall();
  draw();
  frame();
}
