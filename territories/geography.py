"""Read what lies under an alignment from files: planning region, water, administrative units, barriers."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely
from pyogrio.errors import DataSourceError
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, Issue
from territories.problem import Unit


def read_area(path: Path | str) -> BaseGeometry:
    """All polygons of a file as one area, lon/lat (WGS-84)."""
    return shapely.union_all(_polygons(path).geometry.values)


def read_lines(path: Path | str) -> tuple[BaseGeometry, ...]:
    """Every geometry of a file, lon/lat: lines that are barriers, or areas whose outline is one."""
    frame = _read(path)
    return tuple(shapely.boundary(g) if g.geom_type.endswith("Polygon") else g for g in frame.geometry)


def read_units(path: Path | str, *, column: str | None = None) -> tuple[Unit, ...]:
    """Polygons of a file as administrative units; ``column`` names them, else their row does.

    Raises
    ------
    InvalidInput
        If there is no such file, column or polygon.
    """
    frame = _polygons(path)
    if column is not None and column not in frame.columns:
        known = ", ".join(c for c in frame.columns if c != "geometry")
        raise InvalidInput([Issue(file=Path(path).name, what=f"There is no column '{column}'.", cure=f"Use {known}.")])
    names = [str(i + 1) for i in range(len(frame))] if column is None else [str(v) for v in frame[column]]
    return tuple(Unit(unit_id=n, geometry=g) for n, g in zip(names, frame.geometry, strict=True))


def _polygons(path: Path | str) -> gpd.GeoDataFrame:
    frame = _read(path)
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if frame.empty:
        raise InvalidInput([Issue(file=Path(path).name, what="There is no polygon.", cure="Give a file of areas.")])
    return frame.set_geometry(shapely.make_valid(frame.geometry.values), crs=frame.crs)


def _read(path: Path | str) -> gpd.GeoDataFrame:
    """Rows with a geometry, in lon/lat whatever the file's reference system is."""
    cure = "Give GeoJSON, GeoPackage, Shapefile or KML."
    try:
        frame = gpd.read_file(path)
    except DataSourceError as error:
        raise InvalidInput([Issue(file=Path(path).name, what=f"It cannot be read ({error}).", cure=cure)]) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InvalidInput([Issue(file=Path(path).name, what="It holds no geometry.", cure=cure)])
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    if frame.crs is not None:
        frame = frame.to_crs("EPSG:4326")
    return frame.set_geometry(shapely.force_2d(frame.geometry.values), crs=frame.crs)
