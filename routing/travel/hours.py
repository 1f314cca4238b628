"""Travel that depends on the hour: a clock on which every way takes its usual time.

In a band with factor ``f`` a rep makes ``1 / f`` seconds of usual travel a second. A way that starts in one band and
ends in another is driven at the speed of each in turn (S. Ichoua, M. Gendreau, J.-Y. Potvin, *Vehicle dispatching with
time-dependent travel times*, EJOR 144 (2003)), so that who leaves later never arrives earlier.

Speeds are whole millionths, times whole seconds, arrivals rounded up: every figure is exact and can be recomputed.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from routing.domain import DAY_SECONDS, TravelMode
from routing.project import HourFactor

__all__ = ["STEADY", "USUAL_SPEED", "clock", "least_factor", "speed"]

USUAL_SPEED: Final = 1_000_000
"""Progress in one second where the factor is 1."""

STEADY: Final[npt.NDArray[np.int64]] = np.zeros((0, 3), dtype=np.int64)
"""The clock of days on which travel takes the same time at every hour."""


def speed(factor: float) -> int:
    """Progress in one second, millionths of a second of usual travel."""
    return round(USUAL_SPEED / factor)


def clock(factors: Sequence[HourFactor], weekday: int, mode: TravelMode) -> npt.NDArray[np.int64]:
    """Clock of a day (and the night and day after it, for shifts over midnight).

    Returns
    -------
    int64 array, shape (k, 3)
        From which second, progress made until then, progress a second from then on; :data:`STEADY` when all factors
        are 1.
    """
    bands = [
        (day * DAY_SECONDS + f.start, day * DAY_SECONDS + f.end, f.factor)
        for f in factors
        for day in (0, 1)
        if mode in f.modes and (weekday + day) % 7 in f.weekdays
    ]
    edges = sorted({0, *(edge for start, end, _ in bands for edge in (start, end))})
    speeds = [speed(prod(f for start, end, f in bands if start <= edge < end)) for edge in edges]
    kept = [(edges[0], speeds[0])]
    kept += [(edge, now) for (edge, now), before in zip(list(zip(edges, speeds, strict=True))[1:], speeds, strict=False)
             if now != before]  # fmt: skip
    if len(kept) == 1 and kept[0][1] == USUAL_SPEED:
        return STEADY
    progress = [0]
    for (begin, rate), (end, _) in pairwise(kept):
        progress.append(progress[-1] + (end - begin) * rate)
    return np.array([(t, p, v) for (t, v), p in zip(kept, progress, strict=True)], dtype=np.int64)


def least_factor(clocks: Sequence[npt.NDArray[np.int64]]) -> float:
    """Factor that travel has at best, at any hour of these days, at most 1 where a clock is steady."""
    return min((USUAL_SPEED / int(c[:, 2].max()) if len(c) else 1.0 for c in clocks), default=1.0)
