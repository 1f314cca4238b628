"""Rules about how much fits into a day."""

from collections.abc import Iterator
from fractions import Fraction

from routing.check.case import Case
from routing.check.violation import Violation
from routing.domain import Rep
from routing.plan import DayRoute

__all__ = ["daily_standards", "max_visits"]


def max_visits(case: Case) -> Iterator[Violation]:
    """No day has more visits than the rep may make."""
    for rep, route in case.routes:
        if rep.max_visits_per_day is not None and len(route.stops) > rep.max_visits_per_day:
            most, count = rep.max_visits_per_day, len(route.stops)
            text = f"Rep '{rep.name}' on {route.date} has {count} visits; {most} are allowed."
            yield _of(rep, route, "max_visits", count - most, "visits", text)


def daily_standards(case: Case) -> Iterator[Violation]:
    """The visits of a day use up at most one daily work standard: each counts one over its channel's number."""
    standards = case.project.policy.daily_standards
    for rep, route in case.routes:
        used = Fraction(0)
        for stop in route.stops:
            customer = case.customers.get(stop.customer_id)
            if customer is not None and customer.channel in standards:
                used += Fraction(1, standards[customer.channel])
        if used > 1:
            text = f"Rep '{rep.name}' on {route.date} has {float(used):.0%} of a daily work standard."
            yield _of(rep, route, "daily_standard", float(used - 1), "days", text)


def _of(rep: Rep, route: DayRoute, cause: str, amount: float, unit: str, text: str) -> Violation:
    return Violation(cause=cause, subject=rep.rep_id, amount=amount, unit=unit, text=text, day=route.date)
