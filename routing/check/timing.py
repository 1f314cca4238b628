"""Rules about the hours of a day: shift, travel, setup, service, waiting, opening windows.

Convention: leave -> travel -> arrival -> setup -> wait -> start -> departure; the break may lie anywhere outside a
service (see :mod:`routing.check.pause`).
"""

from collections.abc import Iterator

from routing.check.case import Case
from routing.check.pause import pause_between
from routing.check.violation import Violation, length
from routing.domain import Customer, PinLevel, Rep, TimeWindow
from routing.plan import DayRoute, Stop
from routing.travel.matrix import UNREACHABLE

__all__ = ["arrivals", "one_route_a_day", "service_times", "shifts", "starts", "stated_travel", "windows"]


def one_route_a_day(case: Case) -> Iterator[Violation]:
    """A rep has one route a day."""
    seen = set()
    for rep, route in case.routes:
        if (rep.rep_id, route.date) in seen:
            yield _of_rep(rep, route, "second_route", 1, "visits", "has a second route")
        seen.add((rep.rep_id, route.date))


def shifts(case: Case) -> Iterator[Violation]:
    """The rep works that day, leaves not before the shift starts and is back before it ends."""
    for rep, route in case.routes:
        hours = case.hours(rep, route.date)
        if hours is None:
            what = f"has {_why_off(case, rep, route)}, but a route"
            yield _of_rep(rep, route, "no_shift", len(route.stops), "visits", what)
            continue
        if route.leave < hours.start:
            early = hours.start - route.leave
            yield _of_rep(rep, route, "leave_early", early, "s", f"leaves {length(early)} before the shift starts")
        if route.back > hours.end:
            late = route.back - hours.end
            yield _of_rep(rep, route, "back_late", late, "s", f"is back {length(late)} after the shift ends")


def stated_travel(case: Case) -> Iterator[Violation]:
    """Travel times and distances in the plan are those of the matrix, and every place can be reached."""
    for rep, route in case.routes:
        end, place = case.ends(route), case.starts(route)
        free = route.leave
        for stop, customer, place, free in case.stops(route):
            leg = case.way(rep, route, place, customer.location, free)
            yield from _compare(leg, (stop.travel_s, stop.travel_m), f"to '{customer.name}'", rep, route)
        if len(list(case.stops(route))) == len(route.stops):
            if route.stops:
                place, free = case.customers[route.stops[-1].customer_id].location, route.stops[-1].departure
            leg = case.way(rep, route, place, end, free)
            yield from _compare(leg, (route.return_travel_s, route.return_travel_m), "back", rep, route)


def arrivals(case: Case) -> Iterator[Violation]:
    """Nobody arrives earlier than departure plus travel (plus the break, when it is taken on the way)."""
    for rep, route in case.routes:
        free, place, complete = route.leave, case.starts(route), 0
        for stop, customer, place, free in case.stops(route):
            seconds, _ = case.way(rep, route, place, customer.location, free)
            need = free + seconds + pause_between(route, free, stop.arrival)
            if stop.arrival < need:
                what = f"arrives at '{customer.name}' {length(need - stop.arrival)} earlier than travel allows"
                yield _of_rep(rep, route, "arrival_early", need - stop.arrival, "s", what)
            complete += 1
        if complete < len(route.stops):
            continue
        if route.stops:
            last = route.stops[-1]
            place, free = case.customers[last.customer_id].location, last.departure
        seconds, _ = case.way(rep, route, place, case.ends(route), free)
        need = free + seconds + pause_between(route, free, route.back)
        if route.back < need:
            what = f"is back {length(need - route.back)} earlier than travel allows"
            yield _of_rep(rep, route, "arrival_early", need - route.back, "s", what)


