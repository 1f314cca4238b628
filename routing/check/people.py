"""Rules about who: territories, reps, skills; ids that nobody knows."""

from collections.abc import Iterator

from routing.check.case import Case, Visit
from routing.check.violation import Violation

__all__ = [
    "assigned_once",
    "assigned_rep_visits",
    "inactive_left_alone",
    "known_ids",
    "locked_rep_kept",
    "rep_may_serve",
]


def known_ids(case: Case) -> Iterator[Violation]:
    """Every customer and rep that the plan names exists in the project."""
    named = {stop.customer_id for route in case.plan.routes for stop in route.stops}
    named |= case.plan.assignment.keys() | {u.customer_id for u in case.plan.unserved}
    for customer in sorted(named - case.customers.keys()):
        text = f"The plan names customer '{customer}', whom the project does not know."
        yield Violation(cause="unknown_customer", subject=customer, amount=1, unit="visits", text=text)
    reps = {route.rep_id for route in case.plan.routes} | set(case.plan.assignment.values())
    for rep in sorted(reps - case.reps.keys()):
        text = f"The plan names rep '{rep}', whom the project does not know."
        yield Violation(cause="unknown_rep", subject=rep, amount=1, unit="visits", text=text)


def assigned_once(case: Case) -> Iterator[Violation]:
    """Every active customer belongs to one territory."""
    for customer in case.project.active_customers:
        if customer.customer_id not in case.plan.assignment:
            text = f"'{customer.name}' belongs to no territory."
            yield Violation(cause="no_territory", subject=customer.customer_id, amount=1, unit="visits", text=text)


def assigned_rep_visits(case: Case) -> Iterator[Violation]:
    """Visits are made by the rep of the territory, or by the one a firm appointment names."""
    for customer_id, visits in case.visits.items():
        owner = case.plan.assignment.get(customer_id)
        for visit in visits:
            if owner is not None and visit.rep_id not in (owner, _promised_rep(case, visit)):
                text = (
                    f"Visit of '{visit.customer.name}' on {visit.date} is made by rep '{visit.rep_id}', "
                    f"but the customer belongs to '{owner}'."
                )
                yield _of(visit, "other_rep", text)


def rep_may_serve(case: Case) -> Iterator[Violation]:
    """The rep has the skills that the customer needs and is not excluded."""
    for visits in case.visits.values():
        for visit in visits:
            rep = case.reps.get(visit.rep_id)
            if rep is None:
                continue
            lacking = sorted(visit.customer.skills - rep.skills)
            if lacking:
                visited = f"the visit of '{visit.customer.name}' on {visit.date}"
                text = f"Rep '{rep.name}' lacks {', '.join(lacking)} for {visited}."
                yield _of(visit, "skills", text, len(lacking))
            if rep.rep_id in visit.customer.excluded_reps:
                text = f"'{visit.customer.name}' excludes rep '{rep.name}', who visits on {visit.date}."
                yield _of(visit, "excluded_rep", text)


def locked_rep_kept(case: Case) -> Iterator[Violation]:
    """A customer that is locked to a rep stays with that rep."""
    for customer in case.project.active_customers:
        owner = case.plan.assignment.get(customer.customer_id, customer.rep_id)
        if customer.rep_locked and owner != customer.rep_id:
            text = f"'{customer.name}' is locked to rep '{customer.rep_id}', but is given to '{owner}'."
            yield Violation(cause="locked_rep", subject=customer.customer_id, amount=1, unit="visits", text=text)


def inactive_left_alone(case: Case) -> Iterator[Violation]:
    """Customers that are not active are neither assigned, visited nor reported as unserved."""
    idle = {c.customer_id: c for c in case.project.customers if not c.active}
    visited = [stop.customer_id for route in case.plan.routes for stop in route.stops]
    for customer_id, customer in idle.items():
        count = visited.count(customer_id) if customer_id in visited else 0
        if count:
            text = f"'{customer.name}' is not active, but is visited {count} times."
            yield Violation(cause="inactive", subject=customer_id, amount=count, unit="visits", text=text)
        elif customer_id in case.plan.assignment or customer_id in case.unserved:
            text = f"'{customer.name}' is not active, but is in the plan."
            yield Violation(cause="inactive", subject=customer_id, amount=0, unit="visits", text=text)


def _promised_rep(case: Case, visit: Visit) -> str | None:
    if not case.hard_pinned(visit):
        return None
    return next((pin.rep_id for pin in visit.customer.pins if pin.rep_id == visit.rep_id), None)


def _of(visit: Visit, cause: str, text: str, amount: float = 1) -> Violation:
    return Violation(
        cause=cause, subject=visit.customer.customer_id, amount=amount, unit="visits", text=text, day=visit.date
    )
