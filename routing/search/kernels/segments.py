"""Time windows in constant time: joining route segments (Vidal, Crainic, Gendreau & Prins 2013).

A segment is ``(duration, warp, earliest, latest)``: its least duration, the time warp (lateness paid back) it needs,
and the first and last start that achieve both. Several windows a day are chosen greedily by earliest arrival, which is
optimal for the completion time; a break is one more piece on the arc where it is taken.
"""

from __future__ import annotations

from numba import njit

from routing.search.kernels.layout import BIG, Floats, Ints, Segment


@njit(cache=True, _nrt=False)
def join(a: Segment, travel: float, b: Segment) -> Segment:
    """Segment a, then travel, then segment b."""
    delta = a[0] - a[1] + travel
    wait = max(b[2] - delta - a[3], 0.0)
    warp = max(a[2] + delta - b[3], 0.0)
    return (
        a[0] + b[0] + travel + wait,
        a[1] + b[1] + warp,
        max(b[2] - delta, a[2]) - wait,
        min(b[3] - delta, a[3]) + warp,
    )


@njit(cache=True, _nrt=False)
def completion(a: Segment) -> float:
    """Earliest end of the segment."""
    return a[2] + a[0] - a[1]


@njit(cache=True, _nrt=False)
def rested(a: Segment, travel: float, early: float, late: float, duration: float) -> Segment:
    """Segment a followed by travel during which a break is taken: it starts in [early, late], on the way or on
    arrival."""
    out: Segment = join(join(a, 0.0, (0.0, 0.0, -BIG, late)), travel, (duration, 0.0, early, BIG))
    return out


@njit(cache=True, _nrt=False)
def better(a: Segment, b: Segment) -> bool:
    """Whether a beats b: less warp, then earlier completion."""
    if a[1] < b[1] - 1e-9:
        return True
    return a[1] <= b[1] + 1e-9 and a[2] + a[0] - a[1] < b[2] + b[0] - b[1]


@njit(cache=True, _nrt=False)
def pick(windows: Floats, n_windows: Ints, c: int, day: int, arrival: float) -> tuple[float, float]:
    """Window of customer c that day for an arrival: the first that is still open, else the last."""
    k = n_windows[c, day]
    if k == 0:
        return -BIG, BIG
    for w in range(k - 1):
        if arrival <= windows[c, day, w, 1]:
            return windows[c, day, w, 0], windows[c, day, w, 1]
    return windows[c, day, k - 1, 0], windows[c, day, k - 1, 1]


@njit(cache=True, _nrt=False)
def visit(a: Segment, travel: float, windows: Floats, n_windows: Ints, c: int, day: int, service: float) -> Segment:
    """Segment a, then travel, then a visit to customer c."""
    early, late = pick(windows, n_windows, c, day, a[2] + a[0] - a[1] + travel)
    out: Segment = join(a, travel, (service, 0.0, early, late))
    return out
