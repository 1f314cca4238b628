"""Commercial territory design (2DU, planar, road-distance files): three bands, contiguity, dispersion."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from territories.engine.costs import Floats, Ints
from territories.engine.design_medians import design_medians
from territories.engine.graph import Graph, from_edges, parts
from territories.engine.medians import MedianPlan, MedianProblem
from tests.benchmarks.quality.results import Result, best_known
from tests.benchmarks.quality.units import save_units

SETS = {"ctdp": 0, "ctdp_2du": 0, "ctdp_planar": 0, "ctdp_real": 0}
TABLE = ("ctdp_2du", "ctdp_planar", "ctdp_real")
PATTERN = "ctdp_*/*.dat"

__all__ = ["SETS", "read", "run", "warm_up"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One instance: ids as in the file, distances from unit to centre."""

    ids: list[int]
    activity: Floats
    edges: Ints
    count: int
    tolerance: Floats
    distance: Floats

    def problem(self) -> MedianProblem:
        """Engine problem: bands around the mean of every measure that is not empty."""
        mean = self.activity.sum(axis=0) / self.count
        used = mean > 0
        tolerance = self.tolerance[used]
        return MedianProblem(
            distance=self.distance,
            activity=np.ascontiguousarray(self.activity[:, used]),
            lower=mean[used] * (1 - tolerance),
            upper=mean[used] * (1 + tolerance),
            capacity=np.full(len(self.ids), np.inf),
            count=self.count,
            near=self.graph(),
            contiguous=True,
        )

    def graph(self) -> Graph:
        """Neighbour graph of the units."""
        return from_edges(len(self.ids), self.edges)


def read(path: Path) -> Case:
    """Parse ``n | id x y w1 w2 w3 | m | edges | p [p] tol… | p x n affinity | n x n distances``."""
    rows = [[float(v) for v in line.split()] for line in path.read_text(errors="replace").splitlines() if line.split()]
    n = int(rows[0][0])
    units = rows[1 : 1 + n]
    edge_count = int(rows[1 + n][0])
    position = {int(r[0]): k for k, r in enumerate(units)}
    edges = np.array(
        [(position[int(r[0])], position[int(r[1])]) for r in rows[2 + n : 2 + n + edge_count]], dtype=np.int64
    )
    head = rows[2 + n + edge_count]
    count = int(head[0])
    tolerances = head[2:] if head[1] >= 1 else head[1:]
    rest = rows[3 + n + edge_count :]
    xy = np.array([r[1:3] for r in units])
    if len(rest) >= count + n:
        distance = np.array(rest[count : count + n])
    else:
        distance = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    return Case(
        ids=[int(r[0]) for r in units],
        activity=np.array([r[3:6] for r in units]),
        edges=edges,
        count=count,
        tolerance=np.array([tolerances[min(k, len(tolerances) - 1)] for k in range(3)]),
        distance=np.ascontiguousarray(distance),
    )


def warm_up() -> None:
    """Compile or load the kernels."""
    line = np.arange(8.0)
    case = Case(
        ids=list(range(8)),
        activity=np.ones((8, 3)),
        edges=np.stack([np.arange(7), np.arange(1, 8)], axis=1),
        count=2,
        tolerance=np.full(3, 0.3),
        distance=np.abs(line[:, None] - line[None, :]),
    )
    design_medians(case.problem(), seconds=0.2, seed=0)


def run(path: Path, *, set_name: str, seconds: float, seed: int, out: Path) -> Result:
    """Solve one file and write ``INSTANCE.csv`` (unit, centre: ids of the file) and ``INSTANCE.json``."""
    case = read(path)
    begin = time.process_time()
    trace: list[tuple[float, float]] = []
    plan = design_medians(case.problem(), seconds=seconds, seed=seed, trace=trace)
    spent = time.process_time() - begin
    result = Result(
        set=set_name,
        instance=path.stem,
        seed=seed,
        seconds=seconds,
        cost=_cost(case, plan),
        feasible=False,
        cpu_seconds=spent,
        trajectory=trace,
    )
    mean = np.where(case.activity.any(axis=0), case.activity.sum(axis=0) / case.count, np.inf)
    deviation = _deviations(case, plan.labels)
    pieces = len(np.unique(parts(case.graph(), plan.labels)))
    result.feasible = bool((deviation <= case.tolerance + 1e-9).all()) and pieces == case.count
    result.extra = {
        "balance": float(deviation.max()),
        "contiguous": float(pieces == case.count),
        "violation": plan.violation,
        # a single unit this far above the mean: no alignment of whole units is better balanced
        "unavoidable_balance": max(0.0, float((case.activity.max(axis=0) / np.maximum(mean, 1e-12) - 1.0).max())),
    }
    result.compare(best_known((set_name, *TABLE), path.stem))
    save_units(out / f"{path.stem}.csv", case.ids, [case.ids[int(plan.centres[j])] for j in plan.labels])
    result.save(out / f"{path.stem}.json")
    return result


def _cost(case: Case, plan: MedianPlan) -> float:
    return float(case.distance[np.arange(len(case.ids)), plan.centres[plan.labels]].sum())


def _deviations(case: Case, labels: Ints) -> Floats:
    mean = case.activity.sum(axis=0) / case.count
    load = np.stack([np.bincount(labels, case.activity[:, r], case.count) for r in range(3)], axis=1)
    return np.asarray(np.where(mean > 0, np.abs(load / np.maximum(mean, 1e-12) - 1.0), 0.0).max(axis=0))
