"""Shortest-path engines over the turn graph: one contraction hierarchy, one Dijkstra, the same results.

Weights are exact in float64 (:mod:`routing.travel.roads.weights`), so the two agree to the last bit. Dijkstra serves
where the library that orders the hierarchy is not installed, and as the independent judge in tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.travel.roads import tables
from routing.travel.roads.chains import shortest_path
from routing.travel.roads.hierarchy import Hierarchy
from routing.travel.roads.tables import Seeds

__all__ = ["DijkstraEngine", "HierarchyEngine", "SearchEngine"]

type _Small = npt.NDArray[np.int32]
type _Floats = npt.NDArray[np.float64]

_CHUNK = 64  # Dijkstra rows at a time: bounds memory


class SearchEngine(Protocol):
    """Shortest ways between places given as seeds (see :class:`routing.travel.roads.tables.Seeds`)."""

    @property
    def name(self) -> str:
        """What searches, for logs."""
        ...

    def many_to_many(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """Packed weights, shape (len(origins), len(destinations)); infinite without a way."""
        ...

    def elementwise(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """Packed weight from each origin to the destination of the same index."""
        ...

    def path(self, origin: Seeds, destination: Seeds) -> tuple[_Small, float]:
        """Vertices of the best way between two places, in order (empty without a way), and its packed weight."""
        ...

    def one_to_all(self, vertices: _Small, weights: _Floats) -> _Floats:
        """Packed weights from a few seed vertices to every vertex."""
        ...


@dataclass(frozen=True, kw_only=True)
class HierarchyEngine:
    """Searches on a customised contraction hierarchy."""

    hierarchy: Hierarchy
    name: str = "contraction hierarchy"

    def many_to_many(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """See :class:`SearchEngine`."""
        return tables.many_to_many(self.hierarchy, origins, destinations)

    def elementwise(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """See :class:`SearchEngine`."""
        return tables.elementwise(self.hierarchy, origins, destinations)

    def path(self, origin: Seeds, destination: Seeds) -> tuple[_Small, float]:
        """See :class:`SearchEngine`."""
        return shortest_path(self.hierarchy, origin, destination)

    def one_to_all(self, vertices: _Small, weights: _Floats) -> _Floats:
        """See :class:`SearchEngine`."""
        return tables.one_to_all(self.hierarchy, vertices, weights)


@dataclass(frozen=True, kw_only=True, eq=False)
class DijkstraEngine:
    """Searches with scipy's Dijkstra on the plain turn graph."""

    source: _Small
    target: _Small
    weights: _Floats
    vertex_count: int
    name: str = field(default="dijkstra")

    @cached_property
    def _graph(self) -> csr_array:
        open_ = np.isfinite(self.weights)
        s, t, w = self.source[open_], self.target[open_], self.weights[open_]
        order = np.lexsort((w, t, s))  # of parallel edges the cheapest; a sparse matrix would add them up
        s, t, w = s[order], t[order], w[order]
        new = np.ones(len(s), np.bool_)
        new[1:] = (s[1:] != s[:-1]) | (t[1:] != t[:-1])
        return csr_array((w[new], (s[new], t[new])), shape=(self.vertex_count, self.vertex_count))

    def many_to_many(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """See :class:`SearchEngine`."""
        out = np.full((len(origins), len(destinations)), np.inf)
        for begin in range(0, len(origins), _CHUNK):
            rows = slice(begin, begin + _CHUNK)
            vertices, row = np.unique(origins.vertices[rows], return_inverse=True)
            reach = dijkstra(self._graph, indices=vertices)
            row = row.reshape(-1, 2)
            for i in range(2):
                for j in range(2):
                    way = reach[row[:, i]][:, destinations.vertices[:, j]]
                    way = way + origins.weights[rows, i, None] + destinations.weights[None, :, j]
                    np.minimum(out[rows], way, out=out[rows])
        return out

    def elementwise(self, origins: Seeds, destinations: Seeds) -> _Floats:
        """See :class:`SearchEngine`."""
        each = [self.many_to_many(_part(origins, i), _part(destinations, i))[0, 0] for i in range(len(origins))]
        return np.array(each, np.float64)

    def path(self, origin: Seeds, destination: Seeds) -> tuple[_Small, float]:
        """See :class:`SearchEngine`."""
        starts, goals = origin.vertices[0], destination.vertices[0]
        reach, before = dijkstra(self._graph, indices=starts, return_predecessors=True)
        total = reach[:, goals] + origin.weights[0][:, None] + destination.weights[0][None, :]
        i, j = divmod(int(np.argmin(total)), 2)
        if not np.isfinite(total[i, j]):
            return np.empty(0, np.int32), np.inf
        way = [int(goals[j])]
        while way[-1] != starts[i]:
            way.append(int(before[i, way[-1]]))
        return np.array(way[::-1], np.int32), float(total[i, j])

    def one_to_all(self, vertices: _Small, weights: _Floats) -> _Floats:
        """See :class:`SearchEngine`."""
        reach: _Floats = (dijkstra(self._graph, indices=vertices) + weights[:, None]).min(axis=0)
        return reach


def _part(seeds: Seeds, i: int) -> Seeds:
    return Seeds(vertices=seeds.vertices[i : i + 1], weights=seeds.weights[i : i + 1])
