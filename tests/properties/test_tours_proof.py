"""Proofs and OR-Tools routes of small random days against trying every order."""

from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.tours import DayProblem, ProofLimits, held_karp, prove_day, route_day, schedule
from tests.properties.tiny_days import tiny_days
from tests.routing.tours.exhaustive import cheapest


@settings(max_examples=150, deadline=None)
@given(day=tiny_days(max_stops=5), memory=st.sampled_from([(0,), (1, 3)]), held_karp_first=st.booleans())
def test_proof_equals_the_exhaustive_optimum(day: DayProblem, memory: tuple[int, ...], held_karp_first: bool) -> None:
    orders = permutations(range(1, day.stops + 1))
    order = max((o for o in orders if schedule(day, o) is not None), key=day.cost, default=None)
    assume(order is not None)
    assert order is not None
    with pytest.MonkeyPatch.context() as patch:
        if not held_karp_first:
            patch.setattr(held_karp, "MAX_STOPS", 0)
        proof = prove_day(day, order, limits=ProofLimits(memory=memory))
    assert proof.optimal
    assert proof.cost == proof.lower_bound == cheapest(day) == day.cost(proof.order)
    assert schedule(day, proof.order) is not None
    assert proof.gap == 0


@settings(max_examples=100, deadline=None)
@given(day=tiny_days(max_stops=5), labels=st.integers(2, 20), rounds=st.integers(1, 3))
def test_a_proof_cut_short_still_bounds_the_optimum(day: DayProblem, labels: int, rounds: int) -> None:
    orders = permutations(range(1, day.stops + 1))
    order = max((o for o in orders if schedule(day, o) is not None), key=day.cost, default=None)
    assume(order is not None)
    assert order is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_karp, "MAX_STOPS", 0)
        proof = prove_day(day, order, limits=ProofLimits(labels=labels, rounds=rounds, memory=(0,)))
    best = cheapest(day)
    assert best is not None
    assert proof.lower_bound <= best <= proof.cost == day.cost(proof.order)
    assert proof.optimal == (proof.lower_bound == proof.cost)


@settings(max_examples=60, deadline=None)
@given(day=tiny_days(max_stops=4))
def test_a_route_is_found_exactly_when_one_exists(day: DayProblem) -> None:
    hint = list(range(1, day.stops + 1))
    found = route_day(day, hint=hint)
    best = cheapest(day)
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert best <= found.cost == day.cost(found.order)
        assert schedule(day, found.order) is not None
        if schedule(day, hint) is not None:
            assert found.cost <= day.cost(hint)


@settings(max_examples=150, deadline=None)
@given(day=tiny_days(max_stops=4, by_the_hour=True), memory=st.sampled_from([(0,), (1, 3)]))
def test_by_the_hour_a_proof_bounds_the_best_order_as_it_is_timed(day: DayProblem, memory: tuple[int, ...]) -> None:
    timed = {order: schedule(day, order) for order in permutations(range(1, day.stops + 1))}
    costs = {order: day.cost(order, timing) for order, timing in timed.items() if timing is not None}
    assume(costs)
    worst = max(costs, key=lambda order: (costs[order], order))
    proof = prove_day(day, worst, limits=ProofLimits(memory=memory))
    assert proof.lower_bound <= min(costs.values()) <= proof.cost == costs[proof.order]
    assert proof.optimal == (proof.lower_bound == proof.cost)
    found = route_day(day, hint=worst)
    assert found is not None
    assert costs[found.order] == found.cost <= costs[worst]


@settings(max_examples=100, deadline=None)
@given(day=tiny_days(max_stops=3, by_the_hour=True))
def test_by_the_hour_a_route_is_found_exactly_when_one_exists(day: DayProblem) -> None:
    hint = list(range(1, day.stops + 1))
    some = any(schedule(day, order) is not None for order in permutations(hint))
    assert (route_day(day, hint=hint) is not None) == some
