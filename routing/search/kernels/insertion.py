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
    positions beside the customer's neighbours, and empty shifts, are tried.
    """
    best, bs, bi = limit, -1, -1
    cost, cost_in, time, time_in, load, capacity = p.cost, p.cost_in, p.time, p.time_in, p.load, p.capacity
    route, size, arc, stat, loads, violation = x.route, x.size, x.arc, x.stat, x.loads, x.violation
    shift_int, shift_float, balance, near, at, pos = p.shift_int, p.shift_float, p.balance, p.near, x.at, x.pos
    head, tail, windows, n_windows, allowed = x.head, x.tail, p.windows, p.n_windows, p.allowed
    service = p.service[c]
    dims = pen.shape[0] - 2
    longest = route.shape[1] - 2
    hourly, restricted, wide = p.flags[HOURLY] == 1, p.flags[RESTRICTED] == 1, p.flags[WIDE] == 1
    timed, same = p.flags[TIMED] == 1, p.flags[SAME] == 1
    plain = same and not timed
    first = p.day_start[day]
    while True:
        last_kind = -1
        for q in range(-near.shape[1] if wide else 0, p.day_start[day + 1] - first):
            if q < 0:
                v_near = near[c, q + near.shape[1]]
                s = at[v_near, day]
                if s < 0:
                    continue
                i0 = pos[v_near, day] - 1
                i1 = i0 + 2
            else:
                s = first + q
                i0, i1 = 0, size[s] + 1
                if size[s] == 0:
                    if shift_int[s, KIND] == last_kind:
                        continue
                    last_kind = shift_int[s, KIND]
                elif wide:
                    continue
            if size[s] >= longest or (restricted and (not allowed[c, s] or (rep >= 0 and shift_int[s, REP] != rep))):
                continue
            least = 0.0  # least that loads, durations and windows will cost more, whatever the place
            for k in range(dims):
                w = loads[s, k] + load[c, k] - capacity[s, k]
                if w > TOLERANCE:
                    least += pen[k] * (w - max(0.0, loads[s, k] - capacity[s, k]))
            longest_day = shift_float[s, MAX_DURATION]
            to_c = cost_in[c, route[s, i0]]
            if plain and size[s] > 0:  # the price grows with the way round alone: the shortest is the cheapest
                way, place = best - least, -1
                for i in range(i0, i1):
                    b = route[s, i + 1]
                    change = to_c + cost[c, b] - arc[s, i]
                    to_c = cost_in[c, b]
                    if change < way and (blink <= 0.0 or uniform(rs) > blink):
                        way, place = change, i
                if place < 0:
                    continue
                length = stat[s, DURATION] + service + way
                v = least + way + fixed_cost(shift_float, balance, s, length) - stat[s, FIXED]
                v -= pen[dims] * violation[s, dims]
                if length > longest_day:
                    v += pen[dims] * (length - longest_day)
                if v < best:
                    best, bs, bi = v, s, place
                continue
            # what durations and windows cost now: minus the idle arc when the route is empty
            base = least - (stat[s, FIXED] + pen[dims] * violation[s, dims] + pen[dims + 1] * stat[s, WARP])
            duration = stat[s, DURATION] + service
            if size[s] == 0:
                duration += shift_float[s, IDLE_TIME]
                least = base
            elif hourly:
                base += p.extra_price[0] * x.hours[s, size[s] + 1, CUMULATED]
            if least >= best:
                continue
            for i in range(i0, i1):
                b = route[s, i + 1]
                change = to_c + cost[c, b] - arc[s, i]
                to_c = cost_in[c, b]
                if least + change >= best:
                    continue
                warp = 0.0
                if hourly:
                    length, warp, more = chain(p, x, s, i, size, 1, s, i + 1, c)
                    if size[s] > 0:
                        more -= x.hours[s, size[s] + 1, CUMULATED]
                    change += p.extra_price[0] * more
                elif timed:
                    length, warp = timed_insertion(
                        head, tail, windows, n_windows, shift_float, service, time_in[c, route[s, i]], time[c, b], c,
                        s, i, day,
                    )  # fmt: skip
                elif same:
                    length = duration + change
                else:
                    a = route[s, i]
                    length = duration + time_in[c, a] + time[c, b] - time[a, b]
                v = base + change + pen[dims + 1] * warp + fixed_cost(shift_float, balance, s, length)
                if length > longest_day:
                    v += pen[dims] * (length - longest_day)
                if v < best and (blink <= 0.0 or uniform(rs) > blink):
                    best, bs, bi = v, s, i
        if bs >= 0 or limit < 0.5 * NOWHERE or not (wide or blink > 0.0):
            break
        wide, blink = False, 0.0  # nothing by the neighbours, or all overlooked: try every position
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
