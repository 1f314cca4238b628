"""Grid over the straight pieces of streets: finds the nearest street of a position.

Flat arrays, so that the grid of a country loads by memory map like the roads themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.geo.distance import EARTH_RADIUS_M

__all__ = ["StreetGrid", "build_grid", "nearest_streets"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]

_METRES_PER_DEGREE: Final = float(np.radians(1.0) * EARTH_RADIUS_M)
_PIECES_PER_CELL: Final = 4.0
_MIN_CELL_M: Final = 40.0


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetGrid:
    """Which pieces of street lie in which cell.

    Parameters
    ----------
    origin, cell : float64 array, shape (2,)
        South-west corner and size of a cell, ``[lat, lon]`` in degrees.
    shape : int64 array, shape (2,)
        Rows and columns.
    first : int64 array, shape (rows * columns + 1,)
        Cell ``i`` holds the entries ``first[i]:first[i + 1]`` of `pieces`.
    pieces : int32 array
        Piece ``k`` runs from vertex ``k`` of the network's geometry to vertex ``k + 1``.
    """

    origin: _Floats
    cell: _Floats
    shape: _Ints
    first: _Ints
    pieces: _Small


def build_grid(offsets: _Ints, positions: _Floats) -> StreetGrid:
    """Grid over the geometry of segments (`shape_offsets` and `shape_positions` of a network)."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    shrink = np.array([1.0, np.cos(np.radians((low[0] + high[0]) / 2))])
    metres = np.maximum((high - low) * shrink * _METRES_PER_DEGREE, 1.0)
    side = max(_MIN_CELL_M, float(np.sqrt(metres.prod() * _PIECES_PER_CELL / len(positions))))
    cell = side / _METRES_PER_DEGREE / shrink
    shape = np.floor((high - low) / cell).astype(np.int64) + 1
    count = np.zeros(int(shape.prod()) + 1, np.int64)
    nothing = np.empty(0, np.int32)
    _fill(offsets, positions, low, cell, shape, count, nothing, counting=True)
    first = np.cumsum(count)
    pieces = np.empty(int(first[-1]), np.int32)
    _fill(offsets, positions, low, cell, shape, first[:-1].copy(), pieces, counting=False)
    return StreetGrid(origin=low, cell=cell, shape=shape, first=first, pieces=pieces)


def nearest_streets(
    grid: StreetGrid,
    offsets: _Ints,
    positions: _Floats,
    usable: npt.NDArray[np.bool_],
    points: _Floats,
    max_metres: float,
) -> tuple[_Small, _Floats, _Floats]:
    """Nearest usable segment of every point.

    Parameters
    ----------
    grid : StreetGrid
    offsets, positions
        Geometry that the grid was built over.
    usable : bool array, shape (s,)
        Segments to choose from.
    points : float64 array, shape (n, 2)
        ``[lat, lon]``.
    max_metres : float
        How far to look, roughly (within one per cent); infinite for everywhere.

    Returns
    -------
    (segment, fraction, position) : int32 (n,), float64 (n,), float64 (n, 2)
        The segment, -1 if there is none; the share of its length before the nearest point; the nearest point.
    """
    n = len(points)
    segment, fraction, at = np.full(n, -1, np.int32), np.zeros(n), np.array(points, np.float64)
    _search(
        grid.origin,
        grid.cell,
        grid.shape,
        grid.first,
        grid.pieces,
        offsets,
        positions,
        usable,
        np.ascontiguousarray(points, np.float64),
        1.01 * max_metres,
        segment,
        fraction,
        at,
    )
    return segment, fraction, at


