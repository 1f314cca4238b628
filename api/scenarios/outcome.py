"""What a scenario came to."""

from dataclasses import dataclass

from api.scenarios.estimate import Estimate
from routing.check import Violation
from routing.plan import JourneyPlan
from routing.project import Project
from routing.scenario import Scenario
from territories.alignment import Alignment


@dataclass(frozen=True, kw_only=True)
class Base:
    """What scenarios are held against.

    Parameters
    ----------
    plan
        The base plan as it was given.
    plans
        One plan per seed, with the same budgets as the scenarios; the given plan alone when there is one seed.
    fingerprint
        Of the project: together with scenarios and seeds it says how to repeat the comparison.
    """

    project: Project
    plan: JourneyPlan
    plans: tuple[JourneyPlan, ...]
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """One plan of a scenario, and what the checker found in it."""

    seed: int
    plan: JourneyPlan
    violations: tuple[Violation, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A scenario answered.

    Parameters
    ----------
    project
        The base after the changes.
    alignment
        Territories with their estimates.
    runs
        One per seed.
    solved_again, kept
        Reps whose routes were planned again, and those whose routes are the base plan's.
    seconds
        Wall clock of all solving of the comparison.
    """

    scenario: Scenario
    project: Project
    alignment: Alignment
    estimate: Estimate
    runs: tuple[Run, ...]
    solved_again: tuple[str, ...]
    kept: tuple[str, ...]
    seconds: float

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @property
    def plan(self) -> JourneyPlan:
        """Plan of the first seed."""
        return self.runs[0].plan
