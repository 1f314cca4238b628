"""Rules about the figures that the plan states of itself."""

from collections.abc import Iterator

from routing.check.case import Case
from routing.check.violation import Violation

__all__ = ["travel_cost", "unserved_counts"]

TOLERANCE = 0.01
"""Currency units: what rounding may do."""


def travel_cost(case: Case) -> Iterator[Violation]:
    """Cost of travel time and of distance, recomputed from the matrix and the reps' rates."""
    hours = kilometres = 0.0
    for rep, route in case.routes:
        place, free = case.starts(route), route.leave
        ways = [(customer.location, stop.departure) for stop, customer, _, _ in case.stops(route)]
        for after, departure in [*ways, (case.ends(route), route.back)]:
            seconds, metres = case.way(rep, route, place, after, free)
            hours += seconds / 3600 * rep.cost_per_hour
            kilometres += metres / 1000 * rep.cost_per_km
            place, free = after, departure
    cost = case.plan.cost
    for name, true, stated in (("travel time", hours, cost.travel_time), ("distance", kilometres, cost.distance)):
        if abs(true - stated) > TOLERANCE + 1e-6 * abs(true):
            text = f"The plan states {stated:.2f} for {name}; it costs {true:.2f}."
            off = round(abs(true - stated), 2)
            yield Violation(cause="travel_cost", subject="plan", amount=off, unit="money", text=text)


def unserved_counts(case: Case) -> Iterator[Violation]:
    """Unserved visits are reported once per customer, with a number of at least one."""
    seen = set()
    for entry in case.plan.unserved:
        if entry.visits < 1 or entry.customer_id in seen:
            text = f"The list of unserved visits has {entry.visits} visits of '{entry.customer_id}', or has them twice."
            yield Violation(cause="unserved_entry", subject=entry.customer_id, amount=1, unit="visits", text=text)
        seen.add(entry.customer_id)
