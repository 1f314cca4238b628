"""How long a manager waits for an answer: CPU seconds of each question on a large plan, the check included.

::

    python -m tests.benchmarks.live.answers [--customers 2000] [--reps 20]
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta

from routing.check import MatrixTravel, check
from routing.live.moment import Moment
from routing.live.proposal import Proposal
from routing.live.replan import absence, replan
from routing.live.slots import best_slots
from routing.live.urgent import urgent
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project
from routing.travel.great_circle import GreatCircle
from tests.benchmarks.live.quick_plan import quick_plan
from tests.benchmarks.live.world import HOUR, MONDAY, area


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--reps", type=int, default=20)
    options = parser.parse_args()
    project = area(1, customers=options.customers, reps=options.reps)
    plan = quick_plan(project, steps=400)  # the plan need not be good to be large
    moment = Moment(day=MONDAY + timedelta(days=7), time=11 * HOUR)
    today = [(r.rep_id, s.customer_id) for r in plan.routes if r.date == moment.day for s in r.stops]
    missed = frozenset((c, moment.day - timedelta(days=3)) for r in plan.routes for c in _of(r, moment))
    travel = GreatCircle()
    customer, rep_id = project.customers[7].customer_id, today[0][0]
    deadline = (moment.day + timedelta(days=1), moment.time)
    late = Moment(day=moment.day, time=moment.time, missed=frozenset(sorted(missed)[:20]))
    print("| question | CPU s | of which check |\n|---|---:|---:|")
    _tell(
        "urgent", project, plan, lambda: urgent(project, plan, travel, moment, customer_id=customer, deadline=deadline)
    )
    days = [moment.day, moment.day + timedelta(days=1)]
    _tell(f"rep ill for two days ({sum(r == rep_id for r, _ in today)} visits today)", project, plan,
          lambda: (absence(project, plan, travel, moment, rep_id=rep_id, days=days),))  # fmt: skip
    _tell(f"replan, {len(late.missed)} missed", project, plan, lambda: (replan(project, plan, travel, late),))
    begin = time.process_time()
    slots = best_slots(project, plan, travel, moment, customer_id=customer)
    print(f"| best slots, {len(slots)} of one rep | {time.process_time() - begin:.2f} | |")
    return 0


def _of(route: DayRoute, moment: Moment) -> list[str]:
    day = moment.day - timedelta(days=3)
    return [s.customer_id for s in route.stops] if route.date == day else []


def _tell(name: str, project: Project, plan: JourneyPlan, ask: Callable[[], tuple[Proposal, ...]]) -> None:
    begin = time.process_time()
    found = ask()
    asked = time.process_time()
    for proposal in found[:1]:
        check(proposal.project, proposal.plan, MatrixTravel.of_plan(proposal.project, proposal.plan, GreatCircle()))
    done = time.process_time()
    print(f"| {name} | {done - begin:.2f} | {done - asked:.2f} |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
