"""What is left of a day timed anew from now, and what no longer works: windows that will be missed, overtime.

The order is kept. Driving on at once is never worse than waiting somewhere, so one forward pass for each place of the
break gives the earliest times; of these the one that breaks least is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.domain import Break, TimeWindow
from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.timetable import day_problem, day_route
from routing.tours.clock import NEVER, arrive, arrive_resting, lunch_array, pause_on_the_way
from routing.tours.model import DayProblem, Schedule


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """A visit that will start after its last window has closed.

    Parameters
    ----------
    closes, late_s
        When the last window closes, seconds after midnight, and how long after that the visit starts, seconds.
    """

    customer_id: str
    closes: int
    late_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RestOfDay:
    """The stops that are left, with their new times.

    Parameters
    ----------
    route
        From now: it leaves where the rep is, and holds what is left only.
    missed
        Windows that will be missed, in the order of the route.
    overtime_s
        How long after the end of the shift the rep is back, seconds.
    break_late_s
        How long after its latest start the break begins, seconds.
    """

    route: DayRoute
    missed: tuple[Missed, ...]
    overtime_s: int
    break_late_s: int

    @property
    def holds(self) -> bool:
        """Whether all windows, the shift and the break are kept."""
        return not (self.missed or self.overtime_s or self.break_late_s)


def rest_of_day(
    problem: PlanningProblem,
    shift: Shift,
    left: Sequence[int],
    *,
    now: int,
    at: int | None = None,
    break_taken: bool = False,
) -> RestOfDay:
    """Time what is left of a shift, the order kept.

    Parameters
    ----------
    left
        Indices of the customers still to be visited, in order.
    now
        When the rep drives on, seconds after midnight; before the shift begins this is its start.
    at
        Index of the customer at whose place the rep is; None: still at the start place.
    break_taken
        Whether the break of the day lies behind.
    """
    from_now = replace(shift, start=max(now, shift.start), lunch=None if break_taken else shift.lunch)
    day = day_problem(problem, from_now, left, start_place=at)
    timing = earliest_schedule(day)
    route = day_route(problem, from_now, left, day, range(1, day.places - 1), timing)
    late = _lateness(day, timing)
    missed = tuple(
        Missed(customer_id=stop.customer_id, closes=day.windows[place][-1].late, late_s=late[place - 1])
        for place, stop in enumerate(route.stops, start=1)
        if late[place - 1]
    )
    return RestOfDay(
        route=route,
        missed=missed,
        overtime_s=max(0, timing.back - day.end),
        break_late_s=_break_lateness(day.lunch, timing.break_start),
    )


def earliest_schedule(day: DayProblem) -> Schedule:
    """Times of the stops in their order, each as early as can be; a window that is missed is missed, a shift overruns.

    Of all places for the break: fewest windows missed, then least overtime, least lateness at windows, a break in its
    time, the earliest return; last the latest place, so that nobody pauses before leaving without need.

    Returns
    -------
    Schedule
        Breaks no rule if and only if :func:`routing.tours.schedule` finds a timing whose break does not begin before
        the shift; it then is back at the same time.
    """
    gaps: Sequence[int | None] = (None,) if day.lunch is None else range(-1, day.places)

    def rank(gap: int | None) -> tuple[int, int, int, int, int, int]:
        timing = timed[gap]
        late = [s for s in _lateness(day, timing) if s]
        overtime = max(0, timing.back - day.end)
        pause = _break_lateness(day.lunch, timing.break_start)
        return len(late), overtime, sum(late), pause, timing.back, -(gap or 0)

    timed = {gap: _forward(day, gap) for gap in gaps}
    return timed[min(gaps, key=rank)]


def _forward(day: DayProblem, gap: int | None) -> Schedule:
    """As early as can be, with the break in a gap of the path (see :class:`~routing.tours.model.Schedule`)."""
    lunch, last = day.lunch, day.places - 1
    leave = now = day.start
    pause: int | None = None
    if lunch is not None and gap == -1:
        pause = max(now, lunch.early)
        leave = now = pause + lunch.duration
    arrival, start, departure, wait, travel = [], [], [], [], []
    for stop in range(1, last + 1):
        drive = int(day.durations[stop - 1, stop])
        there = arrive(day.clock, now, drive)
        setup = int(day.move[stop - 1, stop]) - drive
        ready = there + setup
        idle = 0
        travel.append(there - now)
        if lunch is not None and gap == stop - 1:
            pause = max(now, lunch.early)
            if len(day.clock):
                well = pause_on_the_way(day.clock, now, drive, lunch_array(lunch))[1]
                pause = pause if well == NEVER else well
            if pause < there:  # before driving on, or on the way
                there = arrive_resting(day.clock, now, drive, pause, lunch.duration)
                travel[-1] = there - now - lunch.duration
                ready = there + setup
            else:
                idle = max(0, pause - ready)
                ready = max(ready, pause) + lunch.duration
        if stop == last:
            break
        begin = _open_from(day.windows[stop], ready)
        arrival.append(there)
        start.append(begin)
        wait.append(begin - ready + idle)
        now = begin + int(day.service[stop])
        departure.append(now)
    back = ready
    if lunch is not None and gap == last:
        pause = max(back, lunch.early)
    return Schedule(
        leave=leave,
        back=back,
        arrival=tuple(arrival),
        start=tuple(start),
        departure=tuple(departure),
        wait=tuple(wait),
        travel=tuple(travel),
        break_start=pause,
        break_gap=gap,
    )


def _open_from(windows: Sequence[TimeWindow], ready: int) -> int:
    """Earliest start not before ``ready`` within a window; at once when the last one has closed."""
    return next((max(ready, w.early) for w in windows if w.late >= ready), ready)


def _lateness(day: DayProblem, timing: Schedule) -> list[int]:
    """Per stop: how long after the last window has closed the visit starts, seconds."""
    return [
        max(0, start - windows[-1].late) if windows else 0
        for windows, start in zip(day.windows[1:-1], timing.start, strict=True)
    ]


def _break_lateness(lunch: Break | None, pause: int | None) -> int:
    return 0 if lunch is None or pause is None else max(0, pause - lunch.late)
