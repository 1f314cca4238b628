"""Comparisons of scenarios as they travel."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from pydantic import Field

from api.scenarios.comparison import BASE_NAME, Comparison
from api.scenarios.estimate import Estimate
from api.scenarios.figures import figure_of
from api.scenarios.work import RunParams
from api.schemas.common import Input, Name, Prose, Schema
from api.schemas.jobs import JobOut
from api.store.models import ComparisonRow, JobRow
from routing.errors import InvalidInput, Issue
from routing.scenario import FORMS, Scenario, Territories, scenario_from_values

MOST_SCENARIOS = 20
MOST_SEEDS = 10


class ScenarioIn(Input):
    """A base plan with a few changes."""

    name: Name = Field(examples=["One rep more"])
    changes: list[str | dict[str, Any]] = Field(
        default_factory=list,
        max_length=50,
        description="In words or as objects with a field `change`, as in scenario files. In words: "
        + " | ".join(f"`{form}`" for form in FORMS),
        examples=[["+rep at -29.9,-71.25"]],
    )
    territories: Territories = Field(
        default=Territories.AUTO,
        description="`keep` today's, `adapt` them as balance asks for it, draw `new` ones, or decide by the changes.",
    )
    question: Prose = Field(default="", description="What the manager wants to know.")


class ComparisonRequest(Input):
    """Scenarios to be held against a plan."""

    name: Name = Field(default="What if", examples=["Sixth rep or overtime?"])
    question: Prose = Field(default="", description="What is to be decided; heads the report.")
    plan_id: str = Field(max_length=32, description="The base plan.")
    scenarios: list[ScenarioIn] = Field(min_length=1, max_length=MOST_SCENARIOS)
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="The first seed.")
    repeats: int = Field(
        default=1,
        ge=1,
        le=MOST_SEEDS,
        description="Seeds. From 2 on differences larger than the noise of the search are marked.",
    )
    effort: float = Field(default=1.0, gt=0, le=100, description="Search budget as a multiple of a plan's.")
    bounds: bool = Field(default=False, description="Also prove the least travel of each plan's visits.")

    def asked(self) -> Iterator[Scenario]:
        """The scenarios.

        Raises
        ------
        InvalidInput
            With the faults of all of them.
        """
        issues: list[Issue] = []
        found = []
        for scenario in self.scenarios:
            try:
                found.append(scenario_from_values(scenario.model_dump(mode="json"), file=f"scenario '{scenario.name}'"))
            except InvalidInput as error:
                issues += error.issues
        if issues:
            raise InvalidInput(issues)
        yield from found

    def params(self) -> RunParams:
        """How they are planned."""
        seeds = tuple(range(self.seed, self.seed + self.repeats))
        return RunParams(seeds=seeds, effort=self.effort, bounds=self.bounds)


class EstimateOut(Schema):
    """What can be said before any route is planned."""

    hours: float = Field(description="Service and estimated travel of all reps.")
    offered_hours: float
    travel_hours: float
    fullest: float = Field(description="Largest share of a rep's hours that is demanded.")
    cost: float
    fits: bool
    verdict: str = Field(description="In words.")
    seconds: float = Field(description="What it took.")


class ScenarioOut(Schema):
    """A scenario as it was asked."""

    name: str
    question: str
    territories: Territories
    changes: list[str] = Field(description="In words.")
    estimate: EstimateOut | None


class ComparisonOut(Schema):
    """A comparison and how far it is."""

    id: str
    project_id: str
    name: str
    question: str
    plan_id: str
    plan_revision: int
    fingerprint: str = Field(description="Of the base project; with scenarios, seeds and effort it repeats the result.")
    seeds: list[int]
    effort: float
    bounds: bool
    scenarios: list[ScenarioOut]
    job: JobOut
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: ComparisonRow, job: JobRow) -> Self:
        """From its row and its job's."""
        request = ComparisonRequest.model_validate(row.request)
        params = request.params()
        return cls(
            id=row.id, project_id=row.project_id, name=row.name, question=row.question, plan_id=row.plan_id,
            plan_revision=row.plan_revision, fingerprint=row.fingerprint, seeds=list(params.seeds),
            effort=params.effort, bounds=params.bounds, job=JobOut.of(job), created_at=row.created_at,
            finished_at=row.finished_at,
            scenarios=[
                ScenarioOut(
                    name=s.name, question=s.question, territories=s.mode, changes=[str(c) for c in s.changes],
                    estimate=row.estimates.get(s.name),
                )
                for s in request.asked()
            ],
        )  # fmt: skip


class FigureOut(Schema):
    """A figure by which plans are compared."""

    name: str = Field(examples=["travel_h", "coverage:A", "hours:R1"])
    label: str
    label_zh: str
    unit: str = Field(description="`%` of a share, `h`, `km`, `money`, or empty for counts.")
    better: int = Field(description="1 when more is better, -1 when less is, 0 when neither.")


class ValueOut(Schema):
    """A figure of one plan."""

    scenario: str = Field(description=f"Name, or `{BASE_NAME}`.")
    seed: int
    figure: str
    value: float


class DifferenceOut(Schema):
    """A figure of a scenario against the base, over all seeds."""

    scenario: str
    figure: str
    base: float
    value: float
    low: float
    high: float
    change: float
    margin: float | None = Field(description="Half the 95 % confidence interval of the change; none with one seed.")
    clear: bool | None = Field(description="Whether the change is larger than the noise; none with one seed.")


class ReplannedOut(Schema):
    """Whose routes a scenario plans again, and whose it keeps."""

    scenario: str
    solved_again: list[str]
    kept: list[str]


class FiguresOut(Schema):
    """A comparison in numbers."""

    figures: list[FigureOut]
    values: list[ValueOut]
    differences: list[DifferenceOut]
    replanned: list[ReplannedOut]

    @classmethod
    def of(cls, compared: Comparison) -> Self:
        """From the comparison."""
        found = [compared.difference(o.name, name) for o in compared.outcomes for name in compared.names]
        return cls(
            figures=[FigureOut.model_validate(figure_of(name)) for name in compared.names],
            values=[
                ValueOut(scenario=scenario, seed=seed, figure=name, value=value)
                for scenario, runs in compared.values.items()
                for seed, run in zip(compared.seeds, runs, strict=True)
                for name, value in run.items()
            ],
            differences=[DifferenceOut.model_validate(d) for d in found if d is not None],
            replanned=[
                ReplannedOut(scenario=o.name, solved_again=list(o.solved_again), kept=list(o.kept))
                for o in compared.outcomes
            ],
        )


class Adoption(Input):
    """A scenario's plan as a new draft."""

    scenario: Name
    name: Name | None = Field(default=None, description="Of the draft; the scenario's when left out.")


def estimate_values(estimate: Estimate) -> dict[str, Any]:
    """A first estimate as plain JSON values."""
    verdict = estimate.verdict
    return EstimateOut(
        hours=estimate.hours, offered_hours=verdict.offered_hours, travel_hours=sum(estimate.travel_hours.values()),
        fullest=estimate.fullest, cost=estimate.cost, fits=verdict.fits, verdict=verdict.sentence(),
        seconds=estimate.seconds,
    ).model_dump(mode="json")  # fmt: skip
