"""From ways (chains of arcs) to legs with vertices and streets."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.travel.geometry import RouteLeg, StreetRun
from routing.travel.matrix import UNREACHABLE
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.search import RoadSearch, Way
from routing.travel.roads.weights import unpack

__all__ = ["leg_of_way", "unreachable_leg"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]


def leg_of_way(search: RoadSearch, way: Way) -> RouteLeg:
    """Leg with the geometry of a way, cut at its ends, and the streets it follows."""
    net = search.network
    segments = net.segment[way.arcs]
    points, first = _gather(segments, net.backward[way.arcs], net.shape_offsets, net.shape_positions)
    points, first = _trim(points, first, way.start, way.end)
    seconds, metres = (float(x) for x in unpack(way.weight))
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


def _trim(points: _Floats, first: _Ints, start: float, end: float) -> tuple[_Floats, _Ints]:
    """Cut the first arc at `start` and the last at `end` (fractions of their length)."""
    head, head_at = _cut(points[: first[1] + 1], start)
    last = int(first[-2])
    tail, tail_at = _cut(points[last:], end)
    if len(first) == 2:  # one arc: keep what lies between the cuts
        inner = points[head_at + 1 : tail_at + 1]
        return np.concatenate([head[None], inner, tail[None]]), np.array([0, len(inner) + 1])
    body = points[head_at + 1 : last + tail_at + 1]
    trimmed = np.concatenate([head[None], body, tail[None]])
    moved = np.maximum(first - head_at, 0)
    moved[0], moved[-1] = 0, len(trimmed) - 1
    return trimmed, moved


def _cut(points: _Floats, fraction: float) -> tuple[_Floats, int]:
    """Point at a fraction of the length, and the vertex at or before it."""
    scale = np.cos(np.radians(points[0, 0]))
    steps = np.hypot(np.diff(points[:, 0]), np.diff(points[:, 1]) * scale)
    run = np.concatenate([[0.0], np.cumsum(steps)])
    goal = fraction * run[-1]
    i = min(int(np.searchsorted(run, goal, side="right")) - 1, len(points) - 2)
    part = (goal - run[i]) / steps[i] if steps[i] > 0 else 0.0
    at: _Floats = points[i] + (points[i + 1] - points[i]) * part
    return at, i


@nb.njit(cache=True, nogil=True)
def _gather(
    segments: _Small, backward: npt.NDArray[np.bool_], offsets: _Ints, positions: _Floats
) -> tuple[_Floats, _Ints]:
    """Vertices of a chain of segments without doubled joints, and the index of each segment's first vertex."""
    total = 1
    for s in segments:
        total += offsets[s + 1] - offsets[s] - 1
    points = np.empty((total, 2))
    first = np.empty(len(segments) + 1, np.int64)
    n = 0
    for k in range(len(segments)):
        a, b = offsets[segments[k]], offsets[segments[k] + 1]
        first[k] = n
        for i in range(b - a - 1):
            j = b - 1 - i if backward[k] else a + i
            points[n, 0], points[n, 1] = positions[j, 0], positions[j, 1]
            n += 1
    s = segments[-1]
    j = offsets[s] if backward[-1] else offsets[s + 1] - 1
    points[n, 0], points[n, 1] = positions[j, 0], positions[j, 1]
    first[len(segments)] = n
    return points, first
