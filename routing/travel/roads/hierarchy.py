"""A customisable contraction hierarchy over the turn graph.

After J. Dibbelt, B. Strasser, D. Wagner, "Customizable Contraction Hierarchies", ACM JEA 21 (2016), and
V. Buchhold et al., "Real-time traffic assignment using engineered customizable contraction hierarchies" (2019), whose
elimination tree search is used here. The vertex order comes from RoutingKit's inertial flow (package
``routingkit-cch``). Its queries are not used: their 32-bit weights cannot carry time and metres in one search, which
packed float weights do (:mod:`routing.travel.roads.weights`).

Structure (`Skeleton`) depends on the roads only and is prepared once; a `Hierarchy` adds weights and takes a fraction
of a second, so every rush hour and every closure gets its own.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

__all__ = ["Hierarchy", "Skeleton", "build_skeleton", "customise", "order_arcs", "order_available"]

type _Small = npt.NDArray[np.int32]
type _Ints = npt.NDArray[np.int64]
type _Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Skeleton:
    """Chordal supergraph of the turn graph and its elimination tree; vertices are numbered by rank.

    Parameters
    ----------
    rank, vertex : int32 array, shape (n,)
        Rank of every vertex, and the vertex of every rank.
    first, upper : int64 array (n + 1,), int32 array (m,)
        Neighbours of higher rank, ascending, per rank.
    upper_depth : int32 array (m,)
        Depth of each of them: what searches along the tree read, in the order in which they read it.
    parent, depth : int32 array, shape (n,)
        Elimination tree: lowest higher neighbour (-1 at a root) and number of steps to the root.
    begin, end : int32 array, shape (n,)
        Preorder interval of the subtree of every rank.
    edge_slot : int64 array, shape (e,)
        Where each edge of the graph lies in `upper`; `edge_up` says whether it leads to the higher rank.
    """

    rank: _Small
    vertex: _Small
    first: _Ints
    upper: _Small
    upper_depth: _Small
    parent: _Small
    depth: _Small
    begin: _Small
    end: _Small
    edge_slot: _Ints
    edge_up: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Hierarchy:
    """A skeleton with weights: `up` from lower to higher rank, `down` from higher to lower, per slot of `upper`.

    `up_over` and `down_over` hold the rank of the vertex that a shortcut goes over, -1 for edges of the graph.
    """

    skeleton: Skeleton
    up: _Floats
    down: _Floats
    up_over: _Small
    down_over: _Small


def order_available() -> bool:
    """Whether the library that orders the vertices is installed."""
    try:
        import routingkit_cch  # noqa: F401
    except ImportError:
        return False
    return True


def order_arcs(tail: _Small, head: _Small, positions: _Floats) -> _Ints:
    """Elimination order of the arcs of a network, from a nested dissection of its junctions.

    Arcs are ordered by the rank of the junction they enter: cutting the arcs into a separator's junctions separates
    the turn graph too. Ordering junctions instead of arcs takes a third of the time for paths an eighth longer.

    Parameters
    ----------
    tail, head : int32 array, shape (a,)
        Junctions of every arc.
    positions : float64 array, shape (j, 2)
        ``[lat, lon]`` of the junctions.
    """
    import routingkit_cch

    n = len(positions)
    pairs = np.unique(np.minimum(tail, head).astype(np.int64) * n + np.maximum(tail, head))
    low, high = pairs // n, pairs % n
    proper = low != high
    # compact arrays instead of the lists that the signature asks for: a country fits into memory
    compute: Any = routingkit_cch.compute_order_inertial
    order = compute(
        n,
        array("I", low[proper].astype(np.uint32).tobytes()),
        array("I", high[proper].astype(np.uint32).tobytes()),
        array("f", positions[:, 0].astype(np.float32).tobytes()),
        array("f", positions[:, 1].astype(np.float32).tobytes()),
    )
    rank = np.empty(n, np.int64)
    rank[np.asarray(order, np.int64)] = np.arange(n)
    return np.lexsort((rank[tail], rank[head])).astype(np.int64)


def build_skeleton(order: _Ints, source: _Small, target: _Small, *, siblings: tuple[_Small, _Small]) -> Skeleton:
    """Complete a graph to a chordal one.

    Parameters
    ----------
    order : int64 array, shape (n,)
        Vertices from the first eliminated to the last.
    source, target : int32 array, shape (e,)
        Directed edges.
    siblings : pair of int32 arrays
        Pairs of vertices that shall lie on one path of the elimination tree although no edge joins them.
    """
    n = len(order)
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    tails, heads = rank[np.concatenate([source, siblings[0]])], rank[np.concatenate([target, siblings[1]])]
    pairs = np.unique(np.minimum(tails, heads).astype(np.int64) * n + np.maximum(tails, heads))
    low, high = (pairs // n).astype(np.int32), (pairs % n).astype(np.int32)
    proper = low != high
    low, high = low[proper], high[proper]
    first, upper = _complete(np.searchsorted(low, np.arange(n + 1)).astype(np.int64), high)
    parent, depth, begin, end = _elimination_tree(first, upper)
    s, t = rank[source], rank[target]
    return Skeleton(
        rank=rank,
        vertex=order.astype(np.int32),
        first=first,
        upper=upper,
        upper_depth=depth[upper],
        parent=parent,
        depth=depth,
        begin=begin,
        end=end,
        edge_slot=_slots(first, upper, np.minimum(s, t), np.maximum(s, t)),
        edge_up=s < t,
    )


def customise(skeleton: Skeleton, weights: _Floats) -> Hierarchy:
    """Give the skeleton the weights of the graph's edges (same order as at building) and relax all triangles."""
    up = np.full(len(skeleton.upper), np.inf)
    down = np.full(len(skeleton.upper), np.inf)
    usable = skeleton.edge_slot >= 0
    for arr, mine in ((up, skeleton.edge_up & usable), (down, ~skeleton.edge_up & usable)):
        np.minimum.at(arr, skeleton.edge_slot[mine], weights[mine])
    up_over, down_over = np.full(len(up), -1, np.int32), np.full(len(up), -1, np.int32)
    _relax_triangles(skeleton.first, skeleton.upper, up, down, up_over, down_over)
    return Hierarchy(skeleton=skeleton, up=up, down=down, up_over=up_over, down_over=down_over)


