"""GeoJSON: a FeatureCollection of points as a table with ``lat`` and ``lon`` columns."""

import json
from typing import Any, Final

import pyproj

from routing.errors import Issue
from routing.io.cells import Cell
from routing.io.table import Line, Table, refusal

_PLAIN_CRS: Final = ("crs84", "4326")
_EXAMPLE: Final = (
    'Write {"type": "FeatureCollection", "features": [...]} with Point geometries, longitude first (RFC 7946).'
)


def read(file: str, data: bytes) -> Table:
    """Table of the features' properties plus ``lat`` and ``lon``; feature *n* is row *n* + 1.

    A ``crs`` member (of the 2008 format) other than WGS-84 is honoured: coordinates are projected back.

    Raises
    ------
    InvalidInput
        If the text is no JSON or no FeatureCollection.
    """
    try:
        document: Any = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise refusal(file, "The file is not UTF-8 text.", "Save it as UTF-8.", "bad_encoding") from None
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        what = f"The file is not valid JSON (line {line})." if line else "The file is not valid JSON."
        raise refusal(file, what, "Export it again as GeoJSON.", "bad_json") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise refusal(file, "The file is JSON, but not a GeoJSON FeatureCollection.", _EXAMPLE, "not_geojson")
    project = _projection(file, document.get("crs"))
    records = [_properties(feature) for feature in features]
    names = list(dict.fromkeys(name for record in records for name in record if name not in ("lat", "lon")))
    lines = [Line(number=1, cells=(*names, "lat", "lon"))]
    issues = []
    for number, (feature, record) in enumerate(zip(features, records, strict=True), start=2):
        lat, lon, fault = _point(feature, project)
        if fault:
            cure = "Give every feature a Point with [longitude, latitude]."
            issues.append(Issue(file=file, row=number, column="geometry", what=fault, cure=cure, code="bad_geometry"))
        lines.append(Line(number=number, cells=(*(record.get(name) for name in names), lat, lon)))
    return Table(file=file, lines=tuple(lines), source="GeoJSON", issues=tuple(issues))


def _properties(feature: Any) -> dict[str, Cell]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    record: dict[str, Cell] = {}
    for name, value in (properties or {}).items() if isinstance(properties, dict) else ():
        if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
            record[str(name)] = ";".join(str(v) for v in value)
        elif isinstance(value, list | dict):
            record[str(name)] = json.dumps(value, ensure_ascii=False)
        else:
            record[str(name)] = value
    if isinstance(feature, dict) and "id" in feature and "id" not in record and isinstance(feature["id"], str | int):
        record["id"] = feature["id"]
    return record


def _point(feature: Any, project: pyproj.Transformer | None) -> tuple[Cell, Cell, str]:
    """Latitude, longitude and what is wrong with the geometry; the coordinates are None when something is."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return None, None, "The feature has no geometry."
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates = coordinates[0]
    elif geometry.get("type") != "Point":
        return None, None, f"The geometry is a {geometry.get('type')}, not a Point."
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None, None, "The Point has no pair of coordinates."
    lon, lat = coordinates[:2]
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in (lon, lat)):
        return None, None, f"The coordinates [{lon}, {lat}] are not numbers."
    if project is not None:
        lon, lat = project.transform(lon, lat)
    return lat, lon, ""


def _projection(file: str, crs: Any) -> pyproj.Transformer | None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not name or any(known in str(name).casefold() for known in _PLAIN_CRS):
        return None
    try:
        return pyproj.Transformer.from_crs(name, 4326, always_xy=True)
    except pyproj.exceptions.CRSError:
        what = f"The coordinate reference system '{name}' is unknown."
        raise refusal(file, what, "Export the file in WGS-84 (EPSG:4326).", "bad_crs") from None
