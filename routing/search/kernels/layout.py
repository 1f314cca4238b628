"""The arrays compiled code works on: a static problem, a mutable plan, and names for their columns.

Plain named tuples of arrays, because numba passes and caches those cheaply. Customers are rows ``0..n-1`` of the
matrices,
start and end places follow; a route is stored with both its places, so no operator needs a special case at the ends.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Segment = tuple[float, float, float, float]

BIG: Final = 1e9  # stands for "no limit" in times; far above any horizon, far below loss of precision
EPS: Final = 1e-7  # smallest cost difference that counts as an improvement
TOLERANCE: Final = 1e-6  # violations up to this are rounding

# columns of Problem.shift_int
DAY: Final = 0
START: Final = 1
END: Final = 2
REP: Final = 3
KIND: Final = 4  # equal kinds are interchangeable: only one empty shift of a kind is ever tried
# columns of Problem.shift_float
EARLY: Final = 0
LATE: Final = 1
MAX_DURATION: Final = 2
SHIFT_COST: Final = 3
HOUR_COST: Final = 4
BALANCE_TARGET: Final = 5
BREAK_EARLY: Final = 6
BREAK_LATE: Final = 7
BREAK_DURATION: Final = 8
IDLE_ARC: Final = 9  # cost of the arc start -> end, so that an empty route costs nothing
IDLE_TIME: Final = 10
# entries of Problem.flags
TIMED: Final = 0  # windows, breaks or shift windows matter: segments are evaluated with time warp
RESTRICTED: Final = 1  # not every shift may serve everybody
SAME: Final = 2  # durations are the costs
SYMMETRIC: Final = 3
HOURLY: Final = 5  # travel takes longer at some hours: ways are timed when they are left
WIDE: Final = 4  # a day holds so many visits that only neighbours' positions are tried
# columns of Plan.stat
ARC: Final = 0
DURATION: Final = 1
WARP: Final = 2
FIXED: Final = 3  # shift, hour and balance cost; minus the idle arc when the route is empty
# columns of Plan.hours
WAY: Final = 0  # time of the way to this position at the hour at which it is left
RESTED: Final = 1  # whether the break lies behind
CUMULATED: Final = 2  # travel up to here beyond the usual


class Problem(NamedTuple):
    """What never changes during a search."""

    cost: Floats  # (M, M)
    cost_in: Floats  # its transpose, contiguous
    time: Floats
    time_in: Floats
    service: Floats  # (M,)
    load: Floats  # (M, L)
    windows: Floats  # (n, D, W, 2)
    n_windows: Ints  # (n, D)
    allowed: Bools  # (n, S)
    pattern_start: Ints  # (n + 1,)
    pattern_size: Ints  # (P,)
    pattern_days: Ints  # (P, longest)
    pattern_cost: Floats  # (P,)
    pattern_rep: Ints  # (P,)
    shift_int: Ints  # (S, 5)
    shift_float: Floats  # (S, 11)
    capacity: Floats  # (S, L)
    day_start: Ints  # (D + 1,): shifts are sorted by day
    near: Ints  # (n, K): other customers, nearest first
    flags: Ints
    balance: Floats  # (1,): balance weight
    apart: Bools  # (n,): no two patterns of the customer share a day
    drive: Floats  # (M, M): time without set-up; used with HOURLY only, like the next two
    clock: Floats  # (D, K, 3): from when, progress until then, progress per time unit
    extra_price: Floats  # (1,): price of a time unit of travel beyond the usual


class Plan(NamedTuple):
    """A plan under change: routes with both places, where each visit stands, and segment data."""

    route: Ints  # (S, longest + 2)
    size: Ints  # (S,) customers on the route
    at: Ints  # (n, D) shift of the visit that day, -1 = none
    pos: Ints  # (n, D) its position, 1-based
    pattern: Ints  # (n,)
    arc: Floats  # (S, longest + 2): cost of the arc leaving each position
    stat: Floats  # (S, 4)
    loads: Floats  # (S, L)
    violation: Floats  # (S, L + 2): excess of each load, excess duration, time warp
    # (S, longest + 2, 8): segment start..position (duration, warp, earliest, latest) without, with the break
    head: Floats
    tail: Floats  # same for position..end
    window: Floats  # (S, longest + 2, 5): window taken without / with the break, and whether the break is on the way in
    sums: Floats  # (S, longest + 2, L + 1): loads and time up to and including the position
    hours: Floats  # (S, longest + 2, 3): with HOURLY, see the columns above
    after: Ints  # (n + S, D): with WIDE, what comes behind a customer's visit or the start of a shift that day
    leaving: Floats  # (n + S, D): cost of the arc there


def new_plan(problem: Problem, longest: int) -> Plan:
    """An empty, consistent plan (call `routes.clear` before use)."""
    shifts, n, days = problem.shift_int.shape[0], problem.pattern_start.shape[0] - 1, problem.day_start.shape[0] - 1
    loads, width = problem.capacity.shape[1], longest + 2
    timed, hourly, wide = (bool(problem.flags[k]) for k in (TIMED, HOURLY, WIDE))
    return Plan(
        route=np.zeros((shifts, width), np.int64),
        size=np.zeros(shifts, np.int64),
        at=np.full((n, days), -1, np.int64),
        pos=np.zeros((n, days), np.int64),
        pattern=problem.pattern_start[:-1].copy(),
        arc=np.zeros((shifts, width)),
        stat=np.zeros((shifts, 4)),
        loads=np.zeros((shifts, loads)),
        violation=np.zeros((shifts, loads + 2)),
        head=np.zeros((shifts, width, 8) if timed else (1, 1, 8)),
        tail=np.zeros((shifts, width, 8) if timed else (1, 1, 8)),
        window=np.zeros((shifts, width, 5) if timed else (1, 1, 5)),
        sums=np.zeros((shifts, width, loads + 1)),
        hours=np.zeros((shifts, width, 3) if hourly else (1, 1, 3)),
        after=np.zeros((n + shifts, days) if wide else (1, 1), np.int64),
        leaving=np.zeros((n + shifts, days) if wide else (1, 1)),
    )
