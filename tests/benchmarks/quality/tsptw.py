"""TSPTW files (Dumas, AFG, Ohlmann-Thomas): n, an n x n matrix, a window per node; node 0 is the depot."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.benchmarks.quality.results import Result
from tests.benchmarks.quality.vehicles import Case, build, solve, warm_up

SETS = {"tsptw": 0}
TABLE = ("tsptw_AFG", "tsptw_Dumas", "tsptw_OhlmannThomas")

__all__ = ["SETS", "read", "run", "warm_up"]


def read(path: Path) -> Case:
    """Parse an instance; one vehicle, which leaves when the depot opens."""
    values = [float(v) for line in path.read_text(errors="replace").splitlines() for v in line.split("#")[0].split()]
    n = int(values[0])
    matrix = np.array(values[1 : 1 + n * n]).reshape(n, n)
    windows = np.array(values[1 + n * n : 1 + n * n + 2 * n]).reshape(n, 2)
    order = [*range(1, n), 0]
    model = build(
        costs=np.ascontiguousarray(matrix[np.ix_(order, order)]), service=np.zeros(n - 1), demand=np.zeros(n - 1),
        windows=windows[1:], patterns=[[[0]]] * (n - 1), days=1, shift_day=np.zeros(1, np.int64),
        depot=np.full(1, n - 1), span=windows[:1], max_duration=np.zeros(1), capacity=np.zeros(1),
    )  # fmt: skip
    return Case(model=model, ids=list(range(1, n)), slots=[(1, 1)])


def run(path: Path, *, set_name: str, seconds: float, seed: int, out: Path) -> Result:
    """Solve one file."""
    table = (f"tsptw_{path.parent.name}", *TABLE)
    return solve(read(path), path=path, set_name=set_name, table=table, seconds=seconds, seed=seed, out=out)
