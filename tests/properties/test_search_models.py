"""Random small search models: plans hold every constraint, cost what they say, repeat, and match the brute-force
optimum.

The referee below shares no code with the search: it walks the clock in whole minutes.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.search import MaxIterations, SearchModel, SearchParams, SearchSolution, search
from routing.search.evaluate import evaluate

INF = math.inf


def walk(model: SearchModel, s: int, route: tuple[int, ...], leave: int) -> float | None:
    """Earliest end of a shift's route when leaving at `leave`; None when a window, the break or the shift is missed."""
    day = int(model.shift_day[s])
    due = model.break_duration is not None and model.break_duration[s] > 0
    early_break, late_break, pause = (
        (0.0, 0.0, 0.0) if not due else tuple(
            float(a[s]) for a in (model.break_early, model.break_late, model.break_duration) if a is not None
        )
    )  # fmt: skip
    # (time, break taken)
    states = {(float(leave), not due)}
    nodes = [int(model.start_node[s]), *[int(model.node[c]) for c in route], int(model.end_node[s])]
    for k in range(1, len(nodes)):
        t = float(model.durations[nodes[k - 1], nodes[k]])
        arrivals: set[tuple[float, bool]] = set()
        for now, taken in states:
            arrivals.add((now + t, taken))
            if not taken and now <= late_break:
                arrivals.add((max(now + t, early_break) + pause, True))
        states = set()
        for now, taken in arrivals:
            if k == len(nodes) - 1:
                states.add((now, taken))
                continue
            c = route[k - 1]
            windows = [tuple(w) for w in model.windows[c, day, : model.n_windows[c, day]]] or [(-INF, INF)]
            for early, late in windows:
                if now <= late:
                    states.add((max(now, early) + float(model.service[c]), taken))
    ends = [
        now for now, taken in states
        if now <= model.late[s] and (taken or now <= early_break)
    ]  # fmt: skip
    return min(ends) if ends else None


def least_duration(model: SearchModel, s: int, route: tuple[int, ...]) -> float | None:
    """Shortest feasible duration over whole-minute departures; None when no departure works."""
    first = 0 if math.isinf(model.early[s]) else int(model.early[s])
    durations = []
    for leave in range(first, 121):
        end = walk(model, s, route, leave)
        if end is not None:
            durations.append(end - leave)
    return min(durations) if durations else None


def violations(model: SearchModel, solution: SearchSolution) -> list[str]:
    """Everything a plan breaks."""
    found: list[str] = []
    days: dict[int, list[int]] = {c: [] for c in range(model.n_customers)}
    reps: dict[int, set[int]] = {c: set() for c in range(model.n_customers)}
    for s, route in enumerate(solution.routes):
        for c in route:
            days[c].append(int(model.shift_day[s]))
            reps[c].add(int(model.rep[s]) if model.rep is not None else s)
            if model.allowed is not None and not model.allowed[c, s]:
                found.append(f"customer {c} on shift {s}")
        if not route:
            continue
        if (model.load[list(route)].sum(axis=0) > model.capacity[s] + 1e-6).any():
            found.append(f"load of shift {s}")
        duration = least_duration(model, s, route)
        if duration is None:
            found.append(f"time of shift {s}")
        elif duration > model.max_duration[s] + 1e-6:
            found.append(f"duration of shift {s}")
    for c, visited in days.items():
        u = int(solution.pattern[c])
        if not model.pattern_start[c] <= u < model.pattern_start[c + 1]:
            found.append(f"pattern of customer {c}")
        if sorted(visited) != np.flatnonzero(model.pattern_days[u]).tolist():
            found.append(f"days of customer {c}")
        if model.pattern_rep is not None and model.pattern_rep[u] >= 0 and reps[c] - {int(model.pattern_rep[u])}:
            found.append(f"rep of customer {c}")
    return found


