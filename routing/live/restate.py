"""A route without the stops that were not made: the others keep their times, the ways between them are stated anew."""

from collections.abc import Collection
from dataclasses import replace

from routing.live.open_day import index
from routing.plan import DayRoute
from routing.problem import PlanningProblem


def without_missed(problem: PlanningProblem, route: DayRoute, missed: Collection[str]) -> DayRoute | None:
    """Leave missed stops out of a route.

    Returns
    -------
    DayRoute or None
        None when no stop is left. The route as it was when the others could not have kept their times without the
        stops (the way past them is shorter than the direct one); they then stay as they were planned.
    """
    places = index(problem)
    rep = next(k for k, r in enumerate(problem.reps) if r.rep_id == route.rep_id)
    place, free = len(problem.customers) + 2 * rep, route.leave
    home = place + 1
    kept = []
    for stop in route.stops:
        if stop.customer_id in missed:
            continue
        here = places[stop.customer_id]
        seconds, metres = int(problem.travel.durations[place, here]), int(problem.travel.distances[place, here])
        setup = 0
        if problem.same_place[place] != problem.same_place[here]:
            setup = problem.customers[here].setup_duration
        ready = stop.arrival + setup + _pause(route, stop.arrival, stop.start)
        if stop.arrival < free + seconds + _pause(route, free, stop.arrival) or stop.start < ready:
            return route
        kept.append(replace(stop, travel_s=seconds, travel_m=metres, wait_s=stop.start - ready))
        place, free = here, stop.departure
    if not kept:
        return None
    seconds, metres = int(problem.travel.durations[place, home]), int(problem.travel.distances[place, home])
    if route.back < free + seconds + _pause(route, free, route.back):
        return route
    return replace(route, stops=tuple(kept), return_travel_s=seconds, return_travel_m=metres)


def _pause(route: DayRoute, begin: int, end: int) -> int:
    """The break when it lies between two times, seconds."""
    if route.break_start is None or not (
        begin <= route.break_start and route.break_start + route.break_duration <= end
    ):
        return 0
    return route.break_duration
