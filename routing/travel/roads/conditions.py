"""What changes on the roads without changing the roads: closures, no-go areas, rush hours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.turns import TurnGraph
from routing.travel.roads.weights import ENTRY, pack

__all__ = ["RoadConditions", "SpeedFactor", "edge_weights", "read_areas"]

type _Floats = npt.NDArray[np.float64]
type _Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class SpeedFactor:
    """Travel times multiply by `factor` on some roads at some hours.

    Parameters
    ----------
    factor : float
        1.5 means half as long again.
    classes : frozenset of str, optional
        Values of the ``highway`` tag; all roads if not given.
    area : polygon, optional
        In lon/lat (shapely's x, y); everywhere if not given.
    weekdays : frozenset of int, optional
        0 (Monday) to 6; every day if not given.
    start, end : int
        Seconds after midnight, from (inclusive) and to (exclusive).
    """

    factor: float
    classes: frozenset[str] | None = None
    area: BaseGeometry | None = None
    weekdays: frozenset[int] | None = None
    start: int = 0
    end: int = 86_400

    def __post_init__(self) -> None:
        issues = []
        if not 0.05 <= self.factor <= 20:
            issues.append(f"speed factor {self.factor}: travel times cannot shrink or grow more than twentyfold.")
        if not 0 <= self.start < self.end <= 86_400:
            issues.append(f"speed factor: hours {self.start}-{self.end} are not within a day; split them at midnight.")
        if issues:
            raise InvalidInput(Issue(what=issue, code="bad_speed_factor") for issue in issues)

    def applies(self, weekday: int, second: int) -> bool:
        """Whether the factor holds at a moment of the week."""
        return (self.weekdays is None or weekday in self.weekdays) and self.start <= second < self.end


@dataclass(frozen=True, kw_only=True)
class RoadConditions:
    """Conditions that a search runs under.

    Parameters
    ----------
    closed_ways : frozenset of int
        OSM ids of closed ways.
    no_go : tuple of polygons
        Areas that no route touches, lon/lat.
    factors : tuple of SpeedFactor
        Those that hold at `moment` multiply.
    moment : (weekday, second), optional
        Time of departure; without it no factor holds.
    """

    closed_ways: frozenset[int] = frozenset()
    no_go: tuple[BaseGeometry, ...] = ()
    factors: tuple[SpeedFactor, ...] = ()
    moment: tuple[int, int] | None = None

    @property
    def identity(self) -> str:
        """Text that is the same for the same conditions, in every process; for caches."""
        factors = [
            (f.factor, f.classes and sorted(f.classes), f.area and f.area.wkt, f.weekdays and sorted(f.weekdays),
             f.start, f.end)
            for f in self.factors
        ]  # fmt: skip
        return repr((sorted(self.closed_ways), [area.wkt for area in self.no_go], factors, self.moment))

    def closed(self, network: RoadNetwork) -> _Flags:
        """Which arcs are closed, shape (a,)."""
        segments = np.isin(network.way_id, np.fromiter(self.closed_ways, np.int64, len(self.closed_ways)))
        if self.no_go:
            lines = _lines(network)
            tree = shapely.STRtree(lines)
            for area in self.no_go:
                segments[tree.query(area, predicate="intersects")] = True
        flags: _Flags = segments[network.segment]
        return flags

    def time_factors(self, network: RoadNetwork) -> _Floats:
        """Multiplier of the driving time of every arc, shape (a,)."""
        by_segment = np.ones(len(network.way_id))
        for rule in self.factors:
            if self.moment is None or not rule.applies(*self.moment):
                continue
            hit = np.ones(len(by_segment), np.bool_)
            if rule.classes is not None:
                wanted = [i for i, name in enumerate(network.classes) if name in rule.classes]
                hit &= np.isin(network.road_class, wanted)
            if rule.area is not None:
                ends = network.shape_offsets[:-1] + network.shape_offsets[1:]
                middle = (network.shape_positions[(ends - 1) // 2] + network.shape_positions[ends // 2]) / 2
                shapely.prepare(rule.area)
                hit &= shapely.contains_xy(rule.area, middle[:, 1], middle[:, 0])
            by_segment[hit] *= rule.factor
        factors: _Floats = by_segment[network.segment]
        return factors


def edge_weights(network: RoadNetwork, turns: TurnGraph, seconds: _Floats, closed: _Flags) -> _Floats:
    """Packed weight of every turn with the drive that follows it; infinite into closed arcs.

    Parameters
    ----------
    network, turns
        The graph.
    seconds : float64 array, shape (a,)
        Driving time of every arc under the conditions.
    closed : bool array, shape (a,)
        Arcs that cannot be entered.
    """
    into = turns.target
    weights = pack(turns.seconds + seconds[into], network.metres[into])
    weights += np.where(network.ends_only[into] & ~network.ends_only[turns.source], ENTRY, 0.0)
    weights[closed[into]] = np.inf
    return weights


def read_areas(path: Path) -> tuple[BaseGeometry, ...]:
    """Polygons of a GeoJSON file (WGS-84), for no-go areas.

    Raises
    ------
    InvalidInput
        If the file is no GeoJSON, or holds geometry other than polygons.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path}: cannot be read as GeoJSON ({error}).") from error
    features: Sequence[dict[str, Any]] = data.get("features", [data])
    areas, issues = [], []
    for i, feature in enumerate(features):
        try:
            area = shape(feature.get("geometry", feature))
        except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
            issues.append(
                Issue(what=f"{path}: feature {i + 1} has no geometry.", cure="Draw it again.", code="bad_area")
            )
            continue
        if area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and not area.is_empty:
            areas.append(area)
        else:
            what = f"{path}: feature {i + 1} is {'an invalid ' if not area.is_valid else 'a '}{area.geom_type}."
            issues.append(Issue(what=what, cure="Give areas as simple polygons.", code="bad_area"))
    if issues:
        raise InvalidInput(issues)
    return tuple(areas)


def _lines(network: RoadNetwork) -> npt.NDArray[np.object_]:
    sizes = np.diff(network.shape_offsets)
    lines = shapely.linestrings(network.shape_positions[:, ::-1], indices=np.repeat(np.arange(len(sizes)), sizes))
    return np.asarray(lines)
