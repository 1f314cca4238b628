"""The first estimate of a scenario: hours demanded against hours offered, before any route is planned."""

from dataclasses import dataclass

from api.scenarios.assign import Assigned
from routing.capacity import CapacityVerdict, capacity_verdict
from routing.kpi import Kpis
from routing.project import Project


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What can be said within a second or two.

    Parameters
    ----------
    verdict
        Hours by grade, channel and rep, and what gives way when they do not fit.
    travel_hours
        Rep id -> estimated travel in the horizon, scaled so that the base plan is met.
    fullest
        Largest share of a rep's offered hours that is demanded.
    cost
        Working time and distance at the reps' rates; distance at the base plan's speed.
    seconds
        What it took.
    """

    verdict: CapacityVerdict
    travel_hours: dict[str, float]
    fullest: float
    cost: float
    seconds: float

    @property
    def hours(self) -> float:
        """Service and travel of all reps."""
        return self.verdict.demanded_hours


def first_estimate(project: Project, assigned: Assigned, base: Kpis, *, seconds: float = 0.0) -> Estimate:
    """Estimate a scenario from its territories.

    Parameters
    ----------
    base
        Key figures of the base plan: its speed turns hours of travel into kilometres.
    """
    travel = {r: s / 3600 for r, s in assigned.alignment.travel.items()}
    verdict = capacity_verdict(project, travel_hours=sum(travel.values()))
    offered = {o.rep_id: o.hours for o in verdict.offers}
    weeks = project.calendar.weeks
    service = dict.fromkeys(offered, 0.0)
    for customer in project.active_customers:
        visits = float(customer.visit_rule.visits_per_cycle(weeks))
        on_site = visits * (customer.service_duration + customer.setup_duration) / 3600
        service[assigned.territories[customer.customer_id]] += on_site
    speed = base.travel_m / 1000 / (base.travel_s / 3600) if base.travel_s else 0.0
    cost = sum(
        (service[r.rep_id] + travel[r.rep_id]) * r.cost_per_hour + travel[r.rep_id] * speed * r.cost_per_km
        for r in project.reps
    )
    full = [(service[r] + travel[r]) / offered[r] for r in offered if offered[r] > 0]
    return Estimate(verdict=verdict, travel_hours=travel, fullest=max(full, default=0.0), cost=cost, seconds=seconds)
