"""Single ways over the hierarchy: the chain of vertices from one place to another, shortcuts unpacked."""

from __future__ import annotations

from typing import Final

import numba as nb
import numpy as np
import numpy.typing as npt

from routing.travel.roads.hierarchy import Hierarchy
from routing.travel.roads.tables import Seeds

__all__ = ["shortest_path"]

type _Small = npt.NDArray[np.int32]
type _Ints = npt.NDArray[np.int64]
type _Floats = npt.NDArray[np.float64]

_LOOK_AGAIN: Final = 16  # levels after which the bounds of a search are worked out anew


def shortest_path(hierarchy: Hierarchy, origin: Seeds, destination: Seeds) -> tuple[_Small, float]:
    """Vertices of the best way from one place to another, in order (empty if there is none), and its weight."""
    s = hierarchy.skeleton
    ranks, weight = _path(
        s.first,
        s.upper,
        s.upper_depth,
        s.parent,
        s.depth,
        hierarchy.up,
        hierarchy.down,
        hierarchy.up_over,
        hierarchy.down_over,
        s.rank[origin.vertices[0]],
        origin.weights[0],
        s.rank[destination.vertices[0]],
        destination.weights[0],
    )
    return s.vertex[ranks], weight


@nb.njit(cache=True, nogil=True)
def _tree_path(parent: _Small, depth: _Small, seeds: _Small, seed_weights: _Floats) -> tuple[_Small, _Floats, _Small]:
    """Ranks from the lower seed to the root, the weight to each so far, and the path index it was reached from."""
    low = min(seeds[0], seeds[1])
    n = depth[low] + 1
    path, best, before = np.empty(n, np.int32), np.full(n, np.inf), np.full(n, -1, np.int32)
    v = low
    for i in range(n):
        path[i] = v
        v = parent[v]
    for k in range(2):
        i = n - 1 - depth[seeds[k]]
        best[i] = min(best[i], seed_weights[k])
    return path, best, before


@nb.njit(cache=True, nogil=True)
def _relax(
    first: _Ints, upper_depth: _Small, weights: _Floats, path: _Small, best: _Floats, before: _Small, i: int
) -> None:
    here, bottom = best[i], len(path) - 1
    for a in range(first[path[i]], first[path[i] + 1]):
        j = bottom - upper_depth[a]
        if here + weights[a] < best[j]:
            best[j] = here + weights[a]
            before[j] = i


@nb.njit(cache=True, nogil=True)
def _path(
    first: _Ints,
    upper: _Small,
    upper_depth: _Small,
    parent: _Small,
    depth: _Small,
    up: _Floats,
    down: _Floats,
    up_over: _Small,
    down_over: _Small,
    start: _Small,
    start_weights: _Floats,
    goal: _Small,
    goal_weights: _Floats,
) -> tuple[_Small, float]:
    path_a, best_a, before_a = _tree_path(parent, depth, start, start_weights)
    path_b, best_b, before_b = _tree_path(parent, depth, goal, goal_weights)
    common = 0
    while (
        common < len(path_a)
        and common < len(path_b)
        and path_a[len(path_a) - 1 - common] == path_b[len(path_b) - 1 - common]
    ):
        common += 1
    for i in range(len(path_a) - common):
        if best_a[i] < np.inf:
            _relax(first, upper_depth, up, path_a, best_a, before_a, i)
    for j in range(len(path_b) - common):
        if best_b[j] < np.inf:
            _relax(first, upper_depth, down, path_b, best_b, before_b, j)
    # above the lowest common ancestor, go on only from where the best way so far can still be beaten: labels only grow
    # on the way up, so none there will be less than the least that is still to be passed on
    meet_a, meet_b, best = -1, -1, np.inf
    least_a = least_b = np.inf
    for k in range(common, 0, -1):
        i, j = len(path_a) - k, len(path_b) - k
        if (common - k) % _LOOK_AGAIN == 0:
            least_a, least_b = best_a[i:].min(), best_b[j:].min()
        if best_a[i] + best_b[j] < best:
            best, meet_a, meet_b = best_a[i] + best_b[j], i, j
        if best_a[i] + least_b < best:
            _relax(first, upper_depth, up, path_a, best_a, before_a, i)
        if best_b[j] + least_a < best:
            _relax(first, upper_depth, down, path_b, best_b, before_b, j)
    if meet_a < 0:
        return np.empty(0, np.int32), np.inf
    # the chain over the meeting vertex, laid out from the goal back to the start: the stack of what is to be unpacked
    room = len(path_a) + len(path_b)
    chain = np.empty(room, np.int32)
    n = 0
    i = meet_a
    while i >= 0:
        chain[n] = path_a[i]
        n += 1
        i = before_a[i]
    chain[:n] = chain[:n][::-1].copy()
    j = before_b[meet_b]
    while j >= 0:
        chain[n] = path_b[j]
        n += 1
        j = before_b[j]
    # replace every shortcut by the two slots it stands for, until only edges of the graph are left
    out = np.empty(256, np.int32)
    out[0] = chain[0]
    count = 1
    stack = np.empty(room + 1024, np.int32)
    stack[:n] = chain[:n][::-1]
    size = n
    while size > 1:
        u, v = stack[size - 1], stack[size - 2]
        low, high = min(u, v), max(u, v)
        slot = first[low] + np.searchsorted(upper[first[low] : first[low + 1]], high)
        over = up_over[slot] if u < v else down_over[slot]
        if over < 0:
            if count == len(out):
                grown = np.empty(2 * count, np.int32)
                grown[:count] = out
                out = grown
            out[count] = v
            count += 1
            size -= 1
        else:
            if size == len(stack):
                taller = np.empty(2 * size, np.int32)
                taller[:size] = stack
                stack = taller
            stack[size - 1] = over
            stack[size] = u
            size += 1
    return out[:count].copy(), best
