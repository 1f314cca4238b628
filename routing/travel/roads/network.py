"""The road network of one profile: directed arcs between junctions, with geometry and names.

A *segment* is a stretch of a way between two junctions; an *arc* is a segment in one direction. Everything is a flat
array, so that networks load by memory map and cost no Python objects per road.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.errors import InvalidInput
from routing.geo.distance import crow_metres
from routing.travel.roads.extract import RoadExtract
from routing.travel.roads.profiles import RoadProfile
from routing.travel.roads.tags import node_delay, way_rights

__all__ = ["RoadNetwork", "build_network"]

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]
type _Small = npt.NDArray[np.int32]

_FERRY_CLASS: Final = "ferry"


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadNetwork:
    """Directed arcs of one profile.

    Parameters
    ----------
    tail, head : int32 array, shape (a,)
        Junction where an arc starts and ends.
    segment : int32 array, shape (a,)
        Segment of the arc; `backward` says whether the arc runs against it.
    twin : int32 array, shape (a,)
        The arc of the same segment in the other direction, or -1.
    seconds, metres : float64 array, shape (a,)
        Time (with delays at signals and gates on the way) and length.
    ends_only : bool array, shape (a,)
        Private roads: only for the first and last part of a trip.
    bearing_out, bearing_in : float32 array, shape (a,)
        Compass degrees in which the arc leaves its tail and enters its head.
    node_delay : float32 array, shape (j,)
        Seconds that passing a junction costs.
    node_ids : int64 array, shape (j,)
        OSM ids of the junctions.
    node_positions : float64 array, shape (j, 2)
        Their ``[lat, lon]``.
    shape_offsets, shape_positions : int64 array (s + 1,), float64 array (v, 2)
        Geometry of the segments, ``[lat, lon]``.
    way_id : int64 array, shape (s,)
        OSM way of a segment.
    name, road_class : int32 array, shape (s,)
        Index into `names` and `classes`.
    roundabout : bool array, shape (s,)
        Whether a segment is part of a roundabout.
    copy : bool array, shape (a,)
        Arcs that are there once more, for those who came over a restricted way
        (:mod:`routing.travel.roads.via_ways`).
    """

    tail: _Small
    head: _Small
    segment: _Small
    backward: npt.NDArray[np.bool_]
    twin: _Small
    seconds: _Floats
    metres: _Floats
    ends_only: npt.NDArray[np.bool_]
    bearing_out: npt.NDArray[np.float32]
    bearing_in: npt.NDArray[np.float32]
    node_delay: npt.NDArray[np.float32]
    node_ids: _Ints
    node_positions: _Floats
    shape_offsets: _Ints
    shape_positions: _Floats
    way_id: _Ints
    name: _Small
    road_class: _Small
    roundabout: npt.NDArray[np.bool_]
    copy: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def arc_count(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    def arc_shape(self, arc: int) -> _Floats:
        """Vertices ``[lat, lon]`` of an arc in driving direction."""
        s = int(self.segment[arc])
        points = self.shape_positions[self.shape_offsets[s] : self.shape_offsets[s + 1]]
        return points[::-1] if self.backward[arc] else points

    def with_copies(self, originals: _Small) -> RoadNetwork:
        """The network with some arcs once more, numbered after all others."""
        again = np.concatenate([np.arange(self.arc_count), originals])
        of_arcs = ("tail", "head", "segment", "backward", "seconds", "metres", "ends_only", "bearing_out", "bearing_in")
        return replace(
            self,
            twin=np.concatenate([self.twin, np.full(len(originals), -1, np.int32)]),
            copy=np.concatenate([self.copy, np.ones(len(originals), np.bool_)]),
            **{name: getattr(self, name)[again] for name in of_arcs},
        )

    def keep(self, arcs: npt.NDArray[np.bool_]) -> RoadNetwork:
        """The network with some arcs only; segments and junctions without arcs go too."""
        number = np.where(arcs, np.cumsum(arcs) - 1, -1)
        old_twin = self.twin[arcs]
        twin = np.where(old_twin >= 0, number[np.maximum(old_twin, 0)], -1)
        segments, segment = np.unique(self.segment[arcs], return_inverse=True)
        ends = np.concatenate([self.tail[arcs], self.head[arcs]])
        junctions, junction = np.unique(ends, return_inverse=True)
        sizes = np.diff(self.shape_offsets)[segments]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        pick = np.repeat(self.shape_offsets[segments] - offsets[:-1], sizes) + np.arange(offsets[-1])
        return RoadNetwork(
            tail=junction[: len(segment)].astype(np.int32),
            head=junction[len(segment) :].astype(np.int32),
            segment=segment.astype(np.int32),
            backward=self.backward[arcs],
            twin=twin.astype(np.int32),
            seconds=self.seconds[arcs],
            metres=self.metres[arcs],
            ends_only=self.ends_only[arcs],
            bearing_out=self.bearing_out[arcs],
            bearing_in=self.bearing_in[arcs],
            node_delay=self.node_delay[junctions],
            node_ids=self.node_ids[junctions],
            node_positions=self.node_positions[junctions],
            shape_offsets=offsets,
            shape_positions=self.shape_positions[pick],
            way_id=self.way_id[segments],
            name=self.name[segments],
            road_class=self.road_class[segments],
            roundabout=self.roundabout[segments],
            copy=self.copy[arcs],
            names=self.names,
            classes=self.classes,
        )


def build_network(extract: RoadExtract, profile: RoadProfile) -> RoadNetwork:
    """Cut the ways a profile may use at their junctions and give every direction its time and length.

    Raises
    ------
    InvalidInput
        If the extract has no road that the profile may use.
    """
    forward, backward, ends_only, road_class, classes, roundabout = _ways(extract, profile)
    ways = np.flatnonzero((forward > 0) | (backward > 0))
    if not ways.size:
        raise InvalidInput(f"The extract has no road that a {profile.mode.value} may use. Choose another travel mode.")
    sizes = np.diff(extract.offsets)[ways]
    keep = np.zeros(len(extract.way_ids), np.bool_)
    keep[ways] = True
    entry = np.repeat(keep, np.diff(extract.offsets))
    node_ids, nodes = np.unique(extract.refs[entry], return_inverse=True)
    positions = extract.positions[entry]
    starts = np.concatenate([[0], np.cumsum(sizes)])

    delay = np.zeros(len(node_ids))
    for node, tags in extract.node_tags.items():
        index = int(np.searchsorted(node_ids, node))
        if index < len(node_ids) and node_ids[index] == node:
            delay[index] = node_delay(tags, profile)

    # cut at way ends, at nodes met more than once, and at barriers
    uses = np.bincount(nodes, minlength=len(node_ids))
    cut = (uses[nodes] > 1) | ~np.isfinite(delay[nodes])
    cut[starts[:-1]] = True
    cut[starts[1:] - 1] = True
    blocked = ~np.isfinite(delay)

    at = np.flatnonzero(cut)
    way_of_entry = np.repeat(np.arange(len(ways)), sizes)
    first, last = at[:-1], at[1:]
    inside = way_of_entry[first] == way_of_entry[last]
    first, last = first[inside], last[inside]
    if not first.size:
        raise InvalidInput(f"The extract has no usable road for a {profile.mode.value}.")

    # lengths by running sums over all entries; delays of nodes inside a segment are passed on the way
    step = np.zeros(len(positions))
    step[1:] = crow_metres(positions[:-1, 0], positions[:-1, 1], positions[1:, 0], positions[1:, 1])
    run = np.cumsum(step)
    metres = np.maximum(run[last] - run[first], 0.1)
    waits = np.concatenate([[0.0], np.cumsum(np.where(cut | blocked[nodes], 0.0, delay[nodes]))])
    wait = waits[last] - waits[first + 1]

    # a barrier separates everything that meets there: each end gets a junction of its own
    start_node, end_node = nodes[first].astype(np.int64), nodes[last].astype(np.int64)
    count = len(node_ids)
    for ends in (start_node, end_node):
        stopped = np.flatnonzero(blocked[ends])
        ends[stopped] = count + np.arange(len(stopped))
        count += len(stopped)
    all_ids = np.concatenate([node_ids, np.full(count - len(node_ids), -1)])
    all_delay = np.concatenate([np.where(blocked, 0.0, delay), np.zeros(count - len(node_ids))])
    all_positions = np.zeros((count, 2))
    all_positions[start_node], all_positions[end_node] = positions[first], positions[last]

    used, dense = np.unique(np.concatenate([start_node, end_node]), return_inverse=True)
    start_node, end_node = dense[: len(first)], dense[len(first) :]

    # geometry of the segments, copied so that it stands alone
    shape_sizes = last - first + 1
    shape_offsets = np.concatenate([[0], np.cumsum(shape_sizes)])
    pick = np.repeat(first - shape_offsets[:-1], shape_sizes) + np.arange(shape_offsets[-1])
    shape = positions[pick]

    way = ways[way_of_entry[first]]
    ids = np.arange(len(first))
    go, back = forward[way] > 0, backward[way] > 0
    segment = np.concatenate([ids[go], ids[back]])
    is_back = np.concatenate([np.zeros(go.sum(), np.bool_), np.ones(back.sum(), np.bool_)])
    arc_of = np.full((2, len(first)), -1)
    arc_of[0, go] = np.arange(go.sum())
    arc_of[1, back] = go.sum() + np.arange(back.sum())
    speed = np.where(is_back, backward[way[segment]], forward[way[segment]])
    leave, enter = _bearings(shape, shape_offsets)
    return RoadNetwork(
        tail=np.where(is_back, end_node[segment], start_node[segment]).astype(np.int32),
        head=np.where(is_back, start_node[segment], end_node[segment]).astype(np.int32),
        segment=segment.astype(np.int32),
        backward=is_back,
        twin=np.where(is_back, arc_of[0, segment], arc_of[1, segment]).astype(np.int32),
        seconds=metres[segment] / speed * 3.6 + wait[segment],
        metres=metres[segment],
        ends_only=ends_only[way[segment]],
        bearing_out=np.where(is_back, (enter[segment] + 180) % 360, leave[segment]).astype(np.float32),
        bearing_in=np.where(is_back, (leave[segment] + 180) % 360, enter[segment]).astype(np.float32),
        node_delay=all_delay[used].astype(np.float32),
        node_ids=all_ids[used],
        node_positions=all_positions[used],
        shape_offsets=shape_offsets,
        shape_positions=shape,
        way_id=extract.way_ids[way],
        name=extract.name_index[way].astype(np.int32),
        road_class=road_class[way],
        roundabout=roundabout[way],
        copy=np.zeros(len(segment), np.bool_),
        names=extract.names,
        classes=classes,
    )


def _ways(
    extract: RoadExtract, profile: RoadProfile
) -> tuple[_Floats, _Floats, npt.NDArray[np.bool_], _Small, tuple[str, ...], npt.NDArray[np.bool_]]:
    """Speeds and rights per way, worked out once per distinct tag combination."""
    n = len(extract.tag_sets)
    forward, backward = np.zeros(n), np.zeros(n)
    ends_only, roundabout = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    classes: dict[str, int] = {}
    class_of = np.zeros(n, np.int32)
    for i, tags in enumerate(extract.tag_sets):
        class_of[i] = classes.setdefault(tags.get("highway", _FERRY_CLASS), len(classes))
        rights = way_rights(tags, profile)
        if rights is not None:
            forward[i], backward[i], ends_only[i] = rights.forward_kmh, rights.backward_kmh, rights.ends_only
            roundabout[i] = tags.get("junction") in ("roundabout", "circular")
    at = extract.tag_index
    return forward[at], backward[at], ends_only[at], class_of[at], tuple(classes), roundabout[at]


def _bearings(shape: _Floats, offsets: _Ints) -> tuple[_Floats, _Floats]:
    """Compass degrees at the start and the end of every segment."""

    def between(a: _Floats, b: _Floats) -> _Floats:
        east = (b[:, 1] - a[:, 1]) * np.cos(np.radians((a[:, 0] + b[:, 0]) / 2))
        bearing: _Floats = np.degrees(np.arctan2(east, b[:, 0] - a[:, 0])) % 360
        return bearing

    first, last = offsets[:-1], offsets[1:] - 1
    return between(shape[first], shape[first + 1]), between(shape[last - 1], shape[last])
