"""Searches between snapped places: whole matrices, and single ways as chains of arcs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from routing.travel.roads.engines import SearchEngine
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.snapping import Snapped
from routing.travel.roads.tables import Seeds
from routing.travel.roads.turns import TurnGraph
from routing.travel.roads.weights import MAX_WEIGHT, pack

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RoadSearch", "Way"]

type _Floats = npt.NDArray[np.float64]
type _Small = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """A way from a place to another: its arcs, where on the first and last one it starts and ends, its weight.

    Fractions count in driving direction.
    """

    arcs: _Small
    start: float
    end: float
    weight: float


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadSearch:
    """Network, turns and engine under given conditions.

    Parameters
    ----------
    network, turns
        The graph.
    engine : SearchEngine
        Runs on the graph with `weights`.
    seconds : float64 array, shape (a,)
        Driving time of every arc.
    weights : float64 array, shape (e,)
        Packed weight of every turn.
    """

    network: RoadNetwork
    turns: TurnGraph
    engine: SearchEngine
    seconds: _Floats
    weights: _Floats

    def matrix(self, origins: Snapped, destinations: Snapped) -> _Floats:
        """Packed weights between places, infinite where there is no way; shape (n, m)."""
        out = np.full((len(origins), len(destinations)), np.inf)
        rows, columns = np.flatnonzero(origins.found), np.flatnonzero(destinations.found)
        if not (rows.size and columns.size):
            return out
        starts, goals = origins.take(rows), destinations.take(columns)
        leave, arrive = self._seeds(starts, goals)
        table = self.engine.many_to_many(leave, arrive)
        column, ends = self._other_ends(arrive)
        if len(column):
            np.minimum.at(table.T, column, self.engine.many_to_many(leave, ends).T)
        i, j = _same_street(starts.segment, goals.segment)
        if len(i):
            table[i, j] = self._same_street_weights(starts.take(i), goals.take(j))
        if len(rows) == len(out) and len(columns) == out.shape[1]:
            return table
        out[np.ix_(rows, columns)] = table
        return out

    def ways(self, stops: Snapped) -> Iterator[Way | None]:
        """The best way between each stop and the next; None where there is none."""
        leave, arrive = self._seeds(stops, stops)
        for i in range(len(stops) - 1):
            if stops.segment[i] < 0 or stops.segment[i + 1] < 0:
                way = None
            elif stops.segment[i] == stops.segment[i + 1]:
                way = self._same_street_way(stops.take(np.array([i])), stops.take(np.array([i + 1])))
            else:
                way = self._way(stops, i, _one(leave, i), _one(arrive, i + 1))
            yield way if way is not None and way.weight < MAX_WEIGHT else None

    def _seeds(self, starts: Snapped, goals: Snapped) -> tuple[Seeds, Seeds]:
        leave, stay = starts.seeds(self.network, self.seconds), goals.seeds(self.network, self.seconds)
        return leave, Seeds(vertices=stay.vertices, weights=np.where(np.isfinite(stay.weights), -stay.weights, np.inf))

    @cached_property
    def _doubles(self) -> dict[int, list[int]]:
        """Arcs that are there more than once -> the others of the same segment and direction."""
        net = self.network
        place = 2 * net.segment.astype(np.int64) + net.backward
        several = np.flatnonzero(np.isin(place, place[net.copy]))
        same: dict[int, list[int]] = {}
        for arc in several.tolist():
            same.setdefault(int(place[arc]), []).append(arc)
        return {arc: [other for other in arcs if other != arc] for arcs in same.values() for arc in arcs}

    def _other_ends(self, arrive: Seeds) -> tuple[npt.NDArray[np.intp], Seeds]:
        """Copies of the arcs that goals lie on: whoever comes over a restricted way arrives there too."""
        found = [
            (i, other, arrive.weights[i, k])
            for i, k in zip(*np.nonzero(np.isin(arrive.vertices, list(self._doubles))), strict=True)
            for other in self._doubles[int(arrive.vertices[i, k])]
            if np.isfinite(arrive.weights[i, k])
        ]
        which, arcs, weights = ([each[k] for each in found] for k in range(3))
        return np.array(which, np.intp), _single(arcs, weights)

    def _path(self, leave: Seeds, arrive: Seeds) -> tuple[_Small, float]:
        """The best way to a place, over whichever copy of its street."""
        best = self.engine.path(leave, arrive)
        if any(vertex in self._doubles for vertex in arrive.vertices[0].tolist()):
            _, ends = self._other_ends(arrive)
            for k in range(len(ends)):
                other = self.engine.path(leave, _one(ends, k))
                best = other if other[1] < best[1] else best
        return best

    def _way(self, stops: Snapped, i: int, leave: Seeds, arrive: Seeds) -> Way | None:
        arcs, weight = self._path(leave, arrive)
        if not len(arcs):
            return None
        return Way(
            arcs=arcs,
            start=_fraction(self.network, stops.fraction[i], int(arcs[0])),
            end=_fraction(self.network, stops.fraction[i + 1], int(arcs[-1])),
            weight=weight,
        )

    # Places on one street. The label search takes "drive to the end, minus what lies behind the goal" as the way along
    # an arc, which is wrong where the goal lies behind the start; such pairs are worked out here. Only two ways can be
    # best: along the street itself, or leaving it in the other direction and coming back from the far side (every
    # other way passes the goal, or the start again). On a one-way street with the goal behind, that is once round.

    def _same_street_weights(self, starts: Snapped, goals: Snapped) -> _Floats:
        direct, direction = self._direct(starts, goals)
        best = direct.copy()
        apart = np.flatnonzero(starts.fraction != goals.fraction)
        if apart.size:
            a, b = starts.take(apart), goals.take(apart)
            round_ = 1 - direction[apart]
            arcs = np.where(round_ == 0, a.along, a.against)
            usable = arcs >= 0
            arcs = np.where(usable, arcs, 0)
            distinct, which = np.unique(arcs[usable], return_inverse=True)
            loops = np.full(len(arcs), np.inf)
            loops[usable] = self._loops(distinct)[which]
            before = np.where(round_ == 0, 1 - a.fraction, a.fraction)
            behind = np.where(round_ == 0, 1 - b.fraction, b.fraction)
            seconds, metres = self.seconds[arcs], self.network.metres[arcs]
            total = loops + pack(seconds * before, metres * before) - pack(seconds * behind, metres * behind)
            best[apart] = np.minimum(direct[apart], total)
        return best

    def _direct(self, starts: Snapped, goals: Snapped) -> tuple[_Floats, npt.NDArray[np.intp]]:
        """Weight of driving along the street itself, and in which direction (0 along, 1 against)."""
        ahead = goals.fraction - starts.fraction
        direction = np.where(ahead >= 0, 0, 1)
        arc = np.where(ahead >= 0, starts.along, starts.against)
        # standing still needs no direction
        still = (ahead == 0) & (arc < 0)
        arc = np.where(still, starts.against, arc)
        direction = np.where(still, 1, direction)
        at = np.maximum(arc, 0)
        # differences of what is left of the arc, so that sums round alike
        left = np.where(direction == 0, 1 - starts.fraction, starts.fraction)
        left_goal = np.where(direction == 0, 1 - goals.fraction, goals.fraction)
        drive = pack(self.seconds[at] * left, self.network.metres[at] * left)
        drive -= pack(self.seconds[at] * left_goal, self.network.metres[at] * left_goal)
        return np.where(arc >= 0, drive, np.inf), direction

    def _loops(self, arcs: _Small) -> _Floats:
        """Weight from the end of each arc, round and back to its end."""
        low, high = np.searchsorted(self.turns.source, arcs), np.searchsorted(self.turns.source, arcs, side="right")
        count = high - low
        owner = np.repeat(np.arange(len(arcs)), count)
        turn = np.repeat(low, count) + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        out = np.full(len(arcs), np.inf)
        start, goal = _single(self.turns.target[turn], self.weights[turn]), _single(arcs[owner], np.zeros(len(owner)))
        np.minimum.at(out, owner, self.engine.elementwise(start, goal))
        pair, ends = self._other_ends(goal)
        if len(pair):
            start = Seeds(vertices=start.vertices[pair], weights=start.weights[pair])
            np.minimum.at(out, owner[pair], self.engine.elementwise(start, ends))
        return out

    def _turns_from(self, arc: int) -> list[tuple[int, float]]:
        low, high = np.searchsorted(self.turns.source, [arc, arc + 1])
        after, weights = self.turns.target[low:high], self.weights[low:high]
        return list(zip(after.tolist(), weights.tolist(), strict=True))

    def _same_street_way(self, start: Snapped, goal: Snapped) -> Way | None:
        direct, direction = self._direct(start, goal)
        best = float(direct[0])
        arc = int(start.along[0] if direction[0] == 0 else start.against[0])
        way = None
        if np.isfinite(best):
            way = Way(
                arcs=np.array([arc], np.int32),
                start=_fraction(self.network, start.fraction[0], arc),
                end=_fraction(self.network, goal.fraction[0], arc),
                weight=best,
            )
        leave, arrive = self._seeds(start, goal)
        for x in range(2):
            if not np.isfinite(leave.weights[0, x]):
                continue
            first = int(leave.vertices[0, x])
            for next_arc, weight in self._turns_from(first):
                entry = _single([next_arc], [weight + float(leave.weights[0, x])])
                rest, found = self._path(entry, arrive)
                if found < best:
                    best = found
                    way = Way(
                        arcs=np.concatenate([np.array([first], np.int32), rest]).astype(np.int32),
                        start=_fraction(self.network, start.fraction[0], first),
                        end=_fraction(self.network, goal.fraction[0], int(rest[-1])),
                        weight=found,
                    )
        return way


def _same_street(a: _Small, b: _Small) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Index pairs of equal values."""
    order = np.argsort(b, kind="stable")
    low = np.searchsorted(b[order], a)
    high = np.searchsorted(b[order], a, side="right")
    count = high - low
    i = np.repeat(np.arange(len(a)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[np.repeat(low, count) + within]


def _one(seeds: Seeds, i: int) -> Seeds:
    return Seeds(vertices=seeds.vertices[i : i + 1], weights=seeds.weights[i : i + 1])


def _single(vertices: npt.ArrayLike, weights: npt.ArrayLike) -> Seeds:
    one = np.asarray(vertices, np.int32)
    both = np.stack([one, one], axis=1)
    values = np.full((len(one), 2), np.inf)
    values[:, 0] = weights
    return Seeds(vertices=both, weights=values)


def _fraction(network: RoadNetwork, fraction: float, arc: int) -> float:
    return 1.0 - float(fraction) if network.backward[arc] else float(fraction)
