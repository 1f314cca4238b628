"""Balance on hours that were routed, not on an estimate: when another round pays, on what, and whether it helped."""

from dataclasses import replace

from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project
from territories.alignment import Alignment
from territories.problem import TerritoryProblem
from territories.second_round import second_round

MARGIN = 0.6
"""The second round aims at a narrower band, because routing moves the hours a little again."""


def settled(project: Project, plan: JourneyPlan) -> bool:
    """Whether every rep's routed workload is inside the policy's band and no visit lacks room."""
    imbalance = measure(project, plan).utilisation_imbalance or 0.0
    return imbalance <= project.policy.balance_tolerance and not _without_room(plan)


def rebalanced(problem: TerritoryProblem, alignment: Alignment, plan: JourneyPlan, *, seed: int) -> Alignment:
    """Territories changed a little, so that the hours routed come into balance."""
    routed = {rep_id: float(sum(r.travel_s for r in routes)) for rep_id, routes in plan.routes_of().items()}
    tighter = replace(problem, measures=tuple(replace(m, tolerance=MARGIN * m.tolerance) for m in problem.measures))
    return second_round(tighter, alignment, routed, seed=seed)


def improves(project: Project, candidate: JourneyPlan, present: JourneyPlan) -> bool:
    """Fewer visits without room, or as many and a smaller imbalance of routed workload."""
    return _rank(project, candidate) < _rank(project, present)


def _rank(project: Project, plan: JourneyPlan) -> tuple[int, float]:
    return sum(u.visits for u in plan.unserved), measure(project, plan).utilisation_imbalance or 0.0


def _without_room(plan: JourneyPlan) -> int:
    return sum(u.visits for u in plan.unserved if u.cause in {"capacity", "daily_limit", "time_window"})
