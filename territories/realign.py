"""Change an alignment as little as needed, or as much as pays: stability, hard limits, what had to move anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from routing.errors import InvalidInput, Issue
from routing.search.stop import Stop
from territories.align import align, enough_from, settle
from territories.alignment import Alignment
from territories.atoms import Atoms, build_atoms
from territories.balance import Base, standing
from territories.costing import Costing, make_costs, spacing, square_spacing
from territories.description import describe
from territories.disruption import neighbour_flow_bound, overflow_bound
from territories.engine.centres import Centres
from territories.engine.costs import Ints
from territories.engine.refine import ChangeLimits
from territories.engine.seeds import hard_centroids
from territories.newcomers import seat
from territories.problem import TerritoryProblem


@dataclass(frozen=True, kw_only=True)
class MoveLimits:
    """Hard limits on what changes rep; shares are of the whole, per rep of what the rep has today.

    Parameters
    ----------
    customers, workload, sales
        Largest share that moves altogether, 0 … 1; None for no limit.
    per_rep
        Largest share of a rep's present workload that leaves the rep.
    """

    customers: float | None = None
    workload: float | None = None
    sales: float | None = None
    per_rep: float | None = None

    def __post_init__(self) -> None:
        wrong = [
            Issue(
                what=f"move limit '{name}' is {value:g}, not a share between 0 and 1.", cure="0.1 means ten per cent."
            )
            for name, value in vars(self).items()
            if value is not None and not 0 <= value <= 1
        ]
        if wrong:
            raise InvalidInput(wrong)


@dataclass(frozen=True, kw_only=True)
class Realignment:
    """A new alignment beside the one it came from.

    Parameters
    ----------
    alignment
        What would be.
    before
        What is today, on today's data (new customers with the nearest territory).
    moved
        Customer id -> (rep before, rep after); new customers are not in it.
    new
        Customers that had no rep.
    moved_customers, moved_workload, moved_sales
        Shares that change rep.
    bound_any, bound_neighbours
        Least share of workload that must move for the bands if travel stayed with the customers as it is today:
        between any two reps, and only across common borders. A change that saves travel may get by with less.
    distance_before, distance_after
        Visit-weighted mean distance to the centre of the territory, kilometres.
    stability
        Weight that was used; less than asked for where the bands could not be met with it.
    """

    alignment: Alignment
    before: Alignment
    moved: Mapping[str, tuple[str, str]]
    new: tuple[str, ...]
    moved_customers: float
    moved_workload: float
    moved_sales: float
    bound_any: float
    bound_neighbours: float
    distance_before: float
    distance_after: float
    stability: float

    @property
    def travel_saved(self) -> float:
        """Estimated travel saved, share of today's; negative when it grows."""
        today = sum(self.before.travel.values())
        return 1.0 - sum(self.alignment.travel.values()) / today if today > 0 else 0.0


def realign(
    problem: TerritoryProblem,
    current: Mapping[str, str],
    *,
    stability: float = 0.3,
    limits: MoveLimits | None = None,
    never_move: frozenset[str] = frozenset(),
    seed: int = 0,
    stop: Stop | None = None,
) -> Realignment:
    """Alignment that meets the bands and prefers today's reps.

    Parameters
    ----------
    problem
        Today's customers and reps.
    current
        Customer id -> rep id of today; customers or reps that are gone are passed over.
    stability
        Price of moving a customer, as a multiple of the squared spacing of the territories: 0 plans from scratch,
        0.3 is a good compromise, 5 moves hardly more than the bands enforce.
    limits
        Hard limits on what moves.
    never_move
        Customers that keep their rep; locked customers and key accounts do so anyway.
    seed, stop
        As in :func:`territories.align`.
    """
    _check(problem, current, stability, never_move)
    problem = _bind(problem, current, never_move)
    atoms = build_atoms(problem)
    present = _present(problem, current)
    staying = _unit_present(atoms, present)
    start = _complete(atoms, staying)
    before = describe(problem, atoms, start)
    change = _change_limits(atoms, problem, before, staying, limits)
    if stability == 0 and limits is None:
        after = align(problem, seed=seed, stop=stop)
        if problem.free_reps:
            after = _rename_free(problem, atoms, after, present)
    else:
        after = _stable(problem, atoms, staying, start, stability, change, seed, stop)
        # bands are hard and stability is a wish: where the wish got into their way it gives in, half by half
        while not after.feasible and limits is None and stability > 0.1 and not any(v.why for v in after.violations):
            stability /= 2
            after = _stable(problem, atoms, staying, start, stability, change, seed, stop)
    return _compare(problem, atoms, present, start, before, after, stability)


