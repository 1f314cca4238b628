"""Cheapest place of one visit on one day: every position in constant time, violations priced."""

from __future__ import annotations

from numba import njit

from routing.search.kernels.hours import chain
from routing.search.kernels.layout import (
    BIG,
    BREAK_DURATION,
    BREAK_EARLY,
    BREAK_LATE,
    CUMULATED,
    DURATION,
    FIXED,
    HOURLY,
    IDLE_TIME,
    KIND,
    MAX_DURATION,
    REP,
    RESTRICTED,
    SAME,
    START,
    TIMED,
    TOLERANCE,
    WARP,
    WIDE,
    Floats,
    Ints,
    Plan,
    Problem,
)
from routing.search.kernels.routes import fixed_cost
from routing.search.kernels.segments import better, completion, join, rested, visit
from routing.search.rng import RandomState, uniform

NOWHERE = 1e17
FEW = 0.05  # chance of overlooking a place above which customers are few


@njit(cache=True, _nrt=False, forceinline=True)
def timed_insertion(
    head: Floats, tail: Floats, windows: Floats, n_windows: Ints, shift_float: Floats, service: float, t1: float, t2:
    float, c: int, s: int, i: int, day: int,
) -> tuple[float, float]:  # fmt: skip
    """Duration and warp of route s with customer c behind position i, t1 and t2 the travel to and from it."""
    front = (head[s, i, 0], head[s, i, 1], head[s, i, 2], head[s, i, 3])
    rear = (tail[s, i + 1, 0], tail[s, i + 1, 1], tail[s, i + 1, 2], tail[s, i + 1, 3])
    mid = visit(front, t1, windows, n_windows, c, day, service)
    end = join(mid, t2, rear)
    if shift_float[s, BREAK_DURATION] <= 0.0:
        return end[0], end[1]
    early, late, length = shift_float[s, BREAK_EARLY], shift_float[s, BREAK_LATE], shift_float[s, BREAK_DURATION]
    front1 = (head[s, i, 4], head[s, i, 5], head[s, i, 6], head[s, i, 7])
    rear1 = (tail[s, i + 1, 4], tail[s, i + 1, 5], tail[s, i + 1, 6], tail[s, i + 1, 7])
    mid1 = visit(front1, t1, windows, n_windows, c, day, service)
    alt = visit(rested(front, t1, early, late, length), 0.0, windows, n_windows, c, day, service)
    if better(alt, mid1):
        mid1 = alt
    best = join(mid1, t2, rear)
    alt = join(rested(mid, t2, early, late, length), 0.0, rear)
    if better(alt, best):
        best = alt
    alt = join(mid, t2, rear1)
    if better(alt, best):
        best = alt
    if completion(end) <= early + TOLERANCE and not better(best, end):
        best = end
    return best[0], best[1]


@njit(cache=True, _nrt=False, forceinline=True)
def _surcharge(p: Problem, x: Plan, pen: Floats, c: int, s: int) -> float:
    """What the loads of shift s will cost more with customer c, whatever the place."""
    loads, load, capacity = x.loads, p.load, p.capacity
    least = 0.0
    for k in range(pen.shape[0] - 2):
        w = loads[s, k] + load[c, k] - capacity[s, k]
        if w > TOLERANCE:
            least += pen[k] * (w - max(0.0, loads[s, k] - capacity[s, k]))
    return least


@njit(cache=True, _nrt=False, forceinline=True)
def _spared(p: Problem, x: Plan, pen: Floats, s: int) -> float:
    """What the hours, durations and windows of shift s cost now: all but its arcs and loads."""
    dims = pen.shape[0] - 2
    now = x.stat[s, FIXED] + pen[dims] * x.violation[s, dims] + pen[dims + 1] * x.stat[s, WARP]
    return float(now)


