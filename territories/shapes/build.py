"""Polygons of an alignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.domain import Customer
from territories.alignment import Alignment
from territories.engine.costs import Bools, Floats, Ints
from territories.plane import Plane
from territories.shapes.cells import (
    GRID_KM,
    Geometries,
    dissolve,
    faces_apart,
    faces_of,
    label_faces,
    power_owner,
    power_rings,
    voronoi,
)
from territories.shapes.region import polygons_only, project_region
from territories.shapes.units import unit_polygons

_MARGIN_KM = 2e-5
"""Two centimetres between a customer and the border, so that rounding in files cannot push it out."""


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """Polygons of all reps, tiling the region.

    Parameters
    ----------
    polygons
        Rep id -> polygon in lon/lat (WGS-84). A rep without customers has an empty polygon.
    region
        What they tile, lon/lat.
    construction
        ``units`` (administrative borders), ``power`` (cells of the power diagram) or ``voronoi`` (of the customers).
    carved
        Customers whose own cell had to be cut out of a neighbour's territory.
    outside_geography
        Key accounts and others that share their place with another rep's customer; they count for no polygon.
    plane
        Projection that the polygons were made in.
    """

    polygons: Mapping[str, BaseGeometry]
    region: BaseGeometry
    construction: str
    carved: tuple[str, ...]
    outside_geography: tuple[str, ...]
    plane: Plane


def territory_polygons(
    alignment: Alignment,
    customers: Sequence[Customer],
    *,
    region: BaseGeometry | None = None,
    water: BaseGeometry | None = None,
    units: Sequence[BaseGeometry] = (),
    outside: frozenset[str] = frozenset(),
    smooth: bool = True,
) -> Boundaries:
    """Polygons that tile the region, without overlap or gap, every customer inside its own.

    Parameters
    ----------
    alignment, customers
        Who serves whom, and where they are.
    region
        Planning region in lon/lat; the units together, or a buffered hull of the customers, when not given.
    water
        Sea and lakes in lon/lat, cut out of the region.
    units
        Administrative units in lon/lat whose borders the territories follow.
    outside
        Customer ids outside geography (key accounts): they need not lie in their rep's polygon.
    smooth
        Prefer the straight borders of the power diagram where there is one.
    """
    rep_index = {r: j for j, r in enumerate(alignment.rep_ids)}
    known = [c for c in customers if c.customer_id in alignment.territories]
    latlon = np.array([(c.location.lat, c.location.lon) for c in known]).reshape(-1, 2)
    diagram = alignment.diagram
    plane = Plane(lat=diagram.lat, lon=diagram.lon) if diagram is not None else Plane.around(latlon)
    points = plane.to_km(latlon)
    labels = np.array([rep_index[alignment.territories[c.customer_id]] for c in known], dtype=np.int64)
    if region is None and units:
        region = polygons_only(shapely.union_all(shapely.set_precision(np.array(units, dtype=object), 1e-9)))
    area = project_region(region, water, plane, points)
    aside = np.array([c.customer_id in outside for c in known], dtype=np.bool_) | _shared_places(points, labels)
    inside = np.flatnonzero(~aside)
    xy, own = points[inside], labels[inside]
    m = len(rep_index)
    sites = np.array(diagram.sites) if diagram is not None else None
    use_power = False
    if smooth and not units and sites is not None and diagram is not None:
        owner = power_owner(sites, np.array(diagram.weights))(xy)
        use_power = bool((owner != own).mean() < 0.15)
    carved = np.zeros(0, dtype=np.int64)
    if units:
        polygons = unit_polygons([plane.geometry_to_km(shapely.segmentize(u, 0.02)) for u in units], xy, own, area, m)
    elif use_power and sites is not None and diagram is not None:
        polygons, carved = _power_polygons(sites, np.array(diagram.weights), xy, own, area, m)
    else:
        polygons = _voronoi_polygons(xy, own, area, m)
    return Boundaries(
        polygons={r: plane.geometry_to_lonlat(polygons[j]) for r, j in rep_index.items()},
        # joined from the territories, so that it has a vertex wherever one of their borders ends
        region=plane.geometry_to_lonlat(shapely.coverage_union_all(polygons)),
        construction="units" if units else "power" if use_power else "voronoi",
        carved=tuple(known[int(inside[i])].customer_id for i in carved),
        outside_geography=tuple(c.customer_id for c, out in zip(known, aside.tolist(), strict=True) if out),
        plane=plane,
    )


def _shared_places(points: Floats, labels: Ints) -> Bools:
    """Customers at the place of another one that has an earlier row and another rep."""
    place = np.round(points / 0.0005).astype(np.int64)
    _, first, group = np.unique(place, axis=0, return_index=True, return_inverse=True)
    return np.asarray(labels != labels[first[group.ravel()]])


def _power_polygons(
    sites: Floats, weights: Floats, xy: Floats, own: Ints, area: BaseGeometry, m: int
) -> tuple[Geometries, Ints]:
    """Power cells, and the surroundings of every customer that lies in another's cell carved over."""
    x0, y0, x1, y1 = area.bounds
    pad = 0.1 * max(x1 - x0, y1 - y0) + 1.0
    rings = power_rings(sites, weights, (x0 - pad, y0 - pad, x1 + pad, y1 + pad))
    lines: list[BaseGeometry] = [shapely.LinearRing(np.round(r, 7)) for r in rings if len(r)]
    owner_of = power_owner(sites, weights)
    near = _too_near(lines, xy)
    bad = np.flatnonzero((owner_of(xy) != own) | near)
    if not len(bad):
        faces = faces_of(lines, area)
        return dissolve(faces, label_faces(faces, owner_of), m), bad
    cells = voronoi(np.unique(xy, axis=0), area)
    tree = shapely.STRtree(cells)
    places = shapely.points(xy[bad])
    which = np.asarray(tree.query(places, predicate="covered_by"))
    cell_of = np.zeros(len(bad), dtype=np.int64)
    cell_of[which[0]] = which[1]
    spacing = np.sqrt(area.area / max(1, len(xy)))
    spots = shapely.intersection(cells[cell_of], shapely.buffer(places, 1.5 * spacing, quad_segs=4), grid_size=GRID_KM)
    lines += [s for s in shapely.boundary(spots) if not s.is_empty]
    faces = faces_apart(lines, area, xy, own, m)
    inner = shapely.point_on_surface(faces)
    owner = owner_of(shapely.get_coordinates(inner))
    hit = shapely.STRtree(spots).query(inner, predicate="covered_by")
    owner[hit[0]] = own[bad[hit[1]]]
    _settle_faces(faces, owner, xy, own)
    return dissolve(faces, owner, m), bad


