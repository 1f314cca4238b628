"""Shared by the routing sets: building a `SearchModel` from coordinates or a matrix, running it, writing `.res`
files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routing.search import MaxIterations, MaxRuntime, SearchModel, SearchSolution, search
from routing.search.evaluate import evaluate
from routing.search.model import Bools, Floats, Ints
from tests.benchmarks.quality.results import Result, best_known


@dataclass(frozen=True, kw_only=True)
class Case:
    """An instance as the search sees it: file ids of the customers, and (slot, vehicle) of each shift for the file."""

    model: SearchModel
    ids: list[int]
    slots: list[tuple[int, int]]


def build(
    *,
    costs: Floats,
    service: Floats,
    demand: Floats,
    windows: Floats | None,
    patterns: Sequence[Sequence[Sequence[int]]],
    days: int,
    shift_day: Ints,
    depot: Ints,
    span: Floats,
    max_duration: Floats,
    capacity: Floats,
    durations: Floats | None = None,
) -> SearchModel:
    """A model whose first nodes are the customers; one window a customer, the same on every day; 0 = no limit."""
    n, shifts = len(service), len(shift_day)
    rows = [days_ for choice in patterns for days_ in choice]
    pattern_days: Bools = np.zeros((len(rows), days), np.bool_)
    for u, row in enumerate(rows):
        pattern_days[u, list(row)] = True
    window: Floats = np.full((n, days, 1, 2), np.inf)
    window[..., 0] = -np.inf
    if windows is not None:
        window[:, :, 0, :] = windows[:, None, :]
    limit = lambda a: np.where(a > 0, a, np.inf)  # noqa: E731
    return SearchModel(
        durations=costs if durations is None else durations, costs=costs, node=np.arange(n), service=service,
        load=demand[:, None], windows=window, n_windows=np.full((n, days), 0 if windows is None else 1),
        pattern_start=np.concatenate([[0], np.cumsum([len(choice) for choice in patterns])]).astype(np.int64),
        pattern_days=pattern_days, shift_day=shift_day, start_node=depot, end_node=depot, early=span[:, 0],
        late=span[:, 1], max_duration=limit(max_duration), capacity=limit(capacity)[:, None], rep=np.arange(shifts),
    )  # fmt: skip


def warm_up() -> None:
    """Compile or load the kernels for every kind of problem, outside the measured time."""
    rng = np.random.default_rng(0)
    xy = rng.uniform(0, 100, (9, 2))
    d = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    for windows in (None, np.tile([0.0, 1e4], (8, 1))):
        for days in (1, 2):
            patterns = [[[0]] if days == 1 else [[0], [1]]] * 8
            model = build(
                costs=d, service=np.ones(8), demand=np.ones(8), windows=windows, patterns=patterns, days=days,
                shift_day=np.repeat(np.arange(days), 2), depot=np.full(2 * days, 8),
                span=np.tile([-np.inf, np.inf], (2 * days, 1)), max_duration=np.zeros(2 * days),
                capacity=np.full(2 * days, 6.0),
            )  # fmt: skip
            search(model, stop=MaxIterations(2000), seed=1)


def write(case: Case, solution: SearchSolution, path: Path) -> None:
    """Cordeau solution format: cost, then ``slot vehicle duration load 0 c1 ... ck 0``."""
    shape = evaluate(case.model, solution.routes, solution.pattern)
    lines = [f"{solution.cost:.6f}"]
    for s, route in enumerate(solution.routes):
        if route:
            slot, vehicle = case.slots[s]
            load = float(case.model.load[list(route), 0].sum()) if case.model.load.shape[1] else 0.0
            stops = " ".join(str(case.ids[c]) for c in route)
            lines.append(f"{slot} {vehicle} {shape.duration[s]:.4f} {load:g} 0 {stops} 0")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def solve(
    case: Case, *, path: Path, set_name: str, table: tuple[str, ...], seconds: float, seed: int, out: Path
) -> Result:
    """Run the search for so many CPU seconds, write solution and JSON, compare with the table."""
    begin = time.process_time()
    found = search(case.model, stop=MaxRuntime(seconds, cpu=True), seed=seed)
    used = time.process_time() - begin
    name = path.stem if path.suffix == ".txt" and set_name == "vrptw_solomon" else path.name
    write(case, found, out / f"{name}.res")
    result = Result(
        set=set_name, instance=name, seed=seed, seconds=seconds, cost=found.cost, feasible=found.feasible,
        cpu_seconds=used, trajectory=[(round(t, 3), c) for t, _, c in found.trajectory],
        extra={"iterations": float(found.iterations)},
    )  # fmt: skip
    result.compare(best_known(table, name) if found.feasible else None)
    result.save(out / f"{name}.json")
    return result
