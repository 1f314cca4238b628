"""Cost models of a problem: power distance between home and centre, or travel time on roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from routing.domain import TravelMode
from routing.travel.base import TravelProvider
from routing.travel.great_circle import GreatCircle
from routing.travel.matrix import UNREACHABLE
from territories.atoms import Atoms
from territories.engine.centres import Area, Centres
from territories.engine.costs import Costs, Floats, Ints, matrix_costs
from territories.engine.dual import typical_gap
from territories.engine.seeds import bisect, hard_centroids
from territories.problem import Compactness, TerritoryProblem
from territories.workload import hull_areas


@dataclass(frozen=True, kw_only=True)
class Costing:
    """A cost model, and whether its dual is a power diagram."""

    costs: Costs
    power: bool


def first_labels(atoms: Atoms, seed: int) -> Ints:
    """Balanced bisection, parts given to near homes: units, shape (n,)."""
    size = atoms.unit_sum(atoms.service + atoms.visits) + 1e-9
    labels = bisect(atoms.unit_points, size, atoms.share)
    m = len(atoms.share)
    seeds = hard_centroids(atoms.unit_points, size, labels, atoms.unit_points[np.arange(m) % atoms.n_units])
    if np.isfinite(atoms.homes).all():
        distance = ((seeds[:, None, :] - atoms.homes[None, :, :]) ** 2).sum(axis=2)
        row, col = linear_sum_assignment(distance)
        order = np.empty(m, dtype=np.int64)
        order[row] = col
        labels = order[labels]
    allowed = atoms.masks[atoms.mask_of]
    wrong = ~allowed[np.arange(len(labels)), labels]
    labels[wrong] = allowed[wrong].argmax(axis=1)
    return labels


def make_costs(problem: TerritoryProblem, atoms: Atoms, area: Area, centres: Centres) -> Costing:
    """Costs at these centres, as the problem wants them."""
    costs = area.costs(centres.points)
    if problem.compactness is Compactness.DISTANCE:
        return Costing(costs=costs, power=True)
    matrix = road_seconds(problem, atoms, centres.points)
    return Costing(
        costs=matrix_costs(atoms.unit_points, costs.sites, matrix, mask_of=atoms.mask_of, masks=atoms.masks),
        power=False,
    )


def spacing(costing: Costing, centres: Floats, points: Floats) -> float:
    """Squared distance between neighbouring centres, or the typical cost gap of a road matrix."""
    if costing.costs.matrix.size:
        ordered = np.sort(costing.costs.matrix, axis=1)
        return 2.0 * typical_gap(ordered)
    return square_spacing(centres, points)


def square_spacing(centres: Floats, points: Floats) -> float:
    """Typical squared distance between neighbouring centres, square kilometres."""
    if len(centres) < 2:
        return 1.0
    away = ((centres[:, None, :] - centres[None]) ** 2).sum(axis=2)
    np.fill_diagonal(away, np.inf)
    # where several reps live in one town the nearest centre says little; the area of a territory then does
    per_territory = float(hull_areas(points, np.zeros(len(points), dtype=np.int64), 1)[0]) / len(centres)
    return max(float(np.median(away.min(axis=1))), per_territory) + 1e-9


def road_seconds(problem: TerritoryProblem, atoms: Atoms, centres: Floats) -> Floats:
    """Travel time between every unit and the centre and home of every territory, seconds, shape (n, m).

    The centre is the unit nearest to the geometric one, so that it lies on a road.
    """
    provider: TravelProvider = problem.provider or GreatCircle()
    n, m = atoms.n_units, len(centres)
    nearest_unit = np.array([int(((atoms.unit_points - c) ** 2).sum(axis=1).argmin()) for c in centres])
    places = atoms.plane.to_latlon(np.concatenate([atoms.unit_points, np.nan_to_num(atoms.homes)]))
    out = np.empty((n, m))
    for mode in sorted({r.mode for r in problem.reps}):
        using = [j for j, r in enumerate(problem.reps) if r.mode == mode]
        profile = TravelMode(mode)
        to_centre = _minutes(provider, places, profile, [int(nearest_unit[j]) for j in using], n)
        tied = [j for j in using if atoms.pull[j] < 1.0]
        out[:, using] = to_centre
        if tied:
            to_home = _minutes(provider, places, profile, [n + j for j in tied], n)
            pull = atoms.pull[tied]
            out[:, tied] = pull * out[:, tied] + (1 - pull) * to_home
    return out


def _minutes(provider: TravelProvider, places: Floats, profile: TravelMode, origins: list[int], n: int) -> Floats:
    table = provider.matrix(places, profile=profile, origins=origins, destinations=list(range(n)))
    seconds = table.durations.T.astype(np.float64)
    reachable = seconds[seconds < UNREACHABLE]
    # a place without a road costs more than any other, and stays assignable
    return np.where(seconds < UNREACHABLE, seconds, 3.0 * float(reachable.max(initial=3600.0)))
