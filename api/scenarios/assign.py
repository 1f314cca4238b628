"""Who serves whom in a scenario: territories kept, adapted or drawn anew, and the estimate that comes with them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from routing.kpi import Kpis
from routing.project import Project
from routing.scenario import Setting, Territories
from routing.search.stop import Stop
from routing.travel.base import TravelProvider
from territories import TerritoryProblem, TravelModel, align
from territories.alignment import Alignment
from territories.realign import realign

STABILITY = 0.5
"""What a customer's present rep is worth when borders adapt; see :func:`territories.realign.realign`."""


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """Territories of a scenario.

    Parameters
    ----------
    territories
        Customer id -> rep id, every active customer.
    alignment
        The same with estimates of travel and workload.
    """

    territories: Mapping[str, str]
    alignment: Alignment


def assign(
    setting: Setting,
    mode: Territories,
    provider: TravelProvider,
    *,
    travel_factors: Mapping[str, float] | None = None,
    seed: int = 0,
    stop: Stop | None = None,
) -> Assigned:
    """Give every active customer of a scenario to one rep.

    Parameters
    ----------
    provider
        Travel of the base; the setting's factor is applied to the estimate.
    travel_factors
        Rep id -> routed over estimated travel in the base plan; makes the estimate fit what was routed.
    stop
        Ends the design of territories early, with borders that may still be uneven.
    """
    project = setting.project
    known = travel_factors or {}
    usual = float(np.mean(list(known.values()))) if known else 1.0
    factors = {r.rep_id: known.get(r.rep_id, usual) * setting.travel_factor for r in project.reps}
    problem = TerritoryProblem.from_project(project, provider=provider, travel=TravelModel(factor=factors))
    current = setting.assignment
    there = {r.rep_id: r for r in project.reps}
    if mode is Territories.NEW or not any(c.customer_id in current for c in project.active_customers):
        alignment = align(problem, seed=seed, stop=stop)
        return Assigned(territories=alignment.territories, alignment=alignment)
    if mode is Territories.ADAPT:
        alignment = realign(problem, current, stability=STABILITY, seed=seed, stop=stop).alignment
        return Assigned(territories=alignment.territories, alignment=alignment)
    stays = {
        c.customer_id: current[c.customer_id]
        for c in project.active_customers
        if current.get(c.customer_id) in there and problem.may_serve(there[current[c.customer_id]], c)
    }
    alignment = realign(problem, current, stability=STABILITY, never_move=frozenset(stays), seed=seed).alignment
    return Assigned(territories={**alignment.territories, **stays}, alignment=alignment)


def travel_factors(
    project: Project, assignment: Mapping[str, str], routed: Kpis, provider: TravelProvider
) -> dict[str, float]:
    """Rep id -> routed over estimated travel of a plan, for reps with both."""
    problem = TerritoryProblem.from_project(project, provider=provider)
    stays = frozenset(c.customer_id for c in project.active_customers if c.customer_id in assignment)
    estimated = realign(problem, assignment, never_move=stays).alignment.travel
    return {r.rep_id: r.travel_s / estimated[r.rep_id] for r in routed.reps if r.travel_s and estimated[r.rep_id] > 0}