def _too_near(lines: list[BaseGeometry], xy: Floats) -> Bools:
    """Customers within the margin of a cell border."""
    tree = shapely.STRtree(lines)
    hit = tree.query(shapely.points(xy), predicate="dwithin", distance=_MARGIN_KM)
    out = np.zeros(len(xy), dtype=np.bool_)
    out[hit[0]] = True
    return out


def _settle_faces(faces: Geometries, owner: Ints, xy: Floats, own: Ints) -> None:
    """A face that holds customers belongs to their rep."""
    hit = shapely.STRtree(faces).query(shapely.points(xy), predicate="covered_by")
    owner[hit[1]] = own[hit[0]]


def _voronoi_polygons(xy: Floats, own: Ints, area: BaseGeometry, m: int) -> Geometries:
    """Dissolved Voronoi cells, their shared borders simplified as far as no customer changes side."""
    unique, first = np.unique(xy, axis=0, return_index=True)
    cells = voronoi(unique, area)
    label = own[first]
    whole = dissolve(cells, label, m)
    filled = np.flatnonzero([not g.is_empty for g in whole])
    shapes = _simplify_safely(whole[filled], np.searchsorted(filled, label), unique, area)
    faces = faces_apart([b for b in shapely.boundary(shapes) if not b.is_empty], area, xy, own, m)
    inner = shapely.point_on_surface(faces)
    hit = shapely.STRtree(shapes).query_nearest(inner, all_matches=False)
    owner = np.zeros(len(faces), dtype=np.int64)
    owner[hit[0]] = filled[hit[1]]
    _settle_faces(faces, owner, xy, own)
    return dissolve(faces, owner, m)


def _simplify_safely(shapes: Geometries, label: Ints, xy: Floats, area: BaseGeometry) -> Geometries:
    """Largest of a ladder of tolerances at which every customer stays inside its own polygon."""
    if len(shapes) < 2 or not hasattr(shapely, "coverage_simplify"):
        return shapes
    places = shapely.points(xy)
    spacing = float(np.sqrt(area.area / max(1, len(xy))))
    for share in (0.6, 0.4, 0.25, 0.15, 0.08, 0.04):
        simple = shapely.coverage_simplify(shapes, share * spacing, simplify_boundary=False)
        if shapely.covers(shapely.buffer(simple, -_MARGIN_KM)[label], places).all():
            return np.asarray(simple)
    return shapes