@njit(cache=True, _nrt=False, forceinline=True)
def _priced(
    p: Problem, x: Plan, pen: Floats, c: int, day: int, s: int, i: int, change: float, base: float, duration: float
) -> float:  # fmt: skip
    """What customer c costs behind position i of shift s, where it makes the arcs longer by ``change``; ``base`` and
    ``duration`` are the rest of the price and the length of the day, as far as they do not hang on the place."""
    dims = pen.shape[0] - 2
    time_in, a, b = p.time_in, x.route[s, i], x.route[s, i + 1]
    warp = 0.0
    if p.flags[HOURLY] == 1:
        length, warp, more = chain(p, x, s, i, x.size, 1, s, i + 1, c)
        if x.size[s] > 0:
            more -= x.hours[s, x.size[s] + 1, CUMULATED]
        change += p.extra_price[0] * more
    elif p.flags[TIMED] == 1:
        length, warp = timed_insertion(
            x.head, x.tail, p.windows, p.n_windows, p.shift_float, p.service[c], time_in[c, a], p.time[c, b], c, s, i,
            day,
        )  # fmt: skip
    elif p.flags[SAME] == 1:
        length = duration + change
    else:
        length = duration + time_in[c, a] + p.time[c, b] - p.time[a, b]
    v = base + change + pen[dims + 1] * warp + fixed_cost(p.shift_float, p.balance, s, length)
    if length > p.shift_float[s, MAX_DURATION]:
        v += pen[dims] * (length - p.shift_float[s, MAX_DURATION])
    return float(v)


@njit(cache=True, _nrt=False)
def _beside(
    p: Problem, x: Plan, pen: Floats, c: int, day: int, rep: int, blink: float, rs: RandomState, limit: float
) -> tuple[float, int, int]:  # fmt: skip
    """`cheapest` on a wide day: behind the customer's neighbours, at the beginning of routes and on empty shifts.

    Arcs come first: nearly all neighbours stand where the way round is too long, whatever route that is.
    """
    best, bs, bi = limit, -1, -1
    cost, cost_in, near, at, pos, after, leaving = p.cost, p.cost_in, p.near, x.at, x.pos, x.after, x.leaving
    size, shift_int, allowed, longest = x.size, p.shift_int, p.allowed, x.route.shape[1] - 2
    restricted, hourly = p.flags[RESTRICTED] == 1, p.flags[HOURLY] == 1
    last_kind, first = -1, p.day_start[day]
    for q in range(-near.shape[1], p.day_start[day + 1] - first):
        if q < 0:
            a = near[c, q + near.shape[1]]
            change = cost_in[c, a] + cost[c, after[a, day]] - leaving[a, day]
            if change >= best or at[a, day] < 0:
                continue
            s, i = at[a, day], pos[a, day]
        else:
            s, i = first + q, 0
            if size[s] == 0:
                if shift_int[s, KIND] == last_kind:
                    continue
                last_kind = shift_int[s, KIND]
            a = at.shape[0] + s
            change = cost_in[c, shift_int[s, START]] + cost[c, after[a, day]] - leaving[a, day]
            if size[s] > 0 and change >= best:
                continue
        if size[s] >= longest or (restricted and (not allowed[c, s] or (rep >= 0 and shift_int[s, REP] != rep))):
            continue
        least = _surcharge(p, x, pen, c, s)
        base, duration = least - _spared(p, x, pen, s), x.stat[s, DURATION] + p.service[c]
        if size[s] == 0:
            duration += p.shift_float[s, IDLE_TIME]
            least = base
        elif hourly:
            base += p.extra_price[0] * x.hours[s, size[s] + 1, CUMULATED]
        if least + change >= best:
            continue
        v = _priced(p, x, pen, c, day, s, i, change, base, duration)
        if v < best and (blink <= 0.0 or uniform(rs) > blink):
            best, bs, bi = v, s, i
    return best, bs, bi


