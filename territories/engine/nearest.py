"""The cheapest territories of every unit, found by looking only at sites that can be among them."""

from __future__ import annotations

import numpy as np
from numba import njit

from territories.engine.costs import Bools, Costs, Floats, Ints, cost_of

_PER_CELL = 12  # units wanted in a cell of the grid


@njit(cache=True)
def _insert(index: Ints, cost: Floats, reduced: Floats, i: int, filled: int, j: int, c: float, red: float) -> int:
    """Put territory ``j`` into the sorted row of unit ``i``; the new number of filled places."""
    k = index.shape[1]
    if filled == k and red >= reduced[i, k - 1]:
        return filled
    q = filled if filled < k else k - 1
    while q > 0 and reduced[i, q - 1] > red:
        reduced[i, q] = reduced[i, q - 1]
        cost[i, q] = cost[i, q - 1]
        index[i, q] = index[i, q - 1]
        q -= 1
    reduced[i, q] = red
    cost[i, q] = c
    index[i, q] = j
    return filled + 1 if filled < k else filled


@njit(cache=True)
def _scan(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    ratio: Floats,
    lam: Floats,
    index: Ints,
    cost: Floats,
    reduced: Floats,
    i: int,
) -> None:
    """All territories of unit ``i``, one by one."""
    filled = 0
    for j in range(lam.shape[0]):
        c = cost_of(points, sites, offset, matrix, stay, bonus, mask_of, masks, i, j)
        if c == np.inf:
            continue
        red = c
        for r in range(ratio.shape[1]):
            red -= lam[j, r] * ratio[i, r]
        filled = _insert(index, cost, reduced, i, filled, j, c, red)
    for q in range(filled, index.shape[1]):
        index[i, q] = index[i, 0]


@njit(cache=True)
def _scan_all(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    ratio: Floats,
    lam: Floats,
    index: Ints,
    cost: Floats,
    reduced: Floats,
) -> None:
    for i in range(len(ratio)):
        _scan(points, sites, offset, matrix, stay, bonus, mask_of, masks, ratio, lam, index, cost, reduced, i)


@njit(cache=True)
def _grid(points: Floats, per_cell: int) -> tuple[Ints, Ints]:
    """Units in the order of the cells of a square grid, and where every cell begins."""
    n = len(points)
    x0, y0 = points[:, 0].min(), points[:, 1].min()
    width, height = points[:, 0].max() - x0, points[:, 1].max() - y0
    count = max(1.0, n / per_cell)
    side = max(np.sqrt(width * height / count), max(width, height) / count, 1e-12)
    columns, rows = int(width / side) + 1, int(height / side) + 1
    begin = np.zeros(columns * rows + 1, dtype=np.int64)
    cell = np.empty(n, dtype=np.int64)
    for i in range(n):
        cell[i] = int((points[i, 1] - y0) / side) * columns + int((points[i, 0] - x0) / side)
        begin[cell[i] + 1] += 1
    for g in range(columns * rows):
        begin[g + 1] += begin[g]
    at = begin[:-1].copy()
    order = np.empty(n, dtype=np.int64)
    for i in range(n):
        order[at[cell[i]]] = i
        at[cell[i]] += 1
    return order, begin


@njit(cache=True)
def _reach(
    points: Floats, sites: Floats, offset: Floats, ratio: Floats, lam: Floats, members: Ints, k: int, found: Ints
) -> int:
    """Sites that can be among the ``k`` cheapest of a unit in this cell, written to ``found``; how many.

    Of the squared distance to a site, the part that is the same for all sites is left out; the rest is linear in the
    unit's place, so it lies within twice the cell's radius times the distance of the cell's middle from the site.
    """
    m, r_count = lam.shape
    left, right = np.inf, -np.inf
    down, up = np.inf, -np.inf
    low, high = np.full(r_count, np.inf), np.full(r_count, -np.inf)
    for i in members:
        left, right = min(left, points[i, 0]), max(right, points[i, 0])
        down, up = min(down, points[i, 1]), max(up, points[i, 1])
        for r in range(r_count):
            low[r], high[r] = min(low[r], ratio[i, r]), max(high[r], ratio[i, r])
    x, y = (left + right) / 2, (down + up) / 2
    radius = np.sqrt((right - left) ** 2 + (up - down) ** 2) / 2
    least = np.empty(m)
    top = np.full(k, np.inf)
    for j in range(m):
        dx, dy = sites[j, 0] - x, sites[j, 1] - y
        square = dx * dx + dy * dy
        room = 2 * radius * np.sqrt(square)
        worst = square + offset[j] + room
        best = square + offset[j] - room
        for r in range(r_count):
            one, other = lam[j, r] * low[r], lam[j, r] * high[r]
            worst -= min(one, other)
            best -= max(one, other)
        least[j] = best
        if worst < top[k - 1]:
            q = k - 1
            while q > 0 and top[q - 1] > worst:
                top[q] = top[q - 1]
                q -= 1
            top[q] = worst
    edge = top[k - 1] + 1e-9 * (1.0 + abs(top[k - 1]))
    count = 0
    for j in range(m):
        if least[j] <= edge:
            found[count] = j
            count += 1
    return count


@njit(cache=True)
def _by_cells(
    points: Floats,
    sites: Floats,
    offset: Floats,
    matrix: Floats,
    stay: Ints,
    bonus: Floats,
    mask_of: Ints,
    masks: Bools,
    ratio: Floats,
    lam: Floats,
    index: Ints,
    cost: Floats,
    reduced: Floats,
    per_cell: int,
) -> None:
    m, r_count = lam.shape
    k = index.shape[1]
    open_mask = np.empty(masks.shape[0], dtype=np.bool_)
    for g in range(masks.shape[0]):
        open_mask[g] = masks[g].all()
    found = np.empty(m, dtype=np.int64)
    order, begin = _grid(points, per_cell)
    for cell in range(len(begin) - 1):
        members = order[begin[cell] : begin[cell + 1]]
        if len(members) == 0:
            continue
        count = _reach(points, sites, offset, ratio, lam, members, k, found)
        for i in members:
            if stay[i] >= 0 or not open_mask[mask_of[i]]:
                _scan(points, sites, offset, matrix, stay, bonus, mask_of, masks, ratio, lam, index, cost, reduced, i)
                continue
            filled = 0
            for f in range(count):
                j = found[f]
                dx = points[i, 0] - sites[j, 0]
                dy = points[i, 1] - sites[j, 1]
                c = dx * dx + dy * dy + offset[j]
                red = c
                for r in range(r_count):
                    red -= lam[j, r] * ratio[i, r]
                filled = _insert(index, cost, reduced, i, filled, j, c, red)


def nearest(costs: Costs, ratio: Floats, lam: Floats, k: int) -> tuple[Ints, Floats, Floats]:
    """Find the ``k`` territories of least reduced cost for every unit.

    Returns
    -------
    index : int array, shape (n, k)
        Territories, best first; the first is repeated where fewer are allowed.
    cost : float array, shape (n, k)
        Cost per unit of weight, infinite in repeated places.
    reduced : float array, shape (n, k)
        Cost minus the value of the load under the multipliers ``lam``.
    """
    n = len(ratio)
    index = np.zeros((n, k), dtype=np.int64)
    cost = np.full((n, k), np.inf)
    reduced = np.full((n, k), np.inf)
    if costs.matrix.size:
        _scan_all(*costs, ratio, lam, index, cost, reduced)
    else:
        _by_cells(*costs, ratio, lam, index, cost, reduced, _PER_CELL)
    return index, cost, reduced
