"""A field rep's call cycle planned by rounds and by others, in one run; prints Markdown.

::

    python -m tests.benchmarks.field [--seeds 1 2] [--full 80 90 96] [--seconds 10] [--or-tools 25] [--windows both]
        [--planted 97]

Needs ``pip install rounds[bench]``. One thread; times are CPU seconds of this process. A day is broken when no timing
of its stops keeps the shift, the windows and the break; every day is timed by the same exact method. ``--planted``
adds cases in which a plan is known that fills every day to that share.
"""

import argparse
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

from routing.check import MatrixTravel, check
from routing.search.stop import MaxIterations, MaxRuntime
from routing.solve import solve
from routing.timetable import day_problem
from routing.tours import schedule
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.field.cases import FieldCase, field_case, planted_case
from tests.benchmarks.field.clerk import by_angle, by_clusters
from tests.benchmarks.field.peers import Tours, nearest_neighbour, or_tools, vroom_days


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one planner made of one case."""

    planner: str
    travel_min: float
    broken_days: int
    unserved: int
    cpu_s: float

    def row(self, case: FieldCase, ours: "Result") -> str:
        """Line of the table."""
        full = (case.service_s + self.travel_min * 60) / case.offered_s
        less = f"{ours.travel_min / self.travel_min - 1:+.1%}" if self is not ours else ""
        return (
            f"| {case.name} | {self.planner} | {self.travel_min:.0f} | {self.broken_days} | {self.unserved} "
            f"| {full:.1%} | {self.cpu_s:.1f} | {less} |"
        )


def main() -> int:
    """Print the table; the exit code is the number of targets missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--full", type=float, nargs="+", default=[80.0, 90.0, 96.0])
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds of rounds' search")
    parser.add_argument("--or-tools", type=float, default=25.0, help="CPU seconds of OR-Tools; 0 leaves it out")
    parser.add_argument("--planted", type=float, nargs="+", default=[], help="fullness of cases with a known plan")
    parser.add_argument("--windows", choices=("both", "with", "without"), default="both")
    options = parser.parse_args()
    kinds = {"both": (False, True), "with": (True,), "without": (False,)}[options.windows]
    print("| case | planner | travel min | days broken | unserved | full | CPU s | rounds' travel |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    missed = 0
    solve(field_case(0, full=0.5, windowed=True, customers=20).problem, stop=MaxIterations(2000))  # compiles
    for seed in options.seeds:
        for windowed in kinds:
            cases = (field_case(seed, full=full / 100.0, windowed=windowed) for full in options.full)
            known = (planted_case(seed, full=full / 100.0, windowed=windowed) for full in options.planted)
            for case in itertools.chain(cases, known):
                results = list(_results(case, options.seconds, options.or_tools))
                for result in results:
                    print(result.row(case, results[0]), flush=True)
                missed += _missed(case, results)
    return missed


def _results(case: FieldCase, seconds: float, or_tools_seconds: float) -> Iterator[Result]:
    problem = case.problem
    begin = time.process_time()
    plan = solve(problem, stop=MaxRuntime(seconds, cpu=True), seed=1).plan
    spent = time.process_time() - begin
    faults = check(case.project, plan, MatrixTravel.of_plan(case.project, plan, GreatCircle()))
    if faults:
        raise AssertionError(f"rounds' plan breaks {len(faults)} rules: {faults[0]}")
    unserved = sum(u.visits for u in plan.unserved)
    yield Result(planner="rounds", travel_min=plan.travel_s / 60, broken_days=0, unserved=unserved, cpu_s=spent)
    if case.known_travel_s is not None:
        yield Result(planner="planted", travel_min=case.known_travel_s / 60, broken_days=0, unserved=0, cpu_s=0.0)
        return
    begin = time.process_time()
    tours = nearest_neighbour(problem, by_angle(problem))
    yield _measured(case, "sweep + nearest neighbour", tours, time.process_time() - begin)
    begin = time.process_time()
    tours = vroom_days(problem, by_clusters(problem, seed=1))
    yield _measured(case, "k-means days + VROOM", tours, time.process_time() - begin)
    if or_tools_seconds > 0:
        begin = time.process_time()
        tours = or_tools(problem, tours, cpu_seconds=or_tools_seconds)
        yield _measured(case, "OR-Tools, started there", tours, time.process_time() - begin)


def _measured(case: FieldCase, planner: str, tours: Tours, cpu_s: float) -> Result:
    problem = case.problem
    travel = broken = 0
    for shift, tour in zip(problem.shifts, tours, strict=True):
        if tour:
            order = range(1, len(tour) + 1)
            day = day_problem(problem, shift, tour)
            path = [0, *order, day.places - 1]
            travel += int(day.durations[path[:-1], path[1:]].sum())
            broken += schedule(day, order) is None
    unserved = sum(problem.due) - sum(len(tour) for tour in tours)
    return Result(planner=planner, travel_min=travel / 60, broken_days=broken, unserved=unserved, cpu_s=cpu_s)


def _missed(case: FieldCase, results: list[Result]) -> int:
    ours = results[0]
    targets = {"every visit planned": ours.unserved == 0}
    if case.known_travel_s is None:
        sweep, clusters = results[1:3]
        targets |= {
            "20 % less travel than sweep + nearest neighbour": ours.travel_min <= 0.80 * sweep.travel_min,
            "8 % less travel than k-means days + VROOM": ours.travel_min <= 0.92 * clusters.travel_min,
        }
    for target, met in targets.items():
        if not met:
            print(f"<!-- {case.name}: target missed: {target} -->")
    return sum(not met for met in targets.values())


if __name__ == "__main__":
    raise SystemExit(main())
