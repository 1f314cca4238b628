"""The search's door: stop criteria, warm starts, unserved customers, symmetries, models it refuses."""

from __future__ import annotations

import dataclasses
import sys
import threading

import numpy as np
import pytest

from routing.search import MaxIterations, MaxRuntime, NoImprovement, SearchModel, SearchSolution, StopFlag, search
from routing.search.anneal import Annealer
from routing.search.encode import encode
from routing.search.evaluate import evaluate
from routing.search.params import SearchParams, default_params
from routing.search.rng import random_state
from routing.search.stop import StopState
from routing.search.symmetry import day_symmetries, pattern_maps


def line_model(*, days: int = 4, capacity: float = 3.0, optional: float | None = None) -> SearchModel:
    """Six customers on a line from the home place at 0; two visits each, two days apart, one shift a day."""
    x = np.array([1, 2, 3, -1, -2, -3, 0], float)
    costs = np.abs(x[:, None] - x[None])
    rows: list[list[bool]] = []
    start = [0]
    price: list[float] = []
    for _ in range(6):
        for first in range(days // 2):
            rows.append([d % (days // 2) == first for d in range(days)])
            price.append(0.0)
        if optional is not None:
            rows.append([False] * days)
            price.append(optional)
        start.append(len(rows))
    return SearchModel(
        durations=costs, costs=costs, node=np.arange(6), service=np.zeros(6), load=np.ones((6, 1)),
        windows=np.zeros((6, days, 1, 2)), n_windows=np.zeros((6, days), np.int64), pattern_start=np.array(start),
        pattern_days=np.array(rows), pattern_cost=np.array(price), shift_day=np.arange(days),
        start_node=np.full(days, 6), end_node=np.full(days, 6), early=np.zeros(days), late=np.full(days, np.inf),
        max_duration=np.full(days, np.inf), capacity=np.full((days, 1), capacity),
    )  # fmt: skip


def test_each_side_of_the_line_gets_its_days() -> None:
    found = search(line_model(), stop=MaxIterations(2000), seed=1)
    assert found.feasible
    assert found.cost == pytest.approx(4 * 6.0)  # one side a day, 3 out and 3 back
    assert {frozenset(r) for r in found.routes} == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}


def test_customers_that_do_not_fit_are_left_out_at_their_price() -> None:
    found = search(line_model(capacity=2.0, optional=50.0), stop=MaxIterations(3000), seed=1)
    assert found.feasible
    assert sum(len(r) for r in found.routes) == 8  # 4 days of 2
    left = [c for c in range(6) if not any(c in r for r in found.routes)]
    assert len(left) == 2
    # the far ones stay out: each side keeps 1 and 2, so 4 out and back on each of 4 days
    assert found.cost == pytest.approx(2 * 50.0 + 4 * 4.0)


@pytest.fixture
def no_last_ruins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the exchanges of the last step."""
    monkeypatch.setattr(sys.modules["routing.search.search"], "LAST_ITERATIONS", 0)


@pytest.mark.usefixtures("no_last_ruins")
def test_the_last_step_serves_whom_it_is_dearest_to_leave_out() -> None:
    """Full days that serve 2 and 3: without further search, each side's far customer gives way to its near one."""
    model = line_model(capacity=2.0, optional=50.0)
    empty = model.pattern_start[1:] - 1
    left_out_near = SearchSolution(
        routes=((1, 2), (4, 5), (1, 2), (4, 5)), cost=0.0, feasible=True,
        pattern=np.array([empty[0], model.pattern_start[1], model.pattern_start[2],
                          empty[3], model.pattern_start[4] + 1, model.pattern_start[5] + 1]),
    )  # fmt: skip
    found = search(model, stop=MaxIterations(1), seed=1, initial=left_out_near)
    assert found.feasible
    assert [set(r) for r in found.routes] == [{0, 1}, {3, 4}, {0, 1}, {3, 4}]
    assert found.cost == pytest.approx(2 * 50.0 + 4 * 4.0)


@pytest.mark.usefixtures("no_last_ruins")
def test_one_of_two_that_exclude_each_other_is_served_the_dearer_to_leave_out() -> None:
    """One visit a day: whoever is served first, the one at the higher price is in the plan, wherever it lies."""
    for dear in range(6):
        model = line_model(days=2, capacity=1.0, optional=50.0)
        price = np.array(model.pattern_cost)
        price[model.pattern_start[dear + 1] - 1] = 500.0
        model = dataclasses.replace(model, pattern_cost=price)
        other = (dear + 1) % 6
        start = SearchSolution(
            routes=((other,), (other,)), cost=0.0, feasible=True,
            pattern=np.array([model.pattern_start[c] + (0 if c == other else 1) for c in range(6)]),
        )  # fmt: skip
        found = search(model, stop=MaxIterations(1), seed=1, initial=start)
        assert [set(r) for r in found.routes] == [{dear}, {dear}]


@pytest.mark.usefixtures("no_last_ruins")
def test_the_last_step_puts_everybody_on_the_days_that_are_cheapest_there() -> None:
    """Both sides on all four days: without further search, each side's visits are brought together."""
    model = line_model(capacity=6.0)
    mixed = SearchSolution(
        routes=((0, 1, 2, 4, 5), (3,), (0, 1, 2, 4, 5), (3,)), cost=0.0, feasible=True,
        pattern=model.pattern_start[:-1] + np.array([0, 0, 0, 1, 0, 0]),
    )  # fmt: skip
    found = search(model, stop=MaxIterations(1), seed=1, initial=mixed)
    assert found.cost == pytest.approx(2 * 12.0)  # customer 3, the nearest of its side, is on the way of 4 and 5
    assert [set(r) for r in found.routes] == [set(range(6)), set(), set(range(6)), set()]


def test_two_customers_change_days_where_a_day_holds_one_visit() -> None:
    """The first comes on either day; the second, wanted twice, loses one visit, and the later day costs 2 more."""
    model = line_model(days=2, capacity=1.0)
    first, second = [[1, 0], [0, 1], [0, 0]], [[1, 1], [1, 0], [0, 1], [0, 0]]
    model = dataclasses.replace(
        model, node=np.arange(2), service=np.zeros(2), load=np.ones((2, 1)), windows=np.zeros((2, 2, 1, 2)),
        n_windows=np.zeros((2, 2), np.int64), pattern_start=np.array([0, 3, 7]),
        pattern_days=np.array(first + second, bool), pattern_cost=np.array([0, 0, 950, 0, 900, 902, 1800], float),
        costs=np.zeros((7, 7)), durations=np.zeros((7, 7)),
    )  # fmt: skip
    for seed in range(5):
        found = search(model, stop=MaxIterations(100), seed=seed)
        assert found.cost == pytest.approx(900.0)
        assert found.routes == ((1,), (0,))


def test_prices_of_broken_limits_stay_bounded_until_they_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many visits as fit, all mandatory: prices rise as fast as they may."""
    seen: list[tuple[float, float]] = []
    run_some = Annealer.run

    def spy(self: Annealer, iterations: int, hot: float, cold: float, *, adapt: bool = True) -> None:
        if adapt and seen:
            seen[-1] = (seen[-1][0], float((self.penalty / self.encoded.penalty).max()))
        run_some(self, iterations, hot, cold, adapt=adapt)
        if adapt:
            seen.append((len(seen) / 200, 0.0))

    monkeypatch.setattr(Annealer, "run", spy)
    params = SearchParams(memetic=False, dearest=10.0, prices_free_from=0.7)
    search(line_model(capacity=1.0), stop=MaxIterations(20_000), params=params, seed=1)
    assert max(price for share, price in seen if share < 0.69) == pytest.approx(10.0)
    assert max(price for share, price in seen if share > 0.71) > 100.0


@pytest.mark.parametrize(
    ("customers", "days", "windows", "hot", "population"),
    [
        (100, 1, True, 3.0, True),
        (360, 1, True, 10.0, True),
        (360, 1, False, 3.0, True),
        (600, 1, True, 10.0, False),
        (600, 2, True, 30.0, True),
    ],
)
def test_a_large_day_with_windows_begins_hotter_and_a_very_large_one_has_no_population(
    customers: int, days: int, windows: bool, hot: float, population: bool
) -> None:
    found = default_params(customers=customers, days=days, windows=windows)
    assert (found.temperature_first, found.memetic) == (hot, population)


def test_mandatory_visits_beyond_capacity_are_reported_as_infeasible() -> None:
    found = search(line_model(capacity=2.0), stop=MaxIterations(1000), seed=1)
    assert not found.feasible
    assert found.violation > 0


def test_a_plan_to_start_from_is_kept_when_it_is_best_and_mended_when_it_is_not() -> None:
    model = line_model()
    best = search(model, stop=MaxIterations(2000), seed=1)
    again = search(model, stop=MaxIterations(10), seed=2, initial=best)
    assert again.cost == pytest.approx(best.cost)
    broken = SearchSolution(
        routes=((0, 1, 2), (3, 4), (0, 1, 2), (3, 4, 5)), pattern=best.pattern, cost=0.0, feasible=True
    )  # customer 5 misses a visit
    mended = search(model, stop=MaxIterations(200), seed=2, initial=broken)
    assert mended.feasible
    assert mended.cost == pytest.approx(24.0)


def test_shifts_need_not_come_sorted_by_day() -> None:
    model = line_model()
    turned = dataclasses.replace(model, shift_day=np.array([3, 1, 0, 2]))
    found = search(turned, stop=MaxIterations(1000), seed=1)
    shape = evaluate(turned, found.routes, found.pattern)
    assert found.feasible
    assert shape.cost == pytest.approx(found.cost)
    for s, route in enumerate(found.routes):
        for c in route:
            assert turned.pattern_days[found.pattern[c], turned.shift_day[s]]


def test_balance_and_hours_are_part_of_the_cost() -> None:
    model = dataclasses.replace(
        line_model(), hour_cost=np.full(4, 2.0), balance_weight=1.0, balance_target=np.full(4, 4.0)
    )
    found = search(model, stop=MaxIterations(2000), seed=1)
    # per day: 6 travelled, 6 time units at 2, (6 - 4)^2 over the target
    assert found.cost == pytest.approx(4 * (6.0 + 12.0 + 4.0))


def test_stops_combine_and_flags_end_the_search() -> None:
    flag = threading.Event()
    flag.set()
    found = search(line_model(), stop=MaxIterations(10**9) | StopFlag(flag), seed=1)
    assert found.iterations == 0
    assert found.feasible  # the first construction already is
    state = StopState.begin()
    state.iterations = 50
    assert (MaxIterations(100) | MaxRuntime(1e9)).fraction(state) == pytest.approx(0.5, abs=1e-6)
    assert MaxRuntime(0.0).fraction(state) == 1.0


def test_no_improvement_ends_and_progress_is_told() -> None:
    seen: list[float] = []
    found = search(line_model(), stop=NoImprovement(3000), seed=1, on_progress=lambda p: seen.append(p.cost))
    assert found.cost == pytest.approx(24.0)
    assert found.trajectory[-1][2] == pytest.approx(24.0)


def test_day_symmetries_of_two_visits_in_four_days() -> None:
    # patterns {0, 2} and {1, 3} for all: both pairs may swap inside (2 x 2) and with each other (x 2)
    p = encode(line_model()).problem
    found = day_symmetries(p)
    assert len(found) == 8
    assert found[0] == (0, 1, 2, 3)
    maps = pattern_maps(p, found)
    assert (maps[0] == np.arange(12)).all()
    assert sorted(maps[-1].tolist()) == list(range(12))


def test_different_days_have_no_symmetry() -> None:
    model = dataclasses.replace(line_model(), capacity=np.array([[3.0], [4.0], [5.0], [6.0]]))
    assert day_symmetries(encode(model).problem) == [(0, 1, 2, 3)]


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="service"):
        dataclasses.replace(line_model(), service=np.zeros(5))
    with pytest.raises(ValueError, match="shift_day"):
        dataclasses.replace(line_model(), shift_day=np.array([0, 1, 2, 9]))


def test_steps_stay_around_the_customers_in_focus() -> None:
    encoded = encode(line_model(), neighbours=2)
    annealer = Annealer(encoded, SearchParams(), random_state(1))
    assert annealer.scratch.seeds.tolist() == [0, 1, 2, 3, 4, 5]
    annealer.focus(np.array([5]))  # at -3, with those at -1 and -2 nearest
    assert annealer.scratch.seeds.tolist() == [3, 4, 5]
