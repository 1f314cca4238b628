"""The last step: a plan that breaks no hard constraint, whatever the search ended with, with the right ones served."""

from __future__ import annotations

import numpy as np

from routing.search.anneal import Compact, snapshot
from routing.search.encode import Encoded
from routing.search.kernels import insertion, patterns, routes, ruin, tools
from routing.search.kernels.layout import EPS, TOLERANCE, Plan
from routing.search.model import Floats, Ints
from routing.search.rng import RandomState

STEEP = 1e9  # times the first price of a broken limit: none may be broken


def empty_pattern(encoded: Encoded, c: int) -> int:
    """Cheapest pattern without a visit of customer c, -1 when its visits are mandatory."""
    p = encoded.problem
    rows = np.arange(p.pattern_start[c], p.pattern_start[c + 1])
    rows = rows[p.pattern_size[rows] == 0]
    return int(rows[np.argmin(p.pattern_cost[rows])]) if len(rows) else -1


def unserve(encoded: Encoded, x: Plan, c: int, empty: int) -> None:
    """Take all visits of customer c off the plan."""
    for d in np.flatnonzero(x.at[c] >= 0):
        routes.remove(encoded.problem, x, c, int(d))
    x.pattern[c] = empty


def strip(encoded: Encoded, x: Plan, rs: RandomState) -> None:
    """Leave customers unserved (where their patterns allow it) until no route is violated, then put back whoever fits.

    Of a violated route the customer goes whose removal mends most for the least cost of being unserved.
    """
    p = encoded.problem
    price: Floats = encoded.penalty * 1e3
    out: list[int] = []
    for s in range(len(x.size)):
        while x.violation[s].max(initial=0.0) > TOLERANCE:
            best, victim = 0.0, -1
            for c in [int(v) for v in x.route[s, 1 : x.size[s] + 1]]:
                empty = empty_pattern(encoded, c)
                if empty < 0:
                    continue
                was, i, day = (
                    float(x.violation[s] @ price),
                    int(x.pos[c, p.shift_int[s, 0]]) - 1,
                    int(p.shift_int[s, 0]),
                )
                routes.remove(p, x, c, day)
                mended = was - float(x.violation[s] @ price)
                routes.insert(p, x, c, s, i)
                loss = max(encoded.scale, float(p.pattern_cost[empty] - p.pattern_cost[x.pattern[c]]))
                if mended / loss > best:
                    best, victim = mended / loss, c
            if victim < 0:
                break
            unserve(encoded, x, victim, empty_pattern(encoded, victim))
            out.append(victim)
    if out:
        refit(encoded, x, np.array(out, np.int64), rs)


def refit(encoded: Encoded, x: Plan, customers: Ints, rs: RandomState) -> None:
    """Give each unserved customer its cheapest pattern that violates nothing (or leave it as it is)."""
    p, w, steep = encoded.problem, ruin.new_scratch(encoded.problem, x, encoded.reps), encoded.penalty * STEEP
    for c in customers[np.argsort(-p.pattern_cost[x.pattern[customers]], kind="stable")]:
        limit = float(p.pattern_cost[x.pattern[c]])
        u, _ = insertion.cheapest_pattern(p, x, steep, int(c), 0.0, rs, w.cost, w.shift, w.place, limit)
        if u >= 0:
            ruin.place_customer(p, x, int(c), u, w.shift, w.place)


def exchange(encoded: Encoded, x: Plan, rs: RandomState) -> bool:
    """Serve customers without visits in the place of neighbours, wherever that is cheaper; True when anything was.

    On full days the search seldom looks at plans with one of two customers that exclude each other: both stay, at the
    price of the broken limit, until one of them has gone for good.
    """
    p, w, steep = encoded.problem, ruin.new_scratch(encoded.problem, x, encoded.reps), encoded.penalty * STEEP
    changed, again = False, True
    while again:
        again = False
        for c in np.flatnonzero(p.pattern_size[x.pattern] == 0):
            before, a = snapshot(encoded, x), -1
            while (a := patterns.make_room(p, x, steep, int(c), a + 1, w, rs)) >= 0:
                if _cheaper(snapshot(encoded, x), before):
                    changed = again = True
                    break
                routes.load_routes(p, x, before.flat, before.start, before.pattern)  # what paid was rounding
    return changed


def polish(encoded: Encoded, x: Plan, rs: RandomState) -> bool:
    """Give each customer the pattern that is cheapest where no limit may be broken; True when that saved anything.

    What the search holds best it may have met only once, on its way between plans that break a limit a little.
    """
    p, w, steep = encoded.problem, ruin.new_scratch(encoded.problem, x, encoded.reps), encoded.penalty * STEEP
    before, t = snapshot(encoded, x), tools.new_tools(p, encoded.longest)
    patterns.improve_patterns(p, x, steep, t, w, t.nodes, rs)
    if _cheaper(snapshot(encoded, x), before):
        return True
    routes.load_routes(p, x, before.flat, before.start, before.pattern)
    return False


def _cheaper(after: Compact, before: Compact) -> bool:
    """Whether a change has paid without breaking a limit; steep prices magnify what was rounding."""
    kept = after.violation.sum() <= max(TOLERANCE, before.violation.sum())
    return bool(kept and after.cost < before.cost - EPS)


def settle(encoded: Encoded, x: Plan, best: Compact, rs: RandomState) -> Compact:
    """The best feasible plan; or, when none was found, the current plan with violations stripped off.

    Either way with everybody at the pattern that is cheapest there, and those served who are dearest to leave out.
    """
    feasible = bool(np.isfinite(best.cost))
    if feasible:
        routes.load_routes(encoded.problem, x, best.flat, best.start, best.pattern)
    else:
        strip(encoded, x, rs)
    changed = False
    while polish(encoded, x, rs) or exchange(encoded, x, rs):
        changed = True
    return snapshot(encoded, x) if changed or not feasible else best
