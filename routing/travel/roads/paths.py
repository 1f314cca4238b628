"""From ways (chains of arcs) to legs with vertices and streets."""

from __future__ import annotations

from itertools import pairwise

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.travel.geometry import RouteLeg, StreetRun
from routing.travel.matrix import UNREACHABLE
from routing.travel.roads.search import RoadSearch, Way
from routing.travel.roads.weights import unpack_one

__all__ = ["leg_of_way", "unreachable_leg"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]


def leg_of_way(search: RoadSearch, way: Way) -> RouteLeg:
    """Leg with the geometry of a way, cut at its ends, and the streets it follows."""
    net = search.network
    points, first = _gather(
        way.arcs, net.segment, net.backward, net.shape_offsets, net.shape_positions, way.start, way.end
    )
    seconds, metres = unpack_one(way.weight)
    starts, time, length = _runs(
        way.arcs, net.segment, net.name, net.road_class, search.seconds, net.metres, way.start, way.end, seconds
    )
    segments = net.segment[way.arcs[starts[:-1]]]
    return RouteLeg(
        duration=round(seconds),
        distance=round(metres),
        coordinates=points,
        streets=tuple(
            StreetRun(name=net.names[n], road_class=net.classes[c], duration=t, distance=m, start=i, end=j)
            for n, c, t, m, (i, j) in zip(
                net.name[segments].tolist(),
                net.road_class[segments].tolist(),
                time.tolist(),
                length.tolist(),
                pairwise(first[starts].tolist()),
                strict=True,
            )
        ),
    )


def unreachable_leg(start: _Floats, end: _Floats) -> RouteLeg:
    """Straight line between two positions that no road joins."""
    return RouteLeg(duration=UNREACHABLE, distance=UNREACHABLE, coordinates=np.stack([start, end]))


@nb.njit(cache=True, nogil=True)
def _runs(
    arcs: _Small,
    segment: _Small,
    name: _Small,
    road_class: _Small,
    seconds: _Floats,
    metres: _Floats,
    start: float,
    end: float,
    total: float,
) -> tuple[_Ints, _Ints, _Ints]:
    """Runs of arcs of one name and class: where they start in the chain (and where the last ends), seconds, metres.

    Turn delays are spread over the runs in proportion to their time.
    """
    starts = np.empty(len(arcs) + 1, np.int64)
    time, length = np.zeros(len(arcs)), np.zeros(len(arcs))
    n = 0
    for k in range(len(arcs)):
        s = segment[arcs[k]]
        before = segment[arcs[max(0, k - 1)]]
        if k == 0 or name[s] != name[before] or road_class[s] != road_class[before]:
            starts[n] = k
            n += 1
        share = 1.0
        if k == 0:
            share -= start
        if k == len(arcs) - 1:
            share -= 1.0 - end
        time[n - 1] += seconds[arcs[k]] * share
        length[n - 1] += metres[arcs[k]] * share
    starts[n] = len(arcs)
    driven = time[:n].sum()
    scale = total / driven if driven > 0.0 else 1.0
    return starts[: n + 1], np.rint(time[:n] * scale).astype(np.int64), np.rint(length[:n]).astype(np.int64)


@nb.njit(cache=True, nogil=True)
def _gather(
    arcs: _Small,
    segment: _Small,
    arc_backward: npt.NDArray[np.bool_],
    offsets: _Ints,
    positions: _Floats,
    start: float,
    end: float,
) -> tuple[_Floats, _Ints]:
    """Vertices of a chain of segments without doubled joints, and the index of each segment's first vertex.

    The first segment is cut at the fraction `start` of its length, the last one at `end`.
    """
    segments, backward = segment[arcs], arc_backward[arcs]
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
