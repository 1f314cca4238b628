"""Carrying out one of the nine moves on a pair of visits: exact price, and the new routes when it pays."""

from __future__ import annotations

from numba import njit

from routing.search.kernels.compose import compose, cumulate, quick, quick_tails
from routing.search.kernels.layout import (
    ARC,
    END,
    EPS,
    IDLE_ARC,
    REP,
    RESTRICTED,
    SAME,
    TIMED,
    Floats,
    Ints,
    Plan,
    Problem,
)
from routing.search.kernels.routes import penalised, update
from routing.search.kernels.tools import Tools

# kinds of moves; U stands on route su at i with successor X, V on route sv at j (0 = the start place) with successor Y
RELOCATE, RELOCATE_PAIR, RELOCATE_TURNED, SWAP, SWAP_PAIR_ONE, SWAP_PAIRS, TWO_OPT, TAILS_TURNED, TAILS = range(1, 10)


@njit(cache=True, _nrt=False, forceinline=True)
def may_serve(p: Problem, x: Plan, c: int, s: int) -> bool:
    """Whether shift s may serve customer c under its present pattern."""
    rep = p.pattern_rep[x.pattern[c]]
    return bool(p.allowed[c, s]) and bool(rep < 0 or p.shift_int[s, REP] == rep)


@njit(cache=True, _nrt=False)
def _fits(p: Problem, x: Plan, s: int, buf: Ints, nb: int, k: int, b: int) -> bool:
    """Whether shift s may serve the nodes of buf and the tail of route k from b on."""
    for h in range(nb):
        if not may_serve(p, x, buf[h], s):
            return False
    if k != s:
        for i in range(b, x.size[k] + 1):
            if not may_serve(p, x, x.route[k, i], s):
                return False
    return True


@njit(cache=True, _nrt=False)
def refresh(p: Problem, x: Plan, pen: Floats, s: int, rest: Floats) -> None:
    """Derived data of route s after a change, and what it costs beside its arcs."""
    update(p, x, s)
    cumulate(p, x, s)
    rest[s] = penalised(x, s, pen) - x.stat[s, ARC]


@njit(cache=True, _nrt=False)
def _assemble(x: Plan, s: int, a: int, buf: Ints, nb: int, k: int, b: int, out: Ints) -> int:
    m = 0
    for i in range(1, a + 1):
        out[m] = x.route[s, i]
        m += 1
    for h in range(nb):
        out[m] = buf[h]
        m += 1
    for i in range(b, x.size[k] + 1):
        out[m] = x.route[k, i]
        m += 1
    return m


@njit(cache=True, _nrt=False)
def set_route(p: Problem, x: Plan, s: int, nodes: Ints, m: int) -> None:
    """Write customers into route s (derived data are refreshed by the caller)."""
    for i in range(m):
        x.route[s, i + 1] = nodes[i]
    x.route[s, m + 1] = p.shift_int[s, END]
    x.size[s] = m


@njit(cache=True, _nrt=False)
def _copy(x: Plan, s: int, lo: int, hi: int, out: Ints, m: int) -> int:
    """Append positions lo..hi of route s (downwards when lo > hi is meant by step) to out."""
    for i in range(lo, hi + 1):
        out[m] = x.route[s, i]
        m += 1
    return m


