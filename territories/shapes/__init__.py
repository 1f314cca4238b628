"""Boundaries: polygons that tile the planning region, one per rep, every customer inside its own.

Cells of the power diagram behind an alignment (or Voronoi cells where there is none) are noded on one grid, polygonised
and labelled face by face, so overlap and gap are zero by construction.
"""

from territories.shapes.build import Boundaries, territory_polygons
from territories.shapes.check import ShapeReport, check_shapes
from territories.shapes.export import export_polygons, polygons_geojson, read_polygons
from territories.shapes.region import buffered_hull

__all__ = [
    "Boundaries",
    "ShapeReport",
    "buffered_hull",
    "check_shapes",
    "export_polygons",
    "polygons_geojson",
    "read_polygons",
    "territory_polygons",
]
