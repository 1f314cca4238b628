"""Travel services that answer like the real ones, from a toy world: 100 s and 1,000 m per 0.01 degree of grid way.

Nothing at or beyond 50 degrees of latitude can be reached.
"""

from __future__ import annotations

import itertools
import json

import httpx

UNREACHED_LAT = 50.0


def grid(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float] | None:
    if max(abs(a[0]), abs(b[0])) >= UNREACHED_LAT:
        return None
    steps = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / 0.01
    return 100.0 * steps, 1000.0 * steps


def osrm(request: httpx.Request) -> httpx.Response:
    """Table and route services of OSRM, with its limit of 100 places."""
    _, service, _, _, where = request.url.path.split("/")
    points = [(float(lat), float(lon)) for lon, lat in (pair.split(",") for pair in where.split(";"))]
    if len(points) > 100:
        return httpx.Response(400, json={"code": "TooBig", "message": "Too many table coordinates"})
    query = dict(request.url.params)
    if service == "table":
        rows = [int(i) for i in query["sources"].split(";")]
        columns = [int(i) for i in query["destinations"].split(";")]
        pairs = [[grid(points[i], points[j]) for j in columns] for i in rows]
        found = [{"location": [p[1], p[0]], "distance": 3.5, "name": ""} for p in points]
        body = {
            "code": "Ok",
            "durations": [[p and p[0] for p in row] for row in pairs],
            "distances": [[p and p[1] for p in row] for row in pairs],
            "sources": [found[i] for i in rows],
            "destinations": [found[j] for j in columns],
        }
        return httpx.Response(200, json=body)
    legs = []
    for a, b in itertools.pairwise(points):
        way = grid(a, b)
        if way is None:
            return httpx.Response(400, json={"code": "NoRoute", "message": "Impossible route between points"})
        corner = [b[1], a[0]]
        steps = [
            _step("First Street", [[a[1], a[0]], corner], way, 0.5),
            _step("Second Street", [corner, [b[1], b[0]]], way, 0.5),
            _step("Second Street", [[b[1], b[0]], [b[1], b[0]]], way, 0.0),
        ]
        legs.append({"duration": way[0], "distance": way[1], "steps": steps})
    return httpx.Response(200, json={"code": "Ok", "routes": [{"legs": legs}]})


def _step(name: str, line: list[list[float]], way: tuple[float, float], share: float) -> dict[str, object]:
    return {
        "name": name,
        "duration": way[0] * share,
        "distance": way[1] * share,
        "geometry": {"type": "LineString", "coordinates": line},
    }


def valhalla(request: httpx.Request) -> httpx.Response:
    """Matrix and route services of Valhalla, with its limit of 2,500 pairs and its all-or-nothing failure."""
    body = json.loads(request.content)
    if request.url.path == "/sources_to_targets":
        ends = [[(p["lat"], p["lon"]) for p in body[key]] for key in ("sources", "targets")]
        if len(ends[0]) * len(ends[1]) > 2500:
            return httpx.Response(400, json={"error_code": 154, "error": "Exceeded max locations"})
        if any(abs(p[0]) >= UNREACHED_LAT for p in ends[0] + ends[1]):
            return httpx.Response(400, json={"error_code": 171, "error": "No suitable edges near location"})
        pairs = [[grid(a, b) or (0.0, 0.0) for b in ends[1]] for a in ends[0]]
        table = [[{"time": t, "distance": m / 1000} for t, m in row] for row in pairs]
        return httpx.Response(200, json={"sources_to_targets": table})
    a, b = ((p["lat"], p["lon"]) for p in body["locations"])
    way = grid(a, b)
    if way is None:
        return httpx.Response(400, json={"error_code": 442, "error": "No path could be found for input"})
    leg = {
        "shape": encode([a, (a[0], b[1]), b]),
        "summary": {"time": way[0], "length": way[1] / 1000},
        "maneuvers": [
            {"street_names": ["First Street"], "time": way[0], "length": way[1] / 1000, "begin_shape_index": 0,
             "end_shape_index": 2},
            {"time": 0.0, "length": 0.0, "begin_shape_index": 2, "end_shape_index": 2},
        ],
    }  # fmt: skip
    return httpx.Response(200, json={"trip": {"legs": [leg]}})


def encode(points: list[tuple[float, float]]) -> str:
    """Encoded polyline with six digits, written from its published description."""
    out, last = [], (0, 0)
    for point in points:
        now = (round(point[0] * 1e6), round(point[1] * 1e6))
        for step in (now[0] - last[0], now[1] - last[1]):
            value = ~(step << 1) if step < 0 else step << 1
            while value >= 32:
                out.append(chr((32 | (value & 31)) + 63))
                value >>= 5
            out.append(chr(value + 63))
        last = now
    return "".join(out)
