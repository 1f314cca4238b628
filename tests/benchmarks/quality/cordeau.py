"""Cordeau's text format: PVRP, MDVRP, PVRPTW, MDVRPTW (the set decides which; some headers are wrong)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from routing.search.model import Floats
from tests.benchmarks.quality.results import Result
from tests.benchmarks.quality.vehicles import Case, build, solve, warm_up

SETS = {"pvrp": 1, "mdvrp": 2, "pvrptw": 5, "mdvrptw": 6, "mdvrptw_vidal": 6}

__all__ = ["SETS", "read", "run", "warm_up"]


def read(path: Path, kind: int) -> Case:
    """Parse an instance of type 1 (PVRP), 2 (MDVRP), 5 (PVRPTW) or 6 (MDVRPTW)."""
    rows = [line.replace("\x1a", " ").split() for line in path.read_text(errors="replace").splitlines()]
    rows = [row for row in rows if row]
    vehicles, slots = int(float(rows[0][1])), int(float(rows[0][3]))
    limits = np.array([[float(v) for v in row[:2]] for row in rows[1 : 1 + slots]])
    nodes = [[float(v) for v in row] for row in rows[1 + slots :]]
    multi = kind in (2, 6)
    depots = nodes[-slots:] if multi else nodes[:1]
    customers = nodes[:-slots] if multi else nodes[1:]
    combinations = [[int(v) for v in row[7 : 7 + int(row[6])]] for row in customers]
    if not multi:  # a customer without any combination is never visited
        customers = [row for row, codes in zip(customers, combinations, strict=True) if codes]
        combinations = [codes for codes in combinations if codes]
    days = 1 if multi else slots
    patterns = [[[0]] if multi else [[d for d in range(days) if code >> (days - 1 - d) & 1] for code in codes]
                for codes in combinations]  # fmt: skip
    xy = np.array([row[1:3] for row in customers + depots])
    distance: Floats = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    timed = kind in (5, 6)
    n = len(customers)
    slot_of = np.repeat(np.arange(slots), vehicles)
    span = np.tile([-np.inf, np.inf], (slots * vehicles, 1))
    if timed:
        ends = np.array([_window(row) for row in depots])
        span = ends[slot_of if multi else np.zeros_like(slot_of)]
        span[span[:, 1] <= 0] = 0.0, np.inf
    model = build(
        costs=distance, service=np.array([row[3] for row in customers]), demand=np.array([row[4] for row in customers]),
        windows=np.array([_window(row) for row in customers]) if timed else None, patterns=patterns, days=days,
        shift_day=np.zeros_like(slot_of) if multi else slot_of, depot=n + (slot_of if multi else
        np.zeros_like(slot_of)),
        span=span, max_duration=limits[slot_of, 0], capacity=limits[slot_of, 1],
    )  # fmt: skip
    return Case(
        model=model, ids=[int(row[0]) for row in customers],
        slots=[(int(s) + 1, k % vehicles + 1) for k, s in enumerate(slot_of)],
    )  # fmt: skip


def _window(row: list[float]) -> tuple[float, float]:
    rest = row[7 + int(row[6]) :] if len(row) > 7 else []
    return (rest[0], rest[1]) if len(rest) >= 2 else (0.0, np.inf)


def run(path: Path, *, set_name: str, seconds: float, seed: int, out: Path) -> Result:
    """Solve one file."""
    case = read(path, SETS[set_name])
    return solve(case, path=path, set_name=set_name, table=(set_name,), seconds=seconds, seed=seed, out=out)
