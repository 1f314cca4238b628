"""Seat reps who have no territory yet: where to take customers from so that the bands can be met cheaply."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from territories.engine.centres import Area, candidates
from territories.engine.contiguity import absorb_stranded
from territories.engine.costs import Costs, Floats, Ints, unit_cost
from territories.engine.dual import Scaled, solve_dual
from territories.engine.graph import Graph, stays_connected
from territories.engine.nearest import nearest
from territories.engine.refine import ChangeLimits
from territories.engine.seeds import hard_centroids

_STEPS = 8


def seat(
    area: Area,
    graph: Graph | None,
    start: Ints,
    centres: Floats,
    staying: Ints,
    bonus: Floats,
    newcomers: Sequence[int],
    limits: ChangeLimits | None,
) -> tuple[Ints, Floats]:
    """Give every newcomer a first territory, cheapest customers first.

    The balanced assignment that prefers today's reps says which units a newcomer would get; the newcomer's centre
    follows into their middle, the centres of the others stay. Hard limits on change end the hand-over where they bind.

    Parameters
    ----------
    start
        Territory of every unit today, shape (n,).
    centres
        Centres today, shape (m, 2); rows of the newcomers are ignored.
    staying, bonus
        Today's territory (-1 for none) and the price of leaving it.
    newcomers
        Territories that are empty today.

    Returns
    -------
    labels, centres
        First labels and the centres of all territories.
    """
    load, centres = area.load, centres.copy()
    excess = np.bincount(start, load.activity[:, 0], load.n_territories) - load.upper[:, 0]
    excess[list(newcomers)] = -np.inf
    for j in newcomers:
        if area.pull[j] < 1.0:
            centres[j] = area.homes[j]
            continue
        # a rep without a fixed home begins where the load is largest; the next such rep at the next largest
        crowded = int(excess.argmax())
        centres[j] = centres[crowded] + 1e-3 * np.sqrt(1.0 + np.ptp(area.points, axis=0))
        excess[crowded] -= load.target[j, 0]
    data, lam = Scaled.of(load), np.zeros_like(load.lower)
    labels = start
    for step in range(_STEPS):
        costs = area.costs(centres)._replace(stay=staying, bonus=bonus)
        found = solve_dual(costs, data, lam, k=candidates(load), warm=step > 0, smoothing=0.01, tolerance=1e-2)
        lam = found.lam
        labels = nearest(costs, data.ratio, lam, 1)[0][:, 0]
        moved = hard_centroids(area.points, load.weight, labels, centres)
        if np.abs(moved[newcomers] - centres[newcomers]).max() < 1e-3 * float(np.ptp(area.points, axis=0).max() + 1e-9):
            break
        centres[newcomers] = moved[newcomers]
    if limits is not None:
        return _within(costs, graph, start, labels, newcomers, limits), centres
    if graph is not None:
        labels = absorb_stranded(costs, labels, graph, ratio=data.ratio, lam=lam, weight=load.weight)
    return labels, centres


def _within(
    costs: Costs, graph: Graph | None, start: Ints, wanted: Ints, newcomers: Sequence[int], limits: ChangeLimits
) -> Ints:
    """Hand over what newcomers want, unit by unit from the nearest, while limits and contiguity allow it."""
    labels = start.copy()
    moved = np.zeros(limits.amount.shape[1])
    left = np.zeros_like(limits.per_territory)
    stamp, queue, clock = np.zeros(len(start), dtype=np.int64), np.empty(len(start) + 1, dtype=np.int64), 0
    for j in newcomers:
        open_units = sorted(np.flatnonzero((wanted == j) & (start != j)).tolist(), key=lambda u: unit_cost(costs, u, j))
        begun = bool((labels == j).any())
        taken = True
        while taken:
            taken = False
            for u in open_units:
                home = int(labels[u])
                if home == j:
                    continue
                counted = costs.stay[u] == home
                if counted and (
                    (moved + limits.amount[u] > limits.total + 1e-9).any()
                    or (left[home] + limits.amount[u] > limits.per_territory[home] + 1e-9).any()
                ):
                    continue
                if graph is not None:
                    clock += 1
                    around = labels[graph.indices[graph.indptr[u] : graph.indptr[u + 1]]]
                    if (begun and j not in around) or not stays_connected(
                        u, labels, graph.indptr, graph.indices, stamp, clock, queue, len(start)
                    ):
                        continue
                labels[u] = j
                begun = taken = True
                if counted:
                    moved += limits.amount[u]
                    left[home] += limits.amount[u]
    return labels
