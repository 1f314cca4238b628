import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from routing.bounds import lower_bound, with_visits
from routing.bounds.cutting_planes import fewest_routes
from routing.bounds.inequalities import Family
from routing.bounds.programme import Programme
from routing.bounds.relaxation import demands, network
from routing.search.model import SearchModel
from tests.routing.bounds.small_models import line_model


def test_one_day_one_rep_on_a_line_is_bounded_exactly() -> None:
    # 10 and 20 out along a line, one visit each, one shift: out and back 2 × 20
    bound = lower_bound(line_model(positions=[10, 20], days=1, patterns=[[[0]], [[0]]]), iterations=30, upper=40.0)
    assert bound.converged
    assert bound.value == pytest.approx(40.0)
    assert bound.gap == pytest.approx(0.0)


def test_capacity_that_forces_two_routes_shows_in_the_bound() -> None:
    # each route may carry one: 2 × 10 + 2 × 20
    model = line_model(positions=[10, 20], days=2, patterns=[[[0], [1]], [[0], [1]]], capacity=1.0)
    assert lower_bound(model, iterations=30).value == pytest.approx(60.0)


def test_a_limit_on_the_day_forces_two_routes() -> None:
    # together 20 + 40 of travel along two arms and 2 × 5 of service = 70 > 60
    model = line_model(
        positions=[10, -20], days=2, patterns=[[[0], [1]], [[0], [1]]], service=5.0, max_duration=60.0, late=1000.0
    )
    assert lower_bound(model, iterations=30).value == pytest.approx(60.0)
    free = line_model(positions=[10, 20], days=2, patterns=[[[0], [1]], [[0], [1]]], service=5.0, max_duration=60.0)
    assert lower_bound(free, iterations=30).value == pytest.approx(40.0)


def test_visits_twice_a_cycle_are_paid_twice() -> None:
    model = line_model(positions=[10], days=2, patterns=[[[0, 1]]])
    assert lower_bound(model, iterations=20).value == pytest.approx(40.0)


def test_leaving_a_customer_out_is_bounded_by_its_price() -> None:
    model = line_model(positions=[10, 500], days=1, patterns=[[[0]], [[0], []]], pattern_cost=[0.0, 0.0, 100.0])
    assert lower_bound(model, iterations=30).value == pytest.approx(120.0)
    # the travel of plans that serve both, whatever the price
    assert lower_bound(with_visits(model, np.array([1, 1])), iterations=30).value == pytest.approx(1000.0)
    assert lower_bound(with_visits(model, np.array([1, 0])), iterations=30).value == pytest.approx(20.0)
    with pytest.raises(ValueError, match="customer 0"):
        with_visits(model, np.array([2, 1]))


def test_a_visit_that_nobody_asks_for_may_spare_a_way() -> None:
    # the one at 20 is 20 away, but 3 + 3 by the one at 10, who may be visited or not: 3 + 3 there, 20 back
    model = line_model(positions=[10, 20], days=1, patterns=[[[], [0]], [[0]]])
    ways = np.array([[0.0, 3.0, 3.0], [3.0, 0.0, 20.0], [3.0, 20.0, 0.0]])
    assert lower_bound(dataclasses.replace(model, costs=ways), iterations=30).value <= 3.0 + 3.0 + 20.0 + 1e-6


def test_dominated_alternatives_are_left_out() -> None:
    model = line_model(positions=[10], days=2, patterns=[[[0], [1], [0, 1], []]], pattern_cost=[3.0, 1.0, 1.0, 9.0])
    assert demands(model)[0].options == ((0, 9.0), (1, 1.0))


def test_the_break_takes_room_unless_the_day_is_over_before_it() -> None:
    def room(**changes: float) -> float:
        base = line_model(positions=[10], days=1, patterns=[[[0]]], early=0.0, late=100.0)
        broken = dataclasses.replace(
            base, **{k: np.array([v]) for k, v in changes.items() if k.startswith("break")}
        )  # fmt: skip
        return network(broken).resources[0].limit

    assert room() == pytest.approx(100.0)
    assert room(break_duration=10.0, break_early=40.0, break_late=60.0) == pytest.approx(90.0)
    assert room(break_duration=10.0, break_early=40.0, break_late=95.0) == pytest.approx(95.0)


def test_windows_that_exclude_each_other_force_two_routes() -> None:
    model = line_model(
        positions=[10, -10], days=2, patterns=[[[0], [1]], [[0], [1]]], early=0.0, late=100.0,
        windows={0: (10.0, 15.0), 1: (10.0, 15.0)},
    )  # fmt: skip
    assert lower_bound(model, iterations=30).value == pytest.approx(40.0)
    one_arm = line_model(
        positions=[10, 12], days=2, patterns=[[[0], [1]], [[0], [1]]], early=0.0, late=100.0,
        windows={0: (12.0, 13.0), 1: (12.0, 13.0)},
    )  # fmt: skip
    # 2 away from each other but one minute of time: two days, 2 × 10 + 2 × 12
    assert lower_bound(one_arm, iterations=30).value == pytest.approx(44.0)


def test_iterations_make_it_repeatable_and_any_stop_is_valid() -> None:
    rng = np.random.default_rng(3)
    model = _plane_model(rng, customers=30, shifts=6)
    plan = [list(range(5 * k, 5 * k + 5)) for k in range(6)]
    upper = sum(
        float(model.costs[a, b]) for route in plan for a, b in pairwise([30, *[model.node[c] for c in route], 30])
    )
    values = [lower_bound(model, iterations=k, upper=upper).value for k in (3, 10, 40)]
    assert values[0] <= values[1] <= values[2] <= upper
    assert lower_bound(model, iterations=10, upper=upper).value == values[1]


