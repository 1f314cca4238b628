"""How many moves a second the search prices, windows and breaks on.

``python -m tests.benchmarks.micro.moves [--seed 0]``: one field rep, 250 customers, four weeks. CPU seconds of one
thread, best of several rounds, compiled code warm. A move is one position for one visit; most are ruled out by their
arcs alone, so that pricing each in full is told too.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from numba import njit

from routing.encoding import encode, pattern_options
from routing.problem import PlanningProblem
from routing.search.anneal import Annealer
from routing.search.encode import encode as kernel_arrays
from routing.search.kernels.insertion import NOWHERE, cheapest, timed_insertion
from routing.search.kernels.layout import Floats, Plan, Problem
from routing.search.rng import RandomState, random_state
from routing.solve import SHORT_SEARCH
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.field.cases import field_case

ROUNDS = 7


@njit(cache=True)
def best_places(p: Problem, x: Plan, pen: Floats, rs: RandomState) -> int:
    """Best place of every customer on every day; returns the positions there are."""
    moves = 0
    for c in range(x.pattern.shape[0]):
        for day in range(p.day_start.shape[0] - 1):
            cheapest(p, x, pen, c, day, -1, 0.0, rs, NOWHERE)
            for s in range(p.day_start[day], p.day_start[day + 1]):
                moves += x.size[s] + 1
    return moves


@njit(cache=True)
def every_place(p: Problem, x: Plan) -> tuple[int, float]:
    """Every customer timed at every position of every shift, none ruled out; returns how many, and the time warp."""
    moves, total = 0, 0.0
    for c in range(x.pattern.shape[0]):
        for day in range(p.day_start.shape[0] - 1):
            for s in range(p.day_start[day], p.day_start[day + 1]):
                for i in range(x.size[s] + 1):
                    a, b = x.route[s, i], x.route[s, i + 1]
                    _, warp = timed_insertion(
                        x.head, x.tail, p.windows, p.n_windows, p.shift_float, p.service[c], p.time[a, c], p.time[c, b],
                        c, s, i, day,
                    )  # fmt: skip
                    moves += 1
                    total += warp
    return moves, total


def best_of[T](work: Callable[[], T]) -> tuple[float, T]:
    """Least CPU seconds of several rounds after one to warm up, and what the last returned."""
    found = work()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = work()
        times.append(time.process_time() - began)
    return min(times), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    problem = PlanningProblem.build(field_case(seed, full=0.9, windowed=True).project, GreatCircle())
    weights = problem.policy.weights
    encoded = kernel_arrays(encode(problem, pattern_options(problem, weights), weights))
    annealer = Annealer(encoded, SHORT_SEARCH, random_state(seed))
    annealer.construct(np.arange(len(annealer.plan.pattern), dtype=np.int64))
    annealer.run(3_000, 1.0, 0.1)
    p, x = encoded.problem, annealer.plan
    seconds, moves = best_of(lambda: best_places(p, x, annealer.penalty, annealer.rs))
    print(f"best place of a visit on a day: {moves / seconds:,.0f} moves a second, most ruled out by their arcs")
    seconds, (moves, _) = best_of(lambda: every_place(p, x))
    print(f"each timed with windows and break: {moves / seconds:,.0f} moves a second")
    seconds, _ = best_of(lambda: annealer.run(500, 0.1, 0.1))
    print(
        f"ruin and recreate, about twelve customers with all their visits a step: {500 / seconds:,.0f} steps a second"
    )


if __name__ == "__main__":
    main()
