"""Starting from an existing plan, also one that no longer fits the problem (customer added, shift gone, visit
pinned)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.search.encode import Encoded
from routing.search.kernels import routes, ruin
from routing.search.kernels.layout import Plan, Problem
from routing.search.model import Floats, Ints
from routing.search.rng import RandomState


def read_plan(
    encoded: Encoded, model_routes: Sequence[Sequence[int]], pattern: Ints | None
) -> tuple[Ints, Ints, Ints, Ints]:
    """Compact routes, patterns and the customers whose visits fit no pattern of theirs (they are left out)."""
    p = encoded.problem
    n = len(p.pattern_start) - 1
    visits: list[list[int]] = [[] for _ in range(n)]
    shifts: list[list[int]] = [[] for _ in range(n)]
    for s, origin in enumerate(encoded.order):
        for c in model_routes[origin]:
            visits[c].append(int(p.shift_int[s, 0]))
            shifts[c].append(s)
    chosen = np.full(n, -1, np.int64)
    for c in range(n):
        rows = range(int(p.pattern_start[c]), int(p.pattern_start[c + 1]))
        wanted = sorted(visits[c])
        reps = {int(p.shift_int[s, 3]) for s in shifts[c]}
        if not all(p.allowed[c, s] for s in shifts[c]):
            continue
        if pattern is not None and _fits(p, int(pattern[c]), wanted, reps):
            chosen[c] = pattern[c]
            continue
        fitting = [u for u in rows if _fits(p, u, wanted, reps)]
        if fitting:
            chosen[c] = min(fitting, key=lambda u: p.pattern_cost[u])
    flat: list[int] = []
    start = np.zeros(len(p.shift_int) + 1, np.int64)
    for s, origin in enumerate(encoded.order):
        flat.extend(int(c) for c in model_routes[origin] if chosen[c] >= 0)
        start[s + 1] = len(flat)
    left = np.flatnonzero(chosen < 0).astype(np.int64)
    return np.array(flat or [0], np.int64), start, np.where(chosen < 0, p.pattern_start[:-1], chosen), left


def _fits(p: Problem, u: int, days: list[int], reps: set[int]) -> bool:
    """Whether visits on these days by these reps are those of pattern u."""
    same = int(p.pattern_size[u]) == len(days) and p.pattern_days[u, : len(days)].tolist() == days
    return same and (int(p.pattern_rep[u]) < 0 or reps <= {int(p.pattern_rep[u])})


def fill(
    encoded: Encoded,
    x: Plan,
    penalty: Floats,
    scratch: ruin.Scratch,
    model_routes: Sequence[Sequence[int]],
    pattern: Ints | None,
    rs: RandomState,
) -> Ints:
    """Load the plan and insert whoever it does not serve properly; returns these customers."""
    flat, start, chosen, left = read_plan(encoded, model_routes, pattern)
    routes.load_routes(encoded.problem, x, flat, start, chosen)
    ruin.construct(encoded.problem, x, penalty, left, rs, scratch.cost, scratch.shift, scratch.place, False)
    return left
