"""Routes and territories as GeoJSON (RFC 7946): WGS-84, longitude first, outer rings anticlockwise."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from routing.errors import InvalidInput
from routing.export.lines import Geometry, line_of
from routing.export.lookup import Lookup
from routing.export.words import local
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["routes_geojson", "territories_geojson", "write_geojson"]

DECIMALS = 6
"""About 0.1 m."""


def routes_geojson(project: Project, plan: JourneyPlan, *, geometry: Geometry | None = None) -> dict[str, Any]:
    """One line per day route, from the start place through the stops to the end place.

    Properties: ``rep_id``, ``rep``, ``date``, ``leave``, ``back``, ``stops`` (customer ids in order), ``travel_s``,
    ``travel_m``, ``service_s``, ``wait_s``, ``travel_source``, ``travel_estimated``, ``along_roads``.
    """
    lookup = Lookup.of(project, plan)
    features = []
    for route in plan.routes:
        rep = lookup.reps[route.rep_id]
        places = lookup.places(route)
        line = geometry(places, rep.mode) if geometry else line_of(places)
        features.append(
            {
                "type": "Feature",
                "id": f"{route.rep_id}/{route.date.isoformat()}",
                "properties": {
                    "rep_id": route.rep_id,
                    "rep": rep.name,
                    "date": route.date.isoformat(),
                    "leave": local(route.date, route.leave).isoformat(),
                    "back": local(route.date, route.back).isoformat(),
                    "stops": [stop.customer_id for stop in route.stops],
                    "travel_s": route.travel_s,
                    "travel_m": route.travel_m,
                    "service_s": route.service_s,
                    "wait_s": route.wait_s,
                    "travel_source": plan.travel_source,
                    "travel_estimated": plan.travel_estimated,
                    "along_roads": geometry is not None,
                },
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[round(lon, DECIMALS), round(lat, DECIMALS)] for lat, lon in line],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}


def territories_geojson(territories: Mapping[str, Any]) -> dict[str, Any]:
    """Territories with rings turned as RFC 7946 asks and without the outdated ``crs`` member.

    Raises
    ------
    InvalidInput
        If this is not a FeatureCollection of polygons.
    """
    features = territories.get("features")
    if territories.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InvalidInput("Territories must be a GeoJSON FeatureCollection.")
    turned = []
    for number, feature in enumerate(features):
        try:
            polygon = _turned(shape(feature["geometry"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput(f"Territory {number} has no usable polygon: {error}.") from None
        turned.append({**feature, "geometry": json.loads(json.dumps(mapping(polygon)))})
    rest = {key: value for key, value in territories.items() if key not in ("crs", "features")}
    return {**rest, "features": turned}


def write_geojson(value: Mapping[str, Any], path: Path) -> Path:
    """Write compact GeoJSON as UTF-8."""
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n", "utf-8")
    return path


def _turned(polygon: BaseGeometry) -> BaseGeometry:
    if isinstance(polygon, Polygon):
        return orient(polygon)
    if isinstance(polygon, MultiPolygon):
        return MultiPolygon([orient(part) for part in polygon.geoms])
    raise ValueError(f"a {polygon.geom_type} is no area")
