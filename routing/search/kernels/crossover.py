"""Crossover with insertions over periods, depots and reps (after PIX: Vidal, Crainic, Gendreau, Lahrichi & Rei 2012).

Groups of interchangeable shifts (a day, a depot, a rep) are inherited whole from one parent, whole from the other, or
mixed.
Visits of the second parent join as long as some visit pattern still allows them; what is missing is inserted at least
cost.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from routing.search.kernels.insertion import NOWHERE, cheapest
from routing.search.kernels.layout import DAY, END, KIND, REP, START, TIMED, Bools, Floats, Ints, Plan, Problem
from routing.search.kernels.moves import may_serve
from routing.search.kernels.routes import insert, update
from routing.search.kernels.ruin import Scratch
from routing.search.kernels.split import split_group
from routing.search.rng import RandomState, below, shuffle, uniform


class Cross(NamedTuple):
    """Working memory of the crossover, and what never changes: groups and the plane."""

    group_start: Ints  # (G + 1,): shifts of group g are group_start[g]..; groups follow the kinds
    xy: Floats  # (M, 2): customers and places in a plane, for the cyclic order of routes
    source: Ints  # (G,): 1 first parent, 2 second, 3 mixed
    groups: Ints  # (G,) scratch permutation
    has: Bools  # (n, D): visits the child has
    made: Ints  # (n,): how many
    rep: Ints  # (n,): rep of those visits, -1 none, -2 several
    angle: Floats  # (S,)
    ranked: Ints  # (S,)
    tour: Ints  # (n + 1,)
    second: Ints  # (n + 1,)
    best: Floats  # split: (fleet + 1, n + 1)
    origin: Ints
    window: Floats  # split: prefix sums (n + 1, L + 2)


def new_cross(p: Problem, xy: Floats) -> Cross:
    """Allocate for a problem whose shifts are sorted so that equal kinds are neighbours."""
    kinds = p.shift_int[:, KIND]
    edges = np.concatenate([[0], np.flatnonzero(np.diff(kinds)) + 1, [len(kinds)]]).astype(np.int64)
    n, shifts, groups = p.pattern_start.shape[0] - 1, len(kinds), len(edges) - 1
    fleet = int(np.diff(edges).max(initial=1))
    return Cross(
        group_start=edges, xy=xy, source=np.zeros(groups, np.int64), groups=np.zeros(groups, np.int64),
        has=np.zeros((n, p.day_start.shape[0] - 1), np.bool_), made=np.zeros(n, np.int64), rep=np.zeros(n, np.int64),
        angle=np.zeros(shifts), ranked=np.zeros(shifts, np.int64), tour=np.zeros(n + 1, np.int64),
        second=np.zeros(n + 1, np.int64), best=np.zeros((fleet + 1, n + 1)), origin=np.zeros((fleet + 1, n + 1),
        np.int64),
        window=np.zeros((n + 1, p.load.shape[1] + 2)),
    )  # fmt: skip


@njit(cache=True, _nrt=False)
def rank_routes(p: Problem, flat: Ints, start: Ints, g: int, w: Cross) -> int:
    """Used routes of group g in w.ranked by the angle of their centre around the home place; returns their number."""
    m = 0
    for s in range(w.group_start[g], w.group_start[g + 1]):
        if start[s + 1] == start[s]:
            continue
        home = p.shift_int[s, START]
        dx, dy = 0.0, 0.0
        for i in range(start[s], start[s + 1]):
            dx += w.xy[flat[i], 0] - w.xy[home, 0]
            dy += w.xy[flat[i], 1] - w.xy[home, 1]
        a = np.arctan2(dy, dx)
        j = m - 1
        while j >= 0 and w.angle[j] > a:
            w.angle[j + 1], w.ranked[j + 1] = w.angle[j], w.ranked[j]
            j -= 1
        w.angle[j + 1], w.ranked[j + 1] = a, s
        m += 1
    return m


@njit(cache=True, _nrt=False)
def _tour(flat: Ints, start: Ints, m: int, w: Cross, out: Ints) -> int:
    g = 0
    for k in range(m):
        s = w.ranked[k]
        for i in range(start[s], start[s + 1]):
            out[g] = flat[i]
            g += 1
    return g


@njit(cache=True, _nrt=False, forceinline=True)
def _allowed_pattern(p: Problem, w: Cross, c: int, u: int, day: int, rep: int) -> bool:
    """Whether pattern u of c holds all visits the child has, and the day's by a shift of that rep (day -1: none
    more)."""
    tie = p.pattern_rep[u]
    if tie >= 0 and ((w.rep[c] != -1 and w.rep[c] != tie) or (day >= 0 and rep != tie)):
        return False
    hit, extra = 0, day < 0
    for k in range(p.pattern_size[u]):
        d = p.pattern_days[u, k]
        if w.has[c, d]:
            hit += 1
        if d == day:
            extra = True
    return bool(hit == w.made[c]) and extra


@njit(cache=True, _nrt=False, forceinline=True)
def _accept(p: Problem, w: Cross, c: int, s: int) -> bool:
    """Whether the child may take over a visit of c by shift s; books it when it may."""
    day, rep = p.shift_int[s, DAY], p.shift_int[s, REP]
    if w.has[c, day]:
        return False
    for u in range(p.pattern_start[c], p.pattern_start[c + 1]):
        if _allowed_pattern(p, w, c, u, day, rep):
            w.has[c, day] = True
            w.made[c] += 1
            w.rep[c] = rep if w.rep[c] == -1 or w.rep[c] == rep else -2
            return True
    return False


@njit(cache=True, _nrt=False, forceinline=True)
def _append(p: Problem, x: Plan, s: int, c: int) -> None:
    n = x.size[s]
    x.route[s, n + 1] = c
    x.route[s, n + 2] = p.shift_int[s, END]
    x.size[s] = n + 1


@njit(cache=True, _nrt=False)
def cross(
    p: Problem, x: Plan, pen: Floats, flat1: Ints, start1: Ints, flat2: Ints, start2: Ints, w: Cross, scratch: Scratch,
    dirty: Bools, order: Ints, rs: RandomState,
) -> bool:  # fmt: skip
    """Child of two compact parents into x; dirty marks routes that are not exactly a parent's. False when it failed."""
    groups, longest = w.source.shape[0], x.route.shape[1] - 2
    n, days = x.pattern.shape[0], p.day_start.shape[0] - 1
    timed = p.flags[TIMED] == 1
    for c in range(n):
        w.made[c] = 0
        w.rep[c] = -1
        for d in range(days):
            w.has[c, d] = False
            x.at[c, d] = -1
    for s in range(x.size.shape[0]):
        x.size[s] = 0
        x.route[s, 0], x.route[s, 1] = p.shift_int[s, START], p.shift_int[s, END]
        dirty[s] = False
    for g in range(groups):
        w.groups[g] = g
    shuffle(rs, w.groups, groups)
    if groups == 1:
        w.source[0] = 3
    else:
        while True:
            a, b = below(rs, groups + 1), below(rs, groups + 1)
            if a > b:
                a, b = b, a
            if not (a == groups or (a == 0 and b == groups)):
                break
        for k in range(groups):
            w.source[w.groups[k]] = 1 if k < a else (2 if k < b else 3)
    # the first parent's part
    for g in range(groups):
        if w.source[g] == 2:
            continue
        lo, hi = w.group_start[g], w.group_start[g + 1]
        m = rank_routes(p, flat1, start1, g, w)
        if m == 0:
            continue
        if w.source[g] == 1 or (timed and hi - lo > 1):
            first, take = 0, m
            if w.source[g] == 3:
                first, take = below(rs, m), 1 + below(rs, m)
            for k in range(take):
                s = lo + k
                origin = w.ranked[(first + k) % m]
                for i in range(start1[origin], start1[origin + 1]):
                    if _accept(p, w, flat1[i], s):
                        _append(p, x, s, flat1[i])
        else:  # a stretch of the giant tour, to be split into routes again
            length = _tour(flat1, start1, m, w, w.tour)
            first, take = below(rs, length), 1 + below(rs, length)
            for i in range(take):
                c = w.tour[(first + i) % length]
                if x.size[lo] < longest and _accept(p, w, c, lo):
                    _append(p, x, lo, c)
    # the second parent's part, as far as patterns allow; its routes are new to the first parent's on the same day
    shuffle(rs, w.groups, groups)
    for q in range(groups):
        g = w.groups[q]
        if w.source[g] == 1:
            continue
        lo, hi = w.group_start[g], w.group_start[g + 1]
        m = rank_routes(p, flat2, start2, g, w)
        day = p.shift_int[lo, DAY]
        alone = lo == p.day_start[day] and hi == p.day_start[day + 1]
        if w.source[g] == 2 or (timed and hi - lo > 1):
            used = 0
            while used < hi - lo and x.size[lo + used] > 0:
                used += 1
            for _ in range(m):
                if used >= hi - lo:
                    break
                # the remaining route that loses the smallest share of its customers
                pick, share = -1, -1.0
                for k in range(m):
                    s = w.ranked[k]
                    if s < 0:
                        continue
                    kept = 0
                    for i in range(start2[s], start2[s + 1]):
                        if not w.has[flat2[i], p.shift_int[s, DAY]]:
                            kept += 1
                    value = kept / (start2[s + 1] - start2[s]) + 1e-3 * uniform(rs)
                    if value > share:
                        pick, share = k, value
                origin = w.ranked[pick]
                w.ranked[pick] = -1
                s = lo + used
                for i in range(start2[origin], start2[origin + 1]):
                    if _accept(p, w, flat2[i], s):
                        _append(p, x, s, flat2[i])
                    else:
                        dirty[s] = True
                if w.source[g] == 3 or not alone:
                    dirty[s] = True
                if x.size[s] > 0:
                    used += 1
                else:
                    dirty[s] = False
        else:
            length = _tour(flat2, start2, m, w, w.second)
            s = lo
            have = x.size[s]
            first = 0
            if have > 0:  # go on where the last inherited customer stands in the second parent
                for i in range(length):
                    if w.second[i] == x.route[s, have]:
                        first = i + 1
            for i in range(length):
                c = w.second[(first + i) % length]
                if x.size[s] < longest and _accept(p, w, c, s):
                    _append(p, x, s, c)
            dirty[s] = True
            if hi - lo > 1:
                split_group(p, x, pen, lo, hi, w.tour, w.best, w.origin, w.window)
                for k in range(lo, hi):
                    dirty[k] = x.size[k] > 0
    for s in range(x.size.shape[0]):
        update(p, x, s)
    return bool(_complete(p, x, pen, w, scratch, dirty, order, rs))


