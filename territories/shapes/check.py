"""Check polygons against the customers and the region; shares no code with their construction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.domain import Customer
from territories.plane import Plane


@dataclass(frozen=True, kw_only=True)
class ShapeReport:
    """What is wrong with a set of polygons; all zeros when nothing is.

    Parameters
    ----------
    outside
        Customers that do not lie in the polygon of their rep.
    overlap_km2, gap_km2
        Area in two polygons, and area of the region in none.
    invalid
        Rep ids whose polygon is not valid.
    """

    outside: tuple[str, ...]
    overlap_km2: float
    gap_km2: float
    invalid: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """No customer outside, no overlap, no gap (to a square metre), nothing invalid."""
        return not self.outside and not self.invalid and self.overlap_km2 < 1e-6 and self.gap_km2 < 1e-6


def check_shapes(
    polygons: Mapping[str, BaseGeometry],
    territories: Mapping[str, str],
    customers: Sequence[Customer],
    *,
    region: BaseGeometry | None = None,
    ignore: frozenset[str] = frozenset(),
) -> ShapeReport:
    """Check polygons in lon/lat, for example read back from an exported file.

    Containment is tested in the coordinates of the file, as any other program would; areas are measured in an
    equal-area plane. Slivers from rounding coordinates in a file are below a square metre per kilometre of border.
    """
    outside = []
    shapely.prepare(list(polygons.values()))
    for c in customers:
        rep = territories.get(c.customer_id)
        if rep is None or c.customer_id in ignore:
            continue
        if rep not in polygons or not shapely.covers(polygons[rep], shapely.Point(c.location.lon, c.location.lat)):
            outside.append(c.customer_id)
    names = list(polygons)
    shapes = [polygons[n] for n in names]
    invalid = tuple(n for n, g in zip(names, shapes, strict=True) if not shapely.is_valid(g))
    latlon = np.array([(c.location.lat, c.location.lon) for c in customers]).reshape(-1, 2)
    plane = Plane.around(latlon)
    flat = [shapely.make_valid(plane.geometry_to_km(g)) for g in shapes]
    overlap = 0.0
    tree = shapely.STRtree(flat)
    for i, geometry in enumerate(flat):
        for j in tree.query(geometry, predicate="intersects").tolist():
            if i < j:
                overlap += float(shapely.area(shapely.intersection(geometry, flat[j])))
    gap = 0.0
    if region is not None:
        whole = shapely.make_valid(plane.geometry_to_km(region))
        gap = float(shapely.area(shapely.difference(whole, shapely.union_all(flat))))
    return ShapeReport(outside=tuple(outside), overlap_km2=overlap, gap_km2=gap, invalid=invalid)
