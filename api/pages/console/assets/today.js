// Customers by their state and where the reps are; the page is made new every two minutes while it is looked at.
"use strict";
(async () => {
  const place = document.getElementById("map");
  const names = JSON.parse(place.dataset.states);
  const colours = { never: "#7a5195", on_track: "#1f8a5b", due: "#d99a1b", overdue: "#b3261e" };
  const radius = { never: 5, on_track: 4, due: 5, overdue: 7 };
  const map = rounds.map(place);
  const data = await (await fetch(place.dataset.source)).json();
  const all = [...data.points.features.map((f) => [f.geometry.coordinates[1], f.geometry.coordinates[0]]), ...data.reps.map((r) => [r.lat, r.lon])];
  if (!all.length) return;
  map.fitBounds(L.latLngBounds(all).pad(0.04));
  const groups = {};
  for (const f of data.points.features) {
    const { state, name, grade } = f.properties;
    const [lon, lat] = f.geometry.coordinates;
    groups[state] ??= L.layerGroup().addTo(map);
    L.circleMarker([lat, lon], { radius: radius[state], color: "#ffffff", weight: 1, fillColor: colours[state], fillOpacity: 0.9 })
      .bindTooltip(() => Object.assign(document.createElement("span"), { textContent: `${name} ${grade} · ${names[state]}` }))
      .addTo(groups[state]);
  }
  for (const rep of data.reps) {
    const box = document.createElement("span");
    box.textContent = rep.name;
    L.marker([rep.lat, rep.lon], { icon: L.divIcon({ className: `rep-mark ${rep.state}`, html: box, iconSize: null }), title: rep.name, alt: rep.name, keyboard: false }).addTo(map);
  }
  document.getElementById("states").addEventListener("change", (event) => {
    const group = groups[event.target.value];
    if (group) event.target.checked ? group.addTo(map) : group.remove();
  });
  setInterval(() => document.visibilityState === "visible" && location.reload(), 120_000);
})();
