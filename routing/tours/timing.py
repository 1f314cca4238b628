"""Exact timing of a fixed order: when to leave, to start each visit and to take the break.

For every place of the break in the route one forward pass gives the earliest return and one backward pass the latest
departure that still reaches it. Both are exact with several windows per stop, because a later departure can never
bring an earlier arrival and waiting is always allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from routing.domain import TimeWindow
from routing.tours.clock import NEVER, arrive, gone_before, lunch_array, pause_on_the_way, ready_after
from routing.tours.model import DayProblem, IntArray, Schedule
from routing.tours.reach import earliest_back

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
    back = earliest_back(day, np.array(path, dtype=np.int64))
    if back == NEVER:
        return None
    last = len(path) - 2
    route = _Route(
        move=[int(day.move[a, b]) for a, b in pairwise(path)],
        travel=[int(day.durations[a, b]) for a, b in pairwise(path)],
        service=[int(day.service[p]) for p in path],
        windows=[day.windows[p] for p in path],
        day=day,
        pause=lunch_array(day.lunch),
    )
    gaps: Sequence[int | None] = (None,) if day.lunch is None else range(_BEFORE, last + 2)
    best: tuple[tuple[int, int], Schedule] | None = None
    for gap in gaps:
        reached = _earliest(route, gap, day.start)
        if reached is None or reached[-1] > back:
            continue
        leave = _latest_leave(route, gap, back)
        timed, rank = _place_break(route, gap, leave)
        key = (-leave, rank)
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
    pause: IntArray

    def ready(self, gap: int, gone: int, paused: bool) -> int | None:
        """Earliest readiness behind a gap, with the break in it if ``paused``; None if it cannot be."""
        lunch = self.day.lunch if paused else None
        if len(self.day.clock):
            travel = self.travel[gap]
            ready = ready_after(self.day.clock, gone, travel, self.move[gap] - travel, self.pause, lunch is not None)
            return None if ready == NEVER else ready
        ready = gone + self.move[gap]
        if lunch is None:
            return ready
        pause = max(gone, lunch.early)
        return None if pause > lunch.late else max(ready, pause) + lunch.duration

    def gone(self, gap: int, start: int, paused: bool) -> int:
        """Latest departure for a start behind a gap that is known to be feasible."""
        lunch = self.day.lunch if paused else None
        if len(self.day.clock):
            travel = self.travel[gap]
            return int(
                gone_before(self.day.clock, start, travel, self.move[gap] - travel, self.pause, lunch is not None)
            )
        gone = start - self.move[gap]
        return gone if lunch is None else min(gone - lunch.duration, lunch.late, start - lunch.duration)


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
    for g in range(len(route.move)):
        ready = route.ready(g, starts[g] + route.service[g], g == gap)
        if ready is None:
            return None
        start = _open_from(route.windows[g + 1], ready)
        if start is None:
            return None
        starts.append(start)
    if starts[-1] > route.day.end or (gap == len(route.move) and lunch is not None and starts[-1] > lunch.late):
        return None
    return starts


def _latest_leave(route: _Route, gap: int | None, back: int) -> int:
    """Latest departure from the start place that still returns by ``back``; the gap is known to be feasible."""
    late = back
    for g in reversed(range(len(route.move))):
        gone = route.gone(g, late, g == gap)
        latest = _open_until(route.windows[g], gone - route.service[g])
        assert latest is not None  # the forward pass reached the place in time
        late = latest
    return late


def _place_break(route: _Route, gap: int | None, leave: int) -> tuple[Schedule, int]:
    """Schedule of a feasible gap and leave, and how well the break lies (small is good)."""
    starts = _earliest(route, gap, leave)
    assert starts is not None
    last = len(route.move) - 1
    clock, lunch = route.day.clock, route.day.lunch
    gone = [s + route.service[g] for g, s in enumerate(starts)]
    travel = list(route.travel)
    if len(clock):
        travel = [arrive(clock, gone[g], route.travel[g]) - gone[g] for g in range(last + 1)]
    arrival = [gone[g] + travel[g] for g in range(last + 1)]
    setup = [route.move[g] - route.travel[g] for g in range(last + 1)]
    resting = [0] * (last + 1)  # of the break between arrival and start
    pause: int | None = None
    rank = 0
    if lunch is not None and gap is not None:
        length = lunch.duration
        if gap == _BEFORE:
            pause = min(lunch.late, starts[0] - length)
        elif gap > last:
            pause = max(lunch.early, starts[-1])
        else:
            # (rank, start of the break, travel, whether it delays the arrival), best first
            drive, before, until = route.travel[gap], gone[gap], starts[gap + 1] - setup[gap]
            at_next = max(arrival[gap], lunch.early)
            on_the_way, after_pause, along = max(before, lunch.early), drive, drive
            if len(clock):
                after_pause = arrive(clock, before + length, drive) - before - length
                there, on_the_way = pause_on_the_way(clock, before, drive, route.pause)
                along = there - before - length
            ways = [
                (0 if gap > 0 else 4, before, after_pause, True,
                 before >= lunch.early and before + length + after_pause <= until),
                (1 if gap < last else 4, at_next, travel[gap], False, at_next + length <= starts[gap + 1]
                 and max(arrival[gap] + setup[gap], lunch.early) + length <= starts[gap + 1]),
                (3, on_the_way, along, True, before + length + along <= until and on_the_way != NEVER),
            ]  # fmt: skip
            rank, pause, travel[gap], delays, _ = min(way for way in ways if way[4] and way[1] <= lunch.late)
            if delays:
                arrival[gap] = before + travel[gap] + length
            else:
                resting[gap] = length
    timed = Schedule(
        leave=starts[0],
        back=starts[-1],
        arrival=tuple(arrival[:-1]),
        start=tuple(starts[1:-1]),
        departure=tuple(gone[1:-1]),
        wait=tuple(starts[g + 1] - arrival[g] - setup[g] - resting[g] for g in range(last)),
        travel=tuple(travel),
        break_start=pause,
        break_gap=gap,
    )
    return timed, rank
