"""Time in day routes for compiled code: how a leg, a window and the break move the clock forwards and backwards.

Times are int64 seconds. ``lunch`` is (duration, early, late); duration 0 = no break.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = -1


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


@njit(cache=True, inline="always")
def ready_after(gone: int, move: int, lunch: NDArray[np.int64], paused: bool) -> int:
    """Earliest readiness at the next place, with the break in this gap if ``paused``; ``NEVER`` if it cannot be."""
    if not paused:
        return gone + move
    pause = max(gone, lunch[1])
    if pause > lunch[2]:
        return NEVER
    ready: int = max(gone + move, pause) + lunch[0]
    return ready


@njit(cache=True, inline="always")
def gone_before(start: int, move: int, lunch: NDArray[np.int64], paused: bool) -> int:
    """Latest departure for a start at the next place, with the break in this gap if ``paused``."""
    if not paused:
        return start - move
    if lunch[1] > min(lunch[2], start - lunch[0]):
        return NEVER
    gone: int = min(start - move - lunch[0], lunch[2], start - lunch[0])
    return gone
