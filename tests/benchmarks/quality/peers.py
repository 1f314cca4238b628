"""rounds, PyVRP, VROOM and OR-Tools on the one-day sets in one run; prints Markdown.

``python -m tests.benchmarks.quality.peers SET [INSTANCE ...] [--seconds 10] [--seed 1]``

One thread each; seconds are CPU seconds of this process (VROOM ends when it has finished exploring). Costs are
recomputed from the instance, and a plan counts only if it serves everybody within every limit. PyVRP, VROOM and
OR-Tools reckon in integers: they get thousandths, travel times rounded up. No peer can model a choice of visit days;
how they do day by day on a whole call cycle shows ``python -m tests.benchmarks.field``.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pyvrp
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.search import MaxRuntime, search
from routing.search.evaluate import evaluate
from routing.search.model import SearchModel
from tests.benchmarks.quality.__main__ import FAMILIES, instances
from tests.benchmarks.quality.results import SHARED, best_known, find_instance
from tests.benchmarks.quality.vehicles import warm_up

SCALE = 1000
FAR = 2**40
SETS = {"mdvrp": ("mdvrp",), "vrptw_solomon": ("vrptw_solomon_dist",)}

type Tours = list[list[int]]
"""Customers of each shift in order."""


def _whole(
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Thousandths, rounded up, infinity cut off."""
    return np.ceil(np.clip(values, 0.0, FAR / SCALE) * SCALE - 1e-6).astype(np.int64)


def _span(model: SearchModel, s: int) -> tuple[int, int]:
    """First departure and last return of a shift; a limit on the duration alone is a window that opens at 0."""
    early = float(np.maximum(model.early[s], 0.0))
    late = float(model.late[s])
    if not model.n_windows.any():
        late = min(late, early + float(model.max_duration[s]))
    return int(early * SCALE), int(min(late, FAR / SCALE) * SCALE)


class _CpuSeconds:
    """Stop criterion for PyVRP that counts CPU time instead of wall time."""

    def __init__(self, seconds: float) -> None:
        self.end = time.process_time() + seconds

    def __call__(self, best_cost: float) -> bool:
        return time.process_time() > self.end


def by_rounds(model: SearchModel, seconds: float, seed: int) -> Tours:
    """Ourselves."""
    return [list(route) for route in search(model, stop=MaxRuntime(seconds, cpu=True), seed=seed).routes]


def by_pyvrp(model: SearchModel, seconds: float, seed: int) -> Tours:
    """PyVRP: an iterated local search with several depots and windows."""
    problem = pyvrp.Model()
    places = [problem.add_location(0, 0) for _ in range(len(model.costs))]
    homes = {int(k): problem.add_depot(places[int(k)]) for k in np.unique(model.start_node)}
    for i in range(model.n_customers):
        early, late = (0, FAR)
        if model.n_windows[i, 0]:
            early, late = (int(v) for v in _whole(model.windows[i, 0, 0]))
        problem.add_client(
            places[int(model.node[i])], delivery=int(model.load[i, 0]), service_duration=int(_whole(model.service)[i]),
            tw_early=early, tw_late=late,
        )  # fmt: skip
    for s in range(model.n_shifts):
        early, late = _span(model, s)
        home = homes[int(model.start_node[s])]
        capacity = int(min(model.capacity[s, 0], 2**31))
        problem.add_vehicle_type(1, capacity, home, home, tw_early=early, tw_late=late)
    costs, durations = _whole(model.costs), _whole(model.durations)
    for a, start in enumerate(places):
        for b, end in enumerate(places):
            problem.add_edge(start, end, int(costs[a, b]), int(durations[a, b]))
    best = problem.solve(_CpuSeconds(seconds), seed=seed, collect_stats=False, display=False).best
    tours: Tours = [[] for _ in range(model.n_shifts)]
    for route in best.routes():
        tours[route.vehicle_type()] = [visit.idx for visit in route.schedule() if visit.is_client()]
    return tours


def by_vroom(model: SearchModel, seconds: float, seed: int) -> Tours:
    """VROOM at its most thorough; it knows neither seconds nor seeds."""
    problem = vroom.Input()
    problem.set_durations_matrix("car", _whole(model.durations).astype(np.uint32))
    problem.set_costs_matrix("car", _whole(model.costs).astype(np.uint32))
    for s in range(model.n_shifts):
        home, (early, late) = int(model.start_node[s]), _span(model, s)
        capacity = int(min(model.capacity[s, 0], 2**31))
        hours = vroom.TimeWindow(early, min(late, 2**31))
        problem.add_vehicle(vroom.Vehicle(s + 1, start=home, end=home, capacity=[capacity], time_window=hours))
    for i in range(model.n_customers):
        windows = []
        if model.n_windows[i, 0]:
            early, late = (int(v) for v in _whole(model.windows[i, 0, 0]))
            windows = [vroom.TimeWindow(early, min(late, 2**31))]
        problem.add_job(
            vroom.Job(
                i + 1, location=int(model.node[i]), default_service=int(_whole(model.service)[i]),
                delivery=[int(model.load[i, 0])], time_windows=windows,
            )
        )  # fmt: skip
    steps = problem.solve(exploration_level=5, nb_threads=1).routes
    jobs = steps[steps["type"] == "job"]
    return [[int(k) - 1 for k in jobs[jobs["vehicle_id"] == s + 1]["id"]] for s in range(model.n_shifts)]