def _check(problem: TerritoryProblem, current: Mapping[str, str], stability: float, never_move: frozenset[str]) -> None:
    issues = []
    if not stability >= 0:
        issues.append(Issue(what=f"stability is {stability:g}.", cure="Give 0 (from scratch) or more; 0.3 is usual."))
    ids = {c.customer_id for c in problem.customers}
    if not ids & current.keys():
        issues.append(
            Issue(
                what="The present alignment names none of the customers.", cure="Check the customer ids of both files."
            )
        )
    lost = sorted(c for c in never_move & ids if current.get(c) not in problem.rep_ids)
    if lost:
        issues.append(
            Issue(
                what=f"customers that shall never move have no rep today: {', '.join(lost[:5])}.", cure="Unlock them."
            )
        )
    if issues:
        raise InvalidInput(issues)


def _bind(problem: TerritoryProblem, current: Mapping[str, str], never_move: frozenset[str]) -> TerritoryProblem:
    if not never_move:
        return problem
    customers = tuple(
        replace(c, rep_id=current[c.customer_id], rep_locked=True) if c.customer_id in never_move else c
        for c in problem.customers
    )
    return replace(problem, customers=customers)


def _present(problem: TerritoryProblem, current: Mapping[str, str]) -> Ints:
    """Rep index of every customer today, -1 when none."""
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    return np.array([index.get(current.get(c.customer_id, ""), -1) for c in problem.customers], dtype=np.int64)


def _unit_present(atoms: Atoms, present: Ints) -> Ints:
    """Rep of every unit today: the one with most visits in it."""
    m = len(atoms.share)
    votes = np.zeros((atoms.n_units, m))
    known = (atoms.unit_of >= 0) & (present >= 0)
    np.add.at(votes, (atoms.unit_of[known], present[known]), atoms.visits[known] + 1e-6)
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1).astype(np.int64)


def _complete(atoms: Atoms, staying: Ints) -> Ints:
    """Labels of today: units without a rep, or with one who may not serve them, go to the nearest allowed territory."""
    m = len(atoms.share)
    labels = staying.copy()
    allowed = atoms.masks[atoms.mask_of]
    rows = np.arange(atoms.n_units)
    open_units = (labels < 0) | ~allowed[rows, np.maximum(labels, 0)]
    if open_units.any():
        settled = ~open_units
        homes = np.where(np.isfinite(atoms.homes), atoms.homes, atoms.unit_points.mean(axis=0))
        middle = (
            hard_centroids(atoms.unit_points[settled], np.ones(int(settled.sum())), labels[settled], homes)
            if settled.any()
            else homes
        )
        distance = ((atoms.unit_points[open_units][:, None, :] - middle[None]) ** 2).sum(axis=2)
        distance[~allowed[open_units]] = np.inf
        labels[open_units] = distance.argmin(axis=1)
    assert (labels < m).all()
    return labels


def _stable(
    problem: TerritoryProblem,
    atoms: Atoms,
    staying: Ints,
    start: Ints,
    stability: float,
    change: ChangeLimits | None,
    seed: int,
    stop: Stop | None,
) -> Alignment:
    labels = atoms.customer_labels(start)
    now = standing(atoms, labels, problem.measures, problem.travel, problem.rep_ids)
    base = Base.of(atoms, problem.measures, float(now.travel.seconds.sum()))
    load = base.load(atoms, now, labels, problem.measures, 1.0)
    area = atoms.area(load)
    centres = hard_centroids(atoms.unit_points, load.weight, start, np.nan_to_num(atoms.homes))
    newcomers = [j for j in range(len(atoms.share)) if not (staying == j).any()]

    settled = [j for j in range(len(atoms.share)) if j not in newcomers]
    if newcomers and settled:
        price = np.where(staying >= 0, stability * square_spacing(centres[settled], atoms.unit_points), 0.0)
        start, centres = seat(area, atoms.graph, start, centres, staying, price, newcomers, change)
    plain = make_costs(problem, atoms, area, Centres(points=centres, lam=np.zeros_like(load.lower), value=0.0))
    bonus = np.where(staying >= 0, stability * spacing(plain, centres, atoms.unit_points), 0.0)
    costing = Costing(costs=plain.costs._replace(stay=staying, bonus=bonus.astype(np.float64)), power=False)
    found = settle(
        problem,
        atoms,
        base,
        costing,
        start,
        seed=seed,
        limits=change,
        start=start,
        enough=enough_from(stop),
    )
    return describe(problem, atoms, found.labels, costing=costing, made=found.made)


