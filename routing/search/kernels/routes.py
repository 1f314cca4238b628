"""Keeping one route's derived data true: loads, arcs, durations, violations, segments; inserting and removing
visits."""

from __future__ import annotations

from numba import njit

from routing.search.kernels.hours import time_route
from routing.search.kernels.layout import (
    ARC,
    BALANCE_TARGET,
    BIG,
    BREAK_DURATION,
    BREAK_EARLY,
    BREAK_LATE,
    CUMULATED,
    DAY,
    DURATION,
    EARLY,
    END,
    FIXED,
    HOUR_COST,
    HOURLY,
    IDLE_ARC,
    LATE,
    MAX_DURATION,
    SHIFT_COST,
    START,
    TIMED,
    TOLERANCE,
    WARP,
    WIDE,
    Floats,
    Ints,
    Plan,
    Problem,
    Segment,
)
from routing.search.kernels.segments import better, completion, join, pick, rested


@njit(cache=True, _nrt=False, forceinline=True)
def fixed_cost(shift_float: Floats, balance: Floats, s: int, duration: float) -> float:
    """Cost of a used shift that is not travel: the shift itself, its hours, its part in the balance."""
    v = shift_float[s, SHIFT_COST] + shift_float[s, HOUR_COST] * duration
    if balance[0] > 0.0 and duration > shift_float[s, BALANCE_TARGET]:
        over = duration - shift_float[s, BALANCE_TARGET]
        v += balance[0] * over * over
    return float(v)


@njit(cache=True, _nrt=False, forceinline=True)
def _set(a: Floats, s: int, i: int, k: int, seg: Segment) -> None:
    a[s, i, k], a[s, i, k + 1], a[s, i, k + 2], a[s, i, k + 3] = seg


# Rows are never taken as views below: a view costs two atomic reference counts, ten times the work at hand.


@njit(cache=True, _nrt=False)
def _time_plain(
    route: Ints, size: Ints, head: Floats, tail: Floats, window: Floats, time: Floats, service: Floats, windows: Floats,
    n_windows: Ints, shift_float: Floats, s: int, day: int,
) -> tuple[float, float]:  # fmt: skip
    """Forward and backward segments of a route without a break; returns duration and warp. Windows are re-chosen."""
    n = size[s]
    place = (0.0, 0.0, shift_float[s, EARLY], shift_float[s, LATE])
    seg = place
    _set(head, s, 0, 0, seg)
    a = route[s, 0]
    for i in range(1, n + 1):
        c = route[s, i]
        t = time[a, c]
        early, late = pick(windows, n_windows, c, day, completion(seg) + t)
        window[s, i, 0], window[s, i, 1] = early, late
        seg = join(seg, t, (service[c], 0.0, early, late))
        _set(head, s, i, 0, seg)
        a = c
    seg = join(seg, time[a, route[s, n + 1]], place)
    _set(head, s, n + 1, 0, seg)
    back = place
    _set(tail, s, n + 1, 0, back)
    b = route[s, n + 1]
    for i in range(n, 0, -1):
        c = route[s, i]
        back = join((service[c], 0.0, window[s, i, 0], window[s, i, 1]), time[c, b], back)
        _set(tail, s, i, 0, back)
        b = c
    _set(tail, s, 0, 0, join(place, time[route[s, 0], b], back))
    return seg[0], seg[1]