def by_or_tools(model: SearchModel, seconds: float, seed: int) -> Tours:
    """OR-Tools' routing library: cheapest insertion, then guided local search."""
    starts, ends = model.start_node.tolist(), model.end_node.tolist()
    manager = pywrapcp.RoutingIndexManager(len(model.costs), model.n_shifts, starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    costs, durations, service = _whole(model.costs), _whole(model.durations), _whole(model.service)
    spent = durations.copy()
    spent[model.node] += service[:, None]
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(costs.tolist()))
    routing.AddDimension(routing.RegisterTransitMatrix(spent.tolist()), FAR, FAR, False, "time")
    clock = routing.GetDimensionOrDie("time")
    load = np.zeros(len(costs), np.int64)
    load[model.node] = model.load[:, 0]
    capacity = np.minimum(model.capacity[:, 0], 2**31).astype(np.int64).tolist()
    routing.AddDimensionWithVehicleCapacity(
        routing.RegisterUnaryTransitVector(load.tolist()), 0, capacity, True, "load"
    )
    for s in range(model.n_shifts):
        early, late = _span(model, s)
        clock.CumulVar(routing.Start(s)).SetRange(early, late)
        clock.CumulVar(routing.End(s)).SetRange(early, late)
    for i in range(model.n_customers):
        if model.n_windows[i, 0]:
            early, late = (int(v) for v in _whole(model.windows[i, 0, 0]))
            clock.CumulVar(manager.NodeToIndex(int(model.node[i]))).SetRange(early, late)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromSeconds(3600)
    routing.CloseModelWithParameters(parameters)
    end = time.process_time() + seconds
    routing.AddSearchMonitor(routing.solver().CustomLimit(lambda: time.process_time() > end))
    found = routing.SolveWithParameters(parameters)
    tours: Tours = [[] for _ in range(model.n_shifts)]
    customer = {int(node): i for i, node in enumerate(model.node)}
    for s in range(model.n_shifts if found else 0):
        path = [routing.Start(s)]
        while not routing.IsEnd(path[-1]):
            path.append(found.Value(routing.NextVar(path[-1])))
        tours[s] = [customer[manager.IndexToNode(b)] for _, b in pairwise(path) if not routing.IsEnd(b)]
    return tours


PLANNERS: dict[str, Callable[[SearchModel, float, int], Tours]] = {
    "rounds": by_rounds, "PyVRP": by_pyvrp, "VROOM": by_vroom, "OR-Tools": by_or_tools,
}  # fmt: skip


def gap(model: SearchModel, tours: Tours, bound: float) -> float | None:
    """Percent above the best-known value; None when somebody is left out or a limit is broken."""
    if sorted(c for tour in tours for c in tour) != list(range(model.n_customers)):
        return None
    figures = evaluate(model, tours, model.pattern_start[:-1])
    return 100.0 * (figures.cost / bound - 1.0) if figures.feasible else None


def main(arguments: Sequence[str]) -> int:
    """Print a line for each instance and the means."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality.peers", description=__doc__)
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("instance", nargs="*")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    family = importlib.import_module(f"tests.benchmarks.quality.{FAMILIES[given.set]}")
    warm_up()
    print(f"| {given.set} | {' | '.join(f'{name} % | CPU s' for name in PLANNERS)} |")
    print(f"|---|{'---:|---:|' * len(PLANNERS)}", flush=True)
    gaps: dict[str, list[float]] = {name: [] for name in PLANNERS}
    for name in given.instance or instances(SHARED / given.set, "*"):
        path = find_instance(SHARED / given.set, name)
        model = (family.read(path, family.SETS[given.set]) if given.set == "mdvrp" else family.read(path)).model
        bound = best_known(SETS[given.set], path.stem)
        cells = []
        for planner, run in PLANNERS.items():
            begin = time.process_time()
            found = gap(model, run(model, given.seconds, given.seed), bound or np.nan)
            used = time.process_time() - begin
            if found is not None:
                gaps[planner].append(found)
            cells.append(f"{'–' if found is None else f'{found:.2f}'} | {used:.1f}")
        print(f"| {path.stem} | {' | '.join(cells)} |", flush=True)
    means = [f"{np.mean(g):.2f} ({len(g)}) | " if g else "– | " for g in gaps.values()]
    print(f"| mean (plans that hold) | {' | '.join(means)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
