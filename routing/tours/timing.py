"""Exact timing of a fixed order: when to leave, to start each visit and to take the break.

For every place of the break in the route one forward pass gives the earliest return and one backward pass the latest
departure that still reaches it. Both are exact with several windows per stop, because a later departure can never
bring an earlier arrival and waiting is always allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.domain import TimeWindow
from routing.tours.model import DayProblem, Schedule

_BEFORE = -1


def schedule(day: DayProblem, order: Sequence[int]) -> Schedule | None:
    """Time an order, or tell that it cannot be done.

    Among all feasible timings: the earliest return; among these the latest leave, hence the least waiting; then the
    break where it suits best (right after a visit, before travelling on; at the next place; on the way).

    Returns
    -------
    Schedule or None
        None if and only if no timing keeps all windows, the shift and the break.

    Raises
    ------
    InvalidInput
        If ``order`` does not name every stop once.
    """
    day.check_order(order)
    path = (0, *order, day.places - 1)
    last = len(path) - 2
    route = _Route(
        move=[int(day.move[a, b]) for a, b in pairwise(path)],
        travel=[int(day.durations[a, b]) for a, b in pairwise(path)],
        service=[int(day.service[p]) for p in path],
        windows=[day.windows[p] for p in path],
        day=day,
    )
    gaps: Sequence[int | None] = (None,) if day.lunch is None else range(_BEFORE, last + 2)
    best: tuple[tuple[int, int, int], Schedule] | None = None
    back = day.end
    for gap in gaps:
        reached = _earliest(route, gap, day.start)
        if reached is None or reached[-1] > back:
            continue
        back = reached[-1]
        leave = _latest_leave(route, gap, back)
        timed, rank = _place_break(route, gap, leave)
        key = (back, -leave, rank)
        if best is None or key < best[0]:
            best = (key, timed)
    return None if best is None else best[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Route:
    """The places of an order in turn; gap g lies between places g and g + 1."""

    move: list[int]
    travel: list[int]
    service: list[int]
    windows: list[tuple[TimeWindow, ...]]
    day: DayProblem


def _open_from(windows: tuple[TimeWindow, ...], when: int) -> int | None:
    """Earliest start not before ``when``."""
    if not windows:
        return when
    return min((max(when, w.early) for w in windows if w.late >= when), default=None)


def _open_until(windows: tuple[TimeWindow, ...], when: int) -> int | None:
    """Latest start not after ``when``."""
    if not windows:
        return when
    return max((min(when, w.late) for w in windows if w.early <= when), default=None)


def _earliest(route: _Route, gap: int | None, leave: int) -> list[int] | None:
    """Earliest start at every place when leaving at ``leave`` (the end place last), None when some place is missed."""
    lunch = route.day.lunch
    starts = [leave]
    if gap == _BEFORE and lunch is not None:
        starts[0] = max(leave, lunch.early + lunch.duration)
    for g, move in enumerate(route.move):
        gone = starts[g] + route.service[g]
        ready = gone + move
        if g == gap and lunch is not None:
            pause = max(gone, lunch.early)
            if pause > lunch.late:
                return None
            ready = max(ready, pause) + lunch.duration
        start = _open_from(route.windows[g + 1], ready)
        if start is None:
            return None
        starts.append(start)
    if starts[-1] > route.day.end or (gap == len(route.move) and lunch is not None and starts[-1] > lunch.late):
        return None
    return starts


def _latest_leave(route: _Route, gap: int | None, back: int) -> int:
    """Latest departure from the start place that still returns by ``back``; the gap is known to be feasible."""
    lunch = route.day.lunch
    late = back
    for g in reversed(range(len(route.move))):
        gone = late - route.move[g]
        if g == gap and lunch is not None:
            gone = min(gone - lunch.duration, lunch.late, late - lunch.duration)
        latest = _open_until(route.windows[g], gone - route.service[g])
        assert latest is not None  # the forward pass reached the place in time
        late = latest
    return late


def _place_break(route: _Route, gap: int | None, leave: int) -> tuple[Schedule, int]:
    """Schedule of a feasible gap and leave, and how well the break lies (small is good)."""
    starts = _earliest(route, gap, leave)
    assert starts is not None
    last = len(route.move) - 1
    gone = [s + route.service[g] for g, s in enumerate(starts)]
    arrival = [gone[g] + route.travel[g] for g in range(last + 1)]
    wait = [starts[g + 1] - gone[g] - route.move[g] for g in range(last + 1)]
    pause: int | None = None
    rank = 0
    lunch = route.day.lunch
    if lunch is not None and gap is not None:
        if gap == _BEFORE:
            pause = min(lunch.late, starts[0] - lunch.duration)
        elif gap > last:
            pause = max(lunch.early, starts[-1])
        else:
            # (rank, start of the break, whether it delays the arrival), best first
            at_next = max(arrival[gap], lunch.early)
            ways = [
                (0 if gap > 0 else 4, gone[gap], True, gone[gap] >= lunch.early),
                (1 if gap < last else 4, at_next, False, at_next + lunch.duration <= starts[gap + 1]),
                (3, max(gone[gap], lunch.early), True, True),
            ]
            rank, pause, delays, _ = min(way for way in ways if way[3] and way[1] <= lunch.late)
            wait[gap] -= lunch.duration
            if delays:
                arrival[gap] += lunch.duration
    timed = Schedule(
        leave=starts[0],
        back=starts[-1],
        arrival=tuple(arrival[:-1]),
        start=tuple(starts[1:-1]),
        departure=tuple(gone[1:-1]),
        wait=tuple(wait[:-1]),
        break_start=pause,
        break_gap=gap,
    )
    return timed, rank
