"""After routing: fit the travel estimate to the travel that was routed, and align once more on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from routing.search.stop import Stop
from territories.alignment import Alignment
from territories.atoms import build_atoms
from territories.problem import TerritoryProblem
from territories.realign import realign
from territories.workload import calibrate, estimate_travel


def recalibrated(
    problem: TerritoryProblem, alignment: Alignment, routed: Mapping[str, float], *, per_rep: bool = True
) -> TerritoryProblem:
    """The problem with a travel estimate fitted to routed weeks.

    Parameters
    ----------
    alignment
        The alignment that was routed.
    routed
        Rep id -> routed travel, seconds per cycle.
    per_rep
        Keep a factor per rep, so that this alignment's travel is met exactly.
    """
    atoms = build_atoms(problem)
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    labels = np.array([index[alignment.territories[c.customer_id]] for c in problem.customers], dtype=np.int64)
    parts = estimate_travel(atoms.travel, labels, replace(problem.travel, factor={}), problem.rep_ids)
    return replace(problem, travel=calibrate(problem.travel, parts, problem.rep_ids, routed, per_rep=per_rep))


def second_round(
    problem: TerritoryProblem,
    alignment: Alignment,
    routed: Mapping[str, float],
    *,
    stability: float = 2.0,
    seed: int = 0,
    stop: Stop | None = None,
) -> Alignment:
    """Align again on the travel that was really routed, changing little: the balance of routed hours is what counts."""
    fitted = recalibrated(problem, alignment, routed)
    return realign(fitted, alignment.territories, stability=stability, seed=seed, stop=stop).alignment
