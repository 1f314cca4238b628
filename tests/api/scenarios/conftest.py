"""A tiny area with its plan and three scenarios, planned once, in this process."""

from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date

import pytest

from api.planning import PlannedProject, PlanningParams, plan_project
from api.scenarios.comparison import Comparison
from api.scenarios.run import RunParams, run_scenarios
from routing.calendar import Calendar
from routing.project import Project
from routing.scenario import Scenario, parse_changes
from routing.travel.great_circle import GreatCircle
from tests.made_plan import MONDAY, made

EFFORT = 0.02


class Inline(Executor):
    """Runs each task at once."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        done: Future = Future()  # type: ignore[type-arg]
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture(scope="session")
def project() -> Project:
    """24 customers and 2 reps over two weeks; the lowest grade is due once in them."""
    area, _ = made(customers=24, reps=2, weeks=2)
    due = tuple(replace(c, last_visit=date(2026, 2, 16)) for c in area.customers)
    return replace(area, customers=due, calendar=Calendar(start=MONDAY, weeks=2))


@pytest.fixture(scope="session")
def planned(project: Project) -> PlannedProject:
    """Its plan."""
    return plan_project(project, GreatCircle(), params=PlanningParams(seconds=0.1, workers=1), executor=Inline())


SCENARIOS = (
    Scenario(name="longer visits", changes=parse_changes(["duration A=40 min"])),
    Scenario(name="dearer hours", changes=parse_changes(["rate all 30/h"])),
    Scenario(name="overtime", changes=parse_changes(["hours R01 +60 min"])),
    Scenario(name="one more", changes=parse_changes(["+rep at -30.17,-71.25"]), question="Does a third rep pay?"),
)


@pytest.fixture(scope="session")
def compared(project: Project, planned: PlannedProject) -> Comparison:
    """Four scenarios, two seeds."""
    params = RunParams(seeds=(1, 2), effort=EFFORT)
    return run_scenarios(project, planned.plan, SCENARIOS, GreatCircle(), params=params, executor=Inline())
