"""The turn graph: arcs of the network become vertices, possible turns become edges.

Only so can turn restrictions and turn costs be exact. An edge ``a -> b`` stands for turning from arc ``a`` into ``b``
and driving ``b`` to its end; its weight is set when conditions are known (see :mod:`routing.travel.roads.conditions`).

The cost of an angle is a sigmoid, dearer across oncoming traffic, as fitted to real driving by the OSRM project
(D. Luxen, C. Vetter, "Real-time routing with OpenStreetMap data", 2011, and its car profile).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from routing.domain import TravelMode
from routing.travel.roads.extract import TurnRestriction
from routing.travel.roads.network import RoadNetwork
from routing.travel.roads.profiles import RoadProfile, TurnCosts
from routing.travel.roads.via_ways import chains_of, split_turns

__all__ = ["TurnGraph", "build_turns", "forbidden_turns"]

type _Small = npt.NDArray[np.int32]

_BOUND_BY: dict[TravelMode, frozenset[str]] = {
    TravelMode.CAR: frozenset(("motorcar", "motor_vehicle", "vehicle")),
    TravelMode.MOTOR_SCOOTER: frozenset(("moped", "motorcycle", "motor_vehicle", "vehicle")),
    TravelMode.BICYCLE: frozenset(("bicycle", "vehicle")),
    TravelMode.FOOT: frozenset(("foot",)),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class TurnGraph:
    """Possible turns between arcs.

    Parameters
    ----------
    source, target : int32 array, shape (e,)
        Arc before and after the turn.
    seconds : float32 array, shape (e,)
        What the turn itself costs.
    main : bool array, shape (a,)
        Arcs of the largest strongly connected component: from each of them every other can be reached.
    """

    source: _Small
    target: _Small
    seconds: npt.NDArray[np.float32]
    main: npt.NDArray[np.bool_]

    def keep_main(self) -> TurnGraph:
        """The turns between arcs of the main component, with arcs numbered anew as `RoadNetwork.keep` does."""
        number = (np.cumsum(self.main) - 1).astype(np.int32)
        inside = self.main[self.source] & self.main[self.target]
        return TurnGraph(
            source=number[self.source[inside]],
            target=number[self.target[inside]],
            seconds=self.seconds[inside],
            main=np.ones(int(self.main.sum()), np.bool_),
        )


def build_turns(
    network: RoadNetwork,
    profile: RoadProfile,
    restrictions: Iterable[TurnRestriction] = (),
    *,
    drive_on_left: bool = False,
) -> tuple[RoadNetwork, TurnGraph]:
    """Enumerate the turns of a network, with their costs; restrictions over ways add copies of arcs to it.

    Parameters
    ----------
    network : RoadNetwork
    profile : RoadProfile
        Whose turn costs apply.
    restrictions : iterable of TurnRestriction
        Those that do not bind the profile are ignored.
    drive_on_left : bool
        Side of the road; decides which turns cross oncoming traffic.
    """
    junctions = len(network.node_ids)
    binding = [rule for rule in restrictions if profile.obeys_restrictions and _binds(rule, profile)]
    out_order = np.argsort(network.tail, kind="stable").astype(np.int32)
    out_first = np.searchsorted(network.tail[out_order], np.arange(junctions + 1)).astype(np.int64)
    roads = _roads_at(network, junctions)
    banned = forbidden_turns(network, binding)
    source, target, angle = _enumerate(
        network.head, network.twin, network.bearing_in, network.bearing_out, out_first, out_order, banned
    )
    seconds = _turn_seconds(angle, profile.turns, drive_on_left=drive_on_left)
    crowded = roads[network.head[source]] > 2
    in_circle = network.roundabout[network.segment]
    u_turn = network.twin[source] == target
    seconds = np.where(crowded | u_turn, seconds, 0.0)
    oncoming = (angle > 0) if drive_on_left else (angle < 0)
    oncoming &= crowded & ~u_turn & ~in_circle[source] & ~in_circle[target]
    sharpness = 1.0 / (1.0 + np.exp(-(13.0 * np.abs(angle) / 180.0 - 3.25)))
    seconds += np.where(oncoming, profile.turns.oncoming * sharpness, 0.0)
    dead_end = roads[network.head[source]] == 1
    seconds += np.where(u_turn, profile.turns.u_turn + np.where(dead_end, 0.0, profile.turns.u_turn_elsewhere), 0.0)
    seconds += network.node_delay[network.head[source]]
    chains = chains_of(network, binding)
    costs = seconds.astype(np.float32)
    if chains:
        source, target, costs, originals = split_turns(source, target, costs, chains, network.arc_count)
        network = network.with_copies(originals)
    arcs = network.arc_count
    _, label = connected_components(
        csr_matrix((np.ones(len(source), np.int8), (source, target)), shape=(arcs, arcs)), connection="strong"
    )
    return network, TurnGraph(
        source=source,
        target=target,
        seconds=costs,
        main=label == np.bincount(label).argmax(),
    )


def forbidden_turns(network: RoadNetwork, restrictions: Iterable[TurnRestriction]) -> npt.NDArray[np.int64]:
    """Sorted keys ``source * arcs + target`` of the turns that restrictions over nodes forbid."""
    arcs = network.arc_count
    way = network.way_id[network.segment]
    head_id, tail_id = network.node_ids[network.head], network.node_ids[network.tail]
    into, out_of = np.argsort(head_id, kind="stable"), np.argsort(tail_id, kind="stable")
    head_sorted, tail_sorted = head_id[into], tail_id[out_of]
    keys: list[int] = []
    for rule in restrictions:
        if rule.via_node is None:
            continue
        low, high = np.searchsorted(head_sorted, [rule.via_node, rule.via_node + 1])
        ins = into[low:high]
        ins = ins[way[ins] == rule.from_way]
        low, high = np.searchsorted(tail_sorted, [rule.via_node, rule.via_node + 1])
        outs = out_of[low:high]
        match = way[outs] == rule.to_way
        if not match.any():
            continue
        for a in ins.tolist():
            hit = match.copy()
            if rule.from_way == rule.to_way:
                # a way that passes through its own via node: only the U-turn is meant, or all but the U-turn
                hit &= (outs == network.twin[a]) == rule.u_turn
            ends = outs[~hit] if rule.only else outs[hit]
            keys.extend((a * arcs + ends.astype(np.int64)).tolist())
    return np.unique(np.array(keys, np.int64))


def _binds(rule: TurnRestriction, profile: RoadProfile) -> bool:
    vehicle, own = rule.kind.partition(":")[2], _BOUND_BY[profile.mode]
    return not (vehicle and vehicle not in own) and not rule.except_for & own


def _roads_at(network: RoadNetwork, junctions: int) -> _Small:
    """Number of segment ends at every junction."""
    once = ~network.backward | (network.twin < 0)
    count = np.bincount(network.tail[once], minlength=junctions) + np.bincount(network.head[once], minlength=junctions)
    return count.astype(np.int32)


def _turn_seconds(angle: npt.NDArray[np.float32], costs: TurnCosts, *, drive_on_left: bool) -> npt.NDArray[np.float64]:
    right = angle.astype(np.float64) * (-1.0 if drive_on_left else 1.0)
    near = costs.turn / (1.0 + np.exp(-(13.0 / costs.bias * right / 180.0 - 6.5 * costs.bias)))
    far = costs.turn / (1.0 + np.exp(-(13.0 * costs.bias * -right / 180.0 - 6.5 / costs.bias)))
    seconds: npt.NDArray[np.float64] = np.where(right >= 0, near, far)
    return seconds


@nb.njit(cache=True, nogil=True)
def _enumerate(
    head: _Small,
    twin: _Small,
    bearing_in: npt.NDArray[np.float32],
    bearing_out: npt.NDArray[np.float32],
    out_first: npt.NDArray[np.int64],
    out_arcs: _Small,
    banned: npt.NDArray[np.int64],
) -> tuple[_Small, _Small, npt.NDArray[np.float32]]:
    arcs = len(head)
    room = 0
    for a in range(arcs):
        room += out_first[head[a] + 1] - out_first[head[a]]
    source, target = np.empty(room, np.int32), np.empty(room, np.int32)
    angle = np.empty(room, np.float32)
    n = 0
    for a in range(arcs):
        v = head[a]
        begin = n
        for k in range(out_first[v], out_first[v + 1]):
            b = out_arcs[k]
            if len(banned):
                key = np.int64(a) * arcs + b
                at = np.searchsorted(banned, key)
                if at < len(banned) and banned[at] == key:
                    continue
            turn = (bearing_out[b] - bearing_in[a] + 540.0) % 360.0 - 180.0
            source[n], target[n], angle[n] = a, b, 180.0 if b == twin[a] else turn
            n += 1
        if n == begin and twin[a] >= 0:  # nowhere else to go: turn round
            source[n], target[n], angle[n] = a, twin[a], 180.0
            n += 1
    return source[:n].copy(), target[:n].copy(), angle[:n].copy()
