// A map for any page: background tiles of this service where it has some, scale, keyboard.
"use strict";
rounds.map = (place, options = {}) => {
  const map = L.map(place, { preferCanvas: true, zoomSnap: 0.5, ...options });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  fetch("/tiles/about.json").then((answer) => (answer.ok ? answer.json() : null)).then((about) => {
    if (!about?.address) return;
    const language = document.documentElement.lang.startsWith("zh") ? "zh" : "local";
    L.tileLayer(about.address + "?language={language}", { language, maxZoom: 19, attribution: about.attribution }).addTo(map);
  });
  return map;
};
