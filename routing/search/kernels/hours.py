"""Travel that takes longer at some hours, inside the search: each way is timed when it is left.

Heads and routes are exact forward passes (who leaves later never arrives earlier). Tails keep the travel times of the
hours at which they are driven now, although a change before them moves them by some minutes; as soon as the change is
made the route is timed anew.
"""

from __future__ import annotations

from math import ceil

from numba import njit

from routing.search.kernels.layout import (
    BIG,
    BREAK_DURATION,
    BREAK_EARLY,
    BREAK_LATE,
    CUMULATED,
    DAY,
    EARLY,
    LATE,
    RESTED,
    TOLERANCE,
    WAY,
    Floats,
    Ints,
    Plan,
    Problem,
    Segment,
)
from routing.search.kernels.segments import better, completion, join, pick, rested, visit
from routing.travel.hours import USUAL_SPEED


@njit(cache=True, _nrt=False)
def _progress(clock: Floats, day: int, when: float) -> float:
    k = clock.shape[1] - 1
    while k > 0 and clock[day, k, 0] > when:
        k -= 1
    return float(clock[day, k, 1] + (when - clock[day, k, 0]) * clock[day, k, 2])


@njit(cache=True, _nrt=False)
def _reached(clock: Floats, day: int, progress: float) -> float:
    k = clock.shape[1] - 1
    while k > 0 and clock[day, k, 1] >= progress:
        k -= 1
    return float(clock[day, k, 0] + ceil((progress - clock[day, k, 1]) / clock[day, k, 2]))


@njit(cache=True, _nrt=False, forceinline=True)
def way(p: Problem, day: int, gone: float, a: int, c: int) -> float:
    """Travel and set-up from node a to node c when leaving at ``gone``."""
    usual, drive = p.time[a, c], p.drive[a, c]
    if drive == 0.0:
        return float(usual)
    there = _reached(p.clock, day, _progress(p.clock, day, gone) + drive * USUAL_SPEED)
    return float(there - gone + usual - drive)


@njit(cache=True, _nrt=False, forceinline=True)
def way_with_break(
    p: Problem, day: int, gone: float, a: int, c: int, early: float, late: float, length: float
) -> float:
    """The same when the break is taken in between, without the break: at once, or at the next place if that is better.

    `segments.rested` with this travel is ready at the true time.
    """
    at_next = way(p, day, gone, a, c)
    drive, pause = p.drive[a, c], max(gone, early)
    there = gone + at_next - (p.time[a, c] - drive)
    if there <= pause:
        return float(at_next)
    lost = _progress(p.clock, day, pause + length) - _progress(p.clock, day, pause)
    after = _reached(p.clock, day, _progress(p.clock, day, gone) + drive * USUAL_SPEED + lost)
    at_once = max(after, pause + length) - length - gone + p.time[a, c] - drive
    return float(min(at_once, at_next) if there <= late else at_once)


@njit(cache=True, _nrt=False)
def _set(a: Floats, s: int, i: int, k: int, seg: Segment) -> None:
    a[s, i, k], a[s, i, k + 1], a[s, i, k + 2], a[s, i, k + 3] = seg


