"""A quick levelling of the days: large customers first, then one customer after the other moved while it helps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

_SWEEPS = 30


def level(patterns: Sequence[Sequence[Sequence[int]]], demand: Floats, capacity: Floats) -> tuple[int, ...]:
    """A pattern for each customer that keeps the days about equally full; it may be over a capacity.

    Parameters
    ----------
    patterns, demand, capacity
        As for :func:`routing.days.assign.assign_patterns`.
    """
    days = len(capacity)
    with np.errstate(divide="ignore"):
        weight = np.where(capacity > 0, 1.0 / capacity, 1e6)
    rows = [np.zeros((len(mine), days)) for mine in patterns]
    for row, mine in zip(rows, patterns, strict=True):
        for k, pattern in enumerate(mine):
            row[k, list(set(pattern))] = 1.0
    size = demand.max(axis=1, initial=0.0) * np.array([row.sum(axis=1).max() for row in rows])
    used = np.zeros_like(capacity)
    choice = np.full(len(patterns), -1)

    def best(i: int) -> int:
        after = (used[None] + rows[i][:, :, None] * demand[i][None, None, :]) * weight[None]
        # the sum of squares levels; a steep price keeps days below their capacity
        return int(np.argmin((after**2).sum(axis=(1, 2)) + 1e3 * np.maximum(0.0, after - 1.0).sum(axis=(1, 2))))

    for i in np.argsort(-size, kind="stable"):
        choice[i] = best(int(i))
        used += rows[i][choice[i]][:, None] * demand[i][None, :]
    for _ in range(_SWEEPS):
        moved = False
        for i in range(len(patterns)):
            used -= rows[i][choice[i]][:, None] * demand[i][None, :]
            other = best(i)
            moved = moved or other != choice[i]
            choice[i] = other
            used += rows[i][other][:, None] * demand[i][None, :]
        if not moved:
            break
    return tuple(int(k) for k in choice)
