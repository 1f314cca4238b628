"""The bound against the best of all plans of tiny random models."""

import math
from itertools import pairwise, permutations, product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.bounds import lower_bound
from routing.search.model import SearchModel


@st.composite
def tiny_models(draw: st.DrawFn) -> SearchModel:
    n, days = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    homes = draw(st.integers(1, 2))
    nodes = n + homes
    square = st.lists(st.lists(st.integers(0, 6), min_size=nodes, max_size=nodes), min_size=nodes, max_size=nodes)
    durations, costs = np.array(draw(square)), np.array(draw(square))
    patterns, pattern_cost, start = [], [], [0]
    for _ in range(n):
        subsets = list(product([False, True], repeat=days))
        chosen = draw(st.lists(st.sampled_from(subsets), min_size=1, max_size=3, unique=True))
        patterns += chosen
        pattern_cost += draw(st.lists(st.integers(0, 8), min_size=len(chosen), max_size=len(chosen)))
        start.append(len(patterns))
    shifts = draw(st.integers(days, days + 1))
    several = lambda s: np.array(draw(st.lists(s, min_size=shifts, max_size=shifts)), dtype=float)  # noqa: E731
    windows, count = np.zeros((n, days, 2, 2)), np.zeros((n, days), dtype=np.int64)
    for i, d in product(range(n), range(days)):
        count[i, d] = draw(st.integers(0, 2))
        edges = sorted(draw(st.lists(st.integers(0, 24), min_size=4, max_size=4)))
        windows[i, d] = [[edges[0], edges[1]], [edges[2], edges[3]]]
    late = several(st.integers(8, 26))
    break_early = several(st.integers(0, 12))
    return SearchModel(
        durations=durations.astype(float),
        costs=costs.astype(float),
        node=np.arange(n),
        service=np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), dtype=float),
        load=np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=float)[:, None],
        windows=windows,
        n_windows=count,
        pattern_start=np.array(start),
        pattern_days=np.array(patterns, dtype=np.bool_).reshape(len(patterns), days),
        pattern_cost=np.array(pattern_cost, dtype=float),
        shift_day=np.array([s % days for s in range(shifts)]),
        start_node=n + several(st.integers(0, homes - 1)).astype(np.int64),
        end_node=n + several(st.integers(0, homes - 1)).astype(np.int64),
        early=several(st.integers(0, 3)),
        late=late,
        max_duration=several(st.sampled_from([8, 14, math.inf])),
        capacity=several(st.sampled_from([3, 5, math.inf]))[:, None],
        break_early=break_early,
        break_late=break_early + several(st.integers(0, 5)),
        break_duration=several(st.sampled_from([0, 0, 2, 4])),
        shift_cost=several(st.integers(0, 3)),
        hour_cost=several(st.sampled_from([0, 1])),
    )


def least_duration(m: SearchModel, s: int, route: tuple[int, ...]) -> float | None:
    """Least time from leaving to being back over all leave times and break starts on the clock; None if impossible."""
    day = int(m.shift_day[s])
    best = None
    pause_length = float(m.break_duration[s])
    pauses: list[float | None] = [None]
    if pause_length:
        pauses = [float(b) for b in range(int(m.break_early[s]), int(m.break_late[s]) + 1)]
    for leave in range(int(m.early[s]), int(m.late[s]) + 1):
        for pause in pauses:
            back = _drive(m, s, route, day, float(leave), pause, pause_length)
            if back is not None and back <= m.late[s] and back - leave <= m.max_duration[s]:
                best = back - leave if best is None else min(best, back - leave)
    return best


def _drive(
    m: SearchModel, s: int, route: tuple[int, ...], day: int, leave: float, pause: float | None, length: float
) -> float | None:
    now, here = leave, int(m.start_node[s])
    for customer in (*route, -1):
        there = int(m.end_node[s]) if customer < 0 else int(m.node[customer])
        moving = float(m.durations[here, there])
        if pause is not None and now <= pause < now + moving:
            moving += length
        if pause is not None and pause < now < pause + length:
            now = pause + length
        now += moving
        if customer < 0:
            return now
        start = now
        while True:
            open_now = m.n_windows[customer, day] == 0 or any(
                m.windows[customer, day, k, 0] <= start <= m.windows[customer, day, k, 1]
                for k in range(m.n_windows[customer, day])
            )
            clash = pause is not None and start < pause + length and start + m.service[customer] > pause
            if open_now and not clash:
                break
            start += 1
            if start > 40:
                return None
        now, here = start + float(m.service[customer]), there
    return None


def cheapest_plan(m: SearchModel) -> float:
    """Least cost of a plan by trying every choice of patterns, shifts and orders; inf when there is none."""
    best: dict[tuple[int, frozenset[int]], float] = {}
    for s in range(m.n_shifts):
        for mask in range(1 << m.n_customers):
            chosen = frozenset(i for i in range(m.n_customers) if mask >> i & 1)
            cost = math.inf if chosen else 0.0
            if chosen and sum(m.load[i, 0] for i in chosen) <= m.capacity[s, 0]:
                for order in permutations(sorted(chosen)):
                    took = least_duration(m, s, order)
                    if took is not None:
                        stops = [int(m.start_node[s]), *[int(m.node[c]) for c in order], int(m.end_node[s])]
                        arcs = sum(float(m.costs[a, b]) for a, b in pairwise(stops))
                        cost = min(cost, arcs + float(m.shift_cost[s]) + float(m.hour_cost[s]) * took)
            best[s, chosen] = cost
    total = math.inf
    rows = [range(int(m.pattern_start[i]), int(m.pattern_start[i + 1])) for i in range(m.n_customers)]
    for choice in product(*rows):
        visits = [(i, d) for i, row in enumerate(choice) for d in np.flatnonzero(m.pattern_days[row])]
        options = [[s for s in range(m.n_shifts) if m.shift_day[s] == d] for _, d in visits]
        for shifts in product(*options):
            placed = list(zip(visits, shifts, strict=True))
            served = [frozenset(i for (i, _), s in placed if s == t) for t in range(m.n_shifts)]
            cost = sum(best[t, served[t]] for t in range(m.n_shifts)) + sum(float(m.pattern_cost[r]) for r in choice)
            total = min(total, cost)
    return total


@settings(max_examples=60, deadline=None)
@given(model=tiny_models(), iterations=st.sampled_from([2, 40]))
def test_the_bound_never_exceeds_the_best_plan(model: SearchModel, iterations: int) -> None:
    best = cheapest_plan(model)
    assume(math.isfinite(best))
    bound = lower_bound(model, iterations=iterations)
    assert 0.0 <= bound.value <= best + 1e-6
