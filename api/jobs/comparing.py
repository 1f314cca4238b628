"""The steps of a comparing job as plain functions; they run in worker processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from api.planning import compile_engine
from api.scenarios.stored import comparison_values
from api.scenarios.work import Estimated, Ground, Key, Prepared, RunParams, estimated, lay_ground, prepare, put_together
from routing.plan import JourneyPlan
from routing.project import Project
from routing.scenario import Scenario
from routing.travel.base import TravelProvider
from routing.travel.named import provider_named


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a comparison is made of.

    Parameters
    ----------
    travel, roads
        As in :func:`routing.travel.named.provider_named`.
    """

    project: Project
    plan: JourneyPlan
    scenarios: tuple[Scenario, ...]
    params: RunParams
    travel: str = "great_circle"
    roads: Path | None = None

    def provider(self) -> TravelProvider:
        """Source of travel times."""
        return provider_named(self.travel, roads=self.roads)


def ground(asked: Asked) -> Ground:
    """Measure the base."""
    return lay_ground(asked.project, asked.plan, asked.provider())


def estimate(asked: Asked, base: Ground, scenario: Scenario) -> Estimated:
    """First estimate of a scenario."""
    return estimated(base, scenario, asked.provider(), seed=asked.params.seeds[0])


def prepared(asked: Asked, base: Ground, found: Estimated) -> Prepared:
    """Territories of a scenario."""
    return prepare(base, found, asked.provider(), seed=asked.params.seeds[0])


def warm_up(base: Ground) -> None:
    """Compile the engine, once, so that workers need not all do it."""
    compile_engine(min(base.problems.values(), key=lambda problem: sum(problem.due) or inf))


def compared(
    asked: Asked,
    base: Ground,
    items: Sequence[Prepared],
    solved: Mapping[Key, JourneyPlan],
    bounds: Mapping[Key, float],
) -> dict[str, Any]:
    """The whole comparison as plain JSON values.

    Raises
    ------
    PlanRejected
        If the checker finds a broken rule in any of its plans.
    """
    found = put_together(base, items, solved, asked.provider(), asked.params, bounds=bounds)
    found.require_clean()
    return comparison_values(found)
