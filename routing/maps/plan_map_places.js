/* Places in the datum of Chinese maps, links into navigation apps, and arrow heads along lines. */
const roundsPlaces = (() => {
  "use strict";
  /* GCJ-02 of a WGS-84 position: the same formula as routing/geo/datum.py, for what is known only when it is drawn. */
  const gcj = ([lat, lon]) => {
    if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lat, lon];
    const { PI, sin, sqrt, abs } = Math, x = lon - 105, y = lat - 35;
    const common = (20 * sin(6 * PI * x) + 20 * sin(2 * PI * x)) * 2 / 3;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
      + (20 * sin(PI * y) + 40 * sin(PI * y / 3) + 160 * sin(PI * y / 12) + 320 * sin(PI * y / 30)) * 2 / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
      + (20 * sin(PI * x) + 40 * sin(PI * x / 3) + 150 * sin(PI * x / 12) + 300 * sin(PI * x / 30)) * 2 / 3;
    const phi = lat * PI / 180, squared = 0.00669342162296594323, curve = 1 - squared * sin(phi) ** 2;
    const meridian = 6378245 * (1 - squared) / curve ** 1.5, parallel = 6378245 / sqrt(curve) * Math.cos(phi);
    return [lat + north / meridian * 180 / PI, lon + east / parallel * 180 / PI];
  };
  const six = (numbers) => numbers.map((number) => number.toFixed(6));
  const links = (place, name) => {
    const [lat, lon] = six(place), [amapLat, amapLon] = six(gcj(place)), label = encodeURIComponent(name);
    return [
      ["Google", "https://www.google.com/maps/dir/?api=1&destination=" + lat + "," + lon],
      ["Apple", "https://maps.apple.com/?daddr=" + lat + "," + lon],
      ["Amap", "https://uri.amap.com/navigation?to=" + amapLon + "," + amapLat + "," + label + "&mode=car&coordinate=gaode"],
      ["phone's own", "geo:" + lat + "," + lon + "?q=" + lat + "," + lon + "(" + label + ")"],
    ];
  };
  /* Tiles in GCJ-02 under everything else in WGS-84: drawn around the displaced centre. The displacement changes so slowly
     that it is the same to a pixel all over a screen. */
  const shifted = (address, options) => {
    const Layer = L.TileLayer.extend({
      _getTiledPixelBounds(centre) { return L.TileLayer.prototype._getTiledPixelBounds.call(this, moved(centre)); },
      _setZoomTransform(level, centre, zoom) { L.TileLayer.prototype._setZoomTransform.call(this, level, moved(centre), zoom); },
    });
    return new Layer(address, options);
  };
  const moved = (centre) => { const at = L.latLng(centre); return L.latLng(gcj([at.lat, at.lng])); };
  /* Arrow heads every `gap` pixels of a line at the present zoom, as lines of three vertices. */
  const arrows = (map, path, gap, size) => {
    const heads = [], points = path.map((point) => map.project(point));
    let left = gap / 2;
    for (let k = 1; k < points.length; k++) {
      const from = points[k - 1], step = points[k].subtract(from), length = Math.hypot(step.x, step.y);
      if (!length) continue;
      const ahead = step.divideBy(length), across = L.point(-ahead.y, ahead.x);
      while (left <= length) {
        const tip = from.add(ahead.multiplyBy(left)), tail = tip.subtract(ahead.multiplyBy(size));
        heads.push([tail.add(across.multiplyBy(size * 0.7)), tip, tail.subtract(across.multiplyBy(size * 0.7))].map((p) => map.unproject(p)));
        left += gap;
      }
      left -= length;
    }
    return heads;
  };
  return { gcj, links, shifted, arrows };
})();
