"""A route without the stops that were not made: the others keep their times, the ways between them are stated anew."""

from collections.abc import Collection
from dataclasses import replace

from routing.plan import DayRoute
from routing.problem import PlanningProblem
from routing.tours.clock import arrive, arrive_resting


def without_missed(problem: PlanningProblem, route: DayRoute, missed: Collection[str]) -> DayRoute | None:
    """Leave missed stops out of a route.

    Returns
    -------
    DayRoute or None
        None when no stop is left. The route as it was when the others could not have kept their times without the
        stops (the way past them is shorter than the direct one); they then stay as they were planned.
    """
    rep = next(k for k, r in enumerate(problem.reps) if r.rep_id == route.rep_id)
    day, base = problem.calendar.day_of(route.date), len(problem.customers) + 2 * rep
    place, free = problem.nights.get((rep, day - 1), base), route.leave
    home = problem.nights.get((rep, day), base + 1)
    kept = []
    for stop in route.stops:
        if stop.customer_id in missed:
            continue
        here = problem.index[stop.customer_id]
        pause = _pause(route, free, stop.arrival)
        seconds, metres = _way(problem, route, place, here, free, pause)
        setup = 0
        if problem.same_place[place] != problem.same_place[here]:
            setup = problem.customers[here].setup_duration
        ready = stop.arrival + setup + _pause(route, stop.arrival, stop.start)
        if stop.arrival < free + seconds + pause or stop.start < ready:
            return route
        kept.append(replace(stop, travel_s=seconds, travel_m=metres, wait_s=stop.start - ready))
        place, free = here, stop.departure
    if not kept:
        return None
    pause = _pause(route, free, route.back)
    seconds, metres = _way(problem, route, place, home, free, pause)
    if route.back < free + seconds + pause:
        return route
    return replace(route, stops=tuple(kept), return_travel_s=seconds, return_travel_m=metres)


def _way(
    problem: PlanningProblem, route: DayRoute, origin: int, destination: int, gone: int, pause: int
) -> tuple[int, int]:
    """Seconds (without the break taken on the way) and metres from place to place when leaving at ``gone``."""
    clock = problem.clocks[route.date.weekday()]
    usual = int(problem.travel.durations[origin, destination])
    metres = int(problem.travel.distances[origin, destination])
    if pause and route.break_start is not None and route.break_start < arrive(clock, gone, usual):
        return arrive_resting(clock, gone, usual, route.break_start, pause) - gone - pause, metres
    return arrive(clock, gone, usual) - gone, metres


def _pause(route: DayRoute, begin: int, end: int) -> int:
    """The break when it lies between two times, seconds."""
    if route.break_start is None or not (
        begin <= route.break_start and route.break_start + route.break_duration <= end
    ):
        return 0
    return route.break_duration
