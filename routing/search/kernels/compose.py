"""Pricing a changed route before it exists: its own head, some nodes in between, the tail of a route."""

from __future__ import annotations

from numba import njit

from routing.search.kernels.hours import chain
from routing.search.kernels.layout import (
    BREAK_DURATION,
    BREAK_EARLY,
    BREAK_LATE,
    DAY,
    DURATION,
    END,
    HOURLY,
    IDLE_ARC,
    IDLE_TIME,
    MAX_DURATION,
    TIMED,
    TOLERANCE,
    Floats,
    Ints,
    Plan,
    Problem,
)
from routing.search.kernels.routes import fixed_cost
from routing.search.kernels.segments import better, completion, join, rested, visit


@njit(cache=True, _nrt=False, forceinline=True)
def cumulate(p: Problem, x: Plan, s: int) -> None:
    """Loads and time up to each position of route s."""
    sums, route, load, time, service = x.sums, x.route, p.load, p.time, p.service
    dims = load.shape[1]
    for k in range(dims + 1):
        sums[s, 0, k] = 0.0
    for i in range(1, x.size[s] + 2):
        c = route[s, i]
        for k in range(dims):
            sums[s, i, k] = sums[s, i - 1, k] + load[c, k]
        sums[s, i, dims] = sums[s, i - 1, dims] + time[route[s, i - 1], c] + service[c]


@njit(cache=True, _nrt=False, forceinline=True)
def compose(p: Problem, x: Plan, pen: Floats, s: int, a: int, buf: Ints, nb: int, k: int, b: int) -> float:
    """All but the arcs of the cost of: route s up to position a, the nodes of buf, route k from position b on.

    Returns shift, hour and balance cost plus priced violations; minus the idle arc when the result is empty. Linear
    in nb.
    """
    sums, route, load, time, service = x.sums, x.route, p.load, p.time, p.service
    shift_float, dims = p.shift_float, p.load.shape[1]
    last = x.size[k] + 1
    if a == 0 and nb == 0 and b == last:
        return -float(shift_float[s, IDLE_ARC])
    total = 0.0
    for q in range(dims):
        w = sums[s, a, q] + sums[k, last, q] - sums[k, b - 1, q] - p.capacity[s, q]
        for h in range(nb):
            w += load[buf[h], q]
        if w > TOLERANCE:
            total += pen[q] * w
    prev = route[s, a]
    if p.flags[HOURLY] == 1:
        duration, warp, extra = chain(p, x, s, a, buf, nb, k, b, -1)
        total += p.extra_price[0] * extra
        if warp > TOLERANCE:
            total += pen[dims + 1] * warp
    elif p.flags[TIMED] == 0:
        duration = sums[s, a, dims] + sums[k, last, dims] - sums[k, b, dims]
        for h in range(nb):
            c = buf[h]
            duration += time[prev, c] + service[c]
            prev = c
        c = route[k, b]
        duration += time[prev, c] + service[c]
    else:
        head, tail, day = x.head, x.tail, p.shift_int[s, DAY]
        seg = (head[s, a, 0], head[s, a, 1], head[s, a, 2], head[s, a, 3])
        rear = (tail[k, b, 0], tail[k, b, 1], tail[k, b, 2], tail[k, b, 3])
        if shift_float[s, BREAK_DURATION] <= 0.0:
            for h in range(nb):
                c = buf[h]
                seg = visit(seg, time[prev, c], p.windows, p.n_windows, c, day, service[c])
                prev = c
            seg = join(seg, time[prev, route[k, b]], rear)
        else:
            early, late, length = (
                shift_float[s, BREAK_EARLY],
                shift_float[s, BREAK_LATE],
                shift_float[s, BREAK_DURATION],
            )
            done = (head[s, a, 4], head[s, a, 5], head[s, a, 6], head[s, a, 7])
            for h in range(nb):
                c = buf[h]
                t = time[prev, c]
                alt = visit(rested(seg, t, early, late, length), 0.0, p.windows, p.n_windows, c, day, service[c])
                done = visit(done, t, p.windows, p.n_windows, c, day, service[c])
                if better(alt, done):
                    done = alt
                seg = visit(seg, t, p.windows, p.n_windows, c, day, service[c])
                prev = c
            t = time[prev, route[k, b]]
            done = join(done, t, rear)
            alt = join(rested(seg, t, early, late, length), 0.0, rear)
            if better(alt, done):
                done = alt
            alt = join(seg, t, (tail[k, b, 4], tail[k, b, 5], tail[k, b, 6], tail[k, b, 7]))
            if better(alt, done):
                done = alt
            seg = join(seg, t, rear)
            if completion(seg) > early + TOLERANCE or better(done, seg):
                seg = done
        duration = seg[0]
        if seg[1] > TOLERANCE:
            total += pen[dims + 1] * seg[1]
    total += fixed_cost(shift_float, p.balance, s, duration)
    over = duration - shift_float[s, MAX_DURATION]
    if over > TOLERANCE:
        total += pen[dims] * over
    return float(total)