def starts(case: Case) -> Iterator[Violation]:
    """Service starts after arrival, break taken there and setup (once per place); waiting time is what is left."""
    for _, route in case.routes:
        for stop, customer, place, _ in case.stops(route):
            setup = 0 if customer.location == place else customer.setup_duration
            ready = stop.arrival + setup + pause_between(route, stop.arrival, stop.start)
            if stop.start < ready:
                what = f"starts {length(ready - stop.start)} before arrival and setup are over"
                yield _of_stop(customer, route, "start_early", ready - stop.start, what)
            elif stop.wait_s != stop.start - ready:
                what = f"states {length(stop.wait_s)} of waiting; it is {length(stop.start - ready)}"
                yield _of_stop(customer, route, "wait", abs(stop.wait_s - stop.start + ready), what)


def service_times(case: Case) -> Iterator[Violation]:
    """A service takes as long as the customer asks for."""
    for _, route in case.routes:
        for stop, customer, _, _ in case.stops(route):
            took = stop.departure - stop.start
            if took != customer.service_duration:
                what = f"takes {'-' if took < 0 else ''}{length(took)} instead of {length(customer.service_duration)}"
                yield _of_stop(customer, route, "service", abs(took - customer.service_duration), what)


def windows(case: Case) -> Iterator[Violation]:
    """Service starts while the customer is open; where asked for, the whole visit fits into the opening hours.

    An appointment at a fixed time overrides opening hours.
    """
    for _, route in case.routes:
        for stop, customer, _, _ in case.stops(route):
            if not customer.windows or _at_fixed_time(customer, route):
                continue
            opening = customer.windows.get(route.date.weekday(), ())
            if not opening:
                yield _of_stop(customer, route, "closed", 1, "falls on a day on which the customer is closed", "visits")
                continue
            yield from _nearest_window(stop, customer, route, opening)


def _at_fixed_time(customer: Customer, route: DayRoute) -> bool:
    return any(
        pin.level is PinLevel.FIXED_TIME and pin.day == route.date and pin.start is not None for pin in customer.pins
    )


def _nearest_window(
    stop: Stop, customer: Customer, route: DayRoute, opening: tuple[TimeWindow, ...]
) -> Iterator[Violation]:
    misses = []
    for window in opening:
        end = stop.departure if customer.window_covers_visit else stop.start
        early, late = max(0, window.early - stop.start), max(0, end - window.late)
        verb = "ends" if customer.window_covers_visit else "starts"
        misses.append(
            (early, f"starts {length(early)} before its window opens") if early >= late
            else (late, f"{verb} {length(late)} after its window closes")
        )  # fmt: skip
    amount, what = min(misses)
    if amount:
        yield _of_stop(customer, route, "window", amount, what)


def _compare(
    leg: tuple[int, int], stated: tuple[int, int], where: str, rep: Rep, route: DayRoute
) -> Iterator[Violation]:
    if leg[0] >= UNREACHABLE:
        yield _of_rep(rep, route, "unreachable", 1, "visits", f"has no way {where}")
        return
    for cause, unit, true, said in (("travel_time", "s", leg[0], stated[0]), ("distance", "m", leg[1], stated[1])):
        if true != said:
            what = f"travels {true} {unit} {where}, the plan says {said}"
            yield _of_rep(rep, route, cause, abs(true - said), unit, what)


def _why_off(case: Case, rep: Rep, route: DayRoute) -> str:
    calendar = case.project.calendar
    if not 0 <= calendar.day_of(route.date) < calendar.horizon:
        return "a day outside the horizon"
    if route.date in calendar.holidays:
        return "a public holiday"
    return "a day off" if route.date in rep.days_off else "no working hours"


def _of_rep(rep: Rep, route: DayRoute, cause: str, amount: float, unit: str, what: str) -> Violation:
    text = f"Rep '{rep.name}' on {route.date} {what}."
    return Violation(cause=cause, subject=rep.rep_id, amount=amount, unit=unit, text=text, day=route.date)


def _of_stop(customer: Customer, route: DayRoute, cause: str, amount: float, what: str, unit: str = "s") -> Violation:
    text = f"Visit of '{customer.name}' on {route.date} {what}."
    return Violation(cause=cause, subject=customer.customer_id, amount=amount, unit=unit, text=text, day=route.date)
