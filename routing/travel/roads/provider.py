"""The embedded road provider: prepared roads behind the travel Protocol."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import InvalidInput
from routing.travel.geometry import RouteGeometry
from routing.travel.matrix import TravelMatrix
from routing.travel.places import Places, as_latlon
from routing.travel.roads.build import build_graph, prepare_search
from routing.travel.roads.conditions import RoadConditions
from routing.travel.roads.extract import read_extract
from routing.travel.roads.paths import leg_of_way, unreachable_leg
from routing.travel.roads.profiles import PROFILES
from routing.travel.roads.reach import Isochrone, isochrones
from routing.travel.roads.search import RoadSearch
from routing.travel.roads.snapping import MAX_SNAP_METRES, Snapped, Snapper
from routing.travel.roads.store import RoadsInfo, fingerprint, is_current, load_graph, read_info, save_graph
from routing.travel.roads.weights import unpack

__all__ = ["RoadProvider", "build_roads"]


def build_roads(
    extract: Path,
    out: Path,
    *,
    modes: Iterable[TravelMode] = (TravelMode.CAR,),
    box: tuple[float, float, float, float] | None = None,
    drive_on_left: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> RoadsInfo:
    """Prepare the roads of an OpenStreetMap extract for some travel modes.

    Modes that are up to date in `out` are left as they are, so an interrupted build goes on where it stopped.

    Parameters
    ----------
    extract : Path
        ``.osm.pbf`` file.
    out : Path
        Folder to write to; made if need be.
    modes : iterable of TravelMode
    box : (south, west, north, east), optional
        Use only the roads that reach into this box (degrees): the way to fit a country's extract into memory.
    drive_on_left : bool
        Side of the road.
    progress : callable, optional
        Called with the step and a count.

    Raises
    ------
    InvalidInput
        If the extract is missing, unreadable or without roads.
    """
    if not extract.is_file():
        raise InvalidInput(f"{extract}: there is no such file. Give the path of an .osm.pbf extract.")
    options = {"box": box, "drive_on_left": drive_on_left}
    wanted = list(dict.fromkeys(modes))
    marks = {mode: fingerprint(extract, PROFILES[mode], options) for mode in wanted}
    missing = [mode for mode in wanted if not is_current(out, mode, marks[mode])]
    if missing:
        roads = read_extract(extract, box=box, progress=progress)
        for i, mode in enumerate(missing):
            if progress:
                progress(f"roads for {mode.value}", i)
            graph = build_graph(roads, PROFILES[mode], drive_on_left=drive_on_left)
            save_graph(out, mode, graph, mark=marks[mode], extract=extract.name)
    return read_info(out)


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadProvider:
    """Travel on prepared roads.

    Safe to use from several threads, and to send to other processes (which load the roads by memory map).

    Parameters
    ----------
    folder : Path
        Written by :func:`build_roads`.
    conditions : RoadConditions
        Closures, no-go areas, time-of-day factors.
    max_snap_metres : float
        Places further from any street are unreachable.
    dijkstra : bool
        Search without the contraction hierarchy; same results, slower.
    """

    folder: Path
    conditions: RoadConditions = field(default_factory=RoadConditions)
    max_snap_metres: float = MAX_SNAP_METRES
    dijkstra: bool = False
    info: RoadsInfo = field(init=False)
    _ready: dict[TravelMode, tuple[RoadSearch, Snapper]] = field(init=False, repr=False)
    _lock: threading.Lock = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "info", read_info(self.folder))
        self._reset()

    def _reset(self) -> None:
        object.__setattr__(self, "_ready", {})
        object.__setattr__(self, "_lock", threading.Lock())

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in ("_ready", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()

    @property
    def source(self) -> str:
        """Name for display, with the attribution that the licence of the data asks for."""
        return f"roads of {self.info.extract} ({self.info.attribution})"

    @property
    def estimated(self) -> bool:
        """Always false."""
        return False

    @property
    def identity(self) -> str:
        """What the figures depend on: fingerprints of the roads, conditions, snapping; for caches."""
        marks = sorted(path.read_text(encoding="utf-8") for path in self.folder.glob("*/meta.json"))
        return hashlib.sha256(repr((marks, self.conditions.identity, self.max_snap_metres)).encode()).hexdigest()

    def under(self, conditions: RoadConditions) -> RoadProvider:
        """The same roads under other conditions, for example at another time of day."""
        return RoadProvider(
            folder=self.folder, conditions=conditions, max_snap_metres=self.max_snap_metres, dijkstra=self.dijkstra
        )

    def search(self, profile: TravelMode) -> tuple[RoadSearch, Snapper]:
        """Search and snapping of a mode, loaded at first use.

        Raises
        ------
        InvalidInput
            If the mode was not prepared.
        """
        profile = TravelMode(profile)
        with self._lock:
            if profile not in self._ready:
                graph = load_graph(self.folder, profile)
                self._ready[profile] = prepare_search(graph, self.conditions, dijkstra=self.dijkstra)
            return self._ready[profile]

    def snap(self, places: Places, *, profile: TravelMode) -> Snapped:
        """Nearest streets of places; those further away than `max_snap_metres` are marked as not found."""
        return self.search(profile)[1].snap(as_latlon(places), max_metres=self.max_snap_metres)

    def street_metres(self, places: Places, *, profile: TravelMode) -> npt.NDArray[np.float32]:
        """Distance of each place to the nearest street, however far; shape (n,)."""
        return self.search(profile)[1].snap(as_latlon(places), max_metres=np.inf).metres

    def matrix(
        self,
        places: Places,
        *,
        profile: TravelMode,
        origins: Sequence[int] | None = None,
        destinations: Sequence[int] | None = None,
    ) -> TravelMatrix:
        """Times and distances on roads; see :class:`routing.travel.base.TravelProvider`."""
        search, _ = self.search(profile)
        snapped = self.snap(places, profile=profile)
        rows = np.arange(len(snapped)) if origins is None else np.asarray(origins, np.intp)
        columns = np.arange(len(snapped)) if destinations is None else np.asarray(destinations, np.intp)
        weights = search.matrix(snapped.take(rows), snapped.take(columns))
        seconds, metres = unpack(weights)
        return TravelMatrix.from_floats(
            seconds, metres, source=self.source, estimated=False, profile=profile, snap_metres=snapped.metres
        )

    def isochrones(self, place: Places, seconds: Sequence[int], *, profile: TravelMode) -> tuple[Isochrone, ...]:
        """Areas reached from one place within each of the times (see :func:`routing.travel.roads.reach.isochrones`).

        Raises
        ------
        InvalidInput
            If `place` is not exactly one place, or the mode was not prepared.
        """
        snapped = self.snap(place, profile=profile)
        if len(snapped) != 1:
            raise InvalidInput(f"Isochrones start at one place; {len(snapped)} were given.")
        return isochrones(self.search(profile)[0], snapped, seconds)

    def route(self, points: Places, *, profile: TravelMode) -> RouteGeometry:
        """Way through the points on roads, with street names."""
        search, _ = self.search(profile)
        stops = self.snap(points, profile=profile)
        legs = tuple(
            unreachable_leg(stops.positions[i], stops.positions[i + 1]) if way is None else leg_of_way(search, way)
            for i, way in enumerate(search.ways(stops))
        )
        return RouteGeometry(legs=legs, source=self.source, estimated=False, profile=profile)
