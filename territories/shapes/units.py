"""Territories along administrative borders: whole units, cut only where several reps share one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from territories.engine.costs import Floats, Ints
from territories.shapes.cells import Geometries, dissolve, faces_apart


def unit_polygons(units: Sequence[BaseGeometry], xy: Floats, own: Ints, area: BaseGeometry, m: int) -> Geometries:
    """Polygon of every rep in the plane, shape (m,).

    A unit belongs to the rep of its customers. A unit of several reps is cut along the Voronoi cells of its customers,
    one without customers goes with the nearest customer.

    Parameters
    ----------
    units
        Administrative units, kilometres.
    xy, own
        Places of the customers and their rep.
    area
        What the polygons tile.
    """
    tree = shapely.STRtree(units)
    places = shapely.points(xy)
    unit_of = np.asarray(tree.nearest(places), dtype=np.int64)
    inside = tree.query(places, predicate="covered_by")
    unit_of[inside[0]] = inside[1]
    faces = faces_apart([shapely.boundary(u) for u in units], area, xy, own, m)
    inner = shapely.point_on_surface(faces)
    middle = shapely.get_coordinates(inner)
    unit_of_face = np.asarray(tree.nearest(inner), dtype=np.int64)
    # a unit without customers goes in one piece, with the customer nearest to its middle
    middles = shapely.get_coordinates(shapely.point_on_surface(units))
    nearest = np.asarray(cKDTree(xy).query(middles)[1], dtype=np.int64)
    owner = own[nearest[unit_of_face]]
    for u in np.unique(unit_of):
        members, there = np.flatnonzero(unit_of == u), np.flatnonzero(unit_of_face == u)
        if len(there):
            owner[there] = own[members[cKDTree(xy[members]).query(middle[there])[1]]]
    hit = shapely.STRtree(faces).query(places, predicate="covered_by")
    owner[hit[1]] = own[hit[0]]
    return dissolve(faces, owner, m)
