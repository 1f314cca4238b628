"""Time in day routes for compiled code: how a leg, a window and the break move the clock forwards and backwards.

Times are int64 seconds. ``lunch`` is (duration, early, late); duration 0 = no break. ``clock`` is that of
:func:`routing.travel.hours.clock`: without rows travel takes the same time at every hour.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.domain import Break
from routing.travel.hours import USUAL_SPEED

NEVER = -1
_FAR = 1 << 60


def lunch_array(lunch: Break | None) -> NDArray[np.int64]:
    """Duration, earliest and latest start as compiled code wants them."""
    return np.array([lunch.duration, lunch.early, lunch.late] if lunch else [0, 0, 0], dtype=np.int64)


@njit(cache=True, inline="always")
def open_from(windows: NDArray[np.int64], count: int, when: int) -> int:
    """Earliest start not before ``when`` in sorted windows (W, 2); ``NEVER`` when all have closed."""
    if count == 0:
        return when
    for k in range(count):
        if windows[k, 1] >= when:
            start: int = max(when, windows[k, 0])
            return start
    return NEVER


@njit(cache=True, inline="always")
def open_until(windows: NDArray[np.int64], count: int, when: int) -> int:
    """Latest start not after ``when``; ``NEVER`` when none has opened by then."""
    if count == 0:
        return when
    for k in range(count - 1, -1, -1):
        if windows[k, 0] <= when:
            start: int = min(when, windows[k, 1])
            return start
    return NEVER


@njit(cache=True)
def _progress(clock: NDArray[np.int64], when: int) -> int:
    """Usual travel that could be made from midnight to ``when``, millionths of a second."""
    k = clock.shape[0] - 1
    while k > 0 and clock[k, 0] > when:
        k -= 1
    made: int = clock[k, 1] + (when - clock[k, 0]) * clock[k, 2]
    return made


@njit(cache=True)
def _reached(clock: NDArray[np.int64], progress: int) -> int:
    """First whole second at which this progress is made."""
    k = clock.shape[0] - 1
    while k > 0 and clock[k, 1] >= progress:
        k -= 1
    when: int = clock[k, 0] - (clock[k, 1] - progress) // clock[k, 2]
    return when


@njit(cache=True)
def _not_beyond(clock: NDArray[np.int64], progress: int) -> int:
    """Last whole second at which no more than this progress is made."""
    k = clock.shape[0] - 1
    while k > 0 and clock[k, 1] > progress:
        k -= 1
    when: int = clock[k, 0] + (progress - clock[k, 1]) // clock[k, 2]
    return when


@njit(cache=True)
def arrive(clock: NDArray[np.int64], gone: int, drive: int) -> int:
    """Arrival when leaving at ``gone`` on a way that usually takes ``drive``."""
    if clock.shape[0] == 0 or drive == 0:
        return gone + drive
    there: int = _reached(clock, _progress(clock, gone) + drive * USUAL_SPEED)
    return there


@njit(cache=True)
def leave_by(clock: NDArray[np.int64], there: int, drive: int) -> int:
    """Latest departure that arrives by ``there``."""
    if clock.shape[0] == 0 or drive == 0:
        return there - drive
    gone: int = _not_beyond(clock, _progress(clock, there) - drive * USUAL_SPEED)
    return gone


@njit(cache=True)
def arrive_resting(clock: NDArray[np.int64], gone: int, drive: int, pause: int, length: int) -> int:
    """Arrival with a break that begins at ``pause``, not before leaving and not after arriving."""
    if clock.shape[0] == 0:
        return gone + drive + length
    lost = _progress(clock, pause + length) - _progress(clock, pause)
    # a fraction of a second of travel may be left over when the break begins
    there: int = max(_reached(clock, _progress(clock, gone) + drive * USUAL_SPEED + lost), pause + length)
    return there


@njit(cache=True)
def pause_on_the_way(clock: NDArray[np.int64], gone: int, drive: int, lunch: NDArray[np.int64]) -> tuple[int, int]:
    """Arrival and start of the break where it lies between leaving and arriving and costs least; ``NEVER`` if none can.

    What a break costs is the travel that could have been made in it: it changes its slope only where the break begins
    or ends with a band.
    """
    length, until = lunch[0], min(lunch[2], arrive(clock, gone, drive))
    begin = max(gone, lunch[1])
    best, at = NEVER, NEVER
    if begin > until:
        return best, at
    for k in range(2 * clock.shape[0] + 2):
        if k < clock.shape[0]:
            pause = clock[k, 0]
        elif k < 2 * clock.shape[0]:
            pause = clock[k - clock.shape[0], 0] - length
        else:
            pause = begin if k == 2 * clock.shape[0] else until
        if begin <= pause <= until:
            there = arrive_resting(clock, gone, drive, pause, length)
            if best < 0 or there < best or (there == best and pause < at):
                best, at = there, pause
    return best, at


@njit(cache=True)
def ready_after(
    clock: NDArray[np.int64], gone: int, drive: int, setup: int, lunch: NDArray[np.int64], paused: bool
) -> int:
    """Earliest readiness at the next place, with the break in this gap if ``paused``; ``NEVER`` if it cannot be."""
    there: int = arrive(clock, gone, drive)
    if not paused:
        return there + setup
    if clock.shape[0] == 0:
        pause = max(gone, lunch[1])
        if pause > lunch[2]:
            return NEVER
        ready: int = max(there + setup, pause) + lunch[0]
        return ready
    late: int = NEVER
    if max(there, lunch[1]) <= lunch[2]:
        late = max(there + setup, lunch[1]) + lunch[0]
    on_the_way, _ = pause_on_the_way(clock, gone, drive, lunch)
    if on_the_way >= 0 and (late < 0 or on_the_way + setup < late):
        late = on_the_way + setup
    return late


@njit(cache=True)
def gone_before(
    clock: NDArray[np.int64], start: int, drive: int, setup: int, lunch: NDArray[np.int64], paused: bool
) -> int:
    """Latest departure for a start at the next place, with the break in this gap if ``paused``."""
    if not paused:
        latest: int = leave_by(clock, start - setup, drive)
        return latest
    length = lunch[0]
    if lunch[1] > min(lunch[2], start - length):
        return NEVER
    if clock.shape[0] == 0:
        gone: int = min(start - drive - setup - length, lunch[2], start - length)
        return gone
    # at the place, then on the way: at a moment that lies well, or right after leaving
    best: int = leave_by(clock, min(lunch[2], start - setup - length), drive)
    there = start - setup
    until = min(lunch[2], there - length)
    goal = _progress(clock, there) - drive * USUAL_SPEED
    for k in range(2 * clock.shape[0] + 3):
        if k < clock.shape[0]:
            pause = clock[k, 0]
        elif k < 2 * clock.shape[0]:
            pause = clock[k - clock.shape[0], 0] - length
        elif k == 2 * clock.shape[0]:
            pause = leave_by(clock, there, drive) - length
        else:
            pause = lunch[1] if k == 2 * clock.shape[0] + 1 else until
        if lunch[1] <= pause <= until:
            most = min(pause, _not_beyond(clock, goal - _progress(clock, pause + length) + _progress(clock, pause)))
            best = max(best, most)
    return best


@njit(cache=True)
def least_travel(clock: NDArray[np.int64], soonest: int, latest: int, drive: int) -> int:
    """Shortest time that a way takes when leaving between two times (at the first, if they are the wrong way round).

    It is straight between departures at which a band begins on leaving or on arriving.
    """
    if clock.shape[0] == 0 or drive == 0:
        return drive
    best: int = arrive(clock, soonest, drive) - soonest
    if latest > soonest:
        best = min(best, arrive(clock, latest, drive) - latest)
        for k in range(clock.shape[0]):
            edge = clock[k, 0]
            left = leave_by(clock, edge, drive)
            for when in (edge - 1, edge, left, left + 1):
                if soonest < when < latest:
                    best = min(best, arrive(clock, when, drive) - when)
    return best


@njit(cache=True, inline="always")
def money(extra: int, price: int) -> int:
    """Thousandths of the currency for seconds of travel at so many millionths of that a second."""
    whole: int = (extra * price + 500_000) // 1_000_000
    return whole
