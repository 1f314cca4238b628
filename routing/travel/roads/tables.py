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
    # the lower vertex of a place is the start of its path, the other one lies on it; in preorder the places below any
    # vertex are neighbours
    by_start = np.argsort(s.begin[start.min(axis=1)], kind="stable")
    by_goal = np.argsort(s.begin[goal.min(axis=1)], kind="stable")
    start, goal = start[by_start], goal[by_goal]
    tree = s.first, s.upper_depth, s.parent, s.depth, s.begin, s.end
    leave = _labels(*tree, hierarchy.up, start, origins.weights[by_start])
    arrive = _labels(*tree, hierarchy.down, goal, destinations.weights[by_goal])
    table = np.full((len(origins), len(destinations)), np.inf)
    _join(
        s.parent,
        s.depth,
        s.begin,
        s.end,
        start.min(axis=1),
        by_start,
        np.ascontiguousarray(leave.T),
        s.begin[goal.min(axis=1)],
        arrive,
        table,
    )
    out = np.empty_like(table)
    out[:, by_goal] = table
    return out


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
def _labels(
    first: _Ints,
    upper_depth: _Small,
    parent: _Small,
    depth: _Small,
    begin: _Small,
    end: _Small,
    weights: _Floats,
    seeds: _Small,
    seed_weights: _Floats,
) -> _Floats:
    """Weight between every place and its ancestors at every depth, shape (levels, n); places come in preorder.

    A vertex is relaxed once for all places below it, which are a run of columns.
    """
    n = len(seeds)
    place = np.empty(n, np.int64)
    levels = 0
    for t in range(n):
        low = min(seeds[t, 0], seeds[t, 1])
        place[t] = begin[low]
        levels = max(levels, depth[low] + 1)
    labels = np.full((levels, n), np.inf)
    for t in range(n):
        for k in range(2):
            d = depth[seeds[t, k]]
            labels[d, t] = min(labels[d, t], seed_weights[t, k])
    # the vertices of each place that no place before it has; so the last place comes first, and no vertex before
    # those below it
    for t in range(n - 1, -1, -1):
        v = min(seeds[t, 0], seeds[t, 1])
        stop = t + 1
        while v >= 0 and (t == 0 or not begin[v] <= place[t - 1] < end[v]):
            while stop < n and place[stop] < end[v]:
                stop += 1
            here = labels[depth[v], t:stop]
            for a in range(first[v], first[v + 1]):
                there, weight = labels[upper_depth[a], t:stop], weights[a]
                for i in range(len(here)):
                    way = here[i] + weight
                    there[i] = way if way < there[i] else there[i]
            v = parent[v]
    return labels


@nb.njit(cache=True, nogil=True)
def _join(
    parent: _Small,
    depth: _Small,
    begin: _Small,
    end: _Small,
    low: _Small,
    row_of: _Ints,
    leave: _Floats,
    place: _Small,
    arrive: _Floats,
    out: _Floats,
) -> None:
    """Shortest sum of labels over all common ancestors; row `i` goes to row ``row_of[i]`` of `out`."""
    levels = min(leave.shape[1], arrive.shape[0])
    seen, start, stop = np.full(leave.shape[1], -1, np.int32), np.zeros(levels, np.int64), np.zeros(levels, np.int64)
    for i in range(len(low)):
        row = out[row_of[i]]
        v = low[i]
        while v >= 0 and depth[v] >= levels:
            v = parent[v]
        at = v
        while at >= 0 and seen[depth[at]] != at:  # neighbours share most of their ancestors
            d = depth[at]
            seen[d] = at
            start[d], stop[d] = np.searchsorted(place, begin[at]), np.searchsorted(place, end[at])
            at = parent[at]
        if v < 0:
            continue
        for d in range(depth[v], -1, -1):
            here = leave[i, d]
            if here < np.inf:
                meet, best = arrive[d, start[d] : stop[d]], row[start[d] : stop[d]]
                for t in range(len(meet)):
                    way = here + meet[t]
                    best[t] = way if way < best[t] else best[t]


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
