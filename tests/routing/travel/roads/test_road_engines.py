"""The hierarchy and Dijkstra agree to the last bit, in random towns and under random closures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from routing.domain import TravelMode
from routing.travel.roads.conditions import RoadConditions, SpeedFactor
from routing.travel.roads.hierarchy import order_available
from routing.travel.roads.provider import RoadProvider, build_roads
from routing.travel.roads.weights import ENTRY, MAX_WEIGHT, pack, unpack, unpack_one
from tests.routing.travel.roads.worlds import WayOf, random_town

CAR = TravelMode.CAR

pytestmark = pytest.mark.skipif(not order_available(), reason="routingkit-cch is not installed")


def chance_restrictions(
    ways: Mapping[int, WayOf], rng: np.random.Generator
) -> list[tuple[list[tuple[str, int, str]], Mapping[str, str]]]:
    """Restrictions over one or two ways, of all kinds, wherever ways follow each other."""
    after = {
        i: [j for j, (next_, _) in ways.items() if j != i and set(next_) & set(refs)] for i, (refs, _) in ways.items()
    }
    found: list[tuple[list[tuple[str, int, str]], Mapping[str, str]]] = []
    for _ in range(60):
        chain = [int(rng.choice(list(ways)))]
        for _ in range(int(rng.integers(2, 4))):
            chain.append(int(rng.choice(after[chain[-1]])) if after[chain[-1]] else chain[-1])
        first, *via, last = chain
        members = [("way", first, "from"), *(("way", way, "via") for way in via), ("way", last, "to")]
        kind = "only_straight_on" if rng.random() < 0.3 else "no_left_turn"
        found.append((members, {"type": "restriction", "restriction": kind}))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_matrix_route_and_reach_agree(seed: int, write_world: Callable[..., Path]) -> None:
    rng = np.random.default_rng(seed)
    nodes, ways = random_town(seed)
    extract = write_world(nodes, ways, {}, chance_restrictions(ways, rng))
    build_roads(extract, extract.parent / "roads")
    assert RoadProvider(folder=extract.parent / "roads").search(CAR)[0].network.copy.any()
    places = rng.uniform(-0.001, 0.025, (40, 2))
    rules = RoadConditions(
        closed_ways=frozenset(rng.integers(1, 120, 8).tolist()),
        factors=(SpeedFactor(factor=1.7, classes=frozenset({"tertiary"})),),
        moment=(0, 0),
    )
    for conditions in (RoadConditions(), rules):
        fast = RoadProvider(folder=extract.parent / "roads", conditions=conditions)
        slow = RoadProvider(folder=extract.parent / "roads", conditions=conditions, dijkstra=True)
        a, b = fast.matrix(places, profile=CAR), slow.matrix(places, profile=CAR)
        assert (a.durations == b.durations).all()
        assert (a.distances == b.distances).all()
        one, other = fast.route(places, profile=CAR), slow.route(places, profile=CAR)
        for i, (p, q) in enumerate(zip(one.legs, other.legs, strict=True)):
            assert (p.duration, p.distance) == (q.duration, q.distance)
            assert (p.duration, p.distance) == (a.durations[i, i + 1], a.distances[i, i + 1])
        (s, _), (t, _) = fast.search(CAR), slow.search(CAR)
        seeds, weights = np.array([0, 5], np.int32), pack([3.0, 7.0], [10.0, 20.0])
        assert (s.engine.one_to_all(seeds, weights) == t.engine.one_to_all(seeds, weights)).all()


def test_packed_weights_add_exactly_and_compare_by_entries_then_time_then_metres() -> None:
    parts = pack([1.5, 20.0, 0.1], [100.0, 7.3, 12.0])
    seconds, metres = unpack(parts.sum())
    assert (float(seconds), float(metres)) == pytest.approx((21.6, 119.3))
    assert pack(1.0, 9e6) < pack(1.1, 0.0) < pack(4e5, 0.0) < ENTRY
    assert float(unpack(ENTRY + pack(5.0, 6.0))[0]) == 5.0
    assert unpack_one(float(ENTRY + pack(5.0, 6.0))) == (5.0, 6.0)
    assert np.isnan(unpack(np.array([np.inf, MAX_WEIGHT]))[0]).all()
