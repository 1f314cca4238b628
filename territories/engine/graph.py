"""Neighbour graphs of basic units and the connectivity questions asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numba import njit
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError, cKDTree

from territories.engine.costs import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Undirected graph in compressed rows: the neighbours of ``i`` are ``indices[indptr[i]:indptr[i + 1]]``."""

    indptr: Ints
    indices: Ints

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1

    def edges(self) -> Ints:
        """Every edge once, shape (e, 2), smaller node first."""
        row = np.repeat(np.arange(self.n), np.diff(self.indptr))
        keep = row < self.indices
        return np.stack([row[keep], self.indices[keep]], axis=1)

    def matrix(self) -> sp.csr_matrix:
        """Adjacency as a sparse matrix of ones."""
        return sp.csr_matrix((np.ones(len(self.indices)), self.indices, self.indptr), shape=(self.n, self.n))


def from_edges(n: int, edges: Ints) -> Graph:
    """Convert a list of node pairs to a graph; direction, duplicates and loops do not matter."""
    edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    edges = edges[edges[:, 0] != edges[:, 1]]
    both = np.concatenate([edges, edges[:, ::-1]])
    matrix = sp.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
    matrix.sum_duplicates()
    matrix.sort_indices()
    return Graph(indptr=matrix.indptr.astype(np.int64), indices=matrix.indices.astype(np.int64))


def build_delaunay(points: Floats) -> Graph:
    """Compute the Delaunay neighbours of points in the plane; always connected.

    Parameters
    ----------
    points : float array, shape (n, 2)
        Positions; points that coincide are chained to one another.
    """
    n = len(points)
    if n < 2:
        return from_edges(n, np.zeros((0, 2), dtype=np.int64))
    unique, first, inverse = np.unique(points, axis=0, return_index=True, return_inverse=True)
    inverse = inverse.ravel()
    order = np.argsort(inverse, kind="stable")
    twins = np.stack([order[:-1], order[1:]], axis=1)[inverse[order[:-1]] == inverse[order[1:]]]
    if len(unique) < 4:
        line = np.argsort(unique[:, 0] + 1e-3 * unique[:, 1])
        core = np.stack([line[:-1], line[1:]], axis=1)
    else:
        try:
            t = Delaunay(unique).simplices
            core = np.concatenate([t[:, [0, 1]], t[:, [1, 2]], t[:, [0, 2]]])
        except QhullError:  # all on one line
            line = np.lexsort((unique[:, 1], unique[:, 0]))
            core = np.stack([line[:-1], line[1:]], axis=1)
    return connect(from_edges(n, np.concatenate([first[core], twins])), points)


def connect(graph: Graph, points: Floats) -> Graph:
    """Join the components of a graph by their shortest links, so that contiguity can be asked for."""
    while True:
        count, component = connected_components(graph.matrix(), directed=False)
        if count <= 1:
            return graph
        links = []
        for c in range(count):
            inside, outside = np.flatnonzero(component == c), np.flatnonzero(component != c)
            distance, where = (np.asarray(x) for x in cKDTree(points[outside]).query(points[inside]))
            best = int(np.argmin(distance))
            links.append((int(inside[best]), int(outside[where[best]])))
        graph = from_edges(graph.n, np.concatenate([graph.edges(), np.array(links, dtype=np.int64)]))


def parts(graph: Graph, labels: Ints) -> Ints:
    """Connected piece of every unit inside its own territory, shape (n,)."""
    edges = graph.edges()
    same = edges[labels[edges[:, 0]] == labels[edges[:, 1]]]
    matrix = sp.csr_matrix((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(graph.n, graph.n))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def stranded(graph: Graph, labels: Ints, weight: Floats | None = None) -> Ints:
    """Units that do not belong to the heaviest piece of their territory."""
    piece = parts(graph, labels)
    mass = np.bincount(piece, np.ones(len(labels)) if weight is None else weight)
    owner = np.zeros(len(mass), dtype=np.int64)
    owner[piece] = labels
    order = np.argsort(mass, kind="stable")
    main = np.full(int(labels.max()) + 1, -1, dtype=np.int64)
    main[owner[order]] = order
    return np.flatnonzero(piece != main[labels])


@njit(cache=True)
def stays_connected(
    i: int, labels: Ints, indptr: Ints, indices: Ints, stamp: Ints, clock: int, queue: Ints, limit: int
) -> bool:
    """Whether the territory of ``i`` stays in one piece without it; cautious beyond ``limit`` visited units.

    ``stamp`` marks visited units: ``2 * clock`` is a neighbour still to be reached, ``2 * clock + 1`` visited.
    """
    a = labels[i]
    wanted = 0
    start = -1
    for e in range(indptr[i], indptr[i + 1]):
        u = indices[e]
        if labels[u] == a:
            stamp[u] = 2 * clock
            wanted += 1
            start = u
    if wanted <= 1:
        return True
    stamp[start] = 2 * clock + 1
    stamp[i] = 2 * clock + 1
    queue[0] = start
    head, tail = 0, 1
    wanted -= 1
    while head < tail:
        u = queue[head]
        head += 1
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            if labels[v] != a or stamp[v] == 2 * clock + 1:
                continue
            if stamp[v] == 2 * clock:
                wanted -= 1
                if wanted == 0:
                    return True
            stamp[v] = 2 * clock + 1
            if tail >= limit:
                return False
            queue[tail] = v
            tail += 1
    return False
