"""A country of ten million nodes: time and memory of preparing it and of using it.

::

    python -m tests.benchmarks.roads.country [--extract ../shared/roads/porto.osm.pbf] [--cities 30]

No extract of that size is at hand, so one is made: copies of a city, side by side, neighbours joined by a few roads of
motorway class, which is how countries look to a contraction hierarchy (many roads within cities, few between them).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import osmium

from routing.domain import TravelMode
from routing.travel.roads.provider import RoadProvider, build_roads
from tests.benchmarks.roads.__main__ import DEFAULT_EXTRACT, nearest, random_places

COLUMNS = 6
STEP_DEGREES = 0.6
LINKS = 4
"""Roads between neighbouring cities."""


def main() -> None:
    """Make the extract, then prepare and use it, each in a process of its own so that its memory can be told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", type=Path, default=DEFAULT_EXTRACT)
    parser.add_argument("--cities", type=int, default=30)
    parser.add_argument("--step", choices=("build", "use"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        return _build(options.folder) if options.step == "build" else _use(options.folder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nodes = write_country(options.extract, folder / "country.osm.pbf", options.cities)
        megabytes = (folder / "country.osm.pbf").stat().st_size / 1e6
        print(f"{options.cities} cities, {nodes:,} nodes, extract {megabytes:.0f} MB", flush=True)
        for step in ("build", "use"):
            subprocess.run([sys.executable, "-m", __spec__.name, "--step", step, "--folder", name], check=True)
        size = sum(file.stat().st_size for file in (folder / "roads").rglob("*") if file.is_file())
        print(f"prepared roads on disk {size / 1e9:.2f} GB", flush=True)
    return None


def write_country(city: Path, out: Path, cities: int) -> int:
    """Copies of a city's roads on a lattice, neighbours joined; returns the number of nodes."""
    places: dict[int, tuple[float, float]] = {}
    ways: list[tuple[list[int], dict[str, str]]] = []
    for way in osmium.FileProcessor(str(city)).with_locations():
        if way.is_way() and "highway" in way.tags and all(node.location.valid() for node in way.nodes):
            places |= {node.ref: (node.lon, node.lat) for node in way.nodes}
            ways.append(([node.ref for node in way.nodes], dict(way.tags)))
    number = {ref: k + 1 for k, ref in enumerate(places)}
    spots = np.array(list(places.values()))
    main_roads = [refs for refs, tags in ways if tags["highway"] in ("primary", "secondary", "trunk")]
    ends = np.array(sorted({number[refs[0]] for refs in main_roads})) - 1
    rng = np.random.default_rng(1)
    joints = {side: ends[np.argsort(spots[ends] @ np.array(side))[:LINKS]] for side in _SIDES}
    writer = osmium.SimpleWriter(str(out))
    count = len(places)
    for c in range(cities):
        east, north = divmod(c, COLUMNS)[::-1]
        for k, (lon, lat) in enumerate(spots.tolist()):
            at = lon + STEP_DEGREES * east, lat + STEP_DEGREES * north - 15.0
            writer.add_node(osmium.osm.mutable.Node(id=c * count + k + 1, location=at, version=1))
    way_id = 0
    for c in range(cities):
        for refs, tags in ways:
            way_id += 1
            nodes = [c * count + number[ref] for ref in refs]
            writer.add_way(osmium.osm.mutable.Way(id=way_id, nodes=nodes, tags=tags, version=1))
    for c in range(cities):
        for other, side in ((c + 1, (-1, 0)), (c + COLUMNS, (0, -1))):
            if other < cities and (side[1] or other % COLUMNS):
                back = (-side[0], -side[1])
                pairs = zip(joints[side].tolist(), rng.permutation(joints[back]).tolist(), strict=True)
                for a, b in pairs:
                    way_id += 1
                    nodes = [c * count + a + 1, other * count + b + 1]
                    writer.add_way(osmium.osm.mutable.Way(id=way_id, nodes=nodes, tags={"highway": "trunk"}, version=1))
    writer.close()
    return cities * count


_SIDES = ((-1, 0), (1, 0), (0, -1), (0, 1))


def _build(folder: Path) -> None:
    start = time.process_time()
    build_roads(folder / "country.osm.pbf", folder / "roads")
    _say("preparing", time.process_time() - start)


def _use(folder: Path) -> None:
    start = time.process_time()
    roads = RoadProvider(folder=folder / "roads")
    roads.search(TravelMode.CAR)
    _say("loading and weighing", time.process_time() - start)
    print(f"arcs {roads.search(TravelMode.CAR)[0].network.arc_count:,}", flush=True)
    places = random_places(roads, 3000)
    for what, some in (("of one city", nearest(places, places[0], 60)), ("all over the country", places[:250])):
        roads.matrix(some, profile=TravelMode.CAR)
        start = time.process_time()
        found = roads.matrix(some, profile=TravelMode.CAR)
        _say(f"matrix of {len(some)} {what}, {found.reachable.mean():.1%} reachable", time.process_time() - start)
    roads.route(places[:5], profile=TravelMode.CAR)
    start = time.process_time()
    way = roads.route(places[:5], profile=TravelMode.CAR)
    _say(f"route over {way.distance / 1000:.0f} km", time.process_time() - start)


def _say(what: str, seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what}: {seconds:.3f} CPU s, peak memory {peak:.2f} GB", flush=True)


if __name__ == "__main__":
    main()