@njit(cache=True, _nrt=False)
def _complete(
    p: Problem, x: Plan, pen: Floats, w: Cross, scratch: Scratch, dirty: Bools, order: Ints, rs: RandomState
) -> bool:
    """Give every customer the pattern around its inherited visits whose missing visits are cheapest to insert."""
    n = x.pattern.shape[0]
    cost, shift, place = scratch.cost, scratch.shift, scratch.place
    for c in range(n):
        order[c] = c
    shuffle(rs, order, n)
    for q in range(n):
        c = order[q]
        best, bu = NOWHERE, -1
        for r in range(cost.shape[0]):
            for d in range(cost.shape[1]):
                cost[r, d] = -1e15
        for u in range(p.pattern_start[c], p.pattern_start[c + 1]):
            if not _allowed_pattern(p, w, c, u, -1, -1):
                continue
            total = p.pattern_cost[u]
            r = p.pattern_rep[u] + 1
            for k in range(p.pattern_size[u]):
                d = p.pattern_days[u, k]
                if w.has[c, d]:
                    continue
                if total >= best:
                    break
                if cost[r, d] <= -1e15:
                    v, s, i = cheapest(p, x, pen, c, d, r - 1, 0.0, rs)
                    cost[r, d], shift[r, d], place[r, d] = v, s, i
                total += cost[r, d]
            if total < best:
                best, bu = total, u
        if bu < 0:
            return False
        x.pattern[c] = bu
        r = p.pattern_rep[bu] + 1
        for k in range(p.pattern_size[bu]):
            d = p.pattern_days[bu, k]
            if not w.has[c, d]:
                insert(p, x, c, shift[r, d], place[r, d])
                dirty[shift[r, d]] = True
    for s in range(x.size.shape[0]):
        for i in range(1, x.size[s] + 1):
            if not may_serve(p, x, x.route[s, i], s):
                return False
    return True
