"""Ruin and recreate over visit patterns (SISR: Christiaens & Vanden Berghe 2020), accepted by annealing.

A ruin takes strings of adjacent customers off routes near a seed: either one day's visits only, or whole customers
with all their visits, which are then put back with the visit pattern that is cheapest. Now and then it takes everybody
around the seed, so that a region can get other days. Violations are priced, prices adapt.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from routing.search.kernels.insertion import NOWHERE, cheapest, cheapest_pattern
from routing.search.kernels.layout import ARC, DAY, FIXED, START, TIMED, TOLERANCE, Bools, Floats, Ints, Plan, Problem
from routing.search.kernels.routes import insert, remove, save_routes, totals, update
from routing.search.rng import RandomState, below, uniform

# entries of the status vector shared with the driver
CURRENT, BEST, FOUND, TICKS, HOPELESS = 0, 1, 2, 3, 4
SHARE_REGION, REGION = 6, 7  # entries of the settings
PERIOD = 250  # iterations between two looks at the prices of violations


class Scratch(NamedTuple):
    """Working memory of ruin and recreate, allocated once: the kernels themselves never allocate."""

    cost: Floats  # (reps + 1, D): cheapest insertion of a customer per day
    shift: Ints
    place: Ints
    stamp: Ints  # (S,)
    touched: Ints  # (S,)
    old: Ints  # (S, longest + 2)
    old_size: Ints  # (S,)
    old_cost: Floats  # (S, kinds + 1): without penalties, and the violations
    after: Floats  # (kinds + 1,)
    rem: Ints  # (n + 1,)
    key: Floats
    gone: Bools  # (n,)
    seeds: Ints  # customers around which is ruined
    old_pattern: Ints  # (n,)
    home: Ints  # (D,): shifts of one customer's visits, kept while it is off the plan
    spot: Ints


def new_scratch(p: Problem, x: Plan, reps: int) -> Scratch:
    """Allocate for a problem and its plans."""
    n, days, shifts = x.pattern.shape[0], p.day_start.shape[0] - 1, x.size.shape[0]
    return Scratch(
        cost=np.empty((reps + 1, days)), shift=np.empty((reps + 1, days), np.int64),
        place=np.empty((reps + 1, days), np.int64), stamp=np.full(shifts, -1, np.int64), touched=np.empty(shifts,
        np.int64),
        old=np.empty_like(x.route), old_size=np.zeros(shifts, np.int64),
        old_cost=np.zeros((shifts, x.violation.shape[1] + 1)), after=np.zeros(x.violation.shape[1] + 1),
        rem=np.empty(n + 1, np.int64), key=np.empty(n + 1), gone=np.zeros(n, np.bool_), seeds=np.arange(n),
        old_pattern=np.empty(n, np.int64),
        home=np.zeros(days, np.int64), spot=np.zeros(days, np.int64),
    )  # fmt: skip


@njit(cache=True, _nrt=False, forceinline=True)
def place_customer(p: Problem, x: Plan, c: int, u: int, shift: Ints, place: Ints) -> None:
    """Insert all visits of pattern u where `cheapest_pattern` found them best (days never share a route)."""
    x.pattern[c] = u
    rep = p.pattern_rep[u]
    for j in range(p.pattern_size[u]):
        d = p.pattern_days[u, j]
        insert(p, x, c, shift[rep + 1, d], place[rep + 1, d])


@njit(cache=True, _nrt=False)
def construct(
    p: Problem, x: Plan, pen: Floats, order: Ints, rs: RandomState, cost: Floats, shift: Ints, place: Ints,
    chance: bool,
) -> None:  # fmt: skip
    """Insert the customers of `order` one by one, each with its cheapest pattern (or, by chance, a random one)."""
    for c in order:
        if chance:  # all but one of the patterns are looked past
            u = p.pattern_start[c] + below(rs, p.pattern_start[c + 1] - p.pattern_start[c])
            r = p.pattern_rep[u] + 1
            x.pattern[c] = u
            complete = p.pattern_size[u] > 0
            for k in range(p.pattern_size[u]):
                d = p.pattern_days[u, k]
                _, s, i = cheapest(p, x, pen, c, d, r - 1, 0.0, rs)
                shift[r, d], place[r, d] = s, i
                complete = complete and s >= 0
            if complete:
                place_customer(p, x, c, u, shift, place)
                continue
        u, _ = cheapest_pattern(p, x, pen, c, 0.0, rs, cost, shift, place, NOWHERE)
        if u < 0:  # no shift may serve it: the empty pattern if there is one
            for v in range(p.pattern_start[c], p.pattern_start[c + 1]):
                if p.pattern_size[v] == 0:
                    x.pattern[c] = v
            continue
        place_customer(p, x, c, u, shift, place)


@njit(cache=True, _nrt=False, forceinline=True)
def _touch(x: Plan, s: int, it: int, count: int, w: Scratch) -> int:
    """Remember route s before its first change in this iteration."""
    stamp, old, old_cost = w.stamp, w.old, w.old_cost
    if stamp[s] == it:
        return count
    stamp[s] = it
    w.touched[count] = s
    n = x.size[s]
    w.old_size[s] = n
    for i in range(n + 2):
        old[s, i] = x.route[s, i]
    old_cost[s, 0] = x.stat[s, ARC] + x.stat[s, FIXED]
    for k in range(x.violation.shape[1]):
        old_cost[s, k + 1] = x.violation[s, k]
    return count + 1


@njit(cache=True, _nrt=False, forceinline=True)
def _take_region(p: Problem, x: Plan, seed: int, size: int, it: int, w: Scratch) -> tuple[int, int]:
    """Take the seed and its nearest customers off the plan with all their visits; routes touched, customers taken."""
    rem, gone, old_pattern = w.rem, w.gone, w.old_pattern
    count, nr = 0, 0
    for a in range(-1, min(size - 1, p.near.shape[1])):
        c = seed if a < 0 else p.near[seed, a]
        u = x.pattern[c]
        if p.pattern_size[u] > 0 and x.at[c, p.pattern_days[u, 0]] < 0:
            continue  # nobody may serve it
        old_pattern[c], gone[c], rem[nr] = u, True, c
        nr += 1
        for q in range(p.pattern_size[u]):
            d = p.pattern_days[u, q]
            count = _touch(x, x.at[c, d], it, count, w)
            remove(p, x, c, d)
    return count, nr


@njit(cache=True, _nrt=False)
def _sort(key: Floats, rem: Ints, n: int) -> None:
    for j in range(1, n):
        k, c, i = key[j], rem[j], j - 1
        while i >= 0 and key[i] > k:
            key[i + 1], rem[i + 1] = key[i], rem[i]
            i -= 1
        key[i + 1], rem[i + 1] = k, c


@njit(cache=True, _nrt=False)
def anneal(
    p: Problem,
    x: Plan,
    pen: Floats,
    base: Floats,
    status: Floats,
    feasible_count: Floats,
    iterations: int,
    temperature: float,
    temperature_end: float,
    settings: Floats,
    adapt: bool,
    best_flat: Ints,
    best_start: Ints,
    best_pattern: Ints,
    violation: Floats,
    rs: RandomState,
    w: Scratch,
) -> None:
    """Run some iterations, cooling geometrically between the two temperatures.

    settings = mean removed, longest string, share of single-day ruins, share of same-day neighbours, blink, target
    share of feasible plans, share of regions, their mean size. status[CURRENT] is the plan's objective without
    penalties, status[BEST] that of the saved best.
    """
    n, days = x.pattern.shape[0], p.day_start.shape[0] - 1
    kinds = pen.shape[0]
    mean_removed, longest, single_share = settings[0], settings[1], settings[2]
    same_share, blink, target = settings[3], settings[4], settings[5]
    cost, shift, place, stamp, touched = w.cost, w.shift, w.place, w.stamp, w.touched
    old, old_size, after, rem, key, gone, old_pattern = w.old, w.old_size, w.after, w.rem, w.key, w.gone, w.old_pattern
    stamp[:] = -1
    cooling = (temperature_end / temperature) ** (1.0 / max(1, iterations))
    adjacent = p.near.shape[1]
    for it in range(iterations):
        temperature *= cooling
        status[TICKS] += 1
        if int(status[TICKS]) % PERIOD == 0:
            _measure(p, x, status, violation, after)
        if adapt and int(status[TICKS]) % PERIOD == 0:
            status[HOPELESS] = status[HOPELESS] + 1.0 if status[BEST] > 1e300 else 0.0
            for k in range(kinds):
                share = feasible_count[k] / PERIOD
                # without a feasible plan for long, prices rise fast: better unserved customers than broken limits
                rise = 1.5 if status[HOPELESS] > 20.0 and share == 0.0 else 1.05
                pen[k] *= rise if share < target else 0.96
                pen[k] = min(max(pen[k], 1e-3 * base[k]), 1e8 * base[k])
                feasible_count[k] = 0.0
        count, nr = 0, 0
        seed = w.seeds[below(rs, w.seeds.shape[0])]
        home = x.pattern[seed]
        if p.pattern_size[home] > 0:
            d0 = p.pattern_days[home, below(rs, p.pattern_size[home])]
        else:
            d0 = below(rs, days)
        single = uniform(rs) < single_share and p.pattern_size[home] > 0
        stops, used = 0, 0
        for s in range(p.day_start[d0], p.day_start[d0 + 1]):
            if x.size[s] > 0:
                stops += x.size[s]
                used += 1
        average = stops / max(1, used)
        region = uniform(rs) < settings[SHARE_REGION] if settings[SHARE_REGION] > 0.0 else False
        string = max(1.0, min(longest, average))
        strings = max(1, int(uniform(rs) * (4.0 * mean_removed / (1.0 + string) - 1.0) + 1.0))
        same_day = single or uniform(rs) < same_share
        done = 0
        if region:
            strings, single = 0, False
            size = int(settings[REGION] * (0.4 + 1.2 * uniform(rs)))
            count, nr = _take_region(p, x, seed, size, it, w)
        for a in range(-1, adjacent):
            if done >= strings:
                break
            c = seed if a < 0 else p.near[seed, a]
            if gone[c]:
                continue
            size = p.pattern_size[x.pattern[c]]
            if size == 0:
                if not single and nr < n:  # an unserved customer joins the others that look for a place
                    old_pattern[c] = x.pattern[c]
                    gone[c] = True
                    rem[nr] = c
                    nr += 1
                    if a >= 0:
                        done += 1
                continue
            if same_day:
                d = d0
                if x.at[c, d] < 0:
                    continue
            else:
                d = p.pattern_days[x.pattern[c], below(rs, size)]
            s = x.at[c, d]
            if s < 0 or (stamp[s] == it and x.size[s] < 5.0 * string):
                continue  # one string a route, unless routes are long
            count = _touch(x, s, it, count, w)
            done += 1
            m = x.size[s]
            take = min(m, int(uniform(rs) * min(float(m), string) + 1.0))
            keep = 0
            if 1 < take < m and uniform(rs) < 0.5:
                keep = 1
                while take + keep < m and uniform(rs) > 0.5:
                    keep += 1
            span = take + keep
            i = x.pos[c, d]
            low, high = max(1, i - span + 1), min(i, m - span + 1)
            first = low + below(rs, high - low + 1)
            skip = first + below(rs, take) if keep > 0 else first
            start = nr
            for j in range(first, first + span):
                if keep > 0 and skip <= j < skip + keep:
                    continue
                v = x.route[s, j]
                if not gone[v]:
                    rem[nr] = v
                    nr += 1
                    gone[v] = True
                    old_pattern[v] = x.pattern[v]
            if single or days == 1:
                _cut(p, x, s, first, gone)
                continue
            for j in range(start, nr):
                v = rem[j]
                u = x.pattern[v]
                for q in range(p.pattern_size[u]):
                    dd = p.pattern_days[u, q]
                    count = _touch(x, x.at[v, dd], it, count, w)
                    remove(p, x, v, dd)
        _order(p, x, rem, key, nr, single, region, d0, old_pattern, rs)
        failed = False
        for j in range(nr):
            c = rem[j]
            if single:
                rep = p.pattern_rep[x.pattern[c]]
                _, s, i = cheapest(p, x, pen, c, d0, rep, blink, rs)
                if s < 0:
                    failed = True
                    break
                count = _touch(x, s, it, count, w)
                insert(p, x, c, s, i)
            else:
                u, _ = cheapest_pattern(p, x, pen, c, blink, rs, cost, shift, place, NOWHERE)
                if u < 0:
                    failed = True
                    break
                rep = p.pattern_rep[u]
                for q in range(p.pattern_size[u]):
                    count = _touch(x, shift[rep + 1, p.pattern_days[u, q]], it, count, w)
                place_customer(p, x, c, u, shift, place)
        accepted = False
        if not failed:
            accepted = _judge(p, x, pen, status, temperature, violation, count, nr, w, rs)
        if accepted:
            clean = True
            for k in range(kinds):
                clean = clean and violation[k] <= TOLERANCE
            if clean and status[CURRENT] < status[BEST] - 1e-7:
                _measure(p, x, status, violation, after)
                status[BEST] = status[CURRENT]
                status[FOUND] = status[TICKS]
                save_routes(x, best_flat, best_start)
                for v in range(n):
                    best_pattern[v] = x.pattern[v]
        else:
            for a in range(count):
                s = touched[a]
                d = p.shift_int[s, DAY]
                for i in range(1, x.size[s] + 1):
                    x.at[x.route[s, i], d] = -1
            for a in range(count):
                s = touched[a]
                x.size[s] = old_size[s]
                for i in range(old_size[s] + 2):
                    x.route[s, i] = old[s, i]
                update(p, x, s)
            for j in range(nr):
                x.pattern[rem[j]] = old_pattern[rem[j]]
        for j in range(nr):
            gone[rem[j]] = False
        for k in range(kinds):
            if violation[k] <= TOLERANCE:
                feasible_count[k] += 1.0


@njit(cache=True, _nrt=False, forceinline=True)
def _order(
    p: Problem, x: Plan, rem: Ints, key: Floats, nr: int, single: bool, region: bool, day: int, pattern: Ints,
    rs: RandomState,
) -> None:  # fmt: skip
    """Order of re-insertion: random, big first, far first, near first, or many visits first (mostly, for a region)."""
    h = uniform(rs)
    if region and uniform(rs) < 0.7:
        h = 1.0
    home = p.shift_int[p.day_start[day], START] if p.day_start[day] < p.day_start[day + 1] else p.shift_int[0, START]
    timed = p.flags[TIMED] == 1
    dims = p.load.shape[1]
    for j in range(nr):
        c = rem[j]
        size = 1 if single else p.pattern_size[pattern[c]]
        if h < 0.36:
            key[j] = uniform(rs)
        elif h < 0.6 or (h < 0.72 and not timed):
            v = p.load[c, 0] if dims > 0 else 0.0
            key[j] = -v * size - 1e-9 * uniform(rs)
        elif h < 0.72:
            v = 0.0
            for k in range(p.n_windows[c, day]):
                v += p.windows[c, day, k, 1] - p.windows[c, day, k, 0]
            key[j] = v if p.n_windows[c, day] > 0 else 1e12
        elif h < 0.84:
            key[j] = -p.cost[home, c]
        elif h < 0.92:
            key[j] = p.cost[home, c]
        else:
            key[j] = -size - uniform(rs)
    _sort(key, rem, nr)


@njit(cache=True, _nrt=False, forceinline=True)
def _cut(p: Problem, x: Plan, s: int, first: int, gone: Bools) -> None:
    """Take everybody who is gone off route s, from position ``first`` on."""
    route, n, day, to = x.route, x.size[s], p.shift_int[s, DAY], first
    for i in range(first, n + 1):
        v = route[s, i]
        if gone[v]:
            x.at[v, day] = -1
        else:
            route[s, to] = v
            to += 1
    route[s, to] = route[s, n + 1]
    x.size[s] = to - 1
    update(p, x, s)


@njit(cache=True, _nrt=False, forceinline=True)
def _measure(p: Problem, x: Plan, status: Floats, violation: Floats, after: Floats) -> None:
    """Reckon the plan's figures anew: sums of differences drift."""
    totals(p, x, after)
    status[CURRENT] = after[0]
    for k in range(violation.shape[0]):
        violation[k] = after[k + 1]


