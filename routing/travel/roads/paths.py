"""From ways (chains of arcs) to legs with vertices and streets."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.travel.geometry import RouteLeg, StreetRun
from routing.travel.matrix import UNREACHABLE
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.search import RoadSearch, Way
from routing.travel.roads.weights import unpack_one

__all__ = ["leg_of_way", "unreachable_leg"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]


def leg_of_way(search: RoadSearch, way: Way) -> RouteLeg:
    """Leg with the geometry of a way, cut at its ends, and the streets it follows."""
    net = search.network
    segments = net.segment[way.arcs]
    backward = net.backward[way.arcs]
    points, first = _gather(segments, backward, net.shape_offsets, net.shape_positions, way.start, way.end)
    seconds, metres = unpack_one(way.weight)
    share = np.ones(len(way.arcs))
    share[0] -= way.start
    share[-1] -= 1.0 - way.end
    return RouteLeg(
        duration=round(seconds),
        distance=round(metres),
        coordinates=points,
        streets=_streets(net, way.arcs, search.seconds[way.arcs] * share, net.metres[way.arcs] * share, first, seconds),
    )


def unreachable_leg(start: _Floats, end: _Floats) -> RouteLeg:
    """Straight line between two positions that no road joins."""
    return RouteLeg(duration=UNREACHABLE, distance=UNREACHABLE, coordinates=np.stack([start, end]))


def _streets(
    net: RoadNetwork, arcs: _Small, seconds: _Floats, metres: _Floats, first: _Ints, total: float
) -> tuple[StreetRun, ...]:
    """Runs of arcs of one name and class; turn delays are spread over the runs in proportion to their time."""
    segments = net.segment[arcs]
    name, kind = net.name[segments], net.road_class[segments]
    change = np.flatnonzero((name[1:] != name[:-1]) | (kind[1:] != kind[:-1])) + 1
    bounds = np.concatenate([[0], change, [len(arcs)]])
    time, length = np.add.reduceat(seconds, bounds[:-1]), np.add.reduceat(metres, bounds[:-1])
    driven = float(time.sum())
    time = time * (total / driven) if driven > 0 else time
    return tuple(
        StreetRun(
            name=net.names[name[a]],
            road_class=net.classes[kind[a]],
            duration=round(t),
            distance=round(m),
            start=int(first[a]),
            end=int(first[b]),
        )
        for a, b, t, m in zip(bounds[:-1].tolist(), bounds[1:].tolist(), time.tolist(), length.tolist(), strict=True)
    )


@nb.njit(cache=True, nogil=True)
def _gather(
    segments: _Small,
    backward: npt.NDArray[np.bool_],
    offsets: _Ints,
    positions: _Floats,
    start: float,
    end: float,
) -> tuple[_Floats, _Ints]:
    """Vertices of a chain of segments without doubled joints, and the index of each segment's first vertex.

    The first segment is cut at the fraction `start` of its length, the last one at `end`.
    """
    room = 2
    for s in segments:
        room += offsets[s + 1] - offsets[s]
    points = np.empty((room, 2))
    first = np.empty(len(segments) + 1, np.int64)
    n = 0
    for k in range(len(segments)):
        a, b = offsets[segments[k]], offsets[segments[k] + 1]
        first[k] = max(0, n - 1)
        begin = start if k == 0 else 0.0
        stop = end if k == len(segments) - 1 else 1.0
        scale = np.cos(np.radians(positions[a, 0]))
        length = 0.0
        if begin > 0.0 or stop < 1.0:
            for i in range(a, b - 1):
                length += _step(positions, i, i + 1, scale)
        run = 0.0
        for i in range(b - a):
            q = b - 1 - i if backward[k] else a + i
            if i == 0:
                if n == 0 and begin <= 0.0:
                    points[0] = positions[q]
                    n = 1
                continue
            p = q + 1 if backward[k] else q - 1
            step = 0.0
            if length > 0.0:
                step = _step(positions, p, q, scale)
                if n == 0 and run + step >= begin * length:
                    points[0] = _between(positions, p, q, begin * length - run, step)
                    n = 1
                if run + step >= stop * length:
                    points[n] = _between(positions, p, q, stop * length - run, step)
                    n += 1
                    break
                run += step
            if n > 0 and (length == 0.0 or run > begin * length):
                points[n] = positions[q]
                n += 1
    while n < 2:  # a way of no length, at the very end of its arc
        last = offsets[segments[-1]] if backward[-1] else offsets[segments[-1] + 1] - 1
        points[n] = positions[last] if n == 0 else points[0]
        n += 1
    first[len(segments)] = n - 1
    return points[:n].copy(), first


@nb.njit(cache=True, nogil=True)
def _step(positions: _Floats, p: int, q: int, scale: float) -> float:
    return float(np.hypot(positions[q, 0] - positions[p, 0], (positions[q, 1] - positions[p, 1]) * scale))


@nb.njit(cache=True, nogil=True)
def _between(positions: _Floats, p: int, q: int, run: float, step: float) -> _Floats:
    share = min(1.0, max(0.0, run / step)) if step > 0.0 else 0.0
    at: _Floats = positions[p] + (positions[q] - positions[p]) * share
    return at
