"""Free slots for the next visit: where it fits into the rep's days to come, and the detour it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from api.deps import Context
from api.store.models import ProjectRow, RepRow
from api.visits.setting import Setting, agreed, customers_of, routes_with_bookings, setting_of
from routing.domain import TimeWindow
from routing.explain import within_limits
from routing.problem import Shift
from routing.timetable import day_problem
from routing.tours import schedule
from routing.tours.model import IntArray

MOST_SLOTS_A_DAY = 3
STEPS = (15 * 60, 5 * 60, 60)
"""People agree on round times: quarters of an hour, else five minutes, else minutes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A time at which the visit fits and everything else of the day stays in its order and windows.

    Parameters
    ----------
    start
        Seconds after midnight.
    detour_s, detour_m
        Travel that the visit adds to the day.
    """

    day: date
    start: int
    detour_s: int
    detour_m: int


def free_slots(
    ctx: Context, project: ProjectRow, rep: RepRow, customer_id: str, first: date, last: date
) -> tuple[Slot, ...]:
    """Slots by day and time; each day its few cheapest. Days on which the customer has a visit already offer none."""
    routes, booked = routes_with_bookings(ctx, project, rep, first, last)
    stops = {s.customer_id for route in routes.values() for s in route.stops}
    customers = customers_of(ctx, project, {*stops, customer_id})
    if customer_id not in customers:
        return ()
    setting = setting_of(ctx, project, rep, agreed(customers, booked.values()), first, last)
    found: list[Slot] = []
    day = first
    while day <= last:
        shift = setting.shift(day)
        here = [s for s in routes[day].stops if s.customer_id in setting.index] if day in routes else []
        if shift is not None and customer_id not in {s.customer_id for s in here}:
            order = [setting.index[s.customer_id] for s in here]
            slots = sorted(
                _slots(setting, shift, order, setting.index[customer_id]), key=lambda s: (s.detour_s, s.start)
            )
            found += sorted(slots[:MOST_SLOTS_A_DAY], key=lambda s: s.start)
        day += timedelta(days=1)
    return tuple(found)


def _slots(setting: Setting, shift: Shift, others: Sequence[int], customer: int) -> Iterator[Slot]:
    problem = setting.problem
    if not problem.may_serve(customer, shift) or not within_limits(problem, shift, [*others, customer]):
        return
    day = day_problem(problem, shift, [*others, customer])
    new = len(others) + 1
    before = _path(day.durations, range(1, new)), _path(day.distances, range(1, new))
    seen = set()
    for position in range(new):
        order = (*range(1, position + 1), new, *range(position + 1, new))
        timing = schedule(day, order)
        if timing is None:
            continue
        for step in STEPS:
            start = -(-timing.start[position] // step) * step
            windows = day.windows[new]
            if windows and not any(w.early <= start <= w.late for w in windows):
                continue
            fixed = (*day.windows[:new], (TimeWindow(early=start, late=start),), *day.windows[new + 1 :])
            if schedule(replace(day, windows=fixed), order) is not None:
                if start not in seen:
                    seen.add(start)
                    yield Slot(
                        day=shift.date,
                        start=start,
                        detour_s=_path(day.durations, order) - before[0],
                        detour_m=_path(day.distances, order) - before[1],
                    )
                break


def _path(between: IntArray, order: Sequence[int]) -> int:
    """Sum along an order, from the start place to the end place."""
    path = [0, *order, len(between) - 1]
    return int(between[path[:-1], path[1:]].sum())
