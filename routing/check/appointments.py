"""Rules about firm appointments. Suggestions are wishes, and are not checked."""

from collections.abc import Iterator

from routing.check.case import HARD_DAY_PINS, Case, Visit
from routing.check.violation import Violation, length
from routing.domain import Pin, PinLevel

__all__ = ["appointments_kept", "appointments_on_time"]


def appointments_kept(case: Case) -> Iterator[Violation]:
    """On every fixed day, and in every fixed week, there is a visit, unless as many visits are reported as unserved."""
    calendar = case.project.calendar
    for customer in case.project.active_customers:
        visited = {visit.day for visit in case.visits[customer.customer_id]}
        days, weeks = case.firm_dates(customer)
        missed = [calendar.date_of(day) for day in sorted(days - visited)]
        missed += [calendar.date_of(7 * week) for week in sorted(weeks - {day // 7 for day in visited})]
        excess = len(missed) - case.unserved.get(customer.customer_id, 0)
        if excess > 0:
            text = f"'{customer.name}' has an appointment on {missed[0]} that the plan does not keep."
            yield Violation(
                cause="pin_missed", subject=customer.customer_id, amount=excess, unit="visits", text=text, day=missed[0]
            )


def appointments_on_time(case: Case) -> Iterator[Violation]:
    """A visit at a fixed time starts at that time, and is made by the rep that was promised."""
    for visits in case.visits.values():
        for visit in visits:
            for pin in visit.customer.pins:
                if pin.level is PinLevel.FIXED_TIME and pin.day == visit.date and pin.start is not None:
                    off = visit.stop.start - pin.start
                    if off:
                        when = "late" if off > 0 else "early"
                        what = f"starts {length(off)} too {when} for its appointment"
                        yield _of(visit, "pin_time", abs(off), "s", what)
                if _concerns(pin, visit, case) and pin.rep_id not in (None, visit.rep_id):
                    yield _of(visit, "pin_rep", 1, "visits", f"was promised with rep '{pin.rep_id}'")


def _concerns(pin: Pin, visit: Visit, case: Case) -> bool:
    if pin.level in HARD_DAY_PINS:
        return pin.day == visit.date
    return pin.level is PinLevel.FIXED_WEEK and case.project.calendar.day_of(pin.day) // 7 == visit.day // 7


def _of(visit: Visit, cause: str, amount: float, unit: str, what: str) -> Violation:
    text = f"Visit of '{visit.customer.name}' on {visit.date} {what}."
    return Violation(
        cause=cause, subject=visit.customer.customer_id, amount=amount, unit=unit, text=text, day=visit.date
    )