@njit(cache=True, _nrt=False, forceinline=True)
def _judge(
    p: Problem, x: Plan, pen: Floats, status: Floats, temperature: float, violation: Floats, count: int, nr: int,
    w: Scratch, rs: RandomState,
) -> bool:  # fmt: skip
    """Accept or not (annealing on the penalised objective); on acceptance status and violation move along.

    Only what was touched is looked at, so that a step of a large plan costs no more than one of a small plan.
    """
    kinds, more, old_cost, rem, price = pen.shape[0], w.after, w.old_cost, w.rem, p.pattern_cost
    for k in range(kinds + 1):
        more[k] = 0.0
    for a in range(count):
        s = w.touched[a]
        more[0] += x.stat[s, ARC] + x.stat[s, FIXED] - old_cost[s, 0]
        for k in range(kinds):
            more[k + 1] += x.violation[s, k] - old_cost[s, k + 1]
    for j in range(nr):
        more[0] += price[x.pattern[rem[j]]] - price[w.old_pattern[rem[j]]]
    change = more[0]
    for k in range(kinds):
        change += pen[k] * more[k + 1]
    if change < -temperature * math.log(uniform(rs) + 1e-300):
        status[CURRENT] += more[0]
        for k in range(kinds):
            violation[k] += more[k + 1]
        return True
    return False
