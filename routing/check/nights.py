"""Rules about nights away from home: allowed, followed by a day that begins there, and worth it."""

from collections.abc import Iterator
from datetime import date, timedelta

from routing.check.case import Case
from routing.check.violation import Violation, length
from routing.domain import Rep
from routing.plan import DayRoute

__all__ = ["nights_allowed", "nights_joined", "nights_worth_it"]

_DAY = timedelta(days=1)


def nights_allowed(case: Case) -> Iterator[Violation]:
    """Only reps who may stay out do so, not more nights in a row and a week than the policy allows."""
    limits = case.project.policy.nights
    evenings = {(rep.rep_id, route.date) for rep, route in case.routes if route.ends_at is not None}
    for rep, route in case.routes:
        if route.ends_at is None:
            continue
        if not rep.overnight:
            yield _of(rep, route, "night_not_allowed", 1, "nights", "stays out overnight, which this rep does not")
        if route.ends_at not in case.customers:
            yield _of(rep, route, "night_unknown", 1, "nights", f"sleeps near '{route.ends_at}', whom nobody knows")
        row = 1
        while (rep.rep_id, route.date - row * _DAY) in evenings:
            row += 1
        if row > limits.max_in_a_row:
            what = f"sleeps away for the {row}th night in a row; {limits.max_in_a_row} are allowed"
            yield _of(rep, route, "nights_in_a_row", row - limits.max_in_a_row, "nights", what)
        week = _week(case, route.date)
        count = sum(r == rep.rep_id and _week(case, day) == week and day <= route.date for r, day in evenings)
        if count > limits.max_per_week:
            what = f"sleeps away for the {count}th night of the week; {limits.max_per_week} are allowed"
            yield _of(rep, route, "nights_per_week", count - limits.max_per_week, "nights", what)


def nights_joined(case: Case) -> Iterator[Violation]:
    """Who sleeps away starts there on the next day, and nobody starts where nobody slept."""
    by_day = {(rep.rep_id, route.date): route for rep, route in case.routes}
    for rep, route in case.routes:
        after, before = by_day.get((rep.rep_id, route.date + _DAY)), by_day.get((rep.rep_id, route.date - _DAY))
        if route.ends_at is not None and (after is None or after.starts_at != route.ends_at):
            yield _of(rep, route, "night_broken", 1, "nights", "sleeps away, but does not start there next morning")
        if route.starts_at is not None and (before is None or before.ends_at != route.starts_at):
            yield _of(rep, route, "night_broken", 1, "nights", "starts away from home without having slept there")


def nights_worth_it(case: Case) -> Iterator[Violation]:
    """A night saves more travel home and back than the policy asks for, at usual travel times."""
    least = case.project.policy.nights.least_saving
    by_day = {(rep.rep_id, route.date): route for rep, route in case.routes}
    for rep, route in case.routes:
        after = by_day.get((rep.rep_id, route.date + _DAY))
        if route.ends_at is None or after is None or not route.stops or not after.stops:
            continue
        if any(s.customer_id not in case.customers for s in (route.stops[-1], after.stops[0])):
            continue
        last = case.customers[route.stops[-1].customer_id].location
        first = case.customers[after.stops[0].customer_id].location
        bed, home = case.ends(route), rep.end_base or rep.home_base
        driven = case.travel.leg(last, bed, rep.mode)[0] + case.travel.leg(bed, first, rep.mode)[0]
        spared = case.travel.leg(last, home, rep.mode)[0] + case.travel.leg(rep.home_base, first, rep.mode)[0]
        if spared - driven <= least:
            what = f"sleeps away for {length(max(0, spared - driven))} of travel; more than {length(least)} is asked"
            yield _of(rep, route, "night_not_worth_it", least - (spared - driven), "s", what)


def _week(case: Case, day: date) -> int:
    return case.project.calendar.day_of(day) // 7


def _of(rep: Rep, route: DayRoute, cause: str, amount: float, unit: str, what: str) -> Violation:
    text = f"Rep '{rep.name}' on {route.date} {what}."
    return Violation(cause=cause, subject=rep.rep_id, amount=amount, unit=unit, text=text, day=route.date)
