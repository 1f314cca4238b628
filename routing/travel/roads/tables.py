"""Many-to-many travel over the hierarchy, by labels along the elimination tree.

Each place gets one label: its best weight to (or from) every ancestor of its vertices. Both vertices of a place, the
two directions of its street, lie on one path of the tree, so one label per place is enough. Two places meet in their
common ancestors: a contiguous interval of targets once these are sorted by preorder, so the inner loop is a plain
vector minimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.travel.roads.hierarchy import Hierarchy

__all__ = ["Seeds", "elementwise", "many_to_many", "one_to_all"]

type _Small = npt.NDArray[np.int32]
type _Ints = npt.NDArray[np.int64]
type _Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Seeds:
    """Where trips start or end: for each place two vertices with a weight each (infinite: not that one).

    Parameters
    ----------
    vertices : int32 array, shape (n, 2)
        Vertices of the graph; both of a place must lie on one path of the elimination tree.
    weights : float64 array, shape (n, 2)
        Weight of getting from the place to the end of that arc (origins); for destinations, what is *not* driven of
        the arc, as a negative number.
    """

    vertices: _Small
    weights: _Floats

    def __len__(self) -> int:
        return len(self.vertices)


def many_to_many(hierarchy: Hierarchy, origins: Seeds, destinations: Seeds) -> _Floats:
    """Packed weights of the best ways from all origins to all destinations; infinite where there is none.

    Returns
    -------
    float64 array, shape (len(origins), len(destinations)).
    """
    s = hierarchy.skeleton
    if not len(origins) or not len(destinations):
        return np.full((len(origins), len(destinations)), np.inf)
    start, goal = s.rank[origins.vertices], s.rank[destinations.vertices]
    # the lower vertex of a place is the start of its path, the other one lies on it
    place = s.begin[goal.min(axis=1)]
    order = np.argsort(place, kind="stable")
    levels = 1 + int(max(s.depth[start].max(), s.depth[goal].max()))
    labels = np.full((levels, len(destinations)), np.inf)
    _target_labels(
        s.first, s.upper_depth, s.parent, s.depth, hierarchy.down, goal[order], destinations.weights[order], labels
    )
    by_place = np.argsort(s.begin[start.min(axis=1)], kind="stable")
    sorted_out = np.full((len(origins), len(destinations)), np.inf)
    _join(
        s.first,
        s.upper_depth,
        s.parent,
        s.depth,
        s.begin,
        s.end,
        hierarchy.up,
        start[by_place],
        origins.weights[by_place],
        place[order],
        labels,
        sorted_out,
    )
    back_row, back_column = np.empty_like(by_place), np.empty_like(order)
    back_row[by_place], back_column[order] = np.arange(len(by_place)), np.arange(len(order))
    table: _Floats = sorted_out[np.ix_(back_row, back_column)]
    return table


def elementwise(hierarchy: Hierarchy, origins: Seeds, destinations: Seeds) -> _Floats:
    """Packed weight from each origin to the destination of the same index, shape (n,)."""
    s = hierarchy.skeleton
    if not len(origins):
        return np.empty(0)
    start, goal = s.rank[origins.vertices], s.rank[destinations.vertices]
    levels = 1 + int(max(s.depth[start].max(), s.depth[goal].max()))
    weights: _Floats = _pairs(
        s.first,
        s.upper_depth,
        s.parent,
        s.depth,
        hierarchy.up,
        hierarchy.down,
        start,
        origins.weights,
        goal,
        destinations.weights,
        levels,
    )
    return weights


def one_to_all(hierarchy: Hierarchy, vertices: _Small, weights: _Floats) -> _Floats:
    """Packed weights from a few seed vertices to every vertex (upward search, then one sweep down the ranks).

    After D. Delling et al., "PHAST: hardware-accelerated shortest path trees", JPDC 73 (2013).
    """
    s = hierarchy.skeleton
    ranked: _Floats = _sweep(s.first, s.upper, s.parent, hierarchy.up, hierarchy.down, s.rank[vertices], weights)
    best: _Floats = ranked[s.rank]
    return best


@nb.njit(cache=True, nogil=True)
def _climb(
    first: _Ints, upper_depth: _Small, parent: _Small, depth: _Small, weights: _Floats, low: int, label: _Floats
) -> None:
    """Relax upward from `low` to the root; `label` is indexed by depth."""
    v = low
    while v >= 0:
        here = label[depth[v]]
        if here < np.inf:
            for a in range(first[v], first[v + 1]):
                d = upper_depth[a]
                if here + weights[a] < label[d]:
                    label[d] = here + weights[a]
        v = parent[v]


@nb.njit(cache=True, nogil=True)
def _target_labels(
    first: _Ints,
    upper_depth: _Small,
    parent: _Small,
    depth: _Small,
    down: _Floats,
    goal: _Small,
    weights: _Floats,
    labels: _Floats,
) -> None:
    label = np.empty(labels.shape[0])
    for t in range(len(goal)):
        label[:] = np.inf
        for k in range(2):
            d = depth[goal[t, k]]
            label[d] = min(label[d], weights[t, k])
        _climb(first, upper_depth, parent, depth, down, min(goal[t, 0], goal[t, 1]), label)
        labels[:, t] = label


@nb.njit(cache=True, nogil=True)
def _join(
    first: _Ints,
    upper_depth: _Small,
    parent: _Small,
    depth: _Small,
    begin: _Small,
    end: _Small,
    up: _Floats,
    start: _Small,
    weights: _Floats,
    place: _Small,
    labels: _Floats,
    out: _Floats,
) -> None:
    label = np.empty(labels.shape[0])
    for i in range(len(start)):
        label[:] = np.inf
        for k in range(2):
            d = depth[start[i, k]]
            label[d] = min(label[d], weights[i, k])
        low = min(start[i, 0], start[i, 1])
        _climb(first, upper_depth, parent, depth, up, low, label)
        row = out[i]
        v = low
        while v >= 0:
            here = label[depth[v]]
            if here < np.inf:
                a, b = np.searchsorted(place, begin[v]), np.searchsorted(place, end[v])
                meet = labels[depth[v]]
                for t in range(a, b):
                    way = here + meet[t]
                    row[t] = way if way < row[t] else row[t]
            v = parent[v]


@nb.njit(cache=True, nogil=True)
def _pairs(
    first: _Ints,
    upper_depth: _Small,
    parent: _Small,
    depth: _Small,
    up: _Floats,
    down: _Floats,
    start: _Small,
    start_weights: _Floats,
    goal: _Small,
    goal_weights: _Floats,
    levels: int,
) -> _Floats:
    out = np.full(len(start), np.inf)
    there, back = np.empty(levels), np.empty(levels)
    for i in range(len(start)):
        there[:] = np.inf
        back[:] = np.inf
        for k in range(2):
            d = depth[start[i, k]]
            there[d] = min(there[d], start_weights[i, k])
            d = depth[goal[i, k]]
            back[d] = min(back[d], goal_weights[i, k])
        v, x = min(start[i, 0], start[i, 1]), min(goal[i, 0], goal[i, 1])
        _climb(first, upper_depth, parent, depth, up, v, there)
        _climb(first, upper_depth, parent, depth, down, x, back)
        while v != x and v >= 0 and x >= 0:  # parents have higher ranks: raise the lower one
            if v < x:
                v = parent[v]
            else:
                x = parent[x]
        if v == x:
            while v >= 0:
                out[i] = min(out[i], there[depth[v]] + back[depth[v]])
                v = parent[v]
    return out


@nb.njit(cache=True, nogil=True)
def _sweep(
    first: _Ints, upper: _Small, parent: _Small, up: _Floats, down: _Floats, seeds: _Small, weights: _Floats
) -> _Floats:
    best = np.full(len(parent), np.inf)
    for k in range(len(seeds)):
        best[seeds[k]] = min(best[seeds[k]], weights[k])
    for k in range(len(seeds)):
        v = seeds[k]
        while v >= 0:
            for a in range(first[v], first[v + 1]):
                x = upper[a]
                if best[v] + up[a] < best[x]:
                    best[x] = best[v] + up[a]
            v = parent[v]
    for v in range(len(parent) - 1, -1, -1):
        for a in range(first[v], first[v + 1]):
            way = best[upper[a]] + down[a]
            if way < best[v]:
                best[v] = way
    return best