@njit(cache=True, _nrt=False, forceinline=True)
def attempt(p: Problem, x: Plan, pen: Floats, w: Tools, su: int, i: int, sv: int, j: int, mask: int) -> bool:
    """Try the moves of the mask whose arcs could pay (their arc changes stand in w.gains); make the first that does."""
    route, size, rest, one, two = x.route, x.size, w.rest, w.one, w.two
    longest = route.shape[1] - 2
    restricted, fast = p.flags[RESTRICTED] == 1, p.flags[TIMED] == 0 and p.flags[SAME] == 1
    same = su == sv
    u, nxt, v = route[su, i], route[su, i + 1], route[sv, j]
    old_rest = rest[su] if same else rest[su] + rest[sv]
    for kind in range(1, 10):
        if not (mask >> kind) & 1:
            continue
        g = w.gains[kind]
        bu = 1 if kind in (RELOCATE, SWAP) else 2
        bv = 2 if kind == SWAP_PAIRS else 1
        if fast:
            if same:
                if g + quick(p, x, pen, su, g, -1, -1, -1, -1) - old_rest >= -EPS:
                    continue
            elif kind <= SWAP_PAIRS:
                o2 = nxt if bu == 2 else -1
                i1, i2 = -1, -1
                if kind >= SWAP:
                    i1 = v
                    i2 = route[sv, j + 1] if bv == 2 else -1
                gu = w.gains[kind + 10]
                # first the giving route: what it saves must outweigh the rest
                change = g + quick(p, x, pen, su, gu, u, o2, i1, i2) - old_rest
                if change - p.shift_float[sv, IDLE_ARC] >= -EPS:
                    continue
                if change + quick(p, x, pen, sv, g - gu, i1, i2, u, o2) >= -EPS:
                    continue
            elif g + quick_tails(p, x, pen, su, i, sv, j, kind == TAILS_TURNED) - old_rest >= -EPS:
                continue
        n1, n2 = 0, 0
        a1, k1, b1, a2, k2, b2 = 0, 0, 0, 0, 0, 0
        # the move as head + nodes + tail of one or both routes
        if kind <= RELOCATE_TURNED:
            if kind == RELOCATE_TURNED:
                first, second = nxt, u
            else:
                first, second = u, nxt
            if same:
                k1 = su
                if i < j:
                    a1, b1 = i - 1, j + 1
                    n1 = _copy(x, su, i + bu, j, one, 0)
                    one[n1] = first
                    n1 += 1
                    if bu == 2:
                        one[n1] = second
                        n1 += 1
                else:
                    a1, b1 = j, i + bu
                    one[0] = first
                    n1 = 1
                    if bu == 2:
                        one[1] = second
                        n1 = 2
                    n1 = _copy(x, su, j + 1, i - 1, one, n1)
            else:
                a1, k1, b1 = i - 1, su, i + bu
                a2, k2, b2 = j, sv, j + 1
                two[0], two[1] = first, second
                n2 = bu
        elif kind <= SWAP_PAIRS:
            if same:
                k1 = su
                if i < j:
                    a1, b1 = i - 1, j + bv
                    n1 = _copy(x, su, j, j + bv - 1, one, 0)
                    n1 = _copy(x, su, i + bu, j - 1, one, n1)
                    n1 = _copy(x, su, i, i + bu - 1, one, n1)
                else:
                    a1, b1 = j - 1, i + bu
                    n1 = _copy(x, su, i, i + bu - 1, one, 0)
                    n1 = _copy(x, su, j + bv, i - 1, one, n1)
                    n1 = _copy(x, su, j, j + bv - 1, one, n1)
            else:
                a1, k1, b1 = i - 1, su, i + bu
                n1 = _copy(x, sv, j, j + bv - 1, one, 0)
                a2, k2, b2 = j - 1, sv, j + bv
                n2 = _copy(x, su, i, i + bu - 1, two, 0)
        elif kind == TWO_OPT:
            a1, k1, b1 = i, su, j + 1
            for h in range(j, i, -1):
                one[n1] = route[su, h]
                n1 += 1
        elif kind == TAILS_TURNED:
            if i + j > longest or size[su] - i + size[sv] - j > longest:
                continue
            a1, k1, b1 = i, su, size[su] + 1
            for h in range(j, 0, -1):
                one[n1] = route[sv, h]
                n1 += 1
            a2, k2, b2 = 0, sv, j + 1
            for h in range(size[su], i, -1):
                two[n2] = route[su, h]
                n2 += 1
        else:
            if i + size[sv] - j > longest or j + size[su] - i > longest:
                continue
            a1, a2 = i, j
            if w.tail_class[su] == w.tail_class[sv]:
                k1, b1, k2, b2 = sv, j + 1, su, i + 1
            else:
                k1, b1, k2, b2 = su, size[su] + 1, sv, size[sv] + 1
                n1 = _copy(x, sv, j + 1, size[sv], one, 0)
                n2 = _copy(x, su, i + 1, size[su], two, 0)
        if not same:
            if kind <= SWAP_PAIRS and (size[su] + n1 - bu > longest or size[sv] + 2 > longest):
                continue
            if restricted and not (_fits(p, x, su, one, n1, k1, b1) and _fits(p, x, sv, two, n2, k2, b2)):
                continue
        if not fast:
            change = g - old_rest
            for side in range(1 if same else 2):
                if side == 1 and change - p.shift_float[sv, IDLE_ARC] >= -EPS:
                    break
                s, a, k, b = (su, a1, k1, b1) if side == 0 else (sv, a2, k2, b2)
                change += compose(p, x, pen, s, a, one if side == 0 else two, n1 if side == 0 else n2, k, b)
            if change >= -EPS:
                continue
        m1 = _assemble(x, su, a1, one, n1, k1, b1, w.new_one)
        if not same:
            m2 = _assemble(x, sv, a2, two, n2, k2, b2, w.new_two)
            set_route(p, x, sv, w.new_two, m2)
        set_route(p, x, su, w.new_one, m1)
        refresh(p, x, pen, su, rest)
        if not same:
            refresh(p, x, pen, sv, rest)
        return True
    return False
