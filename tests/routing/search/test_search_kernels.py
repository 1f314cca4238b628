"""Kernels against plain recomputation: insertion prices, move prices, local search, split, crossover, segments."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from routing.search import MaxIterations, SearchModel, SearchParams, search
from routing.search.anneal import Annealer
from routing.search.encode import Encoded, encode
from routing.search.kernels import compose, crossover, insertion, local_search, routes, ruin, segments, split, tools
from routing.search.kernels.layout import ARC, BIG, WIDE, Plan
from routing.search.rng import random_state


def make_model(
    seed: int, *, n: int = 12, days: int = 2, per_day: int = 3, timed: bool = False, symmetric: bool = True
) -> SearchModel:
    """Random points, one depot, two patterns a customer; windows when timed."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (n + 1, 2))
    costs = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    if not symmetric:
        costs = costs * rng.uniform(1.0, 1.3, costs.shape)
    shifts = days * per_day
    windows = np.zeros((n, days, 1, 2))
    windows[..., 0, 0] = rng.uniform(0, 200, (n, 1))
    windows[..., 0, 1] = windows[..., 0, 0] + 80
    rows = np.array([[d == k for d in range(days)] for _ in range(n) for k in range(days)])
    return SearchModel(
        durations=costs, costs=costs, node=np.arange(n), service=rng.uniform(0, 10, n), load=rng.uniform(1, 5, (n, 1)),
        windows=windows, n_windows=np.full((n, days), int(timed)), pattern_start=np.arange(n + 1) * days,
        pattern_days=rows, shift_day=np.repeat(np.arange(days), per_day), start_node=np.full(shifts, n),
        end_node=np.full(shifts, n), early=np.zeros(shifts), late=np.full(shifts, 400.0),
        max_duration=np.full(shifts, 250.0), capacity=np.full((shifts, 1), 9.0),
    )  # fmt: skip


def started(model: SearchModel, seed: int = 1, *, wide: bool = False) -> tuple[Encoded, Annealer]:
    encoded = encode(model)
    encoded.problem.flags[WIDE] = wide
    annealer = Annealer(encoded, SearchParams(), random_state(seed))
    annealer.construct(np.random.default_rng(seed).permutation(model.n_customers))
    return encoded, annealer


