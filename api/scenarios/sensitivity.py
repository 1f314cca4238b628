"""What costs most: each customer, window or rule left out in turn, and the plan solved again without it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import pandas as pd

from api.scenarios.run import OnProgress, RunParams, run_scenarios
from routing.plan import JourneyPlan
from routing.problem import latlon
from routing.project import Project
from routing.scenario import (
    Change,
    ChangeHours,
    ChangeWindows,
    CloseCustomers,
    Customers,
    DailyStandard,
    Scenario,
    Territories,
)
from routing.travel.base import TravelProvider

MOST = 10


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a relaxation is worth.

    Parameters
    ----------
    saved
        Cost of the base minus cost without it, money; mean over the seeds of re-solved plans.
    margin
        Half the width of its 95 % confidence interval; None with a single seed.
    gained
        Visits more (fewer visits left out), mean over the seeds.
    hours
        Working hours saved.
    """

    scenario: Scenario
    saved: float
    margin: float | None
    gained: float
    hours: float

    @property
    def clear(self) -> bool | None:
        """Whether the saving is larger than the noise of the search; None with a single seed, which cannot say."""
        return None if self.margin is None else abs(self.saved) > self.margin + 1e-9


def detours(project: Project, plan: JourneyPlan, provider: TravelProvider) -> dict[str, float]:
    """Customer id -> money for the detours that its visits cause in the planned routes.

    What each visit adds to the way from the stop before to the stop after it: the exact saving if nothing else changes.
    """
    places = {c.customer_id: c.location for c in project.customers}
    reps = {r.rep_id: r for r in project.reps}
    total: dict[str, float] = {}
    for route in plan.routes:
        rep = reps[route.rep_id]
        stops = [s.customer_id for s in route.stops]
        points = [rep.home_base, *(places[c] for c in stops), rep.end_base or rep.home_base]
        found = provider.matrix(latlon(points), profile=rep.mode)
        per_second, per_metre = rep.cost_per_hour / 3600, rep.cost_per_km / 1000
        price = found.durations * per_second + found.distances * per_metre
        for k, customer in enumerate(stops, 1):
            saved = price[k - 1, k] + price[k, k + 1] - price[k - 1, k + 1]
            total[customer] = total.get(customer, 0.0) + float(saved)
    return total


def costly(project: Project, plan: JourneyPlan, provider: TravelProvider, *, most: int = MOST) -> list[Scenario]:
    """The relaxations worth testing: the customers with the dearest detours, their windows, the daily standards."""
    detour = detours(project, plan, provider)
    dearest = sorted(detour, key=lambda c: (-detour[c], c))[:most]
    windows = {c.customer_id for c in project.active_customers if c.windows}
    bound = sorted((c for c in detour if c in windows), key=lambda c: (-detour[c], c))[:most]
    chosen: list[tuple[str, Change]] = [
        *((f"without {c}", CloseCustomers(who=Customers(customers=(c,)))) for c in dearest),
        *((f"{c} at any time", ChangeWindows(who=Customers(customers=(c,)), hours="any time")) for c in bound),
        *((f"no standard for {c}", DailyStandard(channel=c, visits=None)) for c in project.policy.daily_standards),
    ]
    return [Scenario(name=name, changes=(change,), territories=Territories.KEEP) for name, change in chosen]


def one_more_hour(project: Project) -> list[Scenario]:
    """For each rep: every working day an hour longer."""
    return [
        Scenario(
            name=f"one hour more for {r.rep_id}",
            changes=(ChangeHours(rep_ids=(r.rep_id,), longer_s=3600),),
            territories=Territories.KEEP,
        )
        for r in project.reps
    ]


def sensitivity(
    project: Project,
    plan: JourneyPlan,
    provider: TravelProvider,
    relaxations: Sequence[Scenario],
    *,
    most: int = MOST,
    params: RunParams | None = None,
    on_progress: OnProgress = lambda step: None,
    executor: Executor | None = None,
) -> list[Effect]:
    """Solve the plan again with each relaxation; the most valuable first.

    Visits gained count first, then money saved. Every relaxation is its own plan, so effects do not add up. Give
    ``params`` with several seeds to see which effects are larger than the noise of the search.
    """
    compared = run_scenarios(
        project, plan, relaxations, provider, params=params, on_progress=on_progress, executor=executor
    )
    effects = []
    for outcome in compared.outcomes:
        change = {name: compared.difference(outcome.name, name) for name in ("cost", "unserved", "work_h")}
        cost, left, hours = (0.0 if d is None else 0.0 - d.change for d in change.values())
        spread = None if change["cost"] is None else change["cost"].margin
        effects.append(Effect(scenario=outcome.scenario, saved=cost, margin=spread, gained=left, hours=hours))
    return sorted(effects, key=lambda e: (-e.gained, -e.saved, e.scenario.name))[:most]


def effects_frame(effects: Sequence[Effect]) -> pd.DataFrame:
    """One row per effect; with several seeds ``margin`` and ``clear`` tell a saving from noise."""
    columns = ["what", "saved", "margin", "clear", "visits gained", "hours saved"]
    rows = [(e.scenario.name, e.saved, e.margin, e.clear, e.gained, e.hours) for e in effects]
    return pd.DataFrame(rows, columns=columns)
