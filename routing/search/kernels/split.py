"""Split (Prins 2004; Vidal 2016): cut a giant tour into the routes of a limited fleet at least priced cost.

Used where time windows do not matter; with windows whole routes are inherited instead.
"""

from __future__ import annotations

from numba import njit

from routing.search.kernels.layout import END, MAX_DURATION, START, Floats, Ints, Plan, Problem
from routing.search.kernels.routes import fixed_cost


@njit(cache=True, _nrt=False)
def split_group(
    p: Problem, x: Plan, pen: Floats, lo: int, hi: int, tour: Ints, best: Floats, origin: Ints, sums: Floats
) -> None:
    """The tour stands in route lo; it is cut over the equal shifts lo..hi-1 by dynamic programming."""
    far = 1e17
    g, fleet, dims = x.size[lo], hi - lo, p.load.shape[1]
    start, end = p.shift_int[lo, START], p.shift_int[lo, END]
    cost, time, limit = p.cost, p.time, p.shift_float[lo, MAX_DURATION]
    for k in range(dims + 2):
        sums[0, k] = 0.0
    for i in range(g):
        c = x.route[lo, i + 1]
        tour[i] = c
        for k in range(dims):
            sums[i + 1, k] = sums[i, k] + p.load[c, k]
        sums[i + 1, dims] = sums[i, dims] + p.service[c]
        sums[i + 1, dims + 1] = sums[i, dims + 1]
        if i > 0:
            sums[i + 1, dims] += time[tour[i - 1], c]
            sums[i + 1, dims + 1] += cost[tour[i - 1], c]
    for k in range(fleet + 1):
        for i in range(g + 1):
            best[k, i] = far
    best[0, 0] = 0.0
    for k in range(1, fleet + 1):
        best[k, 0] = 0.0
        for i in range(g):
            base = best[k - 1, i]
            if base >= far:
                continue
            first = tour[i]
            for j in range(i + 1, g + 1):
                over, heavy = 0.0, False
                for q in range(dims):
                    load = sums[j, q] - sums[i, q]
                    if load > p.capacity[lo, q]:
                        over += pen[q] * (load - p.capacity[lo, q])
                        heavy = heavy or load > 2.0 * p.capacity[lo, q]
                if heavy and j > i + 1 and k < fleet:
                    break
                last = tour[j - 1]
                duration = sums[j, dims] - sums[i + 1, dims] + p.service[first] + time[start, first] + time[last, end]
                v = base + over + sums[j, dims + 1] - sums[i + 1, dims + 1] + cost[start, first] + cost[last, end]
                v += fixed_cost(p.shift_float, p.balance, lo, duration)
                if duration > limit:
                    v += pen[dims] * (duration - limit)
                if v < best[k, j]:
                    best[k, j] = v
                    origin[k, j] = i
    used = 0
    for k in range(fleet + 1):
        if best[k, g] < best[used, g]:
            used = k
    for s in range(lo, hi):
        x.size[s] = 0
        x.route[s, 1] = end
    j, k, s = g, used, lo
    while j > 0 and k > 0:
        i = origin[k, j]
        for h in range(i, j):
            x.route[s, h - i + 1] = tour[h]
        x.size[s] = j - i
        x.route[s, j - i + 1] = end
        s += 1
        j = i
        k -= 1
