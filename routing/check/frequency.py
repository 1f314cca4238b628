"""Rules about how often and on which days."""

from collections.abc import Iterator
from itertools import pairwise

from routing.check.case import Case, Visit
from routing.check.rhythm import (
    bounds_of,
    day_possible,
    fullest_week,
    owed,
    rhythm_week,
    same_weekday_excess,
    stays_on_weekday,
)
from routing.check.violation import Violation
from routing.domain import WEEKDAY_NAMES, Customer

__all__ = ["gaps", "named_days", "once_a_day", "same_weekday", "visits_accounted_for", "weekdays", "weeks"]


def visits_accounted_for(case: Case) -> Iterator[Violation]:
    """Planned and unserved visits of a customer make up exactly what is due: nothing is dropped in silence.

    Firm appointments raise what is due to at least their number.
    """
    for customer in case.project.active_customers:
        days, pinned_weeks = case.firm_dates(customer)
        due = owed(customer.visit_rule, case.project.calendar, customer.last_visit)
        due = max(due, len(days) + len(pinned_weeks))
        planned = len(case.visits[customer.customer_id])
        left_out = case.unserved.get(customer.customer_id, 0)
        if planned + left_out < due:
            text = f"'{customer.name}' is due {due} visits; {planned} are planned and {left_out} reported as unserved."
            yield _about(customer, "visits_dropped", due - planned - left_out, "visits", text)
        elif planned + left_out > due:
            text = f"'{customer.name}' is due {due} visits; {planned} are planned, {left_out} more are unserved."
            yield _about(customer, "visits_excess", planned + left_out - due, "visits", text)


def once_a_day(case: Case) -> Iterator[Violation]:
    """No customer is visited twice on one day."""
    for visits in case.visits.values():
        for before, after in pairwise(visits):
            if before.date == after.date:
                yield _on(after, "twice_a_day", 1, "visits", "comes a second time that day")


def weekdays(case: Case) -> Iterator[Violation]:
    """Visits fall on the weekdays that the rule allows."""
    for visit in _each(case):
        rule = visit.customer.visit_rule
        if rule.slots is None and visit.date.weekday() not in rule.weekdays and not case.pinned_to_day(visit):
            allowed = ", ".join(WEEKDAY_NAMES[day] for day in sorted(rule.weekdays))
            what = f"falls on {WEEKDAY_NAMES[visit.date.weekday()]}; allowed: {allowed}"
            yield _on(visit, "weekday", 1, "visits", what)


