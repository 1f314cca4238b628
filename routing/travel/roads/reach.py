"""Isochrones: the area that can be reached from a place within given times.

Reached stretches of road are drawn into a grid of travel times; cells beside a road take the time of the nearest one
plus the walk to it, up to the distance at which places are snapped; contours of the grid are the isochrones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import contourpy
import numba as nb
import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import distance_transform_edt
from shapely.geometry import MultiPolygon, Polygon

from routing.geo.distance import EARTH_RADIUS_M
from routing.travel.roads.search import RoadSearch
from routing.travel.roads.snapping import MAX_SNAP_METRES, Snapped
from routing.travel.roads.weights import unpack

__all__ = ["Isochrone", "isochrones"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]

_MAX_CELLS: Final = 200  # along the longer side: finer than a screen shows, coarse enough for milliseconds
_MIN_CELL_M: Final = 30.0
_WALK_M_PER_S: Final = 5.0 / 3.6


@dataclass(frozen=True, kw_only=True)
class Isochrone:
    """Area reached within `seconds`, in lon/lat (shapely's x, y); empty if the place is on no road."""

    seconds: int
    area: MultiPolygon


def isochrones(search: RoadSearch, place: Snapped, seconds: Sequence[int]) -> tuple[Isochrone, ...]:
    """Areas reached from one place within each of the times.

    Parameters
    ----------
    search : RoadSearch
        Roads under the conditions of the hour.
    place : Snapped
        One place.
    seconds : sequence of int
        Time limits.

    Returns
    -------
    tuple of Isochrone, in the order of `seconds`; nested, up to the resolution of the grid.
    """
    empty = tuple(Isochrone(seconds=int(t), area=MultiPolygon()) for t in seconds)
    if not len(seconds) or not place.found[0]:
        return empty
    longest = float(max(seconds))
    net, begin = search.network, _entry_times(search, place)
    arcs = np.flatnonzero(begin < longest)  # NaN compares false
    if not arcs.size:
        return empty
    scale = np.array([np.cos(np.radians(place.positions[0, 0])), 1.0]) * np.radians(1.0) * EARTH_RADIUS_M
    roads = net.segment[arcs], net.backward[arcs], net.shape_offsets, net.shape_positions
    margin = MAX_SNAP_METRES
    low, high = _extent(roads[0], roads[2], roads[3])
    low, high = low[::-1] * scale - margin, high[::-1] * scale + margin
    cell = max(_MIN_CELL_M, float((high - low).max()) / _MAX_CELLS)
    columns, rows = (np.ceil((high - low) / cell).astype(int) + 1).tolist()
    grid = np.full((rows, columns), np.inf)
    _draw(*roads, begin[arcs], search.seconds[arcs], longest, low, scale, cell, grid)
    away, nearest = distance_transform_edt(np.isinf(grid), return_indices=True)
    away *= cell
    field = grid[nearest[0], nearest[1]] + away / _WALK_M_PER_S
    field[away > margin] = 2.0 * longest + margin
    x, y = (low[0] + cell * np.arange(columns)) / scale[0], (low[1] + cell * np.arange(rows)) / scale[1]
    lines = contourpy.contour_generator(x, y, field, fill_type=contourpy.FillType.OuterOffset)
    tolerance = 0.4 * cell / scale[1]
    return tuple(Isochrone(seconds=int(t), area=_area(lines.filled(-1.0, float(t)), tolerance)) for t in seconds)


def _entry_times(search: RoadSearch, place: Snapped) -> _Floats:
    """Seconds until each arc is entered; negative for the arcs the place lies on, NaN for those never reached."""
    seeds = place.seeds(search.network, search.seconds)
    best, _ = unpack(search.engine.one_to_all(seeds.vertices[0], seeds.weights[0]))
    begin: _Floats = best - search.seconds
    for arc, share in ((int(place.along[0]), place.fraction[0]), (int(place.against[0]), 1 - place.fraction[0])):
        if arc >= 0:
            begin[arc] = -share * search.seconds[arc]
    return begin


@nb.njit(cache=True, nogil=True)
def _extent(segments: _Small, offsets: _Ints, positions: _Floats) -> tuple[_Floats, _Floats]:
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for s in segments:
        for i in range(offsets[s], offsets[s + 1]):
            for k in range(2):
                low[k] = min(low[k], positions[i, k])
                high[k] = max(high[k], positions[i, k])
    return low, high


@nb.njit(cache=True, nogil=True)
def _draw(
    segments: _Small,
    backward: npt.NDArray[np.bool_],
    offsets: _Ints,
    positions: _Floats,
    begin: _Floats,
    seconds: _Floats,
    longest: float,
    low: _Floats,
    scale: _Floats,
    cell: float,
    grid: _Floats,
) -> None:
    """Write into each cell of the grid the earliest time at which a road in it is reached."""
    for k in range(len(segments)):
        a, b = offsets[segments[k]], offsets[segments[k] + 1]
        length = 0.0
        for i in range(a, b - 1):
            dx, dy = positions[i + 1, 1] - positions[i, 1], positions[i + 1, 0] - positions[i, 0]
            length += np.hypot(dx * scale[0], dy * scale[1])
        run = 0.0
        for i in range(b - a - 1):
            p = b - 1 - i if backward[k] else a + i
            q = p - 1 if backward[k] else p + 1
            x, y = positions[p, 1] * scale[0] - low[0], positions[p, 0] * scale[1] - low[1]
            dx, dy = (positions[q, 1] - positions[p, 1]) * scale[0], (positions[q, 0] - positions[p, 0]) * scale[1]
            step = np.hypot(dx, dy)
            start = begin[k] + seconds[k] * run / max(length, 1e-9)
            took = seconds[k] * step / max(length, 1e-9)
            run += step
            if start >= longest or start + took < 0.0:
                continue
            parts = int(np.ceil(step / cell)) + 1
            for j in range(parts + 1):
                t = start + took * j / parts
                if 0.0 <= t < longest:
                    column, row = int(np.rint((x + dx * j / parts) / cell)), int(np.rint((y + dy * j / parts) / cell))
                    grid[row, column] = min(grid[row, column], t)


def _area(filled: Any, tolerance: float) -> MultiPolygon:
    """Polygons with holes from contourpy's points and offsets."""
    polygons = []
    for points, offsets in zip(*filled, strict=True):
        if points is None or offsets is None:
            continue
        outer, *holes = (points[i:j] for i, j in pairwise(offsets.tolist()))
        polygons.append(Polygon(outer, holes))
    # what simplifying may break is made valid again, which costs a fraction of keeping it valid on the way
    merged = shapely.make_valid(shapely.simplify(MultiPolygon(polygons), tolerance, preserve_topology=False))
    parts = [part for part in getattr(merged, "geoms", [merged]) if part.geom_type in ("Polygon", "MultiPolygon")]
    return MultiPolygon([p for part in parts for p in getattr(part, "geoms", [part]) if p.area > 0])