def price(encoded: Encoded, x: Plan, penalty: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Penalised cost from figures recomputed route by route."""
    for s in range(len(x.size)):
        routes.update(encoded.problem, x, s)
    figures = np.zeros(len(penalty) + 1)
    routes.totals(encoded.problem, x, figures)
    return float(figures[0] + figures[1:] @ penalty)


def visits(x: Plan) -> list[tuple[int, int]]:
    return sorted((int(c), s) for s in range(len(x.size)) for c in x.route[s, 1 : x.size[s] + 1])


@pytest.mark.parametrize(("first", "share"), [(0, 0.25), (1, 0.3125)])
def test_whichever_pattern_comes_first_the_other_may_be_overlooked(first: int, share: float) -> None:
    """Half of the patterns are overlooked: the dearer one is taken when the other is and itself is not.

    When the dearer one comes first, a quarter of the other's only places is overlooked besides: 1/2 · (1 - 1/2 · 3/4).
    """
    model = make_model(1, n=1, days=2, per_day=1)
    model = dataclasses.replace(model, pattern_cost=np.array([5.0 * (k != first) for k in range(2)]))
    encoded, annealer = started(model)
    p, x, w = encoded.problem, annealer.plan, annealer.scratch
    routes.clear(p, x)
    taken = [
        insertion.cheapest_pattern(
            p, x, annealer.penalty, 0, 0.25, annealer.rs, w.cost, w.shift, w.place, insertion.NOWHERE
        )[0]
        for _ in range(4000)
    ]
    assert taken.count(1 - first) / 4000 == pytest.approx(share, abs=0.03)  # four standard deviations


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(("timed", "symmetric"), [(False, True), (False, False), (True, True), (True, False)])
def test_cheapest_insertion_is_the_minimum_over_all_positions(timed: bool, symmetric: bool, wide: bool) -> None:
    """On a wide day too: everybody is among the customer's neighbours here."""
    encoded, annealer = started(make_model(3, timed=timed, symmetric=symmetric), wide=wide)
    p, x, pen = encoded.problem, annealer.plan, annealer.penalty
    for c in range(12):
        day = int(p.pattern_days[x.pattern[c], 0])
        routes.remove(p, x, c, day)
        before = price(encoded, x, pen)
        tried = []
        for s in range(p.day_start[day], p.day_start[day + 1]):
            for i in range(x.size[s] + 1):
                routes.insert(p, x, c, s, i)
                tried.append(price(encoded, x, pen) - before)
                routes.remove(p, x, c, day)
        found, s, i = insertion.cheapest(p, x, pen, c, day, -1, 0.0, annealer.rs)
        assert found == pytest.approx(min(tried))
        routes.insert(p, x, c, s, i)
        assert price(encoded, x, pen) - before == pytest.approx(found)


@pytest.mark.parametrize(("timed", "symmetric"), [(False, True), (False, False), (True, True), (True, False)])
def test_local_search_keeps_every_visit_on_its_day_and_never_raises_the_price(timed: bool, symmetric: bool) -> None:
    for seed in range(8):
        encoded, annealer = started(make_model(seed, timed=timed, symmetric=symmetric), seed)
        p, x, pen = encoded.problem, annealer.plan, annealer.penalty
        work = tools.new_tools(p, encoded.longest)
        before, served = price(encoded, x, pen), [c for c, _ in visits(x)]
        moves = sum(local_search.search_day(p, x, pen, d, 12, work, annealer.rs) for d in range(2))
        after = price(encoded, x, pen)
        assert [c for c, _ in visits(x)] == served
        assert all(p.shift_int[s, 0] == p.pattern_days[x.pattern[c], 0] for c, s in visits(x))
        assert after < before - 1e-9 if moves else after == pytest.approx(before)


@pytest.mark.parametrize("timed", [False, True])
def test_composed_price_equals_the_price_of_the_route_it_describes(timed: bool) -> None:
    encoded, annealer = started(make_model(5, days=1, per_day=2, timed=timed))
    p, x, pen = encoded.problem, annealer.plan, annealer.penalty
    for s in range(2):
        routes.update(p, x, s)
        compose.cumulate(p, x, s)
    n0, n1 = int(x.size[0]), int(x.size[1])
    middle = np.array([int(x.route[1, 1])])
    for a, b in itertools.product(range(n0 + 1), range(2, n1 + 2)):
        found = compose.compose(p, x, pen, 0, a, middle, 1, 1, b)
        nodes = [*x.route[0, 1 : a + 1], *middle, *x.route[1, b : n1 + 1]]
        other = annealer.encoded and started(make_model(5, days=1, per_day=2, timed=timed))[1].plan
        routes.clear(p, other)
        for k, c in enumerate(nodes):
            routes.insert(p, other, int(c), 0, k)
        assert found == pytest.approx(routes.penalised(other, 0, pen) - other.stat[0, ARC])


def test_a_region_is_the_seed_and_its_nearest_without_whom_nobody_may_serve() -> None:
    encoded, annealer = started(make_model(3))
    p, x, w = encoded.problem, annealer.plan, annealer.scratch
    near = [int(c) for c in p.near[4, :4]]
    unserved = near[1]
    routes.remove(p, x, unserved, int(p.pattern_days[x.pattern[unserved], 0]))
    before = {c for c, _ in visits(x)}
    count, taken = ruin._take_region(p, x, 4, 5, 0, w)
    assert list(w.rem[:taken]) == [4, near[0], near[2], near[3]]
    assert before - {c for c, _ in visits(x)} == {4, near[0], near[2], near[3]}
    assert count == len(set(w.touched[:count]))


@pytest.mark.parametrize("timed", [False, True])
def test_regions_taken_off_and_put_back_leave_a_plan_whose_figures_are_true(timed: bool) -> None:
    encoded = encode(make_model(2, timed=timed))
    params = SearchParams(share_region=1.0, region_above=0.0)
    annealer = Annealer(encoded, params, random_state(2))
    annealer.construct(np.arange(12))
    before = annealer.plan.pattern.copy()
    annealer.run(400, 30.0, 30.0)
    p, x = encoded.problem, annealer.plan
    assert (before != x.pattern).any()
    assert [c for c, _ in visits(x)] == list(range(12))
    assert all(p.shift_int[s, 0] == p.pattern_days[x.pattern[c], 0] for c, s in visits(x))
    told = annealer.status[ruin.CURRENT] + annealer.violation @ annealer.penalty
    assert price(encoded, x, annealer.penalty) == pytest.approx(told)


@pytest.mark.parametrize("days", [1, 2])
def test_differences_of_touched_routes_add_up_to_the_figures_of_the_plan(days: int) -> None:
    """Two hundred and forty steps: fewer than after which the figures are reckoned anew."""
    encoded, annealer = started(make_model(4, n=30, days=days, per_day=5 // days, timed=True), wide=True)
    before = visits(annealer.plan)
    annealer.run(240, 3.0, 3.0, adapt=False)
    p, x = encoded.problem, annealer.plan
    figures = np.zeros(len(annealer.penalty) + 1)
    routes.totals(p, x, figures)
    assert visits(x) != before
    assert [c for c, _ in visits(x)] == list(range(30))
    assert annealer.status[ruin.CURRENT] == pytest.approx(figures[0])
    assert annealer.violation == pytest.approx(figures[1:], abs=1e-9)


def test_split_matches_enumeration_of_all_cuts() -> None:
    encoded, annealer = started(make_model(7, n=7, days=1, per_day=3))
    p, x, pen = encoded.problem, annealer.plan, annealer.penalty
    tour = np.random.default_rng(0).permutation(7)

    def fill(parts: list[list[int]]) -> float:
        routes.clear(p, x)
        for s, part in enumerate(parts):
            for k, c in enumerate(part):
                routes.insert(p, x, c, s, k)
        return price(encoded, x, pen)

    cuts = [fill([list(tour[:i]), list(tour[i:j]), list(tour[j:])]) for i in range(8) for j in range(i, 8)]
    fill([list(tour), [], []])
    work = crossover.new_cross(p, encoded.xy)
    split.split_group(p, x, pen, 0, 3, work.tour, work.best, work.origin, work.window)
    assert price(encoded, x, pen) == pytest.approx(min(cuts))


@pytest.mark.parametrize("timed", [False, True])
def test_children_serve_every_customer_by_one_of_its_patterns(timed: bool) -> None:
    model = make_model(11, timed=timed)
    encoded, one = started(model, 1)
    _, two = started(model, 2)
    p = encoded.problem
    work, tool = crossover.new_cross(p, encoded.xy), tools.new_tools(p, encoded.longest)
    a, b = one.best.copy(), two.best.copy()
    for plan, out in ((one.plan, a), (two.plan, b)):
        routes.save_routes(plan, out.flat, out.start)
    for _ in range(50):
        assert crossover.cross(
            p,
            one.plan,
            one.penalty,
            a.flat,
            a.start,
            b.flat,
            b.start,
            work,
            one.scratch,
            tool.dirty,
            tool.nodes,
            one.rs,
        )
        assert sorted(c for c, _ in visits(one.plan)) == list(range(12))
        assert all(p.shift_int[s, 0] == p.pattern_days[one.plan.pattern[c], 0] for c, s in visits(one.plan))


def test_joined_segments_by_hand() -> None:
    # open 10-20, 5 of service; 4 of travel; open 30-40, 2 of service: leave the first at 24-25 at the earliest wait
    first, second = (5.0, 0.0, 10.0, 20.0), (2.0, 0.0, 30.0, 40.0)
    both = segments.join(first, 4.0, second)
    # starting at 20 ends the first at 25, arrives 29, waits 1, leaves at 32: 12 in all, only from a start at 20
    assert both == (12.0, 0.0, 20.0, 20.0)
    late = segments.join((5.0, 0.0, 50.0, 60.0), 4.0, second)
    # arriving at 59 for a window that closed at 40 pays back 19
    assert late[1] == 19.0


def test_break_on_the_way_by_hand() -> None:
    # leaving at 100 with 60 of travel and a 30 break that may start at 120: taken on the way, arrival at 190
    seg = segments.rested((0.0, 0.0, 100.0, 100.0), 60.0, 120.0, 140.0, 30.0)
    assert segments.completion(seg) == 190.0
    assert seg[1] == 0.0
    # leaving at 150, ten minutes after the window for its start has closed
    assert segments.rested((0.0, 0.0, 150.0, 150.0), 60.0, 120.0, 140.0, 30.0)[1] == 10.0
    # arriving at 110 means waiting for the window to open at 120
    assert segments.completion(segments.rested((0.0, 0.0, 100.0, 100.0), 10.0, 120.0, 140.0, 30.0)) == 150.0


def test_a_square_is_toured_around() -> None:
    xy = np.array([[0, 10], [10, 10], [10, 0], [0, 0]], float)
    costs = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    model = SearchModel(
        durations=costs, costs=costs, node=np.array([1, 0, 2]), service=np.zeros(3), load=np.zeros((3, 0)),
        windows=np.full((3, 1, 1, 2), BIG), n_windows=np.zeros((3, 1), np.int64), pattern_start=np.arange(4),
        pattern_days=np.ones((3, 1), np.bool_), shift_day=np.zeros(1, np.int64), start_node=np.full(1, 3),
        end_node=np.full(1, 3), early=np.full(1, -np.inf), late=np.full(1, np.inf), max_duration=np.full(1, np.inf),
        capacity=np.zeros((1, 0)),
    )  # fmt: skip
    found = search(model, stop=MaxIterations(500), seed=1)
    assert found.cost == pytest.approx(40.0)
    assert found.routes[0] in ((1, 0, 2), (2, 0, 1))
    assert found.feasible
