"""The territories of a plan as polygons with their figures, for files, maps and the database."""

from typing import Any

from api.planning import PlannedProject
from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project
from territories.alignment import Alignment
from territories.shapes import polygons_geojson, territory_polygons


def territories_of(planned: PlannedProject) -> dict[str, Any]:
    """Territory polygons of a planned project."""
    return territory_areas(planned.project, planned.plan, planned.alignment)


def territory_areas(project: Project, plan: JourneyPlan, alignment: Alignment) -> dict[str, Any]:
    """Territory polygons as a GeoJSON FeatureCollection, with the figures of each territory."""
    boundaries = territory_polygons(alignment, project.active_customers)
    properties = {
        rep.rep_id: {
            "name": rep.name, "customers": rep.customers, "visits": rep.visits,
            "hours": round(rep.work_s / 3600, 1), "km": round(rep.travel_m / 1000, 1),
        }
        for rep in measure(project, plan).reps
    }  # fmt: skip
    return polygons_geojson(boundaries.polygons, properties=properties)