def travel_cost(model: SearchModel, solution: SearchSolution) -> float:
    """Arcs, patterns and shifts, added up from the matrices."""
    assert model.pattern_cost is not None
    assert model.shift_cost is not None
    total = float(model.pattern_cost[solution.pattern].sum())
    for s, route in enumerate(solution.routes):
        if route:
            nodes = [int(model.start_node[s]), *[int(model.node[c]) for c in route], int(model.end_node[s])]
            total += sum(float(model.costs[a, b]) for a, b in itertools.pairwise(nodes)) + float(model.shift_cost[s])
    return total


def make(seed: int, *, n: int, optional: bool, several: bool, rested: bool) -> SearchModel:
    """A model from a seed: asymmetric whole-minute travel, windows, shifts, loads, patterns, skills, rep ties."""
    rng = np.random.default_rng(seed)
    days, per_day, nodes = 2, int(rng.integers(1, 3)), n + 2
    shifts = days * per_day
    xy = rng.integers(0, 12, (nodes, 2))
    durations = np.ceil(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))) + rng.integers(0, 3, (nodes, nodes))
    np.fill_diagonal(durations, 0.0)
    costs = durations * 2.0 + rng.integers(0, 4, (nodes, nodes))
    np.fill_diagonal(costs, 0.0)
    slots = 2 if several else 1
    windows = np.full((n, days, slots, 2), np.inf)
    windows[..., 0], windows[..., 1] = np.inf, -np.inf
    count = rng.integers(0, slots + 1, (n, days))
    for c, d in itertools.product(range(n), range(days)):
        cuts = np.sort(rng.choice(np.arange(0, 100, 5), 2 * slots, replace=False))
        for w in range(count[c, d]):
            windows[c, d, w] = cuts[2 * w], cuts[2 * w + 1]
    rows: list[list[bool]] = []
    price: list[float] = []
    tie: list[int] = []
    start = [0]
    for _ in range(n):
        options = [[True, False], [False, True], [True, True]]
        for k in rng.choice(3, int(rng.integers(1, 3)), replace=False):
            rows.append(options[k])
            price.append(float(rng.integers(0, 5)))
            tie.append(int(rng.integers(0, per_day)) if rng.random() < 0.2 else -1)
        if optional:
            rows.append([False, False])
            price.append(500.0)
            tie.append(-1)
        start.append(len(rows))
    return SearchModel(
        durations=durations, costs=costs, node=np.arange(n), service=rng.integers(0, 6, n).astype(float),
        load=rng.integers(0, 4, (n, 2)).astype(float), windows=windows, n_windows=count,
        allowed=rng.random((n, shifts)) < 0.9, pattern_start=np.array(start), pattern_days=np.array(rows),
        pattern_cost=np.array(price), pattern_rep=np.array(tie), shift_day=np.repeat(np.arange(days), per_day),
        start_node=np.full(shifts, n), end_node=n + rng.integers(0, 2, shifts), early=np.zeros(shifts),
        late=rng.integers(60, 110, shifts).astype(float), max_duration=rng.integers(40, 110, shifts).astype(float),
        capacity=rng.integers(3, 12, (shifts, 2)).astype(float), shift_cost=rng.integers(0, 3, shifts).astype(float),
        break_early=np.full(shifts, 30.0), break_late=np.full(shifts, 45.0),
        break_duration=np.full(shifts, 10.0 if rested else 0.0), rep=np.tile(np.arange(per_day), days),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6), n=st.integers(1, 9), several=st.booleans(), rested=st.booleans(), memetic=st.booleans()
)
def test_plans_hold_every_constraint(seed: int, n: int, several: bool, rested: bool, memetic: bool) -> None:
    model = make(seed, n=n, optional=True, several=several, rested=rested)
    found = search(model, stop=MaxIterations(400), seed=seed, params=SearchParams(memetic=memetic, fewest_educations=1))
    assert found.feasible
    assert violations(model, found) == []
    assert found.cost == pytest.approx(travel_cost(model, found))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 6))
