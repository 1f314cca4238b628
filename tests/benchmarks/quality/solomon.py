"""Solomon's VRPTW text format (distance objective, double precision)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.benchmarks.quality.results import Result
from tests.benchmarks.quality.vehicles import Case, build, solve, warm_up

SETS = {"vrptw_solomon": 4}

__all__ = ["SETS", "read", "run", "warm_up"]


def read(path: Path) -> Case:
    """Parse an instance: fleet line of two numbers, then seven numbers a node, the depot first."""
    numbers: list[list[float]] = []
    for line in path.read_text(errors="replace").splitlines():
        try:
            numbers.append([float(v) for v in line.split()])
        except ValueError:
            continue
    vehicles, capacity = next(row for row in numbers if len(row) == 2)
    points = [row for row in numbers if len(row) == 7]
    depot, customers = points[0], points[1:]
    xy = np.array([row[1:3] for row in [*customers, depot]])
    distance = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    m, n = int(vehicles), len(customers)
    model = build(
        costs=distance, service=np.array([row[6] for row in customers]), demand=np.array([row[3] for row in customers]),
        windows=np.array([row[4:6] for row in customers]), patterns=[[[0]]] * n, days=1, shift_day=np.zeros(m,
        np.int64),
        depot=np.full(m, n), span=np.tile(depot[4:6], (m, 1)), max_duration=np.zeros(m), capacity=np.full(m, capacity),
    )  # fmt: skip
    return Case(model=model, ids=[int(row[0]) for row in customers], slots=[(1, k + 1) for k in range(m)])


def run(path: Path, *, set_name: str, seconds: float, seed: int, out: Path) -> Result:
    """Solve one file."""
    table = ("vrptw_solomon_dist", "vrptw_solomon")
    return solve(read(path), path=path, set_name=set_name, table=table, seconds=seconds, seed=seed, out=out)
