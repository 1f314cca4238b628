"""Faces of one noded line network: power cells, Voronoi cells, carved pieces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from territories.engine.costs import Floats, Ints

GRID_KM = 1e-6
"""Grid on which all lines are noded: one millimetre."""

type Geometries = np.ndarray[tuple[int, ...], np.dtype[np.object_]]


def clip_half_plane(polygon: Floats, normal: Floats, limit: float) -> Floats:
    """Part of a convex polygon (k, 2) where ``normal · x <= limit``."""
    side = polygon @ normal - limit
    if (side <= 0).all():
        return polygon
    following = np.roll(np.arange(len(polygon)), -1)
    out = []
    for i, j in enumerate(following):
        if side[i] <= 0:
            out.append(polygon[i])
        if side[i] * side[j] < 0:
            out.append(polygon[i] + (polygon[j] - polygon[i]) * (side[i] / (side[i] - side[j])))
    return np.array(out).reshape(-1, 2)


def power_rings(sites: Floats, weights: Floats, bounds: tuple[float, float, float, float]) -> list[Floats]:
    """Rings of the power cells inside a box; a cell may be empty."""
    x0, y0, x1, y1 = bounds
    box = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    level = (sites**2).sum(axis=1) - weights
    rings = []
    for j in range(len(sites)):
        polygon = box
        order = np.argsort(((sites - sites[j]) ** 2).sum(axis=1) - weights, kind="stable")
        for k in order[order != j]:
            normal = 2 * (sites[k] - sites[j])
            if not normal.any():  # two reps at one place: the larger weight takes all
                if (weights[k], -k) > (weights[j], -j):
                    polygon = polygon[:0]
            else:
                polygon = clip_half_plane(polygon, normal, float(level[k] - level[j]))
            if len(polygon) < 3:
                break
        rings.append(polygon if len(polygon) >= 3 else np.zeros((0, 2)))
    return rings


def faces_of(lines: list[BaseGeometry], region: BaseGeometry) -> Geometries:
    """Faces inside the region of the network of lines and the region's border, noded on the grid.

    A long straight edge in the plane is not straight in lon/lat: once noded, every edge gets vertices at most a
    kilometre apart, the same ones for the faces on both sides.
    """
    network = shapely.union_all(
        [shapely.union_all(lines, grid_size=GRID_KM), shapely.boundary(region)], grid_size=GRID_KM
    )
    faces = np.array(shapely.get_parts(shapely.polygonize([shapely.segmentize(network, 1.0)])))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(region)
    return np.asarray(faces[shapely.covers(region, inside)])


def faces_apart(lines: list[BaseGeometry], region: BaseGeometry, xy: Floats, own: Ints, m: int) -> Geometries:
    """Faces as :func:`faces_of`; one that holds customers of several reps is cut along the cells of its customers."""
    faces = faces_of(lines, region)
    point, face = shapely.STRtree(faces).query(shapely.points(xy), predicate="covered_by")
    cuts: list[BaseGeometry] = []
    for f in np.unique(face):
        members = point[face == f]
        if len(np.unique(own[members])) > 1:
            unique, first = np.unique(xy[members], axis=0, return_index=True)
            parts = dissolve(voronoi(unique, faces[f]), own[members[first]], m)
            cuts += [c for c in shapely.intersection(shapely.boundary(parts), faces[f]) if not c.is_empty]
    return faces_of([*lines, *cuts], region) if cuts else faces


def dissolve(faces: Geometries, owner: Ints, m: int) -> Geometries:
    """Union of the faces of every owner; faces share their edges exactly, so this adds no error."""
    out = [shapely.coverage_union_all(faces[owner == j]) if (owner == j).any() else shapely.Polygon() for j in range(m)]
    return np.array(out, dtype=object)


def label_faces(faces: Geometries, owner_of: Callable[[Floats], Ints]) -> Ints:
    """Owner of every face, asked for at a point inside it."""
    return owner_of(shapely.get_coordinates(shapely.point_on_surface(faces)))


def power_owner(sites: Floats, weights: Floats) -> Callable[[Floats], Ints]:
    """Which power cell a point lies in."""

    def owner(xy: Floats) -> Ints:
        distance = ((xy[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2) - weights[None, :]
        return np.asarray(distance.argmin(axis=1), dtype=np.int64)

    return owner


def voronoi(points: Floats, region: BaseGeometry) -> Geometries:
    """Voronoi cell of every point, in their order, reaching beyond the region."""
    x0, y0, x1, y1 = region.bounds
    pad = max(x1 - x0, y1 - y0, 1.0)
    extent = shapely.box(x0 - pad, y0 - pad, x1 + pad, y1 + pad)
    if len(points) == 1:
        return np.array([extent], dtype=object)
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=extent, ordered=True)
    return np.array(shapely.get_parts(cells), dtype=object)
