"""A shift as it can still be changed: stops that are frozen, and stops that are still open, timed exactly."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.domain import Break, TimeWindow
from routing.live.retime import earliest_schedule
from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.timetable import day_problem, day_route
from routing.tours import Schedule, schedule
from routing.tours.model import DayProblem

NO_WAY = TimeWindow(early=-2, late=-1)
"""A window that no start can meet: the place is closed, or the promised time is over."""


@dataclass(frozen=True, kw_only=True)
class OpenDay:
    """One rep's day.

    Parameters
    ----------
    shift
        What is left of it: starts when the rep is free, without the break when that is taken.
    planned
        The route as the plan has it; None when the rep has none on this day.
    head
        How many stops of it are frozen.
    tail
        Open stops in their order, customer indices of the problem.
    break_start
        The break that is taken; None when it is still to come, or there is none.
    changed
        Whether the tail is no longer the one of ``planned``, or has to be timed anew.
    """

    problem: PlanningProblem
    shift: Shift
    planned: DayRoute | None
    head: int
    tail: tuple[int, ...]
    break_start: int | None
    changed: bool = False

    @property
    def rep_id(self) -> str:
        """Whose day it is."""
        return self.problem.reps[self.shift.rep].rep_id

    def day_problem(self, customers: tuple[int, ...], within: Mapping[int, TimeWindow]) -> DayProblem:
        """Open stops as a problem of its own, from where the rep is.

        Parameters
        ----------
        within
            Customer index -> bounds of its start besides its own windows, such as a promised latest start.
        """
        place = None
        if self.head and self.planned:
            place = self.index_of(self.planned.stops[self.head - 1].customer_id)
        day = day_problem(self.problem, self.shift, customers, start_place=place)
        windows = [()] + [self._windows(c, within.get(c)) for c in customers] + [()]
        return replace(day, windows=tuple(windows))

    def _windows(self, customer: int, bounds: TimeWindow | None) -> tuple[TimeWindow, ...]:
        windows = self.problem.windows(customer, self.shift)
        if not windows and self.problem.customers[customer].windows:
            return (NO_WAY,)
        if bounds is None:
            return windows
        cut = (
            TimeWindow(early=max(w.early, bounds.early), late=min(w.late, bounds.late)) for w in windows or (bounds,)
        )
        return tuple(w for w in cut if w.early <= w.late) or (NO_WAY,)

    def index_of(self, customer_id: str) -> int:
        """Index of a customer in the problem."""
        return self.problem.index[customer_id]

    def all_stops(self) -> list[int]:
        """Customer indices of the whole day."""
        head = self.planned.stops[: self.head] if self.planned else ()
        return [*(self.index_of(s.customer_id) for s in head), *self.tail]

    def timed(self, within: Mapping[int, TimeWindow]) -> DayRoute | None:
        """The route of the day; None when the open stops cannot be timed any more, or there are no stops at all."""
        if not self.changed:
            return self.planned
        head = self.planned.stops[: self.head] if self.planned else ()
        if not head and not self.tail:
            return None
        day = self.day_problem(self.tail, within)
        order = range(1, len(self.tail) + 1)
        timing = schedule(day, order)
        if timing is None and not self.tail:  # all that is left is the way home, late as it is
            timing = earliest_schedule(day)
        return None if timing is None else self._route(day, timing)

    def _route(self, day: DayProblem, timing: Schedule) -> DayRoute:
        """Frozen stops with their times, then the open ones."""
        open_part = day_route(self.problem, self.shift, self.tail, day, range(1, len(self.tail) + 1), timing)
        if self.break_start is not None and self.planned is not None:
            open_part = replace(open_part, break_start=self.break_start, break_duration=self.planned.break_duration)
        if not self.head or self.planned is None:
            return open_part
        stops = (*self.planned.stops[: self.head], *open_part.stops)
        return replace(open_part, leave=self.planned.leave, stops=stops)

    def fits(self, within: Mapping[int, TimeWindow], *, late_s: int = 0) -> bool:
        """Whether the open stops can be timed, with a return up to ``late_s`` seconds after the shift."""
        if not self.tail:
            return True
        day = self.day_problem(self.tail, within)
        return schedule(replace(day, end=day.end + late_s), range(1, len(self.tail) + 1)) is not None

    def with_tail(self, tail: tuple[int, ...]) -> "OpenDay":
        """The day with other open stops."""
        return replace(self, tail=tail, changed=True)


def rest_of_shift(shift: Shift, *, free_at: int, left: bool, break_taken: bool) -> Shift:
    """What is left of a shift from a time on; a rep who has left home does not take the break in the past."""
    start = max(shift.start, free_at)
    lunch = None if break_taken else shift.lunch
    if lunch is not None and left:
        lunch = Break(duration=lunch.duration, early=max(lunch.early, start), late=max(lunch.late, start))
    return replace(shift, start=start, lunch=lunch)
