"""What is known at a moment of the day, and what of a plan is frozen by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from routing.plan import DayRoute, Stop


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The present, and what was reported until now.

    Parameters
    ----------
    day, time
        Date, and seconds after local midnight.
    reported
        (rep id, customer id) of the visits of today that were made or begun -> end of the visit, None while under way.
    missed
        (customer id, date) of planned visits that were not made, and will not be on that day.
    away
        (rep id, date) of the days, or rests of days, on which a rep does not work.
    deadlines
        Customer id -> date and latest start of an urgent visit that is still to be made.
    """

    day: date
    time: int
    reported: Mapping[tuple[str, str], int | None] = field(default_factory=dict)
    missed: frozenset[tuple[str, date]] = frozenset()
    away: frozenset[tuple[str, date]] = frozenset()
    deadlines: Mapping[str, tuple[date, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What of a day can no longer change.

    Parameters
    ----------
    head
        Stops that are done or driven to, as planned.
    free_at
        When the rep can leave for the next stop: not before the plan says, later when the day runs late.
    break_start
        The break when it is taken or under way, else None; one at home before leaving is still open.
    """

    head: tuple[Stop, ...]
    free_at: int
    break_start: int | None


def freeze(route: DayRoute, moment: Moment) -> Frozen:
    """The part of a route of today that is behind the rep or being driven to.

    What was reported counts; for a rep who has reported nothing today the clock does. Stops are frozen in the order of
    the plan: one that is reported freezes those before it.
    """
    done = [k for k, s in enumerate(route.stops) if (route.rep_id, s.customer_id) in moment.reported]
    delay = 0
    if done:
        count = done[-1] + 1
        last = route.stops[count - 1]
        ended = moment.reported[route.rep_id, last.customer_id]
        delay = max(0, (moment.time if ended is None else ended) - last.departure)
        reachable = route.stops[count : count + 1]
    else:
        count, reachable = 0, route.stops
    for stop in reachable:
        if stop.arrival - stop.travel_s + delay > moment.time:
            break
        count += 1
    head = route.stops[:count]
    if not head:
        return Frozen(head=(), free_at=moment.time, break_start=None)
    if done and count > done[-1] + 1:
        delay = max(0, delay - head[-1].wait_s)  # waiting for a window takes delay up
    last = head[-1]
    free_at = max(last.departure + delay, moment.time)
    taken = _taken(route, moment.time, until=last.departure)
    if taken is not None:
        free_at = max(free_at, taken + route.break_duration)
    return Frozen(head=head, free_at=free_at, break_start=taken)


def _taken(route: DayRoute, time: int, *, until: int) -> int | None:
    start = route.break_start
    return start if start is not None and (start <= time or start < until) else None
