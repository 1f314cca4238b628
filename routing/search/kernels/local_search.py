"""Local search within one day: relocate, swap, 2-opt and 2-opt* over neighbour lists (HGS-CVRP moves 1-9, Vidal 2022).

Arc changes filter first; only moves whose arcs could pay are priced in full. What a route is spared when a visit leaves
it is priced once; a visit that joins is taken to spare nothing (true of metric travel). Violations are priced, so the
search may pass through broken limits. Routes untouched since a pair was last tried are not tried again.
"""

from __future__ import annotations

from numba import njit

from routing.search.kernels.compose import compose, quick
from routing.search.kernels.layout import (
    END,
    EPS,
    IDLE_ARC,
    KIND,
    SAME,
    START,
    SYMMETRIC,
    TIMED,
    Floats,
    Plan,
    Problem,
)
from routing.search.kernels.moves import attempt, refresh
from routing.search.kernels.tools import Tools
from routing.search.rng import RandomState, shuffle


@njit(cache=True, _nrt=False)
def search_day(p: Problem, x: Plan, pen: Floats, day: int, granularity: int, w: Tools, rs: RandomState) -> int:
    """Improve one day until no move in the neighbour lists pays; returns the number of moves made."""
    cost, near, route, size, arc, at, pos = p.cost, p.near, x.route, x.size, x.arc, x.at, x.pos
    shift_int, shift_float, gains = p.shift_int, p.shift_float, w.gains
    nodes, last, changed, rest, nearby, width = w.nodes, w.last, w.changed, w.rest, w.nearby, w.width
    n = x.pattern.shape[0]
    timed, symmetric = p.flags[TIMED] == 1, p.flags[SYMMETRIC] == 1
    fast = not timed and p.flags[SAME] == 1
    s0, s1 = p.day_start[day], p.day_start[day + 1]
    count = 0
    for s in range(s0, s1):
        refresh(p, x, pen, s, rest)
        changed[s] = 0 if w.dirty[s] else -1
        for i in range(1, size[s] + 1):
            nodes[count] = route[s, i]
            last[route[s, i]] = -1
            count += 1
    dirty = False
    for s in range(s0, s1):
        dirty = dirty or w.dirty[s]
    if not dirty:
        return 0
    for k in range(count):  # neighbours that are visited this day
        u, seen = nodes[k], 0
        for q in range(near.shape[1]):
            if seen == granularity:
                break
            if at[near[u, q], day] >= 0:
                nearby[u, seen] = near[u, q]
                seen += 1
        width[u] = seen
    moves, loop, v0 = 0, 0, 0
    improving = True
    while improving and loop < 100:
        improving = False
        shuffle(rs, nodes, count)
        for iu in range(count):
            u = nodes[iu]
            tried = last[u]
            last[u] = moves
            q, stale = 0, True
            su, i, a, nxt, far = 0, 0, 0, 0, 0
            d_au, d_un, d_nf, c_an, c_af, c_nu, bar_u = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            spared1, spared2 = 0.0, 0.0
            empty = s0
            last_kind = -1
            while True:
                variants = 1
                if q < width[u]:
                    v0 = nearby[u, q]
                    q += 1
                    sv = at[v0, day]
                    if changed[at[u, day]] <= tried and changed[sv] <= tried:
                        continue
                    j0 = pos[v0, day]
                    if j0 == 1:
                        variants = 2
                else:
                    if loop == 0:
                        break
                    while empty < s1 and (size[empty] > 0 or shift_int[empty, KIND] == last_kind):
                        empty += 1
                    if empty >= s1:
                        break
                    sv, j0 = empty, 0
                    last_kind = shift_int[empty, KIND]
                    empty += 1
                    if changed[at[u, day]] <= tried and changed[sv] <= tried:
                        continue
                for variant in range(variants):
                    if stale:  # what depends on U alone
                        stale = False
                        su, i = at[u, day], pos[u, day]
                        a, nxt = route[su, i - 1], route[su, i + 1]
                        d_au, d_un, c_an = arc[su, i - 1], arc[su, i], cost[a, nxt]
                        bar_u = rest[su] + shift_float[su, IDLE_ARC] - EPS
                        if nxt < n:
                            far = route[su, i + 2]
                            d_nf, c_af, c_nu = arc[su, i + 1], cost[a, far], cost[nxt, u]
                        spared1, spared2 = 0.0, 0.0
                        if rest[su] + shift_float[su, IDLE_ARC] > EPS:
                            if fast:
                                spared1 = rest[su] - quick(p, x, pen, su, c_an - d_au - d_un, u, -1, -1, -1)
                                if nxt < n:
                                    g = c_af - d_au - d_un - d_nf
                                    spared2 = rest[su] - quick(p, x, pen, su, g, u, nxt, -1, -1)
                            else:
                                for gone in range(1, 3 if nxt < n else 2):
                                    g = rest[su] - compose(p, x, pen, su, i - 1, w.one, 0, su, i + gone)
                                    if gone == 1:
                                        spared1 = g
                                    else:
                                        spared2 = g
                    j = j0
                    if variants == 2:  # the neighbour may have moved away after the first variant
                        sv = at[v0, day]
                        j = pos[v0, day] - variant
                        if variant == 1 and j != 0:
                            break
                    same = su == sv
                    if same and j == i:
                        continue
                    v, y = route[sv, j], route[sv, j + 1]
                    # most that the arcs may cost: if tails change, if one or two visits join V's route, if V's give way
                    bar = -EPS if same and fast else bar_u
                    bar1, bar2, bar3, bar4 = bar, bar, bar, bar
                    if not same:
                        bar_v = rest[sv] + shift_float[sv, IDLE_ARC] - EPS
                        bar += bar_v + EPS
                        bar1, bar2 = spared1 - EPS, spared2 - EPS
                        bar3, bar4 = spared1 + bar_v, spared2 + bar_v
                    d_vy = arc[sv, j]
                    c_vu, c_uy, c_vn = cost[v, u], cost[u, y], cost[v, nxt]
                    mask = 0
                    if not (same and j + 1 == i):
                        behind = same and j == i + 1
                        gu = c_an - d_au - d_un
                        g = gu + c_vu + c_uy - d_vy
                        if g < bar1:
                            mask |= 2
                            gains[1], gains[11] = g, gu
                        pair = nxt < n and not behind
                        c_ny, gu2 = 0.0, 0.0
                        if pair:
                            c_ny = cost[nxt, y]
                            gu2 = c_af - d_au - d_un - d_nf
                            g = gu2 + d_un + c_vu + c_ny - d_vy
                            if g < bar2:
                                mask |= 4
                                gains[2], gains[12] = g, gu2
                            g = gu2 + c_vn + c_nu + c_uy - d_vy
                            if g < bar2:
                                mask |= 8
                                gains[3], gains[13] = g, gu2
                        if j > 0 and not behind:
                            pv = route[sv, j - 1]
                            c_av, c_pu = cost[a, v], cost[pv, u]
                            leave = arc[sv, j - 1] + d_vy + d_au + d_un
                            if u < v:
                                gu = c_av + c_vn - d_au - d_un
                                g = c_av + c_vn + c_pu + c_uy - leave
                                if g < bar3:
                                    mask |= 16
                                    gains[4], gains[14] = g, gu
                            if pair and not (same and j == i + 2) and c_av + c_pu - leave - d_nf < bar4:
                                leave += d_nf - d_un
                                c_vf = cost[v, far]
                                g = c_av + c_vf + c_pu + c_ny - leave
                                if g < bar4:
                                    mask |= 32
                                    gains[5], gains[15] = g, c_av + c_vf - d_au - d_un - d_nf
                                if y < n and u < v and not (same and j + 2 == i):
                                    gu = c_av + d_vy + cost[y, far] - d_au - d_un - d_nf
                                    g = c_av + cost[y, far] + c_pu + cost[nxt, route[sv, j + 2]]
                                    g += d_vy - leave - arc[sv, j + 1]
                                    if g < bar4:
                                        mask |= 64
                                        gains[6], gains[16] = g, gu
                    if same:
                        if i < j and j != i + 1:
                            g = cost[u, v] + cost[nxt, y] - d_un - d_vy
                            if not symmetric:
                                for h in range(i + 1, j):
                                    g += cost[route[su, h + 1], route[su, h]] - arc[su, h]
                            if g < bar:
                                mask |= 128
                                gains[7] = g
                    else:
                        end_u, end_v = shift_int[su, END], shift_int[sv, END]
                        if (not timed and symmetric and end_u == end_v and shift_int[su, START] == end_u
                                and shift_int[sv, START] == end_u):  # fmt: skip
                            g = cost[u, v] + cost[nxt, y] - d_un - d_vy
                            if g < bar:
                                mask |= 256
                                gains[8] = g
                        if end_u == end_v:
                            g = c_uy + c_vn - d_un - d_vy
                        else:
                            g = -d_un - d_vy
                            if y < n:
                                g += c_uy + cost[route[sv, size[sv]], end_u] - arc[sv, size[sv]]
                            else:
                                g += cost[u, end_u]
                            if nxt < n:
                                g += c_vn + cost[route[su, size[su]], end_v] - arc[su, size[su]]
                            else:
                                g += cost[v, end_v]
                        if g < bar:
                            mask |= 512
                            gains[9] = g
                    if mask == 0 or not attempt(p, x, pen, w, su, i, sv, j, mask):
                        continue
                    moves += 1
                    improving, stale = True, True
                    changed[su] = moves
                    changed[sv] = moves
                    if moves > 50 * n + 1000:
                        return moves  # window choices may cycle: give up rather than hang
        loop += 1
        if loop == 1:
            improving = True
    for s in range(s0, s1):
        w.dirty[s] = False
    return moves
