"""What it costs to give a basic unit to a territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Bools = NDArray[np.bool_]


class Costs(NamedTuple):
    """Cost of unit ``i`` in territory ``j`` per unit of weight, as arrays that the kernels read.

    ``matrix`` wins over the squared distance between ``points`` and ``sites`` when it has rows.

    Attributes
    ----------
    points : float array, shape (n, 2)
        Planar positions of the units in kilometres.
    sites : float array, shape (m, 2)
        Sites of the power diagram in kilometres.
    offset : float array, shape (m,)
        Constant added to every cost of a territory.
    matrix : float array, shape (n, m) or (0, 0)
        Any other cost, for example road seconds to the centres.
    stay : int array, shape (n,)
        Territory the unit has today, -1 when it has none.
    bonus : float array, shape (n,)
        Cost added when the unit leaves ``stay``.
    mask_of : int array, shape (n,)
        Row of ``masks`` that says where the unit may go.
    masks : bool array, shape (g, m)
        Distinct sets of allowed territories.
    """

    points: Floats
    sites: Floats
    offset: Floats
    matrix: Floats
    stay: Ints
    bonus: Floats
    mask_of: Ints
    masks: Bools


@dataclass(frozen=True, kw_only=True)
class Load:
    """Weights, activities and bands of one assignment problem.

    Attributes
    ----------
    weight : float array, shape (n,)
        Weight of a unit in the compactness objective, positive.
    activity : float array, shape (n, r)
        Activity measures that are balanced.
    lower, upper : float array, shape (m, r)
        Band of every territory and measure.
    """

    weight: Floats
    activity: Floats
    lower: Floats
    upper: Floats

    @property
    def n_units(self) -> int:
        """Number of basic units."""
        return len(self.weight)

    @property
    def n_territories(self) -> int:
        """Number of territories."""
        return len(self.lower)

    @property
    def target(self) -> Floats:
        """Middle of the band, shape (m, r)."""
        return (self.lower + self.upper) / 2

    @property
    def scale(self) -> Floats:
        """Mean target of every measure, shape (r,), never zero."""
        return np.maximum(self.target.mean(axis=0), 1e-12)

    def on_grid(self) -> Load:
        """The same for whole units: bands of a measure in whole numbers end at multiples of its common divisor."""
        lower, upper = self.lower.copy(), self.upper.copy()
        for r in range(self.activity.shape[1]):
            amount = self.activity[:, r]
            if np.abs(amount).max(initial=0.0) >= 2**53 or (amount != np.rint(amount)).any():
                continue
            step = float(np.gcd.reduce(amount.astype(np.int64)))
            if step == 0.0:
                continue
            low, high = np.ceil(lower[:, r] / step - 1e-9) * step, np.floor(upper[:, r] / step + 1e-9) * step
            reached = low <= high
            lower[reached, r], upper[reached, r] = low[reached], high[reached]
        return Load(weight=self.weight, activity=self.activity, lower=lower, upper=upper)


def power_costs(
    points: Floats,
    sites: Floats,
    *,
    offset: Floats | None = None,
    stay: Ints | None = None,
    bonus: Floats | None = None,
    mask_of: Ints | None = None,
    masks: Bools | None = None,
) -> Costs:
    """Squared distance to the sites: the cost whose dual is a power diagram."""
    n, m = len(points), len(sites)
    return Costs(
        points=np.ascontiguousarray(points, dtype=np.float64),
        sites=np.ascontiguousarray(sites, dtype=np.float64),
        offset=np.zeros(m) if offset is None else np.asarray(offset, dtype=np.float64),
        matrix=np.zeros((0, 0)),
        stay=np.full(n, -1, dtype=np.int64) if stay is None else stay,
        bonus=np.zeros(n) if bonus is None else bonus,
        mask_of=np.zeros(n, dtype=np.int64) if mask_of is None else mask_of,
        masks=np.ones((1, m), dtype=np.bool_) if masks is None else masks,
    )


def matrix_costs(
    points: Floats,
    sites: Floats,
    matrix: Floats,
    *,
    stay: Ints | None = None,
    bonus: Floats | None = None,
    mask_of: Ints | None = None,
    masks: Bools | None = None,
) -> Costs:
    """Any cost matrix of shape (n, m); ``points`` and ``sites`` only serve geometry."""
    base = power_costs(points, sites, stay=stay, bonus=bonus, mask_of=mask_of, masks=masks)
    return base._replace(matrix=np.ascontiguousarray(matrix, dtype=np.float64))


@njit(cache=True)
def cost_of(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    i: int,
    j: int,
) -> float:
    """Cost of unit ``i`` in territory ``j`` per unit of weight; infinite where it is not allowed.

    Takes the arrays of :class:`Costs` one by one: taking them out of the tuple in an inner loop costs ten times more.
    """
    if not masks[mask_of[i], j]:
        return np.inf
    if matrix.shape[0] > 0:
        c = float(matrix[i, j])
    else:
        dx = points[i, 0] - sites[j, 0]
        dy = points[i, 1] - sites[j, 1]
        c = float(dx * dx + dy * dy)
    c += offset[j]
    if stay[i] >= 0 and stay[i] != j:
        c += bonus[i]
    return float(c)


@njit(cache=True)
def _assigned(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    labels: Ints,
) -> Floats:
    out = np.empty(len(labels))
    for i in range(len(labels)):
        out[i] = cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, i, labels[i])
    return out


def assigned_cost(costs: Costs, labels: Ints) -> Floats:
    """Cost per unit of weight of every unit in its territory, shape (n,)."""
    return np.asarray(_assigned(*costs, labels))


def unit_cost(costs: Costs, i: int, j: int) -> float:
    """Cost of one unit in one territory per unit of weight."""
    return float(cost_of(*costs, i, j))


def loads(labels: Ints, activity: Floats, n_territories: int) -> Floats:
    """Sum of every activity per territory, shape (m, r)."""
    return np.stack([np.bincount(labels, activity[:, r], n_territories) for r in range(activity.shape[1])], axis=1)
