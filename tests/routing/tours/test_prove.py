import numpy as np
import pytest

from routing.errors import InvalidInput
from routing.tours import ProofLimits, held_karp, prove_day, route_day, schedule
from tests.routing.tours.day_cases import field_day, line_day
from tests.routing.tours.exhaustive import cheapest


def test_held_karp_on_a_line() -> None:
    cost, order = held_karp.cheapest_order(line_day(positions=[30, 10, 20], home=5).costs)
    assert cost == 50_000  # 5 → 30 → 5
    assert sorted(order) == [1, 2, 3]


def test_a_windowless_day_is_proved_by_held_karp() -> None:
    proof = prove_day(line_day(positions=[10, 20, 30]), [1, 2, 3])
    assert (proof.optimal, proof.cost, proof.lower_bound, proof.method) == (True, 60_000, 60_000, "held-karp")


def test_a_window_that_forces_a_detour_is_part_of_the_proof() -> None:
    # from 0 to 40 min: the far stop must be served first and the near one on the way back; then 15 opens only late
    day = line_day(positions=[10, 40, 20], windows={2: [(28800, 31200)], 1: [(28800, 29400)], 3: [(28800, 29800)]})
    # only order 1, 2, 3 or 1, 3, 2 can be thought of: 3 closes before 2 is back, 2 closes at 40 min after the start
    assert schedule(day, [1, 2, 3]) is None
    assert cheapest(day) is None
    with pytest.raises(InvalidInput, match="does not keep"):
        prove_day(day, [1, 2, 3])
    windows = {1: [(36000, 36600)], 3: [(28800, 33000)], 2: [(37500, 40000)]}
    open_late = line_day(positions=[10, 20, 30], windows=windows)
    proof = prove_day(open_late, [3, 1, 2])
    # 30 out, back to 10, out to 20, home: 30 + 20 + 10 + 20
    assert (proof.optimal, proof.cost, proof.method) == (True, 80_000, "labels")


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_field_days_of_seven_stops_equal_the_exhaustive_optimum(seed: int) -> None:
    day, hidden = field_day(7, seed, windowed=0.6)
    if schedule(day, hidden) is None:
        hidden = list(route_day(day, hint=hidden).order)  # type: ignore[union-attr]
    proof = prove_day(day, hidden)
    assert proof.optimal
    assert proof.cost == cheapest(day)


def test_fifteen_and_twenty_stops_are_proved() -> None:
    for stops, seed in ((15, 15002), (20, 20003)):
        day, hidden = field_day(stops, seed)
        found = route_day(day, hint=hidden)
        assert found is not None
        proof = prove_day(day, found.order)
        assert proof.optimal
        assert proof.cost <= found.cost
        assert schedule(day, proof.order) is not None


def test_the_proof_is_repeatable_and_honest_when_cut_short() -> None:
    day, hidden = field_day(20, 20001)
    limits = ProofLimits(labels=2000, rounds=3, memory=(2,))
    proof = prove_day(day, hidden, limits=limits)
    assert not proof.optimal
    assert 0 < proof.lower_bound < proof.cost
    assert proof.gap == pytest.approx((proof.cost - proof.lower_bound) / proof.lower_bound)
    assert prove_day(day, hidden, limits=limits) == proof
    assert proof.lower_bound <= prove_day(day, hidden).cost


def test_costs_that_disagree_with_times_are_proved_by_cost() -> None:
    day = line_day(positions=[10, 20])
    costs = np.full((4, 4), 5)
    costs[0, 2] = costs[2, 1] = costs[1, 3] = 1
    cheap = type(day)(**{**{k: v for k, v in day.__dict__.items() if k not in ("move", "window_array", "window_count")},
                         "costs": costs})  # fmt: skip
    proof = prove_day(cheap, [1, 2])
    assert (proof.order, proof.cost) == ((2, 1), 3)
