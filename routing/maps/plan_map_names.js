/* Names of streets and places over the lines of the streets, where they have room; important ones claim theirs first. */
function roundsNames(map, streets, places) {
  "use strict";
  const PLACES = { city: [8, 17], town: [10, 15], suburb: [12, 12], village: [12, 12], hamlet: [14, 11] }; // zoom, size
  const WORLD = 2 * Math.PI * 6378137, BEYOND = 0.25;
  const pane = map.createPane("names");
  Object.assign(pane.style, { zIndex: 340, pointerEvents: "none" });
  const canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", pane), pen = canvas.getContext("2d");
  const all = streets.map(([name, lat, lon, angle, metres]) => [name, L.latLng(lat, lon), angle * Math.PI / 180, metres]);
  const write = (name, size, at, angle, taken) => {
    pen.font = size + "px sans-serif";
    const half = pen.measureText(name).width / 2 + 3, wide = Math.abs(half * Math.cos(angle)) + size / 2, high = Math.abs(half * Math.sin(angle)) + size / 2;
    const box = [at.x - wide, at.y - high, at.x + wide, at.y + high];
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
    taken.push(box);
    pen.save();
    pen.translate(at.x, at.y);
    pen.rotate(angle);
    pen.strokeText(name, 0, 0);
    pen.fillText(name, 0, 0);
    pen.restore();
  };
  const draw = () => {
    const size = map.getSize(), corner = size.multiplyBy(-BEYOND), whole = size.multiplyBy(1 + 2 * BEYOND), ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint(corner));
    [canvas.width, canvas.height] = [whole.x * ratio, whole.y * ratio];
    Object.assign(canvas.style, { width: whole.x + "px", height: whole.y + "px" });
    Object.assign(pen, { fillStyle: "#333", strokeStyle: "#fff", lineWidth: 3, lineJoin: "round", textAlign: "center", textBaseline: "middle" });
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const zoom = map.getZoom(), pixels = 256 * 2 ** zoom / WORLD, taken = [];
    const spot = (at) => map.latLngToContainerPoint(at).subtract(corner);
    const seen = (at) => at.x > 0 && at.y > 0 && at.x < whole.x && at.y < whole.y;
    for (const [name, lat, lon, kind] of places) {
      const at = spot([lat, lon]), [from, high] = PLACES[kind];
      if (zoom >= from && seen(at)) write(name, high, at, 0, taken);
    }
    for (const [name, where, angle, metres] of zoom >= 13 ? all : []) {
      if (metres * pixels < 5 * name.length) continue; // surely too short; measured only where it may fit
      const at = spot(where);
      pen.font = "11px sans-serif";
      if (seen(at) && pen.measureText(name).width <= metres * pixels) write(name, 11, at, angle, taken);
    }
  };
  map.on("moveend zoomend resize", draw);
  map.whenReady(draw);
}
