"""The planning region: what the territories together must cover."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue
from territories.engine.costs import Floats
from territories.plane import Plane


def buffered_hull(points: Floats) -> BaseGeometry:
    """Hull of points in the plane, widened by a few per cent of its extent and rounded, kilometres."""
    hull = shapely.MultiPoint(points).convex_hull
    margin = max(0.04 * float(np.ptp(points, axis=0).max()), 0.2)
    return hull.buffer(margin, quad_segs=6).simplify(margin / 50)


def project_region(
    region: BaseGeometry | None, water: BaseGeometry | None, plane: Plane, points: Floats
) -> BaseGeometry:
    """Region in the plane without the water: as given in lon/lat, or a buffered hull around the customers.

    Raises
    ------
    InvalidInput
        If the region is not an area, or customers lie outside it by more than 2 km.
    """
    if region is None:
        area = buffered_hull(points)
    else:
        if not isinstance(region, shapely.Polygon | shapely.MultiPolygon) or region.is_empty:
            raise InvalidInput(
                [Issue(what="The planning region is not an area.", cure="Give one polygon or multipolygon in lon/lat.")]
            )
        area = shapely.make_valid(plane.geometry_to_km(shapely.segmentize(region, 0.02)))
    if water is not None:
        area = shapely.difference(area, shapely.make_valid(plane.geometry_to_km(water)))
    area = polygons_only(shapely.set_precision(area, 1e-6))
    places = [shapely.Point(p) for p in points]
    away = shapely.distance(area, places)
    far = np.flatnonzero(away > 2.0)
    if len(far):
        raise InvalidInput(
            [
                Issue(
                    what=f"{len(far)} customers lie outside the planning region, the farthest by {away.max():.1f} km.",
                    cure="Enlarge the region, correct the coordinates, or leave the region out.",
                    code="outside_region",
                )
            ]
        )
    off = np.flatnonzero(away > 0)
    if len(off):
        # a customer on a pier or just over a generalised border: the region grows a small round spot around it
        spots = [shapely.buffer(shapely.shortest_line(area, places[i]), 0.05, quad_segs=4) for i in off]
        area = polygons_only(shapely.union_all([area, *spots], grid_size=1e-6))
    return area


def polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """The areal parts of a geometry."""
    parts = [
        p
        for p in shapely.get_parts(geometry, return_index=False)
        for p in ([p] if isinstance(p, shapely.Polygon) else list(shapely.get_parts(p)))
        if isinstance(p, shapely.Polygon) and not p.is_empty
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
