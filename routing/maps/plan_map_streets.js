/* Streets, water and green as lines of the page's own, under everything else; one layer for each class of road. */
function roundsStreets(map, streets, decode) {
  "use strict";
  const WIDTHS = { motorway: 6, trunk: 5.5, primary: 5, secondary: 4, tertiary: 3.5, unclassified: 2.5, residential: 2.5,
    living_street: 2.5, pedestrian: 2, service: 1.5 };
  const COLOURS = { motorway: "#e892a2", trunk: "#f9b29c", primary: "#fcd6a4", secondary: "#f2f0a8" };
  map.createPane("streets").style.zIndex = 210;
  const paint = L.canvas({ pane: "streets", padding: 0.3 });
  const fixed = { renderer: paint, pane: "streets", interactive: false };
  for (const [kind, colour] of [["green", "#d3e8c1"], ["water", "#aad3df"]]) {
    if (streets[kind].length) L.polygon(streets[kind].map((ring) => [decode(ring)]), { ...fixed, stroke: false, fillColor: colour, fillOpacity: 1 }).addTo(map);
  }
  const width = (kind) => Math.max(0.6, WIDTHS[kind] * 2 ** ((map.getZoom() - 15) / 1.6));
  const layers = streets.roads.flatMap(([kind, lines]) => {
    const paths = lines.map(decode);
    return ["#b5a99a", COLOURS[kind] || "#ffffff"].map((colour, top) => [L.polyline(paths, { ...fixed, color: colour, weight: 1 }), kind, top]);
  }).sort((a, b) => a[2] - b[2]); // edges below all roads
  const draw = () => layers.forEach(([layer, kind, top]) => {
    const wide = width(kind), seen = top ? map.getZoom() >= 11 || wide > 1 || kind in COLOURS : wide > 1.5;
    layer.setStyle({ weight: top ? wide : wide + 1.4, stroke: seen }); // never removed, which would change the order
  });
  layers.forEach(([layer]) => layer.addTo(map));
  map.on("zoomend", draw);
  map.attributionControl.addAttribution("© OpenStreetMap contributors");
  map.whenReady(draw);
}