@nb.njit(cache=True, nogil=True)
def _fill(
    offsets: _Ints,
    positions: _Floats,
    origin: _Floats,
    cell: _Floats,
    shape: _Ints,
    slots: _Ints,
    pieces: _Small,
    counting: bool,
) -> None:
    """Count the pieces of each cell (into the slot after it), or write them to where `slots` points."""
    for s in range(len(offsets) - 1):
        for k in range(offsets[s], offsets[s + 1] - 1):
            y, x = (positions[k, 0] - origin[0]) / cell[0], (positions[k, 1] - origin[1]) / cell[1]
            y2, x2 = (positions[k + 1, 0] - origin[0]) / cell[0], (positions[k + 1, 1] - origin[1]) / cell[1]
            if x > x2:
                x, x2, y, y2 = x2, x, y2, y
            last = min(int(x2), shape[1] - 1)
            for column in range(min(int(x), shape[1] - 1), last + 1):
                # part of the piece inside the column, and the rows that it passes there
                a, b = y, y2
                if x2 > x:
                    a = y + (y2 - y) * max(0.0, (column - x) / (x2 - x))
                    b = y + (y2 - y) * min(1.0, (column + 1 - x) / (x2 - x))
                # a hair wider, for a piece that runs along the border of two rows
                low = min(max(int(min(a, b) - 1e-9), 0), shape[0] - 1)
                high = min(max(int(max(a, b) + 1e-9), 0), shape[0] - 1)
                for row in range(low, high + 1):
                    c = row * shape[1] + column
                    if counting:
                        slots[c + 1] += 1
                    else:
                        pieces[slots[c]] = k
                        slots[c] += 1


@nb.njit(cache=True, nogil=True)
def _search(
    origin: _Floats,
    cell: _Floats,
    shape: _Ints,
    first: _Ints,
    pieces: _Small,
    offsets: _Ints,
    positions: _Floats,
    usable: npt.NDArray[np.bool_],
    points: _Floats,
    limit: float,
    segment: _Small,
    fraction: _Floats,
    at: _Floats,
) -> None:
    """Rings of cells around each point, until the next ring is further away than the best piece."""
    rows, columns = shape[0], shape[1]
    for n in range(len(points)):
        up = _METRES_PER_DEGREE
        east = up * np.cos(np.radians(points[n, 0]))
        step = min(cell[0] * up, cell[1] * east)
        row = int(np.floor((points[n, 0] - origin[0]) / cell[0]))
        column = int(np.floor((points[n, 1] - origin[1]) / cell[1]))
        nearest, best, where = np.inf, -1, 0.0
        ring = max(0, -row, row - rows + 1, -column, column - columns + 1)
        outermost = max(row, rows - 1 - row, column, columns - 1 - column)
        while ring <= outermost and (ring - 1) * step <= min(limit, nearest):
            for r in range(max(0, row - ring), min(rows - 1, row + ring) + 1):
                # of the rows between the first and the last only the two ends belong to the ring
                stride = 1 if r in (row - ring, row + ring) else max(1, 2 * ring)
                c = column - ring
                while c <= column + ring:
                    if 0 <= c < columns:
                        for i in range(first[r * columns + c], first[r * columns + c + 1]):
                            k = pieces[i]
                            x, y = (positions[k, 1] - points[n, 1]) * east, (positions[k, 0] - points[n, 0]) * up
                            dx = (positions[k + 1, 1] - positions[k, 1]) * east
                            dy = (positions[k + 1, 0] - positions[k, 0]) * up
                            square = dx * dx + dy * dy
                            share = 0.0 if square == 0.0 else min(1.0, max(0.0, -(x * dx + y * dy) / square))
                            away = np.hypot(x + share * dx, y + share * dy)
                            closer = away < nearest or (away == nearest and k < best)
                            if closer and usable[np.searchsorted(offsets, k, side="right") - 1]:
                                nearest, best, where = away, k, share
                    c += stride
            ring += 1
        if best < 0:
            continue
        s = np.searchsorted(offsets, best, side="right") - 1
        scale = np.cos(np.radians(positions[offsets[s], 0]))
        total, before = 0.0, 0.0
        for k in range(offsets[s], offsets[s + 1] - 1):
            length = np.hypot(positions[k + 1, 0] - positions[k, 0], (positions[k + 1, 1] - positions[k, 1]) * scale)
            if k < best:
                before += length
            elif k == best:
                before += where * length
            total += length
        segment[n] = s
        fraction[n] = min(1.0, before / total) if total > 0.0 else 0.0
        at[n] = positions[best] + (positions[best + 1] - positions[best]) * where
