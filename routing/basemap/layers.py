"""What a street map shows, read from an OpenStreetMap extract: land use, water, buildings, railways, roads, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from routing.errors import InvalidInput, MissingExtra

__all__ = ["EARTH_M", "Language", "Layer", "Layers", "mercator", "read_layers"]

type Language = Literal["local", "en", "zh"]
"""Of names on maps: as on the spot, English, Simplified Chinese; the local name where the data has no other."""

type _Floats = npt.NDArray[np.float64]

EARTH_M: Final = 6_378_137.0
"""Radius of the sphere of web Mercator."""

_GREEN: Final[Mapping[str, frozenset[str]]] = {
    "leisure": frozenset(["park", "garden", "golf_course", "nature_reserve", "pitch"]),
    "landuse": frozenset(
        ["forest", "grass", "meadow", "recreation_ground", "cemetery", "farmland", "vineyard", "orchard"]
    ),
    "natural": frozenset(["wood", "scrub", "heath", "grassland"]),
}
_RAILS: Final = frozenset(["rail", "light_rail", "tram", "subway"])
_PLACES: Final = ("city", "town", "suburb", "village", "hamlet")
_SQUARE_LAT: Final = 85.0511287798066  # where web Mercator ends
_BEYOND_M: Final = 2_000.0  # how far the sea is drawn beyond the roads
_STREAMS: Final = frozenset(["river", "canal", "stream"])


type _Names = tuple[str, str, str]  # in the order of _LANGUAGES
type _Entry = tuple[str, str, _Names]  # geometry, class, names

_LANGUAGES: Final[tuple[Language, ...]] = ("local", "en", "zh")


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """Things of one kind: geometries in web Mercator metres, the class and the names of each, and an index."""

    shapes: npt.NDArray[np.object_]
    classes: tuple[str, ...]
    names: Mapping[Language, tuple[str, ...]]
    index: shapely.STRtree

    def within(self, box: BaseGeometry) -> npt.NDArray[np.intp]:
        """Numbers of the things that touch a box, ascending."""
        return np.sort(self.index.query(box))


@dataclass(frozen=True, kw_only=True, eq=False)
class Layers:
    """The layers of an extract; `sea` is the water beyond its coast, as far as the extract tells."""

    green: Layer
    water: Layer
    buildings: Layer
    rails: Layer
    roads: Layer
    places: Layer
    sea: tuple[BaseGeometry, ...]
    bounds: tuple[float, float, float, float]


def mercator(lonlat: _Floats) -> _Floats:
    """Web Mercator metres from rows of ``[lon, lat]``."""
    lat = np.clip(lonlat[:, 1], -_SQUARE_LAT, _SQUARE_LAT)
    return np.stack(
        [np.radians(lonlat[:, 0]) * EARTH_M, np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) * EARTH_M], axis=1
    )


def read_layers(extract: Path) -> Layers:
    """Read the layers of an ``.osm.pbf`` extract.

    Raises
    ------
    InvalidInput
        If the extract is missing, unreadable or has no roads.
    MissingExtra
        If osmium is not installed.
    """
    try:
        import osmium
    except ImportError:
        raise MissingExtra("Drawing maps from an extract needs osmium. Install 'rounds[roads]'.") from None
    if not extract.is_file():
        raise InvalidInput(f"{extract}: there is no such file. Give the path of an .osm.pbf extract.")
    found: dict[str, list[_Entry]] = {
        kind: [] for kind in ("green", "water", "buildings", "rails", "roads", "places", "coast")
    }
    factory = osmium.geom.WKBFactory()
    try:
        for thing in osmium.FileProcessor(str(extract)).with_locations().with_areas():
            tags = thing.tags
            kind = _kind(thing, tags)
            if kind is None:
                continue
            layer, of = kind
            try:
                if thing.is_area():
                    shape = factory.create_multipolygon(thing)
                elif thing.is_way():
                    shape = factory.create_linestring(thing)
                else:
                    shape = factory.create_point(thing)
            except (RuntimeError, osmium.InvalidLocationError):
                continue  # cut off at the border of the extract
            found[layer].append((shape, of, _names(tags)))
    except RuntimeError as error:
        raise InvalidInput(f"{extract}: cannot be read as OpenStreetMap data ({error}).") from error
    if not found["roads"]:
        raise InvalidInput(f"{extract}: holds no road to draw.")
    coast = [_flat(shape) for shape, _, _ in found.pop("coast")]
    layers = {kind: _layer(entries) for kind, entries in found.items()}
    west, south, east, north = shapely.total_bounds(layers["roads"].shapes).tolist()
    bounds = west, south, east, north
    return Layers(**layers, sea=_sea(coast, bounds), bounds=bounds)


def _kind(thing: Any, tags: Any) -> tuple[str, str] | None:
    """Layer and class of an object, or None for things a street map does not show."""
    if thing.is_area():
        if tags.get("natural") == "water" or tags.get("waterway") == "riverbank":
            return "water", "lake"
        if any(tags.get(key) in values for key, values in _GREEN.items()):
            return "green", tags.get("landuse") or "park"
        return ("buildings", "building") if "building" in tags else None
    if thing.is_way():
        if "highway" in tags and tags.get("area") != "yes":
            return "roads", tags["highway"]
        if tags.get("railway") in _RAILS:
            return "rails", tags["railway"]
        if tags.get("natural") == "coastline":
            return "coast", "coast"
        return ("water", "stream") if tags.get("waterway") in _STREAMS else None
    if thing.is_node() and tags.get("place") in _PLACES and "name" in tags:
        return "places", tags["place"]
    return None


def _names(tags: Any) -> _Names:
    local = tags.get("name", "")
    return local, tags.get("name:en") or local, tags.get("name:zh-Hans") or tags.get("name:zh") or local


def _flat(wkb: str) -> BaseGeometry:
    shape: BaseGeometry = shapely.transform(shapely.from_wkb(wkb), mercator)
    return shape


def _layer(entries: list[_Entry]) -> Layer:
    shapes = np.empty(len(entries), object)
    if entries:
        shapes[:] = shapely.transform(shapely.from_wkb([shape for shape, _, _ in entries]), mercator)
    return Layer(
        shapes=shapes,
        classes=tuple(of for _, of, _ in entries),
        names={language: tuple(names[k] for _, _, names in entries) for k, language in enumerate(_LANGUAGES)},
        index=shapely.STRtree(shapes),
    )


def _sea(coast: list[BaseGeometry], bounds: tuple[float, float, float, float]) -> tuple[BaseGeometry, ...]:
    """Faces on the right-hand side of the coast (OpenStreetMap draws coasts with the land on the left).

    Where the extract ends before its coast does, the coast goes straight on to the frame.
    """
    if not coast:
        return ()
    west, south, east, north = bounds
    frame = shapely.box(west - _BEYOND_M, south - _BEYOND_M, east + _BEYOND_M, north + _BEYOND_M)
    edge = frame.boundary
    inside = [shapely.intersection(line, frame) for line in coast]
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(inside), directed=True))
    ends = [shapely.get_point(line, i) for line in lines if not line.is_closed for i in (0, -1)]
    on = [shapely.shortest_line(end, edge) for end in ends]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, *on, edge])]))
    at, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    a, b = at[:-1][same], at[1:][same]
    length = np.hypot(*(b - a).T)
    aside = np.stack([(b - a)[:, 1], -(b - a)[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    balance = np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for side in (1.0, -1.0):
        spots = shapely.points((a + b) / 2 + side * aside)
        spot, face = tree.query(spots, predicate="within")
        np.add.at(balance, face, side * length[spot])
    return tuple(face for face, lies_right in zip(faces, balance > 0, strict=True) if lies_right)
