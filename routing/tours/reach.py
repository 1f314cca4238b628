"""Whether an order can be timed at all, and when it is over: compiled code, for orders that are only tried."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.tours.clock import NEVER, lunch_array, open_from, ready_after
from routing.tours.model import DayProblem

ANY_END = 1 << 40
"""Later than any return, seconds."""


class _Arrays(NamedTuple):
    """A day as compiled code reads it; see :class:`DayProblem`."""

    durations: NDArray[np.int64]
    move: NDArray[np.int64]
    service: NDArray[np.int64]
    windows: NDArray[np.int64]
    counts: NDArray[np.int64]
    shift: NDArray[np.int64]
    lunch: NDArray[np.int64]
    clock: NDArray[np.int64]


def _arrays(day: DayProblem, end: int) -> _Arrays:
    return _Arrays(
        day.durations, day.move, day.service, day.window_array, day.window_count,
        np.array([day.start, end], dtype=np.int64), lunch_array(day.lunch), day.clock,
    )  # fmt: skip


def earliest_back(day: DayProblem, path: NDArray[np.int64]) -> int:
    """Earliest return of all timings of an order that keep windows, shift and break; ``NEVER`` if there is none.

    Parameters
    ----------
    path
        Local places from start to end, int64 (n,).
    """
    back: int = _back(path, _arrays(day, day.end))
    return back


def backs_with_last(day: DayProblem) -> NDArray[np.int64]:
    """Earliest return with the last stop at each place of the order of the others, whatever the end of the shift.

    Returns
    -------
    int64 (k,): entry ``p`` for the order 1 … p, k, p + 1 … k − 1; ``NEVER`` where windows or break forbid it.
    """
    backs: NDArray[np.int64] = _backs(_arrays(day, ANY_END))
    return backs


@njit(cache=True)
def _backs(day: _Arrays) -> NDArray[np.int64]:
    last = day.service.shape[0] - 2
    backs, path = np.empty(last, np.int64), np.empty(last + 2, np.int64)
    for position in range(last):
        for k in range(last + 1):
            path[k] = k if k <= position else k - 1
        path[position + 1], path[last + 1] = last, last + 1
        backs[position] = _back(path, day)
    return backs


@njit(cache=True)
def _back(path: NDArray[np.int64], day: _Arrays) -> int:
    """As :func:`earliest_back`: earliest start at each place in turn, with the break still to come and with it taken.

    Earlier is never worse, as a later departure can never bring an earlier arrival: two times say all.
    """
    durations, move, service, windows, counts = day.durations, day.move, day.service, day.windows, day.counts
    shift, lunch, clock = day.shift, day.lunch, day.clock
    rest = lunch[0] > 0
    fresh: int = shift[0]
    rested: int = max(shift[0], lunch[1] + lunch[0]) if rest else NEVER
    for k in range(path.shape[0] - 1):
        a, b = path[k], path[k + 1]
        drive, setup = durations[a, b], move[a, b] - durations[a, b]
        taken, pending = NEVER, NEVER
        if rested != NEVER:
            ready = ready_after(clock, rested + service[a], drive, setup, lunch, False)
            taken = open_from(windows[b], counts[b], ready)
        if fresh != NEVER:
            gone = fresh + service[a]
            ready = ready_after(clock, gone, drive, setup, lunch, False)
            pending = open_from(windows[b], counts[b], ready)
            if rest:
                ready = ready_after(clock, gone, drive, setup, lunch, True)
                if ready != NEVER:
                    start = open_from(windows[b], counts[b], ready)
                    if start != NEVER and (taken == NEVER or start < taken):
                        taken = start
        fresh, rested = pending, taken
        if fresh == NEVER and rested == NEVER:
            return NEVER
    back = rested
    if fresh != NEVER and (not rest or fresh <= lunch[2]) and (back == NEVER or fresh < back):
        back = fresh  # without a break, or with it after coming back
    return back if back <= shift[1] else NEVER
