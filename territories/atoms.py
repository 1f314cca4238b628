"""From customers to the units of the engine: merge what must stay together, list who may serve what."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components

from routing.domain import TravelMode
from routing.travel.great_circle import GreatCircle
from territories.engine.centres import Area
from territories.engine.costs import Bools, Floats, Ints, Load
from territories.engine.graph import Graph, build_delaunay, from_edges
from territories.engine.seeds import bisect
from territories.measures import WORKLOAD, customer_values, visits_in_cycle
from territories.plane import Plane
from territories.problem import TerritoryProblem, mean_day_seconds
from territories.workload import Visits

_SAME_PLACE_KM = 0.001


@dataclass(frozen=True, kw_only=True)
class Atoms:
    """Arrays of a problem. Customers are rows of length N, units of length n, reps of length m.

    Attributes
    ----------
    plane : Plane
    customer_points, unit_points : float arrays, shape (N, 2), (n, 2)
        Kilometres.
    unit_of : int array, shape (N,)
        Unit of every customer; -1 for key accounts, who are outside geography.
    key_rep : int array, shape (N,)
        Rep of a key account, -1 otherwise.
    values : float array, shape (N, r)
        Measures of the problem per customer; the workload column holds service only.
    visits, service : float arrays, shape (N,)
        Per cycle.
    mask_of, masks : arrays, shape (n,), (g, m)
        Who may serve what.
    homes, pull : float arrays, shape (m, 2), (m,)
        NaN homes and pull 1 for free reps.
    share : float array, shape (m,)
        Share of the offered hours of every rep; sums to one.
    graph : Graph or None
        Neighbours of the units.
    travel : Visits
        Data of the travel estimate, on customers.
    """

    plane: Plane
    customer_points: Floats
    unit_points: Floats
    unit_of: Ints
    key_rep: Ints
    values: Floats
    visits: Floats
    service: Floats
    mask_of: Ints
    masks: Bools
    homes: Floats
    pull: Floats
    share: Floats
    graph: Graph | None
    travel: Visits

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.unit_points)

    def unit_sum(self, per_customer: Floats) -> Floats:
        """Sum a customer column per unit, shape (n,)."""
        inside = self.unit_of >= 0
        return np.asarray(np.bincount(self.unit_of[inside], per_customer[inside], self.n_units))

    def customer_labels(self, unit_labels: Ints) -> Ints:
        """Rep index of every customer from the labels of the units."""
        out = self.key_rep.copy()
        inside = self.unit_of >= 0
        out[inside] = unit_labels[self.unit_of[inside]]
        return out

    def area(self, load: Load) -> Area:
        """Engine problem with these loads."""
        return Area(
            points=self.unit_points,
            load=load,
            homes=np.nan_to_num(self.homes),
            pull=self.pull,
            mask_of=self.mask_of,
            masks=self.masks,
        )


def build_atoms(problem: TerritoryProblem) -> Atoms:
    """Project, merge and tabulate the customers of a problem."""
    customers, reps = problem.customers, problem.reps
    latlon = np.array([(c.location.lat, c.location.lon) for c in customers])
    home_latlon = np.array([(r.home_base.lat, r.home_base.lon) for r in reps])
    plane = Plane.around(latlon)
    points, homes = plane.to_km(latlon), plane.to_km(home_latlon)
    free = np.array([r.rep_id in problem.free_reps for r in reps])
    homes[free] = np.nan
    values = np.stack([customer_values(x.name, customers, problem.cycle_weeks) for x in problem.measures], axis=1)
    visits = visits_in_cycle(customers, problem.cycle_weeks)
    service = customer_values("service", customers, problem.cycle_weeks)
    index = {r.rep_id: j for j, r in enumerate(reps)}
    key_rep = np.array([index.get(problem.key_accounts.get(c.customer_id, ""), -1) for c in customers], dtype=np.int64)
    mask_of_customer, masks = _masks(problem)
    unit_of, mask_of, masks = _merge(problem, points, service + visits, key_rep, mask_of_customer, masks)
    n = int(unit_of.max()) + 1 if (unit_of >= 0).any() else 0
    inside = unit_of >= 0
    mass = np.bincount(unit_of[inside], minlength=n)
    unit_points = np.stack([np.bincount(unit_of[inside], points[inside, d], n) / mass for d in (0, 1)], axis=1)
    offered = np.array([problem.offered[r.rep_id] for r in reps])
    graph = _graph(problem, plane, unit_points, unit_of) if problem.contiguous else None
    mode_laws = GreatCircle()
    if isinstance(problem.provider, GreatCircle):
        mode_laws = problem.provider
    travel = Visits(
        points=points,
        visits=visits,
        service=service,
        homes=homes,
        day_seconds=np.array([mean_day_seconds(r) for r in reps]),
        weeks=problem.cycle_weeks,
        laws=[mode_laws.law(r.mode) for r in reps],
        home_seconds=_home_seconds(problem, latlon, home_latlon, free),
    )
    return Atoms(
        plane=plane,
        customer_points=points,
        unit_points=unit_points,
        unit_of=unit_of,
        key_rep=key_rep,
        values=values,
        visits=visits,
        service=service,
        mask_of=mask_of,
        masks=masks,
        homes=homes,
        pull=np.where(free, 1.0, 1.0 - problem.home_pull),
        share=offered / offered.sum(),
        graph=graph,
        travel=travel,
    )


def _masks(problem: TerritoryProblem) -> tuple[Ints, Bools]:
    """Distinct sets of allowed reps and the set of every customer."""
    rows: dict[tuple[bool, ...], int] = {(True,) * len(problem.reps): 0}
    cache: dict[object, int] = {}
    out = np.zeros(len(problem.customers), dtype=np.int64)
    for i, customer in enumerate(problem.customers):
        bound = problem.rep_of(customer)
        key = bound if bound is not None else (customer.skills, customer.excluded_reps)
        if key not in cache:
            row = tuple(problem.may_serve(r, customer) for r in problem.reps)
            cache[key] = rows.setdefault(row, len(rows))
        out[i] = cache[key]
    return out, np.array(list(rows), dtype=np.bool_).reshape(len(rows), len(problem.reps))


def _merge(
    problem: TerritoryProblem, points: Floats, size: Floats, key_rep: Ints, mask_of: Ints, masks: Bools
) -> tuple[Ints, Ints, Bools]:
    """Unit of every customer, set of allowed reps of every unit, all sets."""
    count = len(points)
    geographic = key_rep < 0
    links = [np.zeros((0, 2), dtype=np.int64)]
    place = np.round(points / _SAME_PLACE_KM).astype(np.int64)
    links.append(_chain(np.unique(np.c_[place, mask_of], axis=0, return_inverse=True)[1].ravel(), geographic))
    if problem.units:
        cell = _unit_cells(problem, points, size)
        links.append(_chain(np.unique(np.c_[cell, mask_of], axis=0, return_inverse=True)[1].ravel(), geographic))
    position = {c.customer_id: i for i, c in enumerate(problem.customers)}
    for group in problem.keep_together:
        members = np.array([position[g] for g in group if key_rep[position[g]] < 0], dtype=np.int64)
        links.append(np.stack([members[:-1], members[1:]], axis=1))
    edges = np.concatenate(links)
    matrix = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    component = connected_components(matrix, directed=False)[1]
    unit_of = np.full(count, -1, dtype=np.int64)
    unit_of[geographic] = np.unique(component[geographic], return_inverse=True)[1]
    n = int(unit_of.max()) + 1
    allowed = np.ones((n, masks.shape[1]), dtype=np.bool_)
    np.logical_and.at(allowed, unit_of[geographic], masks[mask_of[geographic]])
    rows, unit_mask = np.unique(allowed, axis=0, return_inverse=True)
    return unit_of, unit_mask.ravel().astype(np.int64), rows


def _chain(group: Ints, use: Bools) -> Ints:
    """Pairs that join all members of the same group."""
    members = np.flatnonzero(use)
    order = members[np.argsort(group[members], kind="stable")]
    same = group[order[:-1]] == group[order[1:]]
    return np.asarray(np.stack([order[:-1], order[1:]], axis=1)[same])


def _unit_cells(problem: TerritoryProblem, points: Floats, size: Floats) -> Ints:
    """Administrative unit of every customer; units too large for one atom are cut into balanced pieces."""
    lonlat = shapely.points([[c.location.lon, c.location.lat] for c in problem.customers])
    tree = shapely.STRtree([u.geometry for u in problem.units])
    cell = np.asarray(tree.nearest(lonlat), dtype=np.int64)
    covering = tree.query(lonlat, predicate="covered_by")
    cell[covering[0]] = covering[1]
    limit = problem.split_above * size.sum() / len(problem.reps)
    out = cell.copy()
    following = len(problem.units)
    for u in np.unique(cell):
        members = np.flatnonzero(cell == u)
        pieces = int(np.ceil(size[members].sum() / limit))
        if pieces > 1 and len(members) > 1:
            out[members] = following + bisect(points[members], size[members] + 1e-9, np.ones(pieces))
            following += pieces
    return out


def _graph(problem: TerritoryProblem, plane: Plane, points: Floats, unit_of: Ints) -> Graph:
    if problem.neighbours is not None:
        position = {c.customer_id: i for i, c in enumerate(problem.customers)}
        pairs = np.array(
            [(unit_of[position[a]], unit_of[position[b]]) for a, b in problem.neighbours if {a, b} <= position.keys()],
            dtype=np.int64,
        ).reshape(-1, 2)
        graph = from_edges(len(points), pairs[(pairs >= 0).all(axis=1)])
    else:
        graph = build_delaunay(points)
    if not problem.barriers:
        return graph
    edges = graph.edges()
    lines = shapely.linestrings(points[edges])
    wall = shapely.union_all([plane.geometry_to_km(b) for b in problem.barriers])
    shapely.prepare(wall)
    return from_edges(graph.n, edges[~shapely.intersects(wall, lines)])


def _home_seconds(problem: TerritoryProblem, latlon: Floats, homes: Floats, free: Bools) -> Floats | None:
    """Times from the homes on the provider's roads, where that is affordable and every rep has a home."""
    provider = problem.provider
    if provider is None or isinstance(provider, GreatCircle) or free.any() or len(latlon) * len(homes) > 5_000_000:
        return None
    m = len(homes)
    out = np.empty((len(latlon), m))
    places = np.concatenate([homes, latlon])
    for mode in sorted({r.mode for r in problem.reps}):
        using = [j for j, r in enumerate(problem.reps) if r.mode == mode]
        table = provider.matrix(
            places, profile=TravelMode(mode), origins=using, destinations=list(range(m, len(places)))
        )
        out[:, using] = table.durations.T
    return out


def with_graph(atoms: Atoms, graph: Graph | None) -> Atoms:
    """Same atoms on another neighbour graph."""
    return replace(atoms, graph=graph)


def has_workload(problem: TerritoryProblem) -> bool:
    """Whether travel is part of what is balanced."""
    return any(x.name == WORKLOAD for x in problem.measures)
