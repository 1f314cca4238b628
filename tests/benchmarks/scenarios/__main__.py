"""Time to the first estimate and to the final answer of a scenario; prints Markdown.

::

    python -m tests.benchmarks.scenarios [--customers 1500] [--reps 14] [--base PLAN] [--seed 0] [--workers 2]

The area is generated (`rounds generate` with the same seed) and planned first, unless the folder of a plan is given.
CPU seconds are those of this process and of its workers: what a machine of one free core would take. The wall clock
says what two cores take when nothing else runs.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from api.planning import PlanningParams, compile_engine, plan_project
from api.scenarios.run import Progress, RunParams, run_scenarios
from routing.calendar import Calendar
from routing.export import SavedPlan, read_plan
from routing.generate import generate
from routing.io import load_project_files
from routing.kpi import measure
from routing.problem import PlanningProblem
from routing.project import Project
from routing.scenario import Scenario, parse_changes
from routing.travel.great_circle import GreatCircle

MONDAY = date(2026, 11, 2)
FIRST_ESTIMATE, ANSWER = 2.0, 30.0
"""Targets: CPU seconds to the estimate; seconds to the answer on two cores."""
CORES = 2


def main() -> int:
    """Print the table; the exit code is the number of targets missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1500)
    parser.add_argument("--reps", type=int, default=14)
    parser.add_argument("--base", type=Path, help="folder of a plan with great-circle travel")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=CORES)
    options = parser.parse_args()
    base = read_plan(options.base) if options.base else _planned(options.customers, options.reps, options.seed)
    project, plan = base.project, base.plan
    compile_engine(PlanningProblem.build(project, GreatCircle(), rep_ids=[project.reps[0].rep_id], customer_ids=[]))
    print(
        f"{len(project.active_customers)} customers, {len(project.reps)} reps, {measure(project, plan).visits} visits"
    )
    print(
        "\n| scenario | territories solved again | estimate CPU s | answer CPU s | on 2 cores s | wall s | cost "
        "| unserved | travel h |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    missed = 0
    for scenario in _scenarios(project):
        missed += _row(project, base, scenario, options.workers)
    return missed


def _row(project: Project, base: SavedPlan, scenario: Scenario, workers: int) -> int:
    begin, first, began = _cpu(), 0.0, time.monotonic()

    def tell(step: Progress) -> None:
        nonlocal first
        if step.estimate is not None:
            first = sum(_cpu()) - sum(begin)

    compared = run_scenarios(
        project, base.plan, [scenario], GreatCircle(), params=RunParams(workers=workers), on_progress=tell
    )
    wall = time.monotonic() - began
    own, others = (after - before for before, after in zip(begin, _cpu(), strict=True))
    outcome = compared.outcomes[0]
    shared = own + others / min(CORES, max(1, len(outcome.solved_again)))
    kpis = measure(outcome.project, outcome.plan)
    print(
        f"| {scenario.name} | {len(outcome.solved_again)} of {len(outcome.project.reps)} | {first:.1f} "
        f"| {own + others:.1f} | {shared:.1f} | {wall:.1f} | {kpis.cost:,.0f} "
        f"| {kpis.unserved} | {kpis.travel_s / 3600:.1f} |",
        flush=True,
    )
    return (first > FIRST_ESTIMATE) + (shared > ANSWER)


def _cpu() -> tuple[float, float]:
    """CPU seconds of this process, and of its workers that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), ended.ru_utime + ended.ru_stime


def _planned(customers: int, reps: int, seed: int) -> SavedPlan:
    with TemporaryDirectory() as folder:
        generate(customers, reps, clusters=2, seed=seed).write(Path(folder))
        loaded = load_project_files(Path(folder) / "customers.csv", Path(folder) / "reps.csv", start=MONDAY, weeks=4)
    project = Project(customers=loaded.customers, reps=loaded.reps, calendar=Calendar(start=MONDAY, weeks=4))
    plan = plan_project(project, GreatCircle(), params=PlanningParams(seed=seed)).plan
    return SavedPlan(project=project, plan=plan, extras={})


def _scenarios(project: Project) -> list[Scenario]:
    middle = project.active_customers[0].location
    asked = {
        "one rep's hours": [f"hours {project.reps[0].rep_id} +60 min"],
        "a grade less often": ["frequency C=every 6 weeks"],
        "everyone an hour longer": ["hours all +60 min"],
        "slower traffic": ["travel x1.2"],
        "one rep more": [f"+rep at {middle.lat},{middle.lon}"],
        "one rep less": [f"-rep {project.reps[-1].rep_id}"],
    }
    return [Scenario(name=name, changes=parse_changes(changes)) for name, changes in asked.items()]


if __name__ == "__main__":
    raise SystemExit(main())
