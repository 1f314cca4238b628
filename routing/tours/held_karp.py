"""Held–Karp dynamic programming: the cheapest order when no window, break or shift stands in the way.

M. Held, R. M. Karp, *A dynamic programming approach to sequencing problems*, J. SIAM 10 (1962).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

MAX_STOPS = 14
_FAR = 1 << 60


@njit(cache=True)
def cheapest_order(costs: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Cheapest path from place 0 through all stops to the last place.

    Parameters
    ----------
    costs
        int64 (n, n), start first and end last, at most ``MAX_STOPS`` stops.

    Returns
    -------
    cost, order
        The least cost and an order that has it, int64 (n − 2,).
    """
    k = costs.shape[0] - 2
    full = (1 << k) - 1
    best = np.full((full + 1, k), _FAR, dtype=np.int64)
    for i in range(k):
        best[1 << i, i] = costs[0, i + 1]
    for served in range(1, full + 1):
        for i in range(k):
            so_far = best[served, i]
            if so_far >= _FAR:
                continue
            for j in range(k):
                if not (served >> j) & 1:
                    value = so_far + costs[i + 1, j + 1]
                    if value < best[served | (1 << j), j]:
                        best[served | (1 << j), j] = value
    order = np.empty(k, dtype=np.int64)
    total = _FAR
    last = 0
    for i in range(k):
        if best[full, i] + costs[i + 1, k + 1] < total:
            total = best[full, i] + costs[i + 1, k + 1]
            last = i
    served = full
    for position in range(k - 1, -1, -1):
        order[position] = last + 1
        before = served & ~(1 << last)
        for i in range(k):
            if (before >> i) & 1 and best[before, i] + costs[i + 1, last + 1] == best[served, last]:
                served = before
                last = i
                break
    return total, order
