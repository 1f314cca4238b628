"""What others do: written here from their papers or called from their packages. Labels, shape (n,)."""

from __future__ import annotations

import random
import time

import numpy as np
from ortools.graph.python import min_cost_flow

from territories.engine.costs import Floats, Ints
from territories.engine.graph import build_delaunay
from territories.engine.seeds import bisect, hard_centroids, spread_seeds
from tests.benchmarks.territories.cases import Case


def lloyd_min_cost_flow(case: Case, *, seed: int = 0, steps: int = 30, near: int = 10) -> Ints:
    """Lloyd steps whose assignment is a min-cost flow over the ten nearest centres, one start; then whole units."""
    n, m = len(case.points), case.count
    rng = np.random.default_rng(seed)
    centres = spread_seeds(case.points, case.weight, m, rng)
    scale = 1.0
    demand = np.maximum(1, np.rint(case.weight * scale)).astype(np.int64)
    low = np.full(m, int(0.95 * demand.sum() / m))
    high = np.full(m, int(1.05 * demand.sum() / m) + 1)
    labels = np.zeros(n, dtype=np.int64)
    previous = np.inf
    for _ in range(steps):
        distance = ((case.points[:, None, :] - centres[None]) ** 2).sum(axis=2)
        k = min(near, m)
        index = np.argpartition(distance, k - 1, axis=1)[:, :k]
        flow = min_cost_flow.SimpleMinCostFlow()
        unit, sink = np.arange(n), n + m
        cost = np.rint(np.take_along_axis(distance, index, axis=1) * 100).astype(np.int64)
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            np.repeat(unit, k), n + index.ravel(), np.repeat(demand, k), cost.ravel()
        )
        # the lower bound as cheap capacity, the rest up to the upper bound at a fee that is not worth paying early
        flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(m), np.full(m, sink), low, np.full(m, -10_000_000))
        flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(m), np.full(m, sink), high - low, np.zeros(m, np.int64))
        flow.set_nodes_supplies(unit, demand)
        flow.set_node_supply(sink, -int(demand.sum()))
        if flow.solve_max_flow_with_min_cost() != flow.OPTIMAL:
            break
        given = flow.flows(arcs).reshape(n, k)
        labels = index[np.arange(n), given.argmax(axis=1)]
        centres = hard_centroids(case.points, case.weight, labels, centres)
        now = inertia(case, labels)
        if previous - now < 1e-4 * now:
            break
        previous = now
    return labels


def recursive_partitioning(case: Case) -> Ints:
    """Recursive balanced bisection (Kalcsics, Nickel and Schroeder 2005), without later moves."""
    return bisect(case.points, case.weight, np.ones(case.count))


def constrained_k_means(case: Case, *, seed: int = 0) -> Ints:
    """The package k-means-constrained; it balances numbers of customers, not workload."""
    from k_means_constrained import KMeansConstrained

    mean = len(case.points) / case.count
    model = KMeansConstrained(
        case.count, size_min=int(0.95 * mean), size_max=int(1.05 * mean) + 1, n_init=1, random_state=seed, n_jobs=1
    )
    return np.asarray(model.fit_predict(case.points), dtype=np.int64)


def spatial_ward(case: Case) -> Ints:
    """The package spopt: Ward clusters connected in the neighbour graph; it knows no limit on the workload."""
    from geopandas import GeoDataFrame
    from libpysal.weights import W
    from spopt.region import WardSpatial

    frame = GeoDataFrame({"x": case.points[:, 0], "y": case.points[:, 1]})
    model = WardSpatial(frame, W(_neighbours(case), silence_warnings=True), ["x", "y"], n_clusters=case.count)
    model.solve()
    return np.asarray(model.labels_, dtype=np.int64)


def recombination(case: Case, *, seed: int = 0, seconds: float = 60.0) -> Ints:
    """The package GerryChain: recombination of two territories at a time, downhill, for ``seconds`` of CPU.

    A step is kept when it lowers the inertia, or the largest deviation while that is above five per cent.
    """
    from functools import partial

    import networkx
    from gerrychain import Graph, Partition
    from gerrychain.proposals import recom

    end = time.process_time() + seconds
    nodes = networkx.Graph()
    nodes.add_nodes_from((i, {"work": float(w)}) for i, w in enumerate(case.weight))
    nodes.add_edges_from((i, j) for i, others in _neighbours(case).items() for j in others)
    graph = Graph.from_networkx(nodes)
    current = Partition.from_random_assignment(graph, n_parts=case.count, epsilon=0.05, pop_col="work", rng=seed)
    names = {part: j for j, part in enumerate(current.parts)}
    target = float(case.weight.sum() / case.count)
    step = partial(recom, pop_col="work", pop_target=target, epsilon=0.05, rng=random.Random(seed))
    best, least = np.zeros(len(case.points), dtype=np.int64), (np.inf, np.inf)
    while time.process_time() < end:
        labels = np.array([names[current.assignment[i]] for i in range(len(case.points))])
        now = (max(deviation(case, labels), 0.05), inertia(case, labels))
        if now <= least:
            best, least, kept = labels, now, current
        current = step(kept)
    return best


def _neighbours(case: Case) -> dict[int, list[int]]:
    graph = build_delaunay(case.points)
    return {i: graph.indices[graph.indptr[i] : graph.indptr[i + 1]].tolist() for i in range(graph.n)}


def inertia(case: Case, labels: Ints) -> float:
    """Weighted mean squared distance to the centre of the territory, square kilometres."""
    centres = hard_centroids(case.points, case.weight, labels, np.zeros((case.count, 2)))
    away = ((case.points - centres[labels]) ** 2).sum(axis=1)
    return float((case.weight * away).sum() / case.weight.sum())


def deviation(case: Case, labels: Ints) -> float:
    """Largest relative deviation of workload from the mean."""
    load: Floats = np.bincount(labels, case.weight, case.count)
    return float(np.abs(load / load.mean() - 1.0).max())