@njit(cache=True, _nrt=False, forceinline=True)
def quick(p: Problem, x: Plan, pen: Floats, s: int, change: float, out1: int, out2: int, in1: int, in2: int) -> float:
    """Like `compose` without windows, from differences: customers that leave and join (-1 = none), change of travel."""
    load, service, dims = p.load, p.service, p.load.shape[1]
    duration = x.stat[s, DURATION] + change
    gone, come = 0, 0
    if x.size[s] == 0:
        duration += p.shift_float[s, IDLE_TIME]
    if out1 >= 0:
        duration -= service[out1]
        gone = 1
    if out2 >= 0:
        duration -= service[out2]
        gone = 2
    if in1 >= 0:
        duration += service[in1]
        come = 1
    if in2 >= 0:
        duration += service[in2]
        come = 2
    if x.size[s] - gone + come == 0:
        return -float(p.shift_float[s, IDLE_ARC])
    total = fixed_cost(p.shift_float, p.balance, s, duration)
    for q in range(dims):
        w = x.loads[s, q] - p.capacity[s, q]
        if out1 >= 0:
            w -= load[out1, q]
        if out2 >= 0:
            w -= load[out2, q]
        if in1 >= 0:
            w += load[in1, q]
        if in2 >= 0:
            w += load[in2, q]
        if w > TOLERANCE:
            total += pen[q] * w
    over = duration - p.shift_float[s, MAX_DURATION]
    if over > TOLERANCE:
        total += pen[dims] * over
    return float(total)


@njit(cache=True, _nrt=False, forceinline=True)
def _limits(p: Problem, pen: Floats, s: int, duration: float) -> float:
    total = fixed_cost(p.shift_float, p.balance, s, duration)
    over = duration - p.shift_float[s, MAX_DURATION]
    if over > TOLERANCE:
        total += pen[pen.shape[0] - 2] * over
    return float(total)


@njit(cache=True, _nrt=False)
def quick_tails(p: Problem, x: Plan, pen: Floats, su: int, i: int, sv: int, j: int, turned: bool) -> float:
    """Both routes after an exchange of tails without windows, all but the arcs; turned: head to head and tail to
    tail."""
    sums, dims, nu, nv, time = x.sums, p.load.shape[1], x.size[su] + 1, x.size[sv] + 1, p.time
    u, v = x.route[su, i], x.route[sv, j]
    nxt, y = x.route[su, i + 1], x.route[sv, j + 1]
    total = 0.0
    for q in range(dims):
        hu, hv = sums[su, i, q], sums[sv, j, q]
        tu, tv = sums[su, nu, q] - hu, sums[sv, nv, q] - hv
        if turned:
            w1, w2 = hu + hv - p.capacity[su, q], tu + tv - p.capacity[sv, q]
        else:
            w1, w2 = hu + tv - p.capacity[su, q], hv + tu - p.capacity[sv, q]
        if w1 > TOLERANCE:
            total += pen[q] * w1
        if w2 > TOLERANCE:
            total += pen[q] * w2
    hu, hv = sums[su, i, dims], sums[sv, j, dims]
    tu = sums[su, nu, dims] - hu - time[u, nxt]
    tv = sums[sv, nv, dims] - hv - time[v, y]
    if turned:
        d1, d2 = hu + hv + time[u, v], tu + tv + time[nxt, y]
        empty1, empty2 = False, i + 1 == nu and j + 1 == nv
    else:
        d1, d2 = hu, hv
        end_u, end_v = p.shift_int[su, END], p.shift_int[sv, END]
        if j + 1 == nv:
            d1 += time[u, end_u]
        else:
            back = x.route[sv, nv - 1]
            d1 += tv + time[u, y] + time[back, end_u] - time[back, end_v]
        if i + 1 == nu:
            d2 += time[v, end_v]
        else:
            back = x.route[su, nu - 1]
            d2 += tu + time[v, nxt] + time[back, end_v] - time[back, end_u]
        empty1, empty2 = False, j == 0 and i + 1 == nu
    total += -p.shift_float[su, IDLE_ARC] if empty1 else _limits(p, pen, su, d1)
    total += -p.shift_float[sv, IDLE_ARC] if empty2 else _limits(p, pen, sv, d2)
    return float(total)