@njit(cache=True, _nrt=False)
def _time_break(
    route: Ints, size: Ints, head: Floats, tail: Floats, window: Floats, time: Floats, service: Floats, windows: Floats,
    n_windows: Ints, shift_float: Floats, s: int, day: int,
) -> tuple[float, float]:  # fmt: skip
    """The same with a break: two states run along, break still due and break taken."""
    n = size[s]
    early, late, length = shift_float[s, BREAK_EARLY], shift_float[s, BREAK_LATE], shift_float[s, BREAK_DURATION]
    place = (0.0, 0.0, shift_float[s, EARLY], shift_float[s, LATE])
    free = place
    done = (0.0, BIG, -BIG, BIG)
    _set(head, s, 0, 0, free)
    _set(head, s, 0, 4, done)
    for i in range(1, n + 2):
        c = route[s, i]
        t = time[route[s, i - 1], c]
        sv = service[c]
        taken = rested(free, t, early, late, length)
        if i <= n:
            e0, l0 = pick(windows, n_windows, c, day, completion(free) + t)
            e1, l1 = pick(windows, n_windows, c, day, completion(done) + t)
            e2, l2 = pick(windows, n_windows, c, day, completion(taken))
        else:
            e0, l0 = place[2], place[3]
            e1, l1 = e0, l0
            e2, l2 = e0, l0
        now = join(taken, 0.0, (sv, 0.0, e2, l2))
        kept = join(done, t, (sv, 0.0, e1, l1))
        free = join(free, t, (sv, 0.0, e0, l0))
        window[s, i, 0], window[s, i, 1], window[s, i, 4] = e0, l0, 0.0
        if better(now, kept):
            done = now
            window[s, i, 2], window[s, i, 3], window[s, i, 4] = e2, l2, 1.0
        else:
            done = kept
            window[s, i, 2], window[s, i, 3] = e1, l1
        _set(head, s, i, 0, free)
        _set(head, s, i, 4, done)
    # the windows behind the break are those of the state that has taken it
    short = completion(free) <= early + TOLERANCE and not better(done, free)
    where = n + 2
    if not short:
        where = n + 1
        while where > 1 and window[s, where, 4] == 0.0:
            where -= 1
    back = place
    broke = (0.0, BIG, -BIG, BIG)
    _set(tail, s, n + 1, 0, back)
    _set(tail, s, n + 1, 4, broke)
    for i in range(n, -1, -1):
        c = route[s, i]
        t = time[c, route[s, i + 1]]
        me = place
        if i > 0 and i < where:
            me = (service[c], 0.0, window[s, i, 0], window[s, i, 1])
        elif i > 0:
            me = (service[c], 0.0, window[s, i, 2], window[s, i, 3])
        later = join(me, t, broke)
        here = join(rested(me, t, early, late, length), 0.0, back)
        broke = later
        if here[1] < later[1] - 1e-9 or (here[1] <= later[1] + 1e-9 and here[0] < later[0]):
            broke = here
        back = join(me, t, back)
        _set(tail, s, i, 0, back)
        _set(tail, s, i, 4, broke)
    if short:
        return free[0], free[1]
    return done[0], done[1]


@njit(cache=True, _nrt=False, forceinline=True)
def update(p: Problem, x: Plan, s: int) -> None:
    """Recompute everything derived of route s from its customers. Cost: linear in its length."""
    route, arc, at, pos, loads = x.route, x.arc, x.at, x.pos, x.loads
    cost, time, service, load = p.cost, p.time, p.service, p.load
    n, day, dims = x.size[s], p.shift_int[s, DAY], x.loads.shape[1]
    timed = p.flags[TIMED] == 1
    total, elapsed = 0.0, 0.0
    for k in range(dims):
        loads[s, k] = 0.0
    a = route[s, 0]
    for i in range(1, n + 1):
        c = route[s, i]
        g = cost[a, c]
        arc[s, i - 1] = g
        total += g
        at[c, day] = s
        pos[c, day] = i
        if not timed:
            elapsed += time[a, c] + service[c]
        for k in range(dims):
            loads[s, k] += load[c, k]
        a = c
    c = route[s, n + 1]
    arc[s, n] = cost[a, c]
    total += arc[s, n]
    elapsed += time[a, c]
    if p.flags[WIDE] == 1:
        after, leaving = x.after, x.leaving
        a = at.shape[0] + s
        for i in range(n + 1):
            after[a, day], leaving[a, day] = route[s, i + 1], arc[s, i]
            a = route[s, i + 1]
    warp = 0.0
    extra = 0.0
    if p.flags[HOURLY] == 1:
        elapsed, warp = time_route(p, x, s)
        extra = p.extra_price[0] * x.hours[s, n + 1, CUMULATED]
    elif timed:
        if p.shift_float[s, BREAK_DURATION] > 0.0:
            elapsed, warp = _time_break(
                route, x.size, x.head, x.tail, x.window, time, service, p.windows, p.n_windows, p.shift_float, s, day
            )
        else:
            elapsed, warp = _time_plain(
                route, x.size, x.head, x.tail, x.window, time, service, p.windows, p.n_windows, p.shift_float, s, day
            )
    x.stat[s, ARC] = total
    if n == 0:
        x.stat[s, DURATION] = 0.0
        x.stat[s, WARP] = 0.0
        x.stat[s, FIXED] = -p.shift_float[s, IDLE_ARC]
        for k in range(dims + 2):
            x.violation[s, k] = 0.0
        return
    x.stat[s, DURATION] = elapsed
    x.stat[s, WARP] = warp
    x.stat[s, FIXED] = fixed_cost(p.shift_float, p.balance, s, elapsed) + extra
    for k in range(dims):
        x.violation[s, k] = max(0.0, loads[s, k] - p.capacity[s, k])
    x.violation[s, dims] = max(0.0, elapsed - p.shift_float[s, MAX_DURATION])
    x.violation[s, dims + 1] = warp