def _change_limits(
    atoms: Atoms, problem: TerritoryProblem, before: Alignment, staying: Ints, limits: MoveLimits | None
) -> ChangeLimits | None:
    if limits is None:
        return None
    m = len(atoms.share)
    sales = atoms.unit_sum(np.array([float(c.sales or 0.0) for c in problem.customers]))
    workload = atoms.unit_sum(np.array([before.workload_of[c.customer_id] for c in problem.customers]))
    count = atoms.unit_sum(np.ones(len(problem.customers)))
    amount = np.stack([count, workload, sales], axis=1)
    amount[staying < 0] = 0.0
    total = np.array(
        [
            np.inf if share is None else share * column.sum()
            for share, column in zip((limits.customers, limits.workload, limits.sales), amount.T, strict=True)
        ]
    )
    per = np.full((m, 3), np.inf)
    if limits.per_rep is not None:
        known = staying >= 0
        per[:, 1] = limits.per_rep * np.bincount(staying[known], workload[known], m)
    return ChangeLimits(amount=amount, total=total, per_territory=per)


def _rename_free(problem: TerritoryProblem, atoms: Atoms, found: Alignment, present: Ints) -> Alignment:
    """Give the territories of free reps to those who have most of their customers today."""
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    after = np.array([index[found.territories[c.customer_id]] for c in problem.customers], dtype=np.int64)
    free = np.array([r in problem.free_reps for r in problem.rep_ids])
    m = len(free)
    overlap = np.zeros((m, m))
    known = present >= 0
    np.add.at(overlap, (after[known], present[known]), atoms.service[known] + 1.0)
    overlap[np.ix_(~free, np.ones(m, dtype=np.bool_))] = 0.0
    overlap[~free, ~free] = overlap.sum() + 1.0
    row, column = linear_sum_assignment(-overlap)
    new_name = np.empty(m, dtype=np.int64)
    new_name[row] = column
    unit_labels = np.zeros(atoms.n_units, dtype=np.int64)
    inside = atoms.unit_of >= 0
    unit_labels[atoms.unit_of[inside]] = new_name[after[inside]]
    allowed = atoms.masks[atoms.mask_of, unit_labels].all()
    same_hours = np.allclose(atoms.share[new_name], atoms.share)
    return describe(problem, atoms, unit_labels) if allowed and same_hours else found


def _compare(
    problem: TerritoryProblem,
    atoms: Atoms,
    present: Ints,
    start: Ints,
    before: Alignment,
    after: Alignment,
    stability: float,
) -> Realignment:
    index = {r: j for j, r in enumerate(problem.rep_ids)}
    labels = np.array([index[after.territories[c.customer_id]] for c in problem.customers], dtype=np.int64)
    known = present >= 0
    moved = known & (labels != present)
    workload = np.array([before.workload_of[c.customer_id] for c in problem.customers])
    sales = np.array([float(c.sales or 0.0) for c in problem.customers])
    band = next((x.tolerance for x in problem.measures), 0.05)
    old = atoms.customer_labels(start)
    return Realignment(
        alignment=after,
        before=before,
        moved={
            problem.customers[i].customer_id: (problem.rep_ids[present[i]], problem.rep_ids[labels[i]])
            for i in np.flatnonzero(moved)
        },
        new=tuple(problem.customers[i].customer_id for i in np.flatnonzero(~known)),
        moved_customers=float(moved.sum() / max(1, known.sum())),
        moved_workload=float(workload[moved].sum() / max(workload.sum(), 1e-9)),
        moved_sales=float(sales[moved].sum() / sales.sum()) if sales.sum() > 0 else 0.0,
        bound_any=overflow_bound(workload, old, atoms.share, band),
        bound_neighbours=neighbour_flow_bound(atoms, start, workload, old, band),
        distance_before=_mean_distance(atoms, old),
        distance_after=_mean_distance(atoms, labels),
        stability=stability,
    )


def _mean_distance(atoms: Atoms, labels: Ints) -> float:
    weight = atoms.visits + 1e-9
    middle = hard_centroids(atoms.customer_points, weight, labels, np.zeros((len(atoms.share), 2)))
    away = np.sqrt(((atoms.customer_points - middle[labels]) ** 2).sum(axis=1))
    return float((weight * away).sum() / weight.sum())
