"""Write polygons to files and read them back: GeoJSON (RFC 7946), GeoPackage, KML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue

DIGITS = 7
"""Decimals of a degree in files: about a centimetre."""

_DRIVERS = {".gpkg": "GPKG", ".kml": "KML"}


def export_polygons(
    path: Path | str,
    polygons: Mapping[str, BaseGeometry],
    *,
    properties: Mapping[str, Mapping[str, Any]] | None = None,
    layer: str = "territories",
) -> Path:
    """Write one feature per rep; the ending of the path chooses the format (.geojson, .gpkg, .kml).

    Coordinates are rounded to seven decimals; all polygons are rounded alike, so shared borders stay shared.

    Parameters
    ----------
    path
        File to write, replaced if it is there.
    polygons
        Rep id -> polygon in lon/lat.
    properties
        Rep id -> columns written with the polygon.
    """
    target = Path(path)
    if target.suffix.lower() in (".geojson", ".json"):
        document = polygons_geojson(polygons, properties=properties)
        target.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return target
    rounded = {r: round_coordinates(g) for r, g in polygons.items()}
    extra = properties or {}
    if target.suffix.lower() not in _DRIVERS:
        raise InvalidInput(
            [
                Issue(
                    what=f"territories cannot be written to '{target.name}'.",
                    cure="Use a name that ends in .geojson, .gpkg or .kml.",
                )
            ]
        )
    rows = [{"rep_id": r, **{k: _plain(v) for k, v in extra.get(r, {}).items()}} for r in rounded]
    frame = gpd.GeoDataFrame(rows, geometry=list(rounded.values()), crs="EPSG:4326")
    if target.suffix.lower() == ".kml":
        frame.insert(0, "Name", [row["rep_id"] for row in rows])
    target.unlink(missing_ok=True)
    frame.to_file(target, driver=_DRIVERS[target.suffix.lower()], layer=layer)
    return target


def polygons_geojson(
    polygons: Mapping[str, BaseGeometry], *, properties: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection (RFC 7946) with one feature per rep, coordinates rounded alike to seven decimals."""
    extra = properties or {}
    features = []
    for rep, polygon in polygons.items():
        shape = round_coordinates(polygon)
        features.append(
            {
                "type": "Feature",
                "id": rep,
                "properties": {"rep_id": rep, **{k: _plain(v) for k, v in extra.get(rep, {}).items()}},
                "geometry": None if shape.is_empty else shapely.geometry.mapping(shapely.orient_polygons(shape)),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def read_polygons(path: Path | str, *, key: str = "rep_id") -> dict[str, BaseGeometry]:
    """Polygons of a file by the column ``key`` (KML: ``Name`` when ``key`` is missing)."""
    frame = gpd.read_file(path)
    column = key if key in frame.columns else "Name"
    if column not in frame.columns:
        raise InvalidInput(
            [Issue(what=f"'{Path(path).name}' has no column '{key}'.", cure="Write the rep id of every polygon there.")]
        )
    return {
        str(r): (shapely.force_2d(g) if g is not None else shapely.Polygon())
        for r, g in zip(frame[column], frame.geometry, strict=True)
    }


def round_coordinates(geometry: BaseGeometry, digits: int = DIGITS) -> BaseGeometry:
    """Geometry with rounded coordinates; every vertex is moved alike, whoever it belongs to."""
    return shapely.transform(geometry, lambda a: np.round(a, digits))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
