"""How much workload must change hands at least."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from territories.atoms import Atoms
from territories.engine.costs import Floats, Ints


def overflow_bound(workload: Floats, labels: Ints, share: Floats, tolerance: float) -> float:
    """Least share of workload that leaves overfull territories or enters empty ones, whoever takes it.

    Parameters
    ----------
    workload, labels : arrays, shape (N,)
        Per customer: workload, and territory today.
    share : float array, shape (m,)
        Share of the whole that every territory should have.
    """
    total = float(workload.sum())
    load = np.bincount(labels, workload, len(share))
    over = np.maximum(load - (1 + tolerance) * share * total, 0).sum()
    under = np.maximum((1 - tolerance) * share * total - load, 0).sum()
    return float(max(over, under) / total) if total > 0 else 0.0


def neighbour_flow_bound(atoms: Atoms, unit_labels: Ints, workload: Floats, labels: Ints, tolerance: float) -> float:
    """Least share that must move when it can only cross borders that exist today: a flow on the border graph.

    Work that travels through a territory counts at every border, because every customer on the way changes hands.
    Falls back to :func:`overflow_bound` where no graph is kept or the flow cannot balance (islands).
    """
    share = atoms.share
    m = len(share)
    plain = overflow_bound(workload, labels, share, tolerance)
    if atoms.graph is None or m < 2:
        return plain
    edges = unit_labels[atoms.graph.edges()]
    pairs = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    if len(pairs) == 0:
        return plain
    total = float(workload.sum())
    load = np.bincount(labels, workload, m) / total
    change = np.zeros((m, len(pairs)))
    change[pairs[:, 0], np.arange(len(pairs))] -= 1.0
    change[pairs[:, 1], np.arange(len(pairs))] += 1.0
    found = linprog(
        np.ones(len(pairs)),
        A_ub=np.concatenate([change, -change]),
        b_ub=np.concatenate([(1 + tolerance) * share - load, load - (1 - tolerance) * share]),
        method="highs",
    )
    return max(plain, float(found.fun or 0.0)) if found.status == 0 else plain
