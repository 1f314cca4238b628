"""``python -m tests.benchmarks.territories.drift [CUSTOMERSxREPS …] [--seeds 1 2]``: what moves once work has drifted.

Yesterday's alignment meets today's work: every customer's time changed by up to a quarter, three in a hundred left and
as many came. Prints what moved beside the least that had to move between neighbours, and the distance to the centres.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np

from routing.domain import Customer, Location, Rep, VisitRule, WorkDay
from territories import TerritoryProblem, align
from territories.realign import realign
from tests.benchmarks.territories.cases import generated

_WEEK = {d: WorkDay(start=8 * 3600, end=17 * 3600) for d in range(5)}


def problem_of(n: int, m: int, seed: int) -> TerritoryProblem:
    """The generated case as a problem with visits of 15 to 45 minutes and reps without fixed homes."""
    case = generated(n, m, seed=seed)
    rng = np.random.default_rng(seed)
    customers = tuple(
        Customer(
            customer_id=f"C{i}",
            name=f"C{i}",
            location=Location(lat=47.0 + y / 111.2, lon=8.0 + x / 75.8),
            visit_rule=VisitRule(visits=int(rng.choice([1, 2, 4])), period_weeks=Fraction(4)),
            service_duration=60 * int(rng.choice([15, 20, 30, 45])),
        )
        for i, (x, y) in enumerate(case.points.tolist())
    )
    home = Location(lat=47.0, lon=8.0)
    reps = tuple(Rep(rep_id=f"R{j}", name=f"R{j}", home_base=home, hours=_WEEK) for j in range(m))
    return TerritoryProblem(customers=customers, reps=reps, free_reps=frozenset(r.rep_id for r in reps))


def drifted(problem: TerritoryProblem, seed: int) -> TerritoryProblem:
    """Same area later: durations times 0.75 … 1.25 with a trend across the country, three per cent churn."""
    rng = np.random.default_rng(seed + 1)
    lon = np.array([c.location.lon for c in problem.customers])
    trend = 0.4 * (lon - lon.min()) / np.ptp(lon) - 0.2
    factor = np.clip(1 + trend + rng.uniform(-0.1, 0.1, len(lon)), 0.75, 1.25)
    churn = rng.random(len(lon)) < 0.03
    customers = tuple(
        replace(c, customer_id=f"N{i}" if new else c.customer_id, service_duration=max(60, int(c.service_duration * f)))
        for i, (c, f, new) in enumerate(zip(problem.customers, factor.tolist(), churn.tolist(), strict=True))
    )
    return replace(problem, customers=customers)


def main(arguments: list[str]) -> None:
    """Measure every size and seed at several weights of stability."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["1000x12", "2000x25"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--stability", type=float, nargs="+", default=[0.0, 0.3, 0.5, 2.0, 5.0])
    given = parser.parse_args(arguments)
    for name, seed in itertools.product(given.sizes, given.seeds):
        n, m = (int(x) for x in name.split("x"))
        problem = problem_of(n, m, seed=seed)
        today = align(problem).territories
        later = drifted(problem, seed=seed)
        for stability in given.stability:
            begin = time.process_time()
            found = realign(later, today, stability=stability)
            print(
                f"{name:>9} seed {seed} stability {stability:3.1f}  "
                f"before {found.before.worst_deviation('workload'):6.1%}  "
                f"after {found.alignment.worst_deviation('workload'):5.1%}  moved {found.moved_workload:6.2%}  "
                f"bound {found.bound_neighbours:6.2%}  ratio {found.moved_workload / found.bound_neighbours:5.2f}  "
                f"distance {found.distance_after / found.distance_before - 1:+6.2%}  "
                f"cpu {time.process_time() - begin:5.2f} s",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
