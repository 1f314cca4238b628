"""Finds inequalities that a solution of the linear programme breaks."""

import numpy as np
from numba import njit
from numpy.typing import NDArray
from ortools.graph.python import max_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.bounds.inequalities import Family, Inequality, _whole
from routing.bounds.relaxation import Flags, Floats, Ints

_BROKEN = 1e-4
_WHOLE = 10_000_000  # a route's limit in the whole numbers of the flow algorithm


class Separator:
    """Looks for broken inequalities of a family, differently in each round."""

    def __init__(self, family: Family, *, rounded: int = 60, flows: int = 25) -> None:
        self._family, self._most, self._flows = family, rounded, flows
        self._round = 0

    def broken(self, flow: Floats) -> list[Inequality]:
        """Inequalities that the arc flows (arcs,) break."""
        self._round += 1
        return self._components(flow) + self._grown(flow) + self._cut(flow)

    def _worth(self, inequality: Inequality, flow: Floats) -> float:
        used = np.flatnonzero(flow > 0)
        return inequality.least - float(self._family.weights(inequality, used) @ flow[used])

    def _components(self, flow: Floats) -> list[Inequality]:
        """Customers that hang together, without the homes."""
        network, n = self._family.network, self._family.network.n
        between = (flow > 0) & (network.tail < n) & (network.head < n)
        graph = csr_array((flow[between], (network.tail[between], network.head[between])), shape=(n, n))
        count, label = connected_components(graph, directed=False)
        found = []
        for k in range(count):
            inside = label == k
            mine = [self._family.rounded(inside)]
            mine += [self._family.bounded(inside, r) for r in range(len(network.resources))]
            found += [i for i in mine if self._worth(i, flow) > _BROKEN]
        return found

    def _grown(self, flow: Floats) -> list[Inequality]:
        """Sets grown one by one from each customer, in three ways, to the prefix that is broken most."""
        network, n = self._family.network, self._family.network.n
        f = self._family
        inflow = np.zeros(n)
        into = network.head < n
        np.add.at(inflow, network.head[into], flow[into])
        between = (flow > 0) & (network.tail < n) & (network.head < n)
        one = csr_array((flow[between], (network.tail[between], network.head[between])), shape=(n, n))
        both = (one + one.T).tocsr()
        best: dict[bytes, tuple[float, Flags]] = {}
        share = f.load[0] / f.limit[0] if len(f.limit) else np.zeros(n)
        for way in range(3 if len(f.limit) else 1):
            worth, size, order = _grow_all(
                both.indptr.astype(np.int64), both.indices.astype(np.int64), both.data, inflow, way, share, f.visits,
                f.load, f.front, f.back, f.limit, f.parts,
            )  # fmt: skip
            for seed in np.flatnonzero(worth > _BROKEN):
                inside = np.zeros(n, dtype=np.bool_)
                inside[order[seed, : size[seed]]] = True
                best[inside.tobytes()] = (float(worth[seed]), inside)
        chosen = sorted(best.values(), key=lambda pair: -pair[0])[: self._most]
        return [f.rounded(inside) for _, inside in chosen]

    def _cut(self, flow: Floats) -> list[Inequality]:
        """Sets whose resource inequality is broken most, of all sets and of those with a certain customer: least cuts.

        Exact (Picard & Queyranne 1980): customers on the source's side gain what their arcs use and pay for crossing.
        """
        network, n = self._family.network, self._family.network.n
        used = np.flatnonzero(flow > 0)
        tail, head = np.minimum(network.tail[used], n), np.minimum(network.head[used], n)
        source, sink = n + 1, n + 2
        rng = np.random.default_rng(self._round)
        found: dict[bytes, Inequality] = {}
        for r, resource in enumerate(network.resources):
            into, out = self._family.crossing(r)
            gain = np.zeros(n + 1)
            np.add.at(gain, head, resource.spent[used] / resource.limit * flow[used])
            # the arc leaves the source's side backwards when it enters the set
            starts = np.concatenate([head, tail, np.full(n, source), [n]]).astype(np.int32)
            ends = np.concatenate([tail, head, np.arange(n), [sink]]).astype(np.int32)
            amounts = np.concatenate([into[used] * flow[used], out[used] * flow[used], gain[:n], [2.0 * n]])
            capacity = np.rint(amounts * _WHOLE).astype(np.int64)
            for forced in (-1, *rng.permutation(n)[: self._flows].tolist()):
                graph = max_flow.SimpleMaxFlow()
                graph.add_arcs_with_capacity(starts, ends, capacity)
                if forced >= 0:
                    graph.add_arc_with_capacity(source, forced, int(2 * n * _WHOLE))
                graph.solve(source, sink)
                inside = np.zeros(n, dtype=np.bool_)
                inside[[v for v in graph.get_source_side_min_cut() if v < n]] = True
                inequality = self._family.bounded(inside, r)
                if inside.any() and self._worth(inequality, flow) > 0.1 * _BROKEN:
                    found[bytes([r]) + inside.tobytes()] = inequality
        return list(found.values())


@njit(cache=True, nogil=True)
def _grow_all(
    start: Ints, near: Ints, shared: Floats, inflow: Floats, way: int, share: Floats, visits: Floats, load: Floats,
    front: Floats, back: Floats, limit: Floats, parts: Floats,
) -> tuple[Floats, Ints, NDArray[np.int64]]:  # fmt: skip
    """For each first customer: how much the best prefix is broken by, its size, and the order of joining, (n, n).

    Joins the customer that lets least flow more into the set (way 0), that less what it loads (1), or the one that
    shares most flow with it (2); in the manner of Augerat et al. 1998.
    """
    n, needs = len(inflow), len(limit)
    worth, sizes = np.zeros(n), np.zeros(n, np.int64)
    order = np.zeros((n, n), np.int64)
    inside, shares = np.zeros(n, np.bool_), np.zeros(n)
    open_, total, there, home = np.zeros(n, np.int64), np.zeros(needs), np.zeros(needs), np.zeros(needs)
    for seed in range(n):
        inside[:], shares[:], total[:], there[:], home[:] = False, 0.0, 0.0, np.inf, np.inf
        entering, most, size, count = 0.0, 0.0, 0, 0
        v = seed
        while True:
            entering += inflow[v] - shares[v]
            inside[v] = True
            order[seed, size] = v
            size += 1
            most = max(most, visits[v])
            least = most
            for r in range(needs):
                if load[r, v] > 0.0:
                    total[r] += load[r, v]
                    there[r], home[r] = min(there[r], front[r, v]), min(home[r], back[r, v])
                if total[r] > 0.0:
                    least = max(least, _whole(total[r], limit[r] - there[r] - home[r], parts[r]))
            if least - entering > worth[seed] + 1e-9:
                worth[seed], sizes[seed] = least - entering, size
            for k in range(start[v], start[v + 1]):
                w = near[k]
                if not inside[w]:
                    if shares[w] == 0.0:
                        open_[count] = w
                        count += 1
                    shares[w] += shared[k]
            best, at = np.inf, -1
            for k in range(count):
                w = open_[k]
                grade = inflow[w] - shares[w]
                if way == 1:
                    grade -= share[w]
                elif way == 2:
                    grade = -shares[w]
                if grade < best:
                    best, at = grade, k
            if at < 0:
                break
            v = open_[at]
            count -= 1
            open_[at] = open_[count]
    return worth, sizes, order