@nb.njit(cache=True, nogil=True)
def _complete(given: _Ints, high: _Small) -> tuple[_Ints, _Small]:
    """Upward neighbours after eliminating vertices in order (symbolic Cholesky factorisation)."""
    n = len(given) - 1
    first = np.zeros(n + 1, np.int64)
    upper = np.empty(max(16, 2 * len(high)), np.int32)
    eldest, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    mark = np.full(n, -1, np.int32)
    buffer = np.empty(n, np.int32)
    used = 0
    for v in range(n):
        k = 0
        for i in range(given[v], given[v + 1]):
            x = high[i]
            if mark[x] != v:
                mark[x] = v
                buffer[k] = x
                k += 1
        child = eldest[v]
        while child >= 0:
            for i in range(first[child] + 1, first[child + 1]):  # all but the child's parent, which is v
                x = upper[i]
                if mark[x] != v:
                    mark[x] = v
                    buffer[k] = x
                    k += 1
            child = sibling[child]
        if used + k > len(upper):
            grown = np.empty(2 * (used + k), np.int32)
            grown[:used] = upper[:used]
            upper = grown
        neighbours = np.sort(buffer[:k])
        upper[used : used + k] = neighbours
        used += k
        first[v + 1] = used
        if k:
            parent = neighbours[0]
            sibling[v] = eldest[parent]
            eldest[parent] = v
    return first, upper[:used].copy()


@nb.njit(cache=True, nogil=True)
def _elimination_tree(first: _Ints, upper: _Small) -> tuple[_Small, _Small, _Small, _Small]:
    n = len(first) - 1
    parent, depth = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    size = np.ones(n, np.int32)
    for v in range(n):
        if first[v] < first[v + 1]:
            parent[v] = upper[first[v]]
            size[parent[v]] += size[v]
    begin, end, cursor = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    top = 0
    for v in range(n - 1, -1, -1):
        if parent[v] < 0:
            begin[v] = top
            top += size[v]
        else:
            p = parent[v]
            begin[v] = cursor[p]
            cursor[p] += size[v]
            depth[v] = depth[p] + 1
        cursor[v] = begin[v] + 1
        end[v] = begin[v] + size[v]
    return parent, depth, begin, end


@nb.njit(cache=True, nogil=True)
def _slots(first: _Ints, upper: _Small, low: _Small, high: _Small) -> _Ints:
    """Position of each pair in `upper`; -1 for loops."""
    out = np.empty(len(low), np.int64)
    for e in range(len(low)):
        a, b = first[low[e]], first[low[e] + 1]
        out[e] = a + np.searchsorted(upper[a:b], high[e]) if low[e] != high[e] else -1
    return out


@nb.njit(cache=True, nogil=True)
def _relax_triangles(
    first: _Ints, upper: _Small, up: _Floats, down: _Floats, up_over: _Small, down_over: _Small
) -> None:
    """Make every slot as short as any way over vertices of lower rank (lower triangles, in rank order)."""
    for v in range(len(first) - 1):
        begin, end = first[v], first[v + 1]
        for a in range(begin, end):
            if up[a] == np.inf and down[a] == np.inf:
                continue
            c = first[upper[a]]
            for b in range(a + 1, end):
                y = upper[b]
                while upper[c] < y:
                    c += 1
                through = down[a] + up[b]
                if through < up[c]:
                    up[c] = through
                    up_over[c] = v
                through = down[b] + up[a]
                if through < down[c]:
                    down[c] = through
                    down_over[c] = v
