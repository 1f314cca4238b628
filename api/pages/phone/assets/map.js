// The day on a map: numbered stops in order, where it starts, where the rep is.
"use strict";
rounds.phoneMap = (() => {
  let map, layer;
  function pin(number, state) {
    const place = document.createElement("span");
    place.textContent = state === "made" ? "✓" : number;
    place.dataset.state = state;
    return L.divIcon({ className: "pin", html: place, iconSize: [28, 28] });
  }
  function draw() {
    const { day: model, words } = rounds;
    const { plan } = model.day;
    if (!map) {
      map = rounds.map("map", { zoomControl: true });
      map.setView(plan.start, 12);
    }
    layer?.remove();
    layer = L.featureGroup().addTo(map);
    const points = [plan.start, ...plan.stops.map((stop) => [stop.lat, stop.lon]), plan.end];
    const ink = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
    if (plan.stops.length) L.polyline(points, { color: ink, weight: 3, opacity: 0.75, dashArray: "6 6" }).addTo(layer);
    L.marker(plan.start, { icon: L.divIcon({ className: "pin home", html: "⌂", iconSize: [28, 28] }), alt: words.text("home"), title: words.text("home") }).addTo(layer);
    plan.stops.forEach((stop, k) => {
      L.marker([stop.lat, stop.lon], { icon: pin(k + 1, model.state(stop.customer_id)), alt: `${k + 1} ${stop.name}`, title: stop.name })
        .on("click keypress", () => rounds.show("today", stop.customer_id)).addTo(layer);
    });
    map.invalidateSize();
    map.fitBounds(layer.getBounds().pad(0.15));
  }
  return { draw };
})();
