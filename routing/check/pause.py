"""Rules about the break: taken, long enough, within its window, never during a service.

It may lie between departure and arrival (then it lengthens that time), between arrival and start of service, or at home
before leaving or after being back.
"""

from collections.abc import Iterator

from routing.check.case import Case
from routing.check.violation import Violation, length
from routing.domain import Rep
from routing.plan import DayRoute

__all__ = ["pause_between", "pause_splits_nothing", "pause_taken", "pause_timely"]


def pause_between(route: DayRoute, begin: int, end: int) -> int:
    """Seconds of the break when all of it lies between two times, else 0."""
    if route.break_start is None or route.break_duration <= 0:
        return 0
    return route.break_duration if begin <= route.break_start and _over(route) <= end else 0


def pause_taken(case: Case) -> Iterator[Violation]:
    """The break of the shift is taken, and is as long as it should be.

    None need be stated on a day that leaves room for it at home: back before it must start, or leaving late enough.
    """
    for rep, route in case.routes:
        hours = case.hours(rep, route.date)
        due = hours.lunch.duration if hours and hours.lunch else 0
        taken = route.break_duration if route.break_start is not None else 0
        if hours is None or taken == due:
            continue
        if taken:
            what = f"has a break of {length(taken)} instead of {length(due)}"
            yield _of(rep, route, "break_length", abs(taken - due), what)
        elif hours.lunch and hours.lunch.late < route.back and route.leave < hours.lunch.early + due:
            yield _of(rep, route, "break_missing", due, f"has no break; {length(due)} are due")


def pause_timely(case: Case) -> Iterator[Violation]:
    """The break starts within its window."""
    for rep, route in case.routes:
        hours = case.hours(rep, route.date)
        if hours is None or hours.lunch is None or route.break_start is None or hours.lunch.duration == 0:
            continue
        early, late = hours.lunch.early - route.break_start, route.break_start - hours.lunch.late
        if early > 0:
            yield _of(rep, route, "break_window", early, f"starts the break {length(early)} too early")
        elif late > 0:
            yield _of(rep, route, "break_window", late, f"starts the break {length(late)} too late")


def pause_splits_nothing(case: Case) -> Iterator[Violation]:
    """The break lies in one piece of free time: it overlaps no service and does not straddle an arrival."""
    for rep, route in case.routes:
        if route.break_start is None or route.break_duration <= 0:
            continue
        begin, over = route.break_start, _over(route)
        for stop in route.stops:
            common = min(over, stop.departure) - max(begin, stop.start)
            if common > 0:
                name = case.customers[stop.customer_id].name if stop.customer_id in case.customers else stop.customer_id
                yield _of(rep, route, "break_in_service", common, f"has {length(common)} of the break during '{name}'")
        moments = [route.leave, *(stop.arrival for stop in route.stops), route.back]
        for moment in moments:
            if begin < moment < over:
                cut = min(moment - begin, over - moment)
                yield _of(rep, route, "break_split", cut, "has a break that goes on across leaving or arriving")


def _over(route: DayRoute) -> int:
    return (route.break_start or 0) + route.break_duration


def _of(rep: Rep, route: DayRoute, cause: str, amount: float, what: str) -> Violation:
    text = f"Rep '{rep.name}' on {route.date} {what}."
    return Violation(cause=cause, subject=rep.rep_id, amount=amount, unit="s", text=text, day=route.date)
