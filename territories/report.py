"""Tables of an alignment: one row a territory, every measure by name."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from territories.alignment import Alignment
from territories.engine.costs import Floats
from territories.measures import visits_in_cycle
from territories.plane import Plane
from territories.problem import TerritoryProblem
from territories.shapes import Boundaries

COLUMNS = {
    "rep_id": "Rep id",
    "name": "Rep",
    "customers": "Customers",
    "visits": "Visits per cycle",
    "service_hours": "Hours on site per cycle",
    "travel_hours": "Estimated travel hours per cycle",
    "travel_share": "Travel over workload",
    "workload_hours": "On site plus travel",
    "offered_hours": "Working hours of the rep per cycle",
    "utilisation": "Workload over working hours",
    "deviation": "Workload against the target share",
    "sales": "Sales per year",
    "mean_distance_km": "Visit-weighted mean distance to the centre",
    "area_km2": "Area of the polygon",
    "polsby_popper": "4 pi area over squared perimeter; 1 is a circle",
    "reock": "Area over that of the smallest enclosing circle; 1 is a circle",
}
"""Column -> what it means, with its unit."""


def territory_table(
    problem: TerritoryProblem, alignment: Alignment, boundaries: Boundaries | None = None
) -> pd.DataFrame:
    """One row per rep with all measures; compactness of polygons where there are any.

    Columns are those of :data:`COLUMNS`, then ``<measure>`` and ``<measure>_deviation`` of every further balanced
    measure.
    """
    points = _points(problem)
    visits = visits_in_cycle(problem.customers, problem.cycle_weeks)
    owner = np.array([alignment.territories[c.customer_id] for c in problem.customers])
    total = sum(alignment.activity_hours().values())
    offered = {r: problem.offered[r] / 3600 for r in alignment.rep_ids}
    rows = []
    for rep in problem.reps:
        mine = np.flatnonzero(owner == rep.rep_id)
        hours = alignment.activity_hours()[rep.rep_id]
        target = total * offered[rep.rep_id] / sum(offered.values())
        row: dict[str, object] = {
            "rep_id": rep.rep_id,
            "name": rep.name,
            "customers": len(mine),
            "visits": round(float(visits[mine].sum()), 2),
            "service_hours": round(alignment.service[rep.rep_id] / 3600, 2),
            "travel_hours": round(alignment.travel[rep.rep_id] / 3600, 2),
            "travel_share": round(alignment.travel[rep.rep_id] / 3600 / hours, 4) if hours else 0.0,
            "workload_hours": round(hours, 2),
            "offered_hours": round(offered[rep.rep_id], 2),
            "utilisation": round(hours / offered[rep.rep_id], 4) if offered[rep.rep_id] else 0.0,
            "deviation": round(hours / target - 1.0, 4) if target else 0.0,
            "sales": round(sum(float(problem.customers[i].sales or 0.0) for i in mine), 2),
            "mean_distance_km": round(_dispersion(points[mine], visits[mine]), 3),
        }
        if boundaries is not None:
            row |= compactness(boundaries.plane.geometry_to_km(boundaries.polygons[rep.rep_id]))
        for name in alignment.activity:
            if name not in ("workload", "service", "visits", "customers"):
                row[name] = round(alignment.activity[name][rep.rep_id], 2)
                row[f"{name}_deviation"] = round(alignment.deviation(name)[rep.rep_id], 4)
        rows.append(row)
    return pd.DataFrame(rows)


def compactness(polygon: BaseGeometry) -> dict[str, float]:
    """Area and the named compactness measures of a polygon in an equal-area plane of kilometres."""
    if polygon.is_empty:
        return {"area_km2": 0.0, "polsby_popper": 0.0, "reock": 0.0}
    circle = shapely.minimum_bounding_circle(polygon)
    return {
        "area_km2": round(polygon.area, 3),
        "polsby_popper": round(4 * math.pi * polygon.area / polygon.length**2, 4),
        "reock": round(polygon.area / circle.area, 4) if circle.area else 0.0,
    }


def table_for_reps(table: pd.DataFrame) -> Mapping[str, dict[str, object]]:
    """Rows by rep id, as properties of map features."""
    return {str(row["rep_id"]): {str(k): v for k, v in row.items()} for row in table.to_dict(orient="records")}


def _points(problem: TerritoryProblem) -> Floats:
    latlon = np.array([(c.location.lat, c.location.lon) for c in problem.customers])
    return Plane.around(latlon).to_km(latlon)


def _dispersion(points: Floats, visits: Floats) -> float:
    if len(points) == 0:
        return 0.0
    weight = visits + 1e-9
    centre = np.average(points, axis=0, weights=weight)
    return float(np.average(np.sqrt(((points - centre) ** 2).sum(axis=1)), weights=weight))
