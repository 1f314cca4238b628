// One rep's day on the map.
"use strict";
(async () => {
  const place = document.getElementById("map");
  const map = rounds.map(place);
  const day = await (await fetch(place.dataset.source)).json();
  map.fitBounds(L.latLngBounds(day.line).pad(0.1));
  L.polyline(day.line, { color: "#ffffff", weight: 8, opacity: 0.7 }).addTo(map); // seen on dark ground too
  L.polyline(day.line, { color: "#1f5f6b", weight: 4 }).addTo(map);
  const mark = (at, name, size, text, title) =>
    L.marker([at.lat, at.lon], {
      icon: L.divIcon({ className: name, html: text, iconSize: [size, size] }), title, alt: title, keyboard: false,
    }).addTo(map);
  mark(day.home, "home-mark", 16, "", "");
  for (const stop of day.stops) mark(stop, "stop-mark", 26, String(stop.n), `${stop.n} ${stop.name}`);
})();
