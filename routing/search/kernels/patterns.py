"""Pattern improvement: one customer after the other leaves the plan and comes back with the pattern that is cheapest
now; or makes room for one that has no visits."""

from __future__ import annotations

from numba import njit

from routing.search.kernels.insertion import cheapest_pattern
from routing.search.kernels.layout import EPS, Floats, Ints, Plan, Problem
from routing.search.kernels.local_search import search_day
from routing.search.kernels.routes import insert, penalised, remove
from routing.search.kernels.ruin import Scratch, place_customer
from routing.search.kernels.tools import Tools
from routing.search.rng import RandomState, shuffle


@njit(cache=True, _nrt=False)
def improve_patterns(p: Problem, x: Plan, pen: Floats, w: Tools, scratch: Scratch, order: Ints, rs: RandomState) -> int:
    """Try every customer once in random order; returns the number of changes and marks what they touched."""
    n, changes = x.pattern.shape[0], 0
    at, pos = x.at, x.pos
    home, spot = scratch.home, scratch.spot
    for c in range(n):
        order[c] = c
    shuffle(rs, order, n)
    for q in range(n):
        c = order[q]
        if p.pattern_start[c + 1] - p.pattern_start[c] == 1 and p.day_start.shape[0] == 2:
            continue  # a single day with a single pattern is left to the local search
        u = x.pattern[c]
        worth = p.pattern_cost[u]
        present = True
        for k in range(p.pattern_size[u]):
            d = p.pattern_days[u, k]
            s = at[c, d]
            if s < 0:
                present = False
                break
        if not present:
            continue
        for k in range(p.pattern_size[u]):
            d = p.pattern_days[u, k]
            s = at[c, d]
            home[k] = s
            spot[k] = pos[c, d] - 1
            worth += penalised(x, s, pen)
            remove(p, x, c, d)
            worth -= penalised(x, s, pen)
        best, _ = cheapest_pattern(p, x, pen, c, 0.0, rs, scratch.cost, scratch.shift, scratch.place, worth - EPS)
        if best < 0:
            for k in range(p.pattern_size[u]):
                insert(p, x, c, home[k], spot[k])
            continue
        changes += 1
        for k in range(p.pattern_size[u]):
            w.touched[p.pattern_days[u, k]] = True
            w.dirty[home[k]] = True
        place_customer(p, x, c, best, scratch.shift, scratch.place)
        for k in range(p.pattern_size[best]):
            d = p.pattern_days[best, k]
            w.touched[d] = True
            w.dirty[at[c, d]] = True
    return changes


@njit(cache=True, _nrt=False)
def make_room(p: Problem, x: Plan, pen: Floats, c: int, first: int, w: Scratch, rs: RandomState) -> int:
    """Serve customer c, which has no visits, by re-planning one of its neighbours, if that is cheaper.

    Returns the place in c's list of neighbours, from `first` on, of the one re-planned (perhaps with no visits now);
    -1 when none was.
    """
    price = p.pattern_cost[x.pattern[c]]
    for a in range(first, p.near.shape[1]):
        v = p.near[c, a]
        u = x.pattern[v]
        present = p.pattern_size[u] > 0
        for k in range(p.pattern_size[u]):
            present = present and x.at[v, p.pattern_days[u, k]] >= 0
        if not present:
            continue
        spared = p.pattern_cost[u]
        for k in range(p.pattern_size[u]):
            d = p.pattern_days[u, k]
            s = x.at[v, d]
            w.home[k], w.spot[k] = s, x.pos[v, d] - 1
            spared += penalised(x, s, pen)
            remove(p, x, v, d)
            spared -= penalised(x, s, pen)
        chosen, cost = cheapest_pattern(p, x, pen, c, 0.0, rs, w.cost, w.shift, w.place, price + spared - EPS)
        if chosen >= 0 and p.pattern_size[chosen] > 0:
            without = x.pattern[c]
            place_customer(p, x, c, chosen, w.shift, w.place)
            left = price + spared - cost - EPS
            again, _ = cheapest_pattern(p, x, pen, v, 0.0, rs, w.cost, w.shift, w.place, left)
            if again >= 0:
                place_customer(p, x, v, again, w.shift, w.place)
                return a
            for k in range(p.pattern_size[chosen]):
                remove(p, x, c, p.pattern_days[chosen, k])
            x.pattern[c] = without
        for k in range(p.pattern_size[u]):
            insert(p, x, v, w.home[k], w.spot[k])
    return -1


@njit(cache=True, _nrt=False)
def educate(
    p: Problem, x: Plan, pen: Floats, rounds: int, granularity: int, w: Tools, scratch: Scratch, rs: RandomState
) -> None:
    """Local search on the marked routes of every day, then pattern improvement and local search in turn."""
    days = p.day_start.shape[0] - 1
    for d in range(days):
        w.touched[d] = False
        for s in range(p.day_start[d], p.day_start[d + 1]):
            if w.dirty[s]:
                w.touched[d] = True
    for r in range(rounds + 1):
        for d in range(days):
            w.days[d] = d
        shuffle(rs, w.days, days)
        for k in range(days):
            d = w.days[k]
            if w.touched[d]:
                search_day(p, x, pen, d, granularity, w, rs)
                w.touched[d] = False
        if r == rounds or improve_patterns(p, x, pen, w, scratch, w.nodes, rs) == 0:
            break
