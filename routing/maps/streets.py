"""The streets around a plan as lines inside its page: sharp at every zoom, without a tile server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from routing.basemap import Language, read_layers
from routing.basemap.layers import EARTH_M, Layer, mercator
from routing.maps.background import area_of
from routing.maps.polyline import encode
from routing.maps.street_names import Label, place_labels, street_labels
from routing.project import Project

__all__ = ["streets_of"]

_CLASSES: Final = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
                   "living_street", "pedestrian", "service")  # fmt: skip
_TOLERANCE_M: Final = 4.0
_NAMES_SHARE: Final = 0.2  # of the page's streets


def streets_of(
    project: Project, extract: Path, *, max_bytes: int = 1_000_000, language: Language = "local"
) -> dict[str, Any]:
    """Streets, water, green and names around a project's customers and homes, for the map's script.

    Parameters
    ----------
    project : Project
    extract : Path
        OpenStreetMap extract.
    max_bytes : int
        Bounds the size of the page: classes of small streets are left out, smallest first, once it is reached.
    language : Language
        Of the names.

    Returns
    -------
    dict
        ``roads``: pairs of a class and its encoded lines, main roads last; ``water`` and ``green``: outlines;
        ``names`` and ``places``: see :mod:`routing.maps.street_names`.

    Raises
    ------
    InvalidInput
        If the extract cannot be read.
    """
    layers = read_layers(extract)
    south, west, north, east = area_of(project.active_customers, project.reps)
    corners = mercator(np.array([[west, south], [east, north]]))
    box = shapely.box(*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
    ground = {name: [*_outlines(layer, box)] for name, layer in (("water", layers.water), ("green", layers.green))}
    ground["water"] += [_encoded(part.exterior) for part in shapely.get_parts(shapely.intersection(layers.sea, box))
                        if part.geom_type == "Polygon" and not part.is_empty]  # fmt: skip
    roads: list[tuple[str, list[str]]] = []
    near = layers.roads.within(box).tolist()
    names = _within(street_labels(layers.roads, near, _CLASSES, language=language), max_bytes * _NAMES_SHARE)
    places = place_labels(layers.places, layers.places.within(box).tolist(), language=language)
    room = max_bytes - sum(len(text) for texts in ground.values() for text in texts) - sum(map(_bytes, names))
    for kind in _CLASSES:
        lines = [
            _encoded(part)
            for i in near
            if layers.roads.classes[i].removesuffix("_link") == kind
            for part in shapely.get_parts(layers.roads.shapes[i])
        ]
        room -= sum(map(len, lines))
        if room < 0:
            break
        roads.append((kind, lines))
    return {"roads": roads[::-1], **ground, "names": names, "places": places}


def _within(labels: list[Label], most: float) -> list[Label]:
    """As many of the first labels as fit."""
    size = np.cumsum([_bytes(label) for label in labels])
    return labels[: int(np.searchsorted(size, most, side="right"))]


def _bytes(label: Label) -> int:
    return len(json.dumps(label, ensure_ascii=False).encode())


def _outlines(layer: Layer, box: BaseGeometry) -> Iterator[str]:
    for i in layer.within(box).tolist():
        for part in shapely.get_parts(layer.shapes[i]):
            if part.geom_type == "Polygon" and not part.is_empty:
                yield _encoded(part.exterior)


def _encoded(line: BaseGeometry) -> str:
    x, y = shapely.get_coordinates(shapely.simplify(line, _TOLERANCE_M, preserve_topology=False)).T
    lat = np.degrees(2.0 * np.arctan(np.exp(y / EARTH_M)) - np.pi / 2.0)
    return encode(list(zip(lat.tolist(), np.degrees(x / EARTH_M).tolist(), strict=True)))
