"""Whole units nearer to the bound: groups of neighbouring territories solved exactly, one after the other.

After the walk every group still wastes a little, because swaps of one unit for another seldom fill a band to its edge.
A mixed-integer program over the units near the borders of a group fills it. Only pairs of unit and territory whose
regret under the multipliers is small are let in: a dear pair cannot pay (variable fixing of Lagrangian relaxation;
Taillard and Voss 2002 for the groups).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial import cKDTree

from territories.engine.costs import Bools, Costs, Floats, Ints, Load
from territories.engine.dual import Scaled
from territories.engine.graph import Graph, stranded
from territories.engine.nearest import nearest

_SIZE = 8
_NODES = 400
_CLOSE = 0.2  # of the share of a territory in the gap: the rest is not worth proving
_NEAR = 6
_RETRIES = 3


@dataclass(frozen=True, kw_only=True)
class _Pairs:
    """Candidate territories of every unit: index, weighted cost and regret, shape (n, k)."""

    index: Ints
    cost: Floats
    regret: Floats


def solve_groups(
    costs: Costs,
    load: Load,
    labels: Ints,
    *,
    lam: Floats,
    gap: float,
    graph: Graph | None,
    fixed: Bools | None = None,
    passes: int = 1,
    seed: int = 0,
) -> Ints:
    """Improve labels that meet the bands by exact solutions of groups of eight neighbouring territories.

    Parameters
    ----------
    costs, load : Costs, Load
        The assignment problem.
    labels : int array, shape (n,)
        Whole units within the bands.
    lam : float array, shape (m, r)
        Multipliers of the normalised problem.
    gap : float
        Weighted cost of the labels above the bound; a pair is let in up to one and a half times its share per
        territory.
    graph : Graph, optional
        Neighbour graph on which territories stay connected.
    fixed : bool array, shape (n,), optional
        Units that must not move.
    passes : int
        How often every territory is the middle of a group; groups that nothing changed in are passed over.

    Returns
    -------
    int array, shape (n,)
        Labels within the bands whose cost is not above that of the given ones.
    """
    m = load.n_territories
    data = Scaled.of(load)
    index, raw, reduced = nearest(costs, data.ratio, lam, min(_NEAR, m))
    weight = load.weight[:, None]
    pairs = _Pairs(index=index, cost=raw * weight, regret=(reduced - reduced[:, :1]) * weight)
    free = np.ones(load.n_units, dtype=np.bool_) if fixed is None else ~fixed
    groups = np.asarray(cKDTree(costs.sites).query(costs.sites, k=min(_SIZE, m))[1]).reshape(m, -1)
    rng = np.random.default_rng(seed)
    labels = labels.copy()
    waiting = np.ones(m, dtype=np.bool_)
    for _ in range(passes):
        for middle in rng.permutation(m):
            group = groups[middle]
            if not waiting[group].any():
                continue
            changed = _solve(pairs, load, labels, group, free, 1.5 * gap / m, graph)
            waiting[middle] = False
            if changed is not None:
                waiting[np.union1d(labels[changed != labels], changed[changed != labels])] = True
                labels = changed
    return labels


def _solve(
    pairs: _Pairs, load: Load, labels: Ints, group: Ints, free: Bools, dear: float, graph: Graph | None
) -> Ints | None:
    """Labels with the group solved anew, or None when that gains nothing."""
    place = np.full(load.n_territories, -1, dtype=np.int64)
    place[group] = np.arange(len(group))
    units = np.flatnonzero((place[labels] >= 0) & free)
    own = pairs.index[units] == labels[units, None]
    allowed = (place[pairs.index[units]] >= 0) & np.isfinite(pairs.cost[units]) & ((pairs.regret[units] < dear) | own)
    choice = own.any(axis=1) & (allowed.sum(axis=1) > 1)
    for _ in range(_RETRIES):
        row, column = np.nonzero(allowed & choice[:, None])
        if len(row) == 0:
            return None
        moved = units[row]
        to = pairs.index[moved, column]
        present = labels[moved] == to
        base = np.zeros(load.n_units)
        base[moved[present]] = pairs.cost[moved[present], column[present]]
        gain = pairs.cost[moved, column] - base[moved]
        taken = _program(gain / dear, row, place[to], present, load, labels, moved, group)
        if taken is None or gain[taken].sum() >= -1e-9 * abs(base.sum()):
            return None
        out = labels.copy()
        out[moved[taken]] = to[taken]
        loose = np.zeros(0, dtype=np.int64) if graph is None else stranded(graph, out)
        loose = np.setdiff1d(loose, [] if graph is None else stranded(graph, labels))
        if len(loose) == 0:
            return out
        # who was cut off, or cut others off, stays; a second look is cheaper than rows for connectedness
        assert graph is not None
        around = np.concatenate([graph.indices[graph.indptr[u] : graph.indptr[u + 1]] for u in loose])
        choice &= ~(np.isin(units, np.union1d(loose, around)) & (out[units] != labels[units]))
    return None


def _program(
    gain: Floats, row: Ints, to: Ints, present: Bools, load: Load, labels: Ints, moved: Ints, group: Ints
) -> Bools | None:
    """Which pairs to take: every unit once, every band of the group met."""
    count = len(gain)
    names, unit = np.unique(row, return_inverse=True)
    gain = gain + 1.0 / len(names)  # adds up to one, so that the solver's relative gap is an absolute one
    columns = np.arange(count)
    once = sp.csr_matrix((np.ones(count), (unit, columns)), shape=(len(names), count))
    rules = [LinearConstraint(once, 1, 1)]
    for r in range(load.activity.shape[1]):
        amount = load.activity[:, r]
        held = np.bincount(labels, amount, load.n_territories)[group]
        held -= np.bincount(to[present], amount[moved[present]], len(group))
        # not scaled: whole minutes or seconds let the solver round the limits
        filled = sp.csr_matrix((amount[moved], (to, columns)), shape=(len(group), count))
        rules.append(LinearConstraint(filled, load.lower[group, r] - held, load.upper[group, r] - held))
    found = milp(
        gain,
        constraints=rules,
        integrality=np.ones(count, dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": _CLOSE, "node_limit": _NODES},
    )
    return None if found.x is None else np.asarray(found.x > 0.5)
