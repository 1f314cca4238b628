"""Turn restrictions over ways: what may follow depends on how a road was entered, so the road is there twice.

A restriction "from A over V not into C" gets a copy of the arcs of V that can be entered from A only and has no turn
into C; entered from elsewhere, V stays as it is. After R. Geisberger, C. Vetter, "Efficient routing in road networks
with turn costs" (2011), who double nodes where the turn graph here doubles arcs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.travel.roads.extract import TurnRestriction
from routing.travel.roads.network import RoadNetwork

__all__ = ["Chain", "chains_of", "split_turns"]

type _Small = npt.NDArray[np.int32]

_LONGEST = 64  # arcs of a restriction; beyond that the relation is broken


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A restricted way: arcs from the last one before the road to the last one on it, and the arcs it concerns.

    With `only` the arcs in `ends` are the only ones allowed next, else those forbidden.
    """

    arcs: tuple[int, ...]
    ends: frozenset[int]
    only: bool


def chains_of(network: RoadNetwork, restrictions: Iterable[TurnRestriction]) -> list[Chain]:
    """Arcs that restrictions over ways mean; those that do not fit the network are left out."""
    rules = [rule for rule in restrictions if rule.via_ways]
    if not rules:
        return []
    way = network.way_id[network.segment]
    named = np.array([w for rule in rules for w in (rule.from_way, rule.to_way, *rule.via_ways)], np.int64)
    arcs = np.flatnonzero(np.isin(way, named))
    leaving: dict[int, list[int]] = {}
    for arc in arcs.tolist():
        leaving.setdefault(int(network.tail[arc]), []).append(arc)
    starts: dict[int, list[int]] = {}
    for arc in arcs.tolist():
        starts.setdefault(int(way[arc]), []).append(arc)
    return [
        chain
        for rule in rules
        for first in starts.get(rule.from_way, ())
        for chain in _followed(network, way, leaving, rule, first)
    ]


def _followed(
    network: RoadNetwork,
    way: npt.NDArray[np.int64],
    leaving: dict[int, list[int]],
    rule: TurnRestriction,
    first: int,
) -> Iterator[Chain]:
    """Follow the ways of a rule from its first arc, one after the other, without turning round on the way."""
    open_: list[tuple[tuple[int, ...], int]] = [((first,), -1)]
    while open_:
        arcs, at = open_.pop()
        if len(arcs) > _LONGEST:
            continue
        following = leaving.get(int(network.head[arcs[-1]]), [])
        if at == len(rule.via_ways) - 1:
            ends = frozenset(arc for arc in following if way[arc] == rule.to_way)
            if ends:
                yield Chain(arcs=arcs, ends=ends, only=rule.only)
        for arc in following:
            if arc in arcs or arc == network.twin[arcs[-1]]:
                continue
            steps = (k for k in (at, at + 1) if 0 <= k < len(rule.via_ways) and way[arc] == rule.via_ways[k])
            open_.extend(((*arcs, arc), k) for k in steps)


def split_turns(
    source: _Small, target: _Small, seconds: npt.NDArray[np.float32], chains: Iterable[Chain], arcs: int
) -> tuple[_Small, _Small, npt.NDArray[np.float32], _Small]:
    """Send restricted ways through arcs of their own.

    Parameters
    ----------
    source, target : int32 array, shape (e,)
        Turns, by source.
    seconds : float32 array, shape (e,)
        Their costs.
    chains : iterable of Chain
    arcs : int
        Number of arcs so far; copies are numbered from here.

    Returns
    -------
    (source, target, seconds, originals)
        All turns, by source; and the arc that each copy stands for, shape (copies,).
    """
    chains = list(chains)
    number: dict[tuple[int, ...], int] = {}
    for chain in chains:
        for length in range(2, len(chain.arcs) + 1):
            number.setdefault(chain.arcs[:length], arcs + len(number))
    forbidden: dict[tuple[int, ...], set[int]] = {}
    allowed: dict[tuple[int, ...], set[int]] = {}
    for chain in chains:
        kept = allowed if chain.only else forbidden
        kept.setdefault(chain.arcs, set()).update(chain.ends)
    begin = {pair: copy for pair, copy in number.items() if len(pair) == 2}
    target = target.copy()
    for (before, after), copy in begin.items():
        low, high = np.searchsorted(source, [before, before + 1])
        target[low:high][target[low:high] == after] = copy
    more: list[tuple[int, int, float]] = []
    for entered, copy in number.items():
        last = entered[-1]
        low, high = np.searchsorted(source, [last, last + 1])
        for turn, cost in zip(target[low:high].tolist(), seconds[low:high].tolist(), strict=True):
            if turn in forbidden.get(entered, ()) or turn not in allowed.get(entered, {turn}):
                continue
            more.append((copy, number.get((*entered, turn), turn), cost))
    extra = np.array(more, [("source", np.int32), ("target", np.int32), ("seconds", np.float32)])
    return (
        np.concatenate([source, extra["source"]]),
        np.concatenate([target, extra["target"]]),
        np.concatenate([seconds, extra["seconds"]]),
        np.array([entered[-1] for entered in number], np.int32),
    )