@njit(cache=True, _nrt=False, forceinline=True)
def insert(p: Problem, x: Plan, c: int, s: int, i: int) -> None:
    """Put customer c on route s behind position i (0 = first)."""
    route, n = x.route, x.size[s]
    for j in range(n + 1, i, -1):
        route[s, j + 1] = route[s, j]
    route[s, i + 1] = c
    x.size[s] = n + 1
    update(p, x, s)


@njit(cache=True, _nrt=False, forceinline=True)
def remove(p: Problem, x: Plan, c: int, day: int) -> None:
    """Take customer c's visit of that day off its route."""
    s = x.at[c, day]
    route, n = x.route, x.size[s]
    for j in range(x.pos[c, day], n + 1):
        route[s, j] = route[s, j + 1]
    x.size[s] = n - 1
    x.at[c, day] = -1
    update(p, x, s)


@njit(cache=True, _nrt=False)
def clear(p: Problem, x: Plan) -> None:
    """Empty every route; patterns stay as they are."""
    x.at[:] = -1
    for s in range(x.size.shape[0]):
        x.size[s] = 0
        x.route[s, 0] = p.shift_int[s, START]
        x.route[s, 1] = p.shift_int[s, END]
        update(p, x, s)


@njit(cache=True, _nrt=False)
def load_routes(p: Problem, x: Plan, flat: Ints, start: Ints, pattern: Ints) -> None:
    """Fill the plan from compact routes (customers of shift s are flat[start[s]:start[s + 1]])."""
    x.at[:] = -1
    for s in range(x.size.shape[0]):
        n = start[s + 1] - start[s]
        x.size[s] = n
        x.route[s, 0] = p.shift_int[s, START]
        for i in range(n):
            x.route[s, i + 1] = flat[start[s] + i]
        x.route[s, n + 1] = p.shift_int[s, END]
        update(p, x, s)
    for c in range(pattern.shape[0]):
        x.pattern[c] = pattern[c]


@njit(cache=True, _nrt=False)
def save_routes(x: Plan, flat: Ints, start: Ints) -> None:
    """Write the plan's routes in compact form."""
    k = 0
    for s in range(x.size.shape[0]):
        start[s] = k
        for i in range(x.size[s]):
            flat[k] = x.route[s, i + 1]
            k += 1
    start[x.size.shape[0]] = k


@njit(cache=True, _nrt=False, forceinline=True)
def totals(p: Problem, x: Plan, out: Floats) -> None:
    """Into out: the objective without penalties, then each violation summed over the routes."""
    stat, violation, pattern, price = x.stat, x.violation, x.pattern, p.pattern_cost
    kinds = violation.shape[1]
    out[:] = 0.0
    total = 0.0
    for s in range(x.size.shape[0]):
        total += stat[s, ARC] + stat[s, FIXED]
        for k in range(kinds):
            out[k + 1] += violation[s, k]
    for c in range(pattern.shape[0]):
        total += price[pattern[c]]
    out[0] = total


@njit(cache=True, _nrt=False, forceinline=True)
def penalised(x: Plan, s: int, pen: Floats) -> float:
    """Cost of route s with its violations priced."""
    v = x.stat[s, ARC] + x.stat[s, FIXED]
    for k in range(pen.shape[0]):
        v += pen[k] * x.violation[s, k]
    return float(v)
