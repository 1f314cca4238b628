"""The last step: a plan that breaks no hard constraint, whatever the search ended with."""

from __future__ import annotations

import numpy as np

from routing.search.anneal import Compact, snapshot
from routing.search.encode import Encoded
from routing.search.kernels import insertion, routes, ruin
from routing.search.kernels.layout import TOLERANCE, Plan
from routing.search.model import Floats, Ints
from routing.search.rng import RandomState


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
    p = encoded.problem
    days = len(p.day_start) - 1
    cost, shift = np.empty((encoded.reps + 1, days)), np.empty((encoded.reps + 1, days), np.int64)
    place = np.empty_like(shift)
    steep: Floats = np.full(len(encoded.penalty), 1e12)
    order = customers[np.argsort(-p.pattern_cost[x.pattern[customers]], kind="stable")]
    for c in order:
        limit = float(p.pattern_cost[x.pattern[c]])
        u, _ = insertion.cheapest_pattern(p, x, steep, int(c), 0.0, rs, cost, shift, place, limit)
        if u >= 0:
            ruin.place_customer(p, x, int(c), u, shift, place)


def settle(encoded: Encoded, x: Plan, best: Compact, rs: RandomState) -> Compact:
    """The best feasible plan; or, when none was found, the current plan with violations stripped off."""
    if np.isfinite(best.cost):
        return best
    strip(encoded, x, rs)
    return snapshot(encoded, x)