def test_visits_that_repeat_need_whole_routes_in_each_part_of_the_horizon() -> None:
    # 3 × 0.4 a day are two routes a day, four in all, each 20 long; 6 × 0.4 in one heap would be three
    model = line_model(positions=[10, 10, 10], days=2, patterns=[[[0, 1]]] * 3, capacity=2.5, shifts_a_day=3)
    assert lower_bound(model, iterations=30).value == pytest.approx(4 * 20.0)


def test_the_way_from_home_takes_its_part_of_each_day() -> None:
    # six visits of 20 at 30 from home: 120 of service in days of 100 are two routes, less 60 for the way each three
    base = line_model(positions=[30] * 6, days=4, patterns=[[[0], [1], [2], [3]]] * 6, service=20.0, max_duration=100.0)
    family = Family(network(base))
    everybody = np.ones(6, dtype=np.bool_)
    assert family.rounded(everybody).least == 3
    assert lower_bound(base, iterations=30).value == pytest.approx(3 * 60.0)


def test_routes_come_in_whole_numbers() -> None:
    # on three arms of 20: two customers take 20 + 40 + 20 of a day of 100, three take 120; the programme does with 1.2
    star = np.full((4, 4), 40.0)
    star[3, :] = star[:, 3] = 20.0
    np.fill_diagonal(star, 0.0)
    base = line_model(positions=[20] * 3, days=3, patterns=[[[0], [1], [2]]] * 3, max_duration=100.0)
    family = Family(network(dataclasses.replace(base, durations=star, costs=star)))
    programme = Programme(family)
    assert fewest_routes(programme) == 0  # it goes round among the customers
    everybody = np.ones(3, dtype=np.bool_)
    assert family.rounded(everybody).least == 1
    programme.add([family.rounded(everybody)])
    assert fewest_routes(programme) == 1
    programme.add([family.bounded(everybody, 0)])
    assert fewest_routes(programme) == 2


def test_every_inequality_holds_for_a_plan() -> None:
    # random routes within the limits of load and time, from two homes, with windows: no set may break an inequality
    rng = np.random.default_rng(5)
    for _ in range(10):
        model, routes = _random_plan(rng)
        net = network(model)
        family = Family(net)
        flow = np.zeros(len(net.tail))
        number = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(net.tail, net.head, strict=True))}
        for kind, route in routes:
            home = model.n_customers + kind
            for a, b in pairwise([home, *route, home]):
                flow[number[a, b]] += 1.0
        every = np.arange(len(flow))
        assert (flow <= net.most).all()
        for _ in range(300):
            inside = rng.random(model.n_customers) < rng.uniform(0.05, 0.9)
            mine = [family.rounded(inside), *(family.bounded(inside, r) for r in range(len(net.resources)))]
            for inequality in mine:
                assert float(family.weights(inequality, every) @ flow) >= inequality.least - 1e-6


def _random_plan(rng: np.random.Generator) -> tuple[SearchModel, list[tuple[int, list[int]]]]:
    """Two reps, four days, twelve customers of one to four visits; windows and limits are those that the plan needs."""
    n, days = 12, 4
    points = rng.uniform(0, 50, (n + 2, 2))
    travel = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    visits = rng.choice([1, 2, 4], n)
    rows = {1: [[0], [1], [2], [3]], 2: [[0, 2], [1, 3]], 4: [[0, 1, 2, 3]]}
    patterns = [rows[int(v)] for v in visits]
    chosen = [patterns[i][rng.integers(len(patterns[i]))] for i in range(n)]
    routes: list[list[int]] = []
    for day in range(days):
        today = rng.permutation([i for i in range(n) if day in chosen[i]])
        cut = int(rng.integers(0, len(today) + 1))
        routes += [today[:cut].tolist(), today[cut:].tolist()]
    service = rng.uniform(5, 20, n)
    lasts, first, last = [0.0], np.full(n, np.inf), np.zeros(n)
    for k, route in enumerate(routes):
        now, at = 0.0, n + k % 2
        for i in route:
            now, at = now + travel[at, i], i
            first[i], last[i] = min(first[i], now), max(last[i], now)
            now += service[i]
        lasts.append(now + travel[at, n + k % 2])
    base = line_model(positions=[0] * n, days=days, patterns=patterns, shifts_a_day=2)
    load = rng.integers(1, 4, (n, 1)).astype(np.float64)
    homes = np.tile([n, n + 1], days)
    windows = np.zeros((n, days, 1, 2))
    windows[:, :, 0, 0], windows[:, :, 0, 1] = first[:, None], last[:, None]
    model = dataclasses.replace(
        base, durations=travel, costs=travel, service=service, load=load, start_node=homes, end_node=homes,
        early=np.zeros(2 * days), late=np.full(2 * days, max(lasts)), windows=windows,
        n_windows=np.ones((n, days), dtype=np.int64),
        capacity=np.full((2 * days, 1), max(float(load[route].sum()) for route in routes)),
    )  # fmt: skip
    return model, [(k % 2, route) for k, route in enumerate(routes) if route]


def _plane_model(rng: np.random.Generator, *, customers: int, shifts: int) -> SearchModel:
    points = rng.uniform(0, 100, (customers + 1, 2))
    distance = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    base = line_model(positions=[0] * customers, days=shifts, patterns=[[[d] for d in range(shifts)]] * customers)
    return dataclasses.replace(base, durations=distance, costs=distance, capacity=np.full((shifts, 1), 5.0))
