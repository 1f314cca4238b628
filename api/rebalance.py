"""Balance on hours that were routed, not on an estimate: when another round pays, on what, and whether it helped."""

from dataclasses import replace

from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project
from territories.alignment import Alignment
from territories.problem import TerritoryProblem

MARGIN = 0.8
"""The second round aims at a narrower band, because routing moves the hours a little again."""


def settled(project: Project, plan: JourneyPlan) -> bool:
    """Whether every rep's routed workload is inside the policy's band and no visit lacks room."""
    imbalance = measure(project, plan).utilisation_imbalance or 0.0
    return imbalance <= project.policy.balance_tolerance and not _without_room(plan)


def recalibrated(problem: TerritoryProblem, alignment: Alignment, plan: JourneyPlan) -> TerritoryProblem:
    """The problem with each rep's travel estimate scaled to the travel that was routed for the present territory."""
    routed = {rep_id: sum(r.travel_s for r in routes) for rep_id, routes in plan.routes_of().items()}
    factor = {
        rep_id: problem.travel.factor.get(rep_id, 1.0) * routed[rep_id] / estimate
        for rep_id, estimate in alignment.travel.items()
        if estimate > 0 and routed.get(rep_id)
    }
    tighter = tuple(replace(m, tolerance=MARGIN * m.tolerance) for m in problem.measures)
    return replace(problem, travel=replace(problem.travel, factor=factor), measures=tighter)


def improves(project: Project, candidate: JourneyPlan, present: JourneyPlan) -> bool:
    """Fewer visits without room, or as many and a smaller imbalance of routed workload."""
    return _rank(project, candidate) < _rank(project, present)


def _rank(project: Project, plan: JourneyPlan) -> tuple[int, float]:
    return sum(u.visits for u in plan.unserved), measure(project, plan).utilisation_imbalance or 0.0


def _without_room(plan: JourneyPlan) -> int:
    return sum(u.visits for u in plan.unserved if u.cause in {"capacity", "daily_limit", "time_window"})