def weeks(case: Case) -> Iterator[Violation]:
    """Rules with named weeks, or several visits a week, have the right number in each week."""
    for customer in case.project.active_customers:
        rule = customer.visit_rule
        if rule.slots is not None or rule.visits == 0 or (rule.weeks is None and rule.per_week <= 1):
            continue
        visits = case.visits[customer.customer_id]
        least, most = fullest_week(rule)
        short = 0
        for week in range(case.project.calendar.weeks):
            inside = [visit for visit in visits if visit.day // 7 == week]
            free = [visit for visit in inside if not case.hard_pinned(visit)]
            named = rule.weeks is None or rhythm_week(rule, 7 * week) in rule.weeks
            if free and not named:
                what = f"falls in week {rhythm_week(rule, 7 * week)} of the rhythm, which the customer does not name"
                yield _on(free[0], "week", len(free), "visits", what)
            elif named and len(free) > most:
                text = f"'{customer.name}' is visited {len(free)} times in week {week + 1}; {most} are due."
                yield _about(customer, "week_full", len(free) - most, "visits", text)
            if named:
                short += max(0, least - len(inside))
        explained = case.unserved.get(customer.customer_id, 0) + sum(map(case.hard_pinned, visits))
        if short > explained:
            text = f"'{customer.name}' lacks {short - explained} visits in weeks that should have {least}."
            yield _about(customer, "week_short", short - explained, "visits", text)


def named_days(case: Case) -> Iterator[Violation]:
    """Rules with named days keep them; in a week in which a named day is impossible, another day of it may serve."""
    calendar = case.project.calendar
    for customer in case.project.active_customers:
        slots = customer.visit_rule.slots
        if slots is None:
            continue
        owner = case.plan.assignment.get(customer.customer_id)
        free = [visit for visit in case.visits[customer.customer_id] if not case.hard_pinned(visit)]
        for week in sorted({visit.day // 7 for visit in free}):
            rhythm = rhythm_week(customer.visit_rule, 7 * week)
            named = {day for day in range(7 * week, 7 * week + 7) if (rhythm, calendar.weekday(day)) in slots}
            off = [visit for visit in free if visit.day // 7 == week and visit.day not in named]
            impossible = sum(not day_possible(case, customer, owner, day) for day in named)
            if len(off) > impossible:
                what = "is not on a day that the customer names"
                yield _on(off[0], "named_day", len(off) - impossible, "visits", what)


def gaps(case: Case) -> Iterator[Violation]:
    """Consecutive visits keep the least gap, and exceed the greatest only as far as visits are unserved."""
    for customer in case.project.active_customers:
        rule, visits = customer.visit_rule, case.visits[customer.customer_id]
        if rule.visits == 0 or not visits:
            continue
        least, greatest = bounds_of(rule)
        first = visits[0]
        if customer.last_visit and rule.min_gap_days is not None and not case.hard_pinned(first):
            since = (first.date - customer.last_visit).days
            if since < least:
                what = f"comes {since} days after the last visit; at least {least} are asked for"
                yield _on(first, "gap_short", least - since, "days", what)
        missing = case.unserved.get(customer.customer_id, 0)
        widest, stands_for = None, 0
        for before, after in pairwise(visits):
            gap = after.day - before.day
            if gap == 0 or case.hard_pinned(before) or case.hard_pinned(after):
                continue
            if gap < least:
                what = f"comes {gap} days after the one before; at least {least} are asked for"
                yield _on(after, "gap_short", least - gap, "days", what)
            if gap > greatest:
                stands_for += (gap - 1) // greatest
                widest = max(widest or (gap, after), (gap, after), key=lambda pair: pair[0])
        if widest and stands_for > missing:
            gap, after = widest
            what = f"comes {gap} days after the one before; at most {greatest} are allowed"
            yield _on(after, "gap_long", gap - greatest, "days", what)


def same_weekday(case: Case) -> Iterator[Violation]:
    """A regular rhythm keeps its weekdays, except in weeks in which one of them is impossible."""
    calendar = case.project.calendar
    for customer in case.project.active_customers:
        rule = customer.visit_rule
        visited = [v.day for v in case.visits[customer.customer_id] if not case.hard_pinned(v)]
        if rule.visits == 0 or not stays_on_weekday(rule) or len(visited) < 2:
            continue
        owner = case.plan.assignment.get(customer.customer_id)
        possible = {day for day in calendar.days() if day_possible(case, customer, owner, day)}
        excess = same_weekday_excess(visited, possible, max(1, fullest_week(rule)[1]), calendar)
        if excess:
            text = f"'{customer.name}' wants the same weekdays; {excess} of {len(visited)} visits fall on others."
            yield _about(customer, "same_weekday", excess, "visits", text)


def _each(case: Case) -> Iterator[Visit]:
    for visits in case.visits.values():
        yield from visits


def _on(visit: Visit, cause: str, amount: float, unit: str, what: str) -> Violation:
    text = f"Visit of '{visit.customer.name}' on {visit.date} {what}."
    return Violation(
        cause=cause, subject=visit.customer.customer_id, amount=amount, unit=unit, text=text, day=visit.date
    )


def _about(customer: Customer, cause: str, amount: float, unit: str, text: str) -> Violation:
    return Violation(cause=cause, subject=customer.customer_id, amount=amount, unit=unit, text=text)