def test_mandatory_visits_are_placed_or_the_plan_is_not_called_feasible(seed: int, n: int) -> None:
    model = make(seed, n=n, optional=False, several=False, rested=False)
    found = search(model, stop=MaxIterations(300), seed=1)
    assert found.feasible == (violations(model, found) == [])


def brute_force(model: SearchModel) -> float:
    """Cheapest plan by enumerating patterns, shifts of each visit and orders."""
    n = model.n_customers
    best = INF
    memo: dict[tuple[int, frozenset[int]], float] = {}

    def route_cost(s: int, members: frozenset[int]) -> float:
        key = (s, members)
        if key not in memo:
            memo[key] = 0.0 if not members else INF
            fits = not members or (model.load[list(members)].sum(axis=0) <= model.capacity[s]).all()
            for order in itertools.permutations(members) if members and fits else ():
                duration = least_duration(model, s, order)
                if duration is not None and duration <= model.max_duration[s]:
                    nodes = [int(model.start_node[s]), *[int(model.node[c]) for c in order], int(model.end_node[s])]
                    cost = sum(float(model.costs[a, b]) for a, b in itertools.pairwise(nodes))
                    assert model.shift_cost is not None
                    memo[key] = min(memo[key], cost + float(model.shift_cost[s]))
        return memo[key]

    assert model.pattern_cost is not None
    assert model.pattern_rep is not None
    assert model.allowed is not None
    assert model.rep is not None
    choices: list[list[tuple[float, tuple[int, ...]]]] = []
    for c in range(n):
        mine: list[tuple[float, tuple[int, ...]]] = []
        for u in range(model.pattern_start[c], model.pattern_start[c + 1]):
            options = [
                [s for s in range(model.n_shifts) if model.shift_day[s] == d and model.allowed[c, s]
                 and model.pattern_rep[u] in (-1, model.rep[s])]
                for d in np.flatnonzero(model.pattern_days[u])
            ]  # fmt: skip
            mine += [(float(model.pattern_cost[u]), combo) for combo in itertools.product(*options)]
        choices.append(mine)
    for picked in itertools.product(*choices):
        members: list[set[int]] = [set() for _ in range(model.n_shifts)]
        for c, (_, shifts) in enumerate(picked):
            for s in shifts:
                members[s].add(c)
        cost = sum(price for price, _ in picked)
        for s, group in enumerate(members):
            cost += route_cost(s, frozenset(group))
            if cost >= best:
                break
        best = min(best, cost)
    return best


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), n=st.integers(1, 4), rested=st.booleans())
def test_tiny_models_are_solved_to_the_brute_force_optimum(seed: int, n: int, rested: bool) -> None:
    model = make(seed, n=n, optional=True, several=False, rested=rested)
    if rested:  # the least duration with a break is bounded, not exact: keep the duration limit out of the comparison
        model = SearchModel(**{**model.__dict__, "max_duration": np.full(model.n_shifts, np.inf)})
    found = search(model, stop=MaxIterations(1500), seed=3)
    assert found.cost == pytest.approx(brute_force(model))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), memetic=st.booleans())
def test_iterations_and_seed_repeat_the_plan(seed: int, memetic: bool) -> None:
    model = make(seed, n=8, optional=True, several=True, rested=True)
    runs = [
        search(model, stop=MaxIterations(600), seed=seed, params=SearchParams(memetic=memetic, fewest_educations=1))
        for _ in range(2)
    ]
    assert runs[0].routes == runs[1].routes
    assert runs[0].cost == runs[1].cost


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_engine_durations_are_achievable(seed: int) -> None:
    """The evaluated duration of a feasible route is never shorter than the least the clock allows."""
    model = make(seed, n=6, optional=True, several=True, rested=True)
    found = search(model, stop=MaxIterations(200), seed=5)
    shape = evaluate(model, found.routes, found.pattern)
    for s, route in enumerate(found.routes):
        if route:
            least = least_duration(model, s, route)
            assert least is not None
            assert shape.duration[s] >= least - 1e-6
