"""Figures of a given plan under a model, as the search itself sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.search.encode import encode
from routing.search.kernels import routes
from routing.search.kernels.layout import new_plan
from routing.search.model import Floats, Ints, SearchModel


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Cost without penalties; violations per shift: excess of each load, excess duration, lateness; durations per
    shift."""

    cost: float
    violation: Floats  # (S, L + 2)
    duration: Floats  # (S,)

    @property
    def feasible(self) -> bool:
        """No violation beyond rounding."""
        return bool((self.violation <= 1e-6).all())


def evaluate(model: SearchModel, plan: Sequence[Sequence[int]], pattern: Ints) -> Evaluation:
    """Evaluate routes (customers per shift of the model) and the pattern row of each customer."""
    encoded = encode(model, neighbours=1)
    x = new_plan(encoded.problem, encoded.longest)
    flat = [int(c) for s in encoded.order for c in plan[s]]
    start = np.concatenate([[0], np.cumsum([len(plan[s]) for s in encoded.order])]).astype(np.int64)
    routes.load_routes(encoded.problem, x, np.array(flat or [0], np.int64), start, np.asarray(pattern, np.int64))
    figures = np.zeros(x.violation.shape[1] + 1)
    routes.totals(encoded.problem, x, figures)
    back = np.argsort(encoded.order)
    return Evaluation(cost=float(figures[0]), violation=x.violation[back], duration=x.stat[back, 1])
