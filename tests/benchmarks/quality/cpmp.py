"""Capacitated p-median: ``n p`` then ``x y capacity demand``; cpmp01-20 truncate distances to integers."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from territories.engine.costs import Floats
from territories.engine.design_medians import design_medians, nearest_neighbours
from territories.engine.graph import build_delaunay, from_edges
from territories.engine.medians import MedianProblem
from tests.benchmarks.quality.results import Result, best_known
from tests.benchmarks.quality.units import save_units

SETS = {"cpmp": 0}

__all__ = ["SETS", "read", "run", "warm_up"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One instance; units are rows, counted from 0."""

    points: Floats
    capacity: Floats
    demand: Floats
    count: int
    distance: Floats

    def problem(self) -> MedianProblem:
        """Engine problem."""
        n = len(self.demand)
        return MedianProblem(
            distance=self.distance,
            activity=np.ascontiguousarray(self.demand[:, None]),
            lower=np.zeros(1),
            upper=np.full(1, np.inf),
            capacity=self.capacity,
            count=self.count,
            near=from_edges(
                n, np.concatenate([build_delaunay(self.points).edges(), nearest_neighbours(self.points, 8)])
            ),
            contiguous=False,
        )


def read(path: Path) -> Case:
    """Parse an instance; a file ``spain.grd`` beside it, if there, is the distance matrix of the spain instances."""
    rows = [[float(v) for v in line.split()] for line in path.read_text(errors="replace").splitlines() if line.split()]
    n, count = int(rows[0][0]), int(rows[0][1])
    data = np.array([r[:4] for r in rows[1 : 1 + n]])
    points = np.ascontiguousarray(data[:, :2])
    distance = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    if re.fullmatch(r"cpmp\d\d", path.stem):
        distance = np.floor(distance)
    grid = path.parent / "spain.grd"
    if path.stem.startswith("spain") and grid.is_file():
        values = np.array(grid.read_text().split(), dtype=np.float64)
        distance = values[-n * n :].reshape(n, n)
    return Case(
        points=points,
        capacity=np.ascontiguousarray(data[:, 2]),
        demand=np.ascontiguousarray(data[:, 3]),
        count=count,
        distance=np.ascontiguousarray(distance),
    )


def warm_up() -> None:
    """Compile or load the kernels."""
    points = np.random.default_rng(0).uniform(0, 10, (12, 2))
    distance = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    case = Case(points=points, capacity=np.full(12, 7.0), demand=np.ones(12), count=2, distance=distance)
    design_medians(case.problem(), seconds=0.2, seed=0)


def run(path: Path, *, set_name: str, seconds: float, seed: int, out: Path) -> Result:
    """Solve one file and write ``INSTANCE.csv`` (unit, centre: rows of the file from 0) and ``INSTANCE.json``."""
    case = read(path)
    begin = time.process_time()
    trace: list[tuple[float, float]] = []
    plan = design_medians(case.problem(), seconds=seconds, seed=seed, trace=trace)
    spent = time.process_time() - begin
    n = len(case.demand)
    centre = plan.centres[plan.labels]
    load = np.bincount(plan.labels, case.demand, case.count)
    fits = bool((load <= case.capacity[plan.centres] + 1e-9).all())
    result = Result(
        set=set_name,
        instance=path.stem,
        seed=seed,
        seconds=seconds,
        cost=float(case.distance[np.arange(n), centre].sum()),
        feasible=fits and len(set(plan.centres.tolist())) == case.count,
        cpu_seconds=spent,
        trajectory=trace,
        extra={"fill": float(case.demand.sum() / np.sort(case.capacity)[-case.count :].sum())},
    )
    result.compare(best_known((set_name,), path.stem))
    save_units(out / f"{path.stem}.csv", list(range(n)), centre.tolist())
    result.save(out / f"{path.stem}.json")
    return result