@njit(cache=True, _nrt=False, forceinline=True)
def cheapest(
    p: Problem,
    x: Plan,
    pen: Floats,
    c: int,
    day: int,
    rep: int,
    blink: float,
    rs: RandomState,
    limit: float = NOWHERE,
) -> tuple[float, int, int]:
    """Cheapest insertion of c on a day: (cost, shift, position behind which it goes); shift -1 when there is
    none below the limit.

    Each position is overlooked with probability ``blink`` (Christiaens & Vanden Berghe 2020). On wide days only
    positions behind the customer's neighbours, at the beginning of routes, and empty shifts are tried.
    """
    if p.flags[WIDE] == 1:
        best, bs, bi = _beside(p, x, pen, c, day, rep, blink, rs, limit)
        if bs >= 0 or limit < 0.5 * NOWHERE:
            return best, bs, bi
        blink = 0.0  # nothing by the neighbours, or all overlooked: try every position
    best, bs, bi = limit, -1, -1
    cost, cost_in, route, size, arc, stat = p.cost, p.cost_in, x.route, x.size, x.arc, x.stat
    shift_int, shift_float, allowed, service = p.shift_int, p.shift_float, p.allowed, p.service[c]
    dims, longest = pen.shape[0] - 2, route.shape[1] - 2
    hourly, restricted = p.flags[HOURLY] == 1, p.flags[RESTRICTED] == 1
    plain = p.flags[SAME] == 1 and p.flags[TIMED] == 0
    while True:
        last_kind = -1
        for s in range(p.day_start[day], p.day_start[day + 1]):
            if size[s] == 0:
                if shift_int[s, KIND] == last_kind:
                    continue
                last_kind = shift_int[s, KIND]
            if size[s] >= longest or (restricted and (not allowed[c, s] or (rep >= 0 and shift_int[s, REP] != rep))):
                continue
            least = _surcharge(p, x, pen, c, s)
            to_c = cost_in[c, route[s, 0]]
            if plain and size[s] > 0:  # the price grows with the way round alone: the shortest is the cheapest
                way, place = best - least, -1
                for i in range(size[s] + 1):
                    b = route[s, i + 1]
                    change = to_c + cost[c, b] - arc[s, i]
                    to_c = cost_in[c, b]
                    if change < way and (blink <= 0.0 or uniform(rs) > blink):
                        way, place = change, i
                if place < 0:
                    continue
                length = stat[s, DURATION] + service + way
                v = least + way + fixed_cost(shift_float, p.balance, s, length) - stat[s, FIXED]
                v -= pen[dims] * x.violation[s, dims]
                if length > shift_float[s, MAX_DURATION]:
                    v += pen[dims] * (length - shift_float[s, MAX_DURATION])
                if v < best:
                    best, bs, bi = v, s, place
                continue
            base = least - _spared(p, x, pen, s)
            duration = stat[s, DURATION] + service
            if size[s] == 0:
                duration += shift_float[s, IDLE_TIME]
                least = base
            elif hourly:
                base += p.extra_price[0] * x.hours[s, size[s] + 1, CUMULATED]
            if least >= best:
                continue
            for i in range(size[s] + 1):
                b = route[s, i + 1]
                change = to_c + cost[c, b] - arc[s, i]
                to_c = cost_in[c, b]
                if least + change >= best:
                    continue
                v = _priced(p, x, pen, c, day, s, i, change, base, duration)
                if v < best and (blink <= 0.0 or uniform(rs) > blink):
                    best, bs, bi = v, s, i
        if bs >= 0 or limit < 0.5 * NOWHERE or blink <= 0.0:
            break
        blink = 0.0  # all overlooked: try every position
    return best, bs, bi


@njit(cache=True, _nrt=False)
def cheapest_pattern(
    p: Problem,
    x: Plan,
    pen: Floats,
    c: int,
    blink: float,
    rs: RandomState,
    cost: Floats,
    shift: Ints,
    place: Ints,
    limit: float,
) -> tuple[int, float]:
    """Pattern of c (all its visits off the plan) that is cheapest to insert, if below limit; -1 when there is none.

    cost, shift, place are scratch of shape (reps + 1, days); afterwards rows ``pattern_rep + 1`` hold each day's place.
    """
    cost[:] = -BIG * 1e6
    best, bp = limit, -1
    apart = p.apart[c]
    passed = False
    while True:
        for u in range(p.pattern_start[c], p.pattern_start[c + 1]):
            total = p.pattern_cost[u]
            rep = p.pattern_rep[u]
            for j in range(p.pattern_size[u]):
                if total >= best:
                    break
                d = p.pattern_days[u, j]
                if cost[rep + 1, d] <= -BIG * 1e6:
                    # a day that only one pattern uses need not be priced beyond what would make that pattern the best
                    most = best - total if apart else NOWHERE
                    v, s, i = cheapest(p, x, pen, c, d, rep, blink, rs, most)
                    if s < 0:
                        v = NOWHERE
                    cost[rep + 1, d], shift[rep + 1, d], place[rep + 1, d] = v, s, i
                total += cost[rep + 1, d]
            if total < best:
                # of many customers the pattern listed first is never overlooked: full days would leave visits out
                if blink > 0.0 and (bp >= 0 or blink > FEW) and uniform(rs) < 2.0 * blink:
                    passed = True
                else:
                    best, bp = total, u
        if bp >= 0 or not passed:
            return bp, best
        blink, passed = 0.0, False  # all that would do were overlooked
