"""Where names stand on a map whose streets are lines: along straight stretches, main streets first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from routing.basemap.layers import EARTH_M, Language, Layer

__all__ = ["Label", "place_labels", "street_labels"]

type Label = tuple[str, float, float, int, int]

_STRAIGHT_M: Final = 5.0  # how far a stretch may bend and still carry a straight word
_SHORTEST_M: Final = 40.0  # room for three letters at the closest zoom
_APART_M: Final = 500.0


def street_labels(roads: Layer, near: Iterable[int], classes: Sequence[str], *, language: Language) -> list[Label]:
    """Labels of streets in the order in which they claim room.

    Parameters
    ----------
    roads : Layer
    near : iterable of int
        Which roads of the layer.
    classes : sequence of str
        Classes that are labelled, the most important first.
    language : Language

    Returns
    -------
    list of (name, lat, lon, angle, metres)
        Middle of a straight stretch, its angle on the map (degrees clockwise from east, -90 to 90), and its length in
        web Mercator metres. A name is repeated where its street goes on for 500 m.
    """
    rank = {kind: k for k, kind in enumerate(classes)}
    ways: dict[str, list[int]] = defaultdict(list)
    for i in near:
        name = roads.names[language][i]
        if name and roads.classes[i].removesuffix("_link") in rank:
            ways[name].append(i)
    labels: list[tuple[int, Label]] = []
    for name, own in ways.items():
        importance = min(rank[roads.classes[i].removesuffix("_link")] for i in own)
        labels += [(importance, (name, *spot)) for spot in _stretches(roads.shapes[own])]
    return [label for _, label in sorted(labels, key=lambda row: (row[0], -row[1][4], row[1]))]


def place_labels(places: Layer, near: Iterable[int], *, language: Language) -> list[tuple[str, float, float, str]]:
    """Name, position and class of settlements and suburbs."""
    return [
        (places.names[language][i], *_latlon(*shapely.get_coordinates(places.shapes[i])[0].tolist()), places.classes[i])
        for i in near
    ]


def _stretches(shapes: npt.NDArray[np.object_]) -> list[tuple[float, float, int, int]]:
    whole = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(shapes)))
    at, line = shapely.get_coordinates(shapely.simplify(shapely.get_parts(whole), _STRAIGHT_M), return_index=True)
    same = line[1:] == line[:-1]
    start, way = at[:-1][same], np.diff(at, axis=0)[same]
    length = np.hypot(*way.T)
    spots: list[tuple[float, float, int, int]] = []
    taken = np.empty((0, 2))
    for k in np.argsort(-length, kind="stable").tolist():
        middle = start[k] + way[k] / 2
        if length[k] < _SHORTEST_M:
            break
        if (np.hypot(*(taken - middle).T) >= _APART_M).all():
            taken = np.vstack([taken, middle])
            angle = round(float(np.degrees(np.arctan2(-way[k, 1], way[k, 0]))))
            upright = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
            spots.append((*_latlon(*middle.tolist()), upright, int(length[k])))
    return spots


def _latlon(x: float, y: float) -> tuple[float, float]:
    lat = np.degrees(2.0 * np.arctan(np.exp(y / EARTH_M)) - np.pi / 2.0)
    return round(float(lat), 5), round(float(np.degrees(x / EARTH_M)), 5)