@njit(cache=True, _nrt=False)
def time_route(p: Problem, x: Plan, s: int) -> tuple[float, float]:
    """Segments of a route, and for each position the way to it as driven; returns duration and warp."""
    route, head, tail, window, hours = x.route, x.head, x.tail, x.window, x.hours
    windows, n_windows, service, shift_float = p.windows, p.n_windows, p.service, p.shift_float
    n, day = x.size[s], p.shift_int[s, DAY]
    early, late, length = shift_float[s, BREAK_EARLY], shift_float[s, BREAK_LATE], shift_float[s, BREAK_DURATION]
    pauses = length > 0.0
    place = (0.0, 0.0, shift_float[s, EARLY], shift_float[s, LATE])
    free = place
    done = (0.0, BIG, -BIG, BIG)
    _set(head, s, 0, 0, free)
    _set(head, s, 0, 4, done)
    for i in range(1, n + 2):
        a, c = route[s, i - 1], route[s, i]
        sv = service[c]
        t = way(p, day, completion(free), a, c)
        e0, l0 = place[2], place[3]
        if i <= n:
            e0, l0 = pick(windows, n_windows, c, day, completion(free) + t)
        if pauses:
            t1 = way(p, day, max(completion(done), 0.0), a, c)
            t2 = way_with_break(p, day, completion(free), a, c, early, late, length)
            taken = rested(free, t2, early, late, length)
            e1, l1, e2, l2 = place[2], place[3], place[2], place[3]
            if i <= n:
                e1, l1 = pick(windows, n_windows, c, day, completion(done) + t1)
                e2, l2 = pick(windows, n_windows, c, day, completion(taken))
            now = join(taken, 0.0, (sv, 0.0, e2, l2))
            done = join(done, t1, (sv, 0.0, e1, l1))
            hours[s, i, RESTED] = t1
            window[s, i, 2], window[s, i, 3], window[s, i, 4] = e1, l1, 0.0
            if better(now, done):
                done = now
                hours[s, i, RESTED] = t2
                window[s, i, 2], window[s, i, 3], window[s, i, 4] = e2, l2, 1.0
        hours[s, i, WAY] = t
        window[s, i, 0], window[s, i, 1] = e0, l0
        free = join(free, t, (sv, 0.0, e0, l0))
        _set(head, s, i, 0, free)
        _set(head, s, i, 4, done)
    # the ways behind the break are those of the state that has taken it
    where = n + 2
    if pauses and not (completion(free) <= early + TOLERANCE and not better(done, free)):
        where = n + 1
        while where > 1 and window[s, where, 4] == 0.0:
            where -= 1
    hours[s, 0, RESTED] = 0.0
    hours[s, 0, CUMULATED] = 0.0
    for i in range(1, n + 2):
        if i >= where:
            hours[s, i, WAY] = hours[s, i, RESTED]
            window[s, i, 0], window[s, i, 1] = window[s, i, 2], window[s, i, 3]
        hours[s, i, RESTED] = 1.0 if i >= where else 0.0
        more = hours[s, i, WAY] - p.time[route[s, i - 1], route[s, i]]
        hours[s, i, CUMULATED] = hours[s, i - 1, CUMULATED] + (more if n > 0 else 0.0)
    back = place
    broke = (0.0, BIG, -BIG, BIG)
    _set(tail, s, n + 1, 0, back)
    _set(tail, s, n + 1, 4, broke)
    for i in range(n, -1, -1):
        t = hours[s, i + 1, WAY]
        me = place
        if i > 0:
            me = (service[route[s, i]], 0.0, window[s, i, 0], window[s, i, 1])
        if pauses:
            later = join(me, t, broke)
            here = join(rested(me, t, early, late, length), 0.0, back)
            broke = later
            if here[1] < later[1] - 1e-9 or (here[1] <= later[1] + 1e-9 and here[0] < later[0]):
                broke = here
        back = join(me, t, back)
        _set(tail, s, i, 0, back)
        _set(tail, s, i, 4, broke)
    if where <= n + 1:
        return done[0], done[1]
    return free[0], free[1]


@njit(cache=True, _nrt=False)
def chain(
    p: Problem, x: Plan, s: int, a: int, buf: Ints, nb: int, k: int, b: int, only: int
) -> tuple[float, float, float]:
    """Duration, warp and travel beyond the usual of: route s up to position a, the nodes of buf, route k from b on.

    With ``only`` (not -1) and nb 1 that node stands in the middle instead of those of buf.
    """
    head, tail, hours, shift_float, day = x.head, x.tail, x.hours, p.shift_float, p.shift_int[s, DAY]
    seg = (head[s, a, 0], head[s, a, 1], head[s, a, 2], head[s, a, 3])
    rear = (tail[k, b, 0], tail[k, b, 1], tail[k, b, 2], tail[k, b, 3])
    early, late, length = shift_float[s, BREAK_EARLY], shift_float[s, BREAK_LATE], shift_float[s, BREAK_DURATION]
    pauses, behind = length > 0.0, hours[s, a, RESTED] == 1.0
    done = (head[s, a, 4], head[s, a, 5], head[s, a, 6], head[s, a, 7])
    last = x.size[k] + 1
    extra = hours[s, a, CUMULATED] + hours[k, last, CUMULATED] - hours[k, b, CUMULATED]
    prev = x.route[s, a]
    for h in range(nb + 1):
        c = x.route[k, b]
        if h < nb:
            c = buf[h] if only < 0 else only
        t = way(p, day, completion(seg), prev, c)
        t1 = t
        if pauses:
            t1 = way(p, day, max(completion(done), 0.0), prev, c)
            t2 = way_with_break(p, day, completion(seg), prev, c, early, late, length)
            taken = rested(seg, t2, early, late, length)
            if h < nb:
                now = visit(taken, 0.0, p.windows, p.n_windows, c, day, p.service[c])
                done = visit(done, t1, p.windows, p.n_windows, c, day, p.service[c])
                if better(now, done):
                    done = now
            else:
                done = join(done, t1, rear)
                now = join(taken, 0.0, rear)
                if better(now, done):
                    done = now
                now = join(seg, t, (tail[k, b, 4], tail[k, b, 5], tail[k, b, 6], tail[k, b, 7]))
                if better(now, done):
                    done = now
        extra += (t1 if behind else t) - p.time[prev, c]
        if h < nb:
            seg = visit(seg, t, p.windows, p.n_windows, c, day, p.service[c])
        else:
            seg = join(seg, t, rear)
        prev = c
    if pauses and (completion(seg) > early + TOLERANCE or better(done, seg)):
        seg = done
    return seg[0], seg[1], extra
