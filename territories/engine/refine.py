"""Local search on whole units: moves and swaps across borders, with hard bands and contiguity.

Simulated annealing at fixed centres with an exact penalty on band violations: the penalty exceeds every multiplier of
the dual, so a solution that meets the bands is never worse than one that breaks them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.search.rng import random_state
from territories.engine.anneal import anneal
from territories.engine.costs import Bools, Costs, Floats, Ints, Load
from territories.engine.graph import Graph


@dataclass(frozen=True, kw_only=True)
class ChangeLimits:
    """Hard limits on what may leave its present territory (``Costs.stay``).

    Attributes
    ----------
    amount : float array, shape (n, q)
        What moves with a unit: customers, workload, sales.
    total : float array, shape (q,)
        Most that may move altogether.
    per_territory : float array, shape (m, q)
        Most that may leave one present territory.
    """

    amount: Floats
    total: Floats
    per_territory: Floats

    @classmethod
    def none(cls, n: int, m: int) -> ChangeLimits:
        """No limit."""
        return cls(amount=np.zeros((n, 0)), total=np.zeros(0), per_territory=np.zeros((m, 0)))


@dataclass(frozen=True, kw_only=True)
class Refined:
    """Outcome of :func:`refine`: labels, weighted cost and the sum of band violations in mean targets."""

    labels: Ints
    cost: float
    violation: float


def refine(
    costs: Costs,
    load: Load,
    labels: Ints,
    *,
    graph: Graph | None,
    near: Ints,
    penalty: Floats,
    gap: float,
    heat: float = 0.3,
    sweeps: int = 40,
    effort: int = 4,
    fixed: Bools | None = None,
    limits: ChangeLimits | None = None,
    seed: int = 0,
) -> Refined:
    """Improve labels by moves and swaps of units across borders.

    Parameters
    ----------
    costs, load : Costs, Load
        The assignment problem.
    labels : int array, shape (n,)
        Start. With a graph its territories should be connected; the search keeps them so.
    graph : Graph, optional
        Neighbour graph on which territories stay connected; without it, units move freely.
    near : int array, shape (n, k)
        Territories tried for a unit when there is no graph.
    penalty : float array, shape (m,)
        Cost of one mean target of band violation in every territory, in units of cost per territory weight.
    gap : float
        Typical cost difference between two territories; the temperatures are shares of it.
    heat : float
        First temperature as a share of the cost of a typical move.
    sweeps, effort : int
        Number of passes, and proposals per border unit in each.
    fixed : bool array, shape (n,), optional
        Units that must not move.
    limits : ChangeLimits, optional
        Hard limits on what leaves its present territory.
    """
    n, m = load.n_units, load.n_territories
    factor = float(load.weight.sum()) / m
    weight = load.weight / factor
    limits = ChangeLimits.none(n, m) if limits is None else limits
    empty = np.zeros(0, dtype=np.int64)
    frozen = np.zeros(n, dtype=np.bool_) if fixed is None else fixed
    current = np.asarray(labels, dtype=np.int64)
    best, best_key = current, (np.inf, np.inf)
    firm = np.maximum(penalty, float(penalty.max()))
    # a long walk that may bend the bands, a short one that straightens what it left, and last resorts
    passes = (
        (penalty, heat, sweeps),
        (firm, 0.4 * heat, max(6, sweeps // 2)),
        (10.0 * firm, heat, max(6, sweeps // 2)),
        (10.0 * firm, max(heat, 0.2), max(sweeps, 20)),
    )
    for number, (price, warmth, count) in enumerate(passes):
        if number >= 2 and best_key[0] < 1e-9:
            break
        typical = warmth * gap * float(np.median(weight))
        found, cost, violation, current = anneal(
            *costs,
            weight,
            load.activity / load.scale,
            load.lower / load.scale,
            load.upper / load.scale,
            current,
            graph.indptr if graph is not None else empty,
            graph.indices if graph is not None else empty,
            np.ascontiguousarray(near, dtype=np.int64),
            graph is not None,
            frozen,
            limits.amount,
            limits.total,
            limits.per_territory,
            price,
            max(typical, 1e-15),
            max(typical * 0.02, 1e-16),
            count,
            effort,
            random_state(seed + 7919 * number),
        )
        key = (0.0 if violation < 1e-9 else float(violation), float(cost))
        if key < best_key:
            best, best_key = found, key
    return Refined(labels=best, cost=best_key[1] * factor, violation=best_key[0])
