"""Join stranded units to a neighbouring territory, so that every territory is one piece."""

from __future__ import annotations

import numpy as np

from territories.engine.costs import Bools, Costs, Floats, Ints, unit_cost
from territories.engine.graph import Graph, parts, stranded


def absorb_stranded(
    costs: Costs,
    labels: Ints,
    graph: Graph,
    *,
    ratio: Floats,
    lam: Floats,
    weight: Floats,
    fixed: Bools | None = None,
    rounds: int = 20,
) -> Ints:
    """Give every stranded piece to the adjacent territory of least reduced cost.

    Pieces that may go nowhere else (pins, skills, ``fixed``) stay where they are.
    """
    labels = labels.copy()
    for _ in range(rounds):
        loose = stranded(graph, labels, weight)
        if len(loose) == 0:
            break
        piece = parts(graph, labels)
        moved = False
        loose = loose[np.argsort(piece[loose], kind="stable")]
        for units in np.split(loose, np.flatnonzero(np.diff(piece[loose])) + 1):
            if fixed is not None and fixed[units].any():
                continue
            home = labels[units[0]]
            around = np.concatenate([graph.indices[graph.indptr[i] : graph.indptr[i + 1]] for i in units])
            options = np.unique(labels[around])
            best, best_cost = -1, np.inf
            for b in options[options != home]:
                total = 0.0
                for i in units:
                    total += weight[i] * (unit_cost(costs, int(i), int(b)) - float(ratio[i] @ lam[b]))
                if total < best_cost:
                    best, best_cost = int(b), total
            if best >= 0:
                labels[units] = best
                moved = True
        if not moved:
            break
    return labels
