"""Measures the embedded road provider on Greater Porto and compares it with OSRM.

::

    python -m tests.benchmarks.roads [--extract ../shared/roads/porto.osm.pbf] [--osrm http://127.0.0.1:5000]

Times are CPU seconds of this process, after the compiled kernels have been loaded. The comparison needs an OSRM server
on the same extract (``osrm-extract -p car.lua``, ``osrm-contract``, ``osrm-routed``); without one it is left out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from routing.domain import TravelMode
from routing.travel.base import TravelProvider
from routing.travel.osrm import OsrmProvider
from routing.travel.roads.provider import RoadProvider, build_roads

CAR = TravelMode.CAR
DEFAULT_EXTRACT = Path(__file__).resolve().parents[4] / "shared" / "roads" / "porto.osm.pbf"
_STREETS = ("residential", "tertiary", "secondary", "primary", "unclassified", "living_street")


def main() -> int:
    """Print the table; the exit code is the number of targets missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", type=Path, default=DEFAULT_EXTRACT)
    parser.add_argument("--osrm", help="address of an OSRM server on the same extract")
    options = parser.parse_args()
    if not options.extract.is_file():
        print(f"{options.extract} is not there: nothing is measured.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return sum(not row.met for row in _rows(options.extract, options.osrm, Path(folder)))


class _Row:
    def __init__(self, what: str, figure: float, target: float, unit: str, *, at_least: bool = False) -> None:
        self.met = figure >= target if at_least else figure <= target
        sign = "≥" if at_least else "≤"
        print(f"{what:58} {figure:10.4g} {unit:5} {sign} {target:g} {'' if self.met else '  MISSED'}", flush=True)


def _rows(extract: Path, osrm: str | None, folder: Path) -> Iterator[_Row]:
    build_roads(extract, folder / "warm")  # compiles or loads the kernels
    warm = RoadProvider(folder=folder / "warm")
    places = random_places(warm, 2000)
    warm.route(places[:20], profile=CAR)
    warm.matrix(places[:50], profile=CAR)
    warm.isochrones(places[:1], [300], profile=CAR)
    shutil.rmtree(folder / "warm")

    out = folder / "roads"
    with cpu() as cold:
        build_roads(extract, out)
        ready(out)
    yield _Row("preparation, cold", cold[0], 8.0, "s")
    yield _Row("preparation, from cache", best(lambda: (build_roads(extract, out), ready(out))), 1.0, "s")

    roads = ready(out)
    for n, target in ((250, 0.05), (500, 0.2), (1000, 0.6), (2000, 1.5)):
        part = places[:n]
        seconds = best(lambda part=part: roads.matrix(part, profile=CAR))  # type: ignore[misc]
        yield _Row(f"matrix {n} x {n}, time and metres, snapping included", seconds, target, "s")
    day = np.random.default_rng(3).choice(nearest(places, places[7], 200), 20, replace=False)
    yield _Row(
        "route of 20 stops with geometry and streets", 1000 * best(lambda: roads.route(day, profile=CAR), 50), 5, "ms"
    )
    centre = places[nearest_index(places, places.mean(axis=0))][None]
    minutes = [300, 600, 900]
    yield _Row(
        "isochrones 5, 10, 15 minutes", 1000 * best(lambda: roads.isochrones(centre, minutes, profile=CAR)), 60, "ms"
    )

    territories = [nearest(places, places[i], 250) for i in range(0, 2000, 100)]
    each = [best(lambda part=part: roads.matrix(part, profile=CAR), 3) for part in territories]  # type: ignore[misc]
    yield _Row("a territory of 250 customers, mean of 20", sum(each) / len(each), 0.05, "s")

    rng = np.random.default_rng(4)
    many = [nearest(places, places[i], 250) for i in rng.integers(0, len(places), 500)]
    with cpu() as first:
        for part in many[:100]:
            roads.matrix(part, profile=CAR)
    with cpu() as rest:
        for part in many:
            roads.matrix(part, profile=CAR)
    yield _Row("500 territories of 250, each", rest[0] / 500, 0.05, "s")
    yield _Row("the same, against each of the first 100", rest[0] / 500 / (first[0] / 100), 1.2, "times")

    slow = RoadProvider(folder=out, dijkstra=True)
    some = places[:60]
    a, b = roads.matrix(some, profile=CAR), slow.matrix(some, profile=CAR)
    differ = int((a.durations != b.durations).sum() + (a.distances != b.distances).sum())
    yield _Row("figures that differ between hierarchy and Dijkstra", differ, 0, "")
    if osrm:
        yield from _against_osrm(roads, OsrmProvider(url=osrm), places[:400])


def _against_osrm(roads: TravelProvider, osrm: TravelProvider, places: npt.NDArray[np.float64]) -> Iterator[_Row]:
    ours, theirs = roads.matrix(places, profile=CAR), osrm.matrix(places, profile=CAR)
    both = ours.reachable & theirs.reachable & ~np.eye(len(places), dtype=bool)
    a, b = ours.durations[both].astype(float), theirs.durations[both].astype(float)
    factor = b.sum() / a.sum()
    print(f"{'one factor on our times':58} {factor:10.4g}")
    yield _Row("mean error of times after one factor", 100 * np.abs(a * factor - b).mean() / b.mean(), 1.5, "%")
    x, y = ours.distances[both].astype(float), theirs.distances[both].astype(float)
    yield _Row("mean error of distances", 100 * np.abs(x - y).mean() / y.mean(), 1.5, "%")
    rng = np.random.default_rng(2)
    common = total = 0.0
    for i, j in rng.integers(0, len(places), (200, 2)).tolist():
        if i != j:
            one, other = (_line(p.route(places[[i, j]], profile=CAR).coordinates) for p in (roads, osrm))
            common += other.intersection(one.buffer(8.0)).length
            total += other.length
    yield _Row("length of routes in common", 100 * common / total, 95, "%", at_least=True)


def random_places(roads: RoadProvider, n: int) -> npt.NDArray[np.float64]:
    """Places some metres beside streets on which customers are."""
    net = roads.search(CAR)[0].network
    rng = np.random.default_rng(1)
    wanted = [i for i, name in enumerate(net.classes) if name in _STREETS]
    streets = rng.choice(np.flatnonzero(np.isin(net.road_class, wanted)), n, replace=False)
    first = net.shape_positions[net.shape_offsets[streets]]
    second = net.shape_positions[net.shape_offsets[streets] + 1]
    return first + (second - first) * rng.random((n, 1)) + rng.normal(0, 12 / 111_320, (n, 2))


def nearest(places: npt.NDArray[np.float64], centre: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.float64]:
    """The `n` places nearest to a position."""
    return places[np.argsort(((places - centre) ** 2).sum(axis=1))[:n]]


def nearest_index(places: npt.NDArray[np.float64], centre: npt.NDArray[np.float64]) -> int:
    """Number of the place nearest to a position."""
    return int(((places - centre) ** 2).sum(axis=1).argmin())


def ready(folder: Path) -> RoadProvider:
    """Provider that has loaded its roads and built its indexes."""
    provider = RoadProvider(folder=folder)
    provider.snap(np.array([[0.0, 0.0]]), profile=CAR)
    return provider


def best(act: Callable[[], object], times: int = 10) -> float:
    """Least CPU time of a few runs."""
    spent = []
    for _ in range(times):
        with cpu() as one:
            act()
        spent.append(one[0])
    return min(spent)


@contextmanager
def cpu() -> Iterator[list[float]]:
    """CPU seconds of a block, in a list of one."""
    out = [0.0]
    start = time.process_time()
    yield out
    out[0] = time.process_time() - start


def _line(coordinates: npt.NDArray[np.float64]) -> shapely.LineString:
    scale = 111_195.0 * np.array([np.cos(np.radians(coordinates[0, 0])), 1.0])
    return shapely.LineString(coordinates[:, ::-1] * scale)


if __name__ == "__main__":
    sys.exit(main())
