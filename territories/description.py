"""What labels mean: figures, bounds and violations of an alignment, found by the search or made by hand."""

from __future__ import annotations

import numpy as np

from routing.domain import Location
from territories.alignment import Alignment, BandViolation, Certificate, PowerDiagram
from territories.atoms import Atoms
from territories.balance import Base, Standing, standing
from territories.bounds import best_deviation
from territories.costing import Costing
from territories.engine.costs import Ints
from territories.engine.design import Assignment, design_bound, design_cost
from territories.engine.graph import parts, stranded
from territories.engine.seeds import hard_centroids
from territories.problem import TerritoryProblem
from territories.workload import share_of_customers


def describe(
    problem: TerritoryProblem,
    atoms: Atoms,
    unit_labels: Ints,
    *,
    costing: Costing | None = None,
    made: Assignment | None = None,
) -> Alignment:
    """Figures, bounds and violations of labels: the same for found and hand-made alignments."""
    rep_ids, m = problem.rep_ids, len(problem.reps)
    labels = atoms.customer_labels(unit_labels)
    now = standing(atoms, labels, problem.measures, problem.travel, rep_ids)
    possible = balance_bounds(problem, atoms, now)
    service = np.bincount(labels, atoms.service, m)
    weight = atoms.service + 1e-9 + atoms.visits
    middle = hard_centroids(atoms.customer_points, weight, labels, np.nan_to_num(atoms.homes))
    centres = atoms.plane.to_latlon(middle)
    spread = share_of_customers(now.travel.seconds, labels, atoms.visits)
    violations = _violations(problem, now, possible)
    loose, enclosed = _cut_off(problem, atoms, unit_labels)
    diagram = None
    cost = least = 0.0
    if costing is not None and made is not None:
        base = Base.of(atoms, problem.measures, float(now.travel.seconds.sum()))
        load = base.certified(atoms, now, labels, problem.measures)
        cost = design_cost(costing.costs, load, unit_labels)
        least = design_bound(costing.costs, load, made.lam)
    if costing is not None and made is not None and costing.power and len(problem.measures) == 1:
        diagram = PowerDiagram(
            lat=atoms.plane.lat,
            lon=atoms.plane.lon,
            sites=tuple((float(x), float(y)) for x, y in costing.costs.sites),
            weights=tuple(float(p) for p in made.power(costing.costs)),
        )
    names = [x.name for x in problem.measures]
    return Alignment(
        territories={c.customer_id: rep_ids[int(j)] for c, j in zip(problem.customers, labels, strict=True)},
        rep_ids=rep_ids,
        activity={x: dict(zip(rep_ids, now.activity[:, r].tolist(), strict=True)) for r, x in enumerate(names)},
        target={x: dict(zip(rep_ids, now.target[:, r].tolist(), strict=True)) for r, x in enumerate(names)},
        tolerance={x.name: x.tolerance for x in problem.measures},
        service=dict(zip(rep_ids, service.tolist(), strict=True)),
        travel=dict(zip(rep_ids, now.travel.seconds.tolist(), strict=True)),
        workload_of={c.customer_id: float(v) for c, v in zip(problem.customers, atoms.service + spread, strict=True)},
        centres={r: Location(lat=float(centres[j, 0]), lon=float(centres[j, 1])) for j, r in enumerate(rep_ids)},
        certificate=Certificate(
            cost=cost,
            bound=least,
            best_deviation=dict(zip(names, possible, strict=True)),
        ),
        violations=violations,
        stranded=loose,
        enclosed=enclosed,
        diagram=diagram,
    )


def _cut_off(problem: TerritoryProblem, atoms: Atoms, labels: Ints) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Customers apart from the rest of their territory: in pieces that might join a territory around them, and in those
    that no rep around may serve as a whole."""
    graph = atoms.graph
    if graph is None or not atoms.n_units:
        return (), ()
    may, piece = atoms.masks[atoms.mask_of], parts(graph, labels)
    apart = np.zeros(atoms.n_units, dtype=np.int64)
    for p in np.unique(piece[stranded(graph, labels)]):
        units = np.flatnonzero(piece == p)
        around = np.concatenate([graph.indices[graph.indptr[u] : graph.indptr[u + 1]] for u in units])
        others = np.setdiff1d(labels[around], labels[units])
        apart[units] = 1 if may[np.ix_(units, others)].all(axis=0).any() else 2
    found = [
        tuple(
            c.customer_id
            for c, u in zip(problem.customers, atoms.unit_of.tolist(), strict=True)
            if u >= 0 and apart[u] == kind
        )
        for kind in (1, 2)
    ]
    return found[0], found[1]


def balance_bounds(problem: TerritoryProblem, atoms: Atoms, now: Standing) -> list[float]:
    """Smallest possible largest deviation of every measure; travel is counted at the rate of this standing."""
    base = Base.of(atoms, problem.measures, float(now.travel.seconds.sum()))
    out = []
    keys = atoms.key_rep >= 0
    for r in range(len(problem.measures)):
        column = base.per_customer[:, r]
        fixed = np.bincount(atoms.key_rep[keys], column[keys], len(atoms.share))
        out.append(
            best_deviation(atoms.unit_sum(column), atoms.mask_of, atoms.masks, column.sum() * atoms.share, fixed)
        )
    return out


def _violations(problem: TerritoryProblem, now: Standing, possible: list[float]) -> tuple[BandViolation, ...]:
    out = []
    for r, measure in enumerate(problem.measures):
        for j, rep_id in enumerate(problem.rep_ids):
            target = float(now.target[j, r])
            deviation = float(now.activity[j, r]) / target - 1.0 if target > 0 else 0.0
            if abs(deviation) > measure.tolerance + 1e-9:
                out.append(
                    BandViolation(
                        rep_id=rep_id,
                        measure=measure.name,
                        deviation=deviation,
                        tolerance=measure.tolerance,
                        least=possible[r] if possible[r] > measure.tolerance else 0.0,
                    )
                )
    return tuple(out)
