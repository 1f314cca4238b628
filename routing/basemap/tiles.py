"""Draws map tiles (XYZ scheme, PNG) from the layers of an extract: no tile server, no network.

Drawn at twice the size and scaled down, which smooths lines. Tiles are pure functions of the layers, so they may be
kept; :class:`TileDrawer` keeps the last ones.
"""

from __future__ import annotations

import io
import math
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from routing.basemap.layers import EARTH_M, Language, Layer, Layers
from routing.errors import InvalidInput

__all__ = ["ATTRIBUTION", "TileDrawer"]

ATTRIBUTION: Final = "© OpenStreetMap contributors"

_SIZE: Final = 256
_OVERSAMPLE: Final = 2
MAX_ZOOM: Final = 19
_LAND, _GREEN, _WATER = "#f2efe9", "#d3e8c1", "#aad3df"
_BUILDING, _BUILDING_EDGE, _RAIL, _CASING = "#d9d0c9", "#c4b6ab", "#9a9a9a", "#b5a99a"
_TEXT, _HALO = "#333333", "#ffffff"


@dataclass(frozen=True, kw_only=True)
class _RoadStyle:
    width: float  # metres-like units: pixels at zoom 15
    from_zoom: int
    colour: str


_ROADS: Final[Mapping[str, _RoadStyle]] = {
    "motorway": _RoadStyle(width=9, from_zoom=5, colour="#e892a2"),
    "trunk": _RoadStyle(width=8, from_zoom=6, colour="#f9b29c"),
    "primary": _RoadStyle(width=7, from_zoom=8, colour="#fcd6a4"),
    "secondary": _RoadStyle(width=6, from_zoom=10, colour="#f7fabf"),
    "tertiary": _RoadStyle(width=5, from_zoom=11, colour="#ffffff"),
    "unclassified": _RoadStyle(width=4, from_zoom=12, colour="#ffffff"),
    "residential": _RoadStyle(width=4, from_zoom=13, colour="#ffffff"),
    "living_street": _RoadStyle(width=4, from_zoom=13, colour="#ededed"),
    "pedestrian": _RoadStyle(width=3, from_zoom=14, colour="#dddde8"),
    "service": _RoadStyle(width=2, from_zoom=14, colour="#ffffff"),
    "track": _RoadStyle(width=1, from_zoom=14, colour="#c9a66b"),
    "cycleway": _RoadStyle(width=1, from_zoom=15, colour="#8f8fe0"),
    "footway": _RoadStyle(width=1, from_zoom=15, colour="#e8a090"),
    "path": _RoadStyle(width=1, from_zoom=15, colour="#c9a66b"),
    "steps": _RoadStyle(width=1, from_zoom=16, colour="#e08080"),
}
_PLACE_FROM: Final = {"city": 7, "town": 10, "suburb": 12, "village": 12, "hamlet": 14}
# fonts with Latin and Chinese glyphs, where the system has one
_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class TileDrawer:
    """Draws tiles of an extract; safe to use from several threads.

    Parameters
    ----------
    layers : Layers
        What to draw.
    keep : int
        How many tiles to remember.
    """

    layers: Layers
    keep: int = 2_000
    _kept: OrderedDict[tuple[int, int, int, Language], bytes] = field(
        default_factory=OrderedDict, init=False, repr=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def tile(self, zoom: int, x: int, y: int, *, language: Language = "local") -> bytes:
        """PNG of a tile of the XYZ scheme, with names in a language.

        Raises
        ------
        InvalidInput
            If there is no such tile.
        """
        if not (0 <= zoom <= MAX_ZOOM and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
            raise InvalidInput(f"There is no tile {zoom}/{x}/{y}; zooms go from 0 to {MAX_ZOOM}.")
        key = zoom, x, y, language
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        picture = _Canvas(zoom, x, y, language).draw(self.layers)
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > self.keep:
                self._kept.popitem(last=False)
        return picture


class _Canvas:
    """One tile while it is drawn."""

    def __init__(self, zoom: int, x: int, y: int, language: Language) -> None:
        side = 2 * math.pi * EARTH_M / 2**zoom
        self.zoom, self.language = zoom, language
        self.west, self.north = x * side - math.pi * EARTH_M, math.pi * EARTH_M - y * side
        self.scale = _SIZE * _OVERSAMPLE / side
        square = shapely.box(self.west, self.north - side, self.west + side, self.north)
        self.box = square.buffer(side / 8, join_style="mitre")  # wide lines reach over the edge
        self.wide = square.buffer(side / 2, join_style="mitre")  # and so do names of places

    def draw(self, layers: Layers) -> bytes:
        size = _SIZE * _OVERSAMPLE
        self.image = Image.new("RGB", (size, size), _LAND)
        self.pen = ImageDraw.Draw(self.image)
        for part in layers.sea:
            self._fill(shapely.intersection(part, self.box), _WATER)
        if self.zoom >= 10:
            self._fill_layer(layers.green, _GREEN)
        self._fill_layer(layers.water, _WATER)
        if self.zoom >= 15:
            self._fill_layer(layers.buildings, _BUILDING, _BUILDING_EDGE)
        if self.zoom >= 12:
            for shape in layers.rails.shapes[layers.rails.within(self.box)]:
                self._line(shape, _RAIL, _OVERSAMPLE)
        roads = self._roads(layers.roads)
        self._names(layers, roads)
        out = io.BytesIO()
        small = self.image.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS)
        small.quantize(96).save(out, "PNG", optimize=False)
        return out.getvalue()

    def _pixels(self, shape: BaseGeometry) -> list[tuple[float, float]]:
        at = shapely.get_coordinates(shape)
        return list(zip((at[:, 0] - self.west) * self.scale, (self.north - at[:, 1]) * self.scale, strict=True))

    def _fill_layer(self, layer: Layer, colour: str, edge: str | None = None) -> None:
        for i in layer.within(self.box).tolist():
            shape = layer.shapes[i]
            if shape.geom_type in ("LineString", "MultiLineString"):
                self._line(shape, colour, max(1.0, _OVERSAMPLE * (self.zoom - 11) / 2))
            else:
                self._fill(shape, colour, edge)

    def _fill(self, shape: BaseGeometry, colour: str, edge: str | None = None) -> None:
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon" or part.is_empty:
                continue
            if not part.interiors:
                self.pen.polygon(self._pixels(part.exterior), fill=colour, outline=edge)
                continue
            # holes keep what lies under them: courtyards, islands
            mask = Image.new("1", self.image.size)
            stencil = ImageDraw.Draw(mask)
            stencil.polygon(self._pixels(part.exterior), fill=1)
            for hole in part.interiors:
                stencil.polygon(self._pixels(hole), fill=0)
            self.image.paste(colour, (0, 0, *self.image.size), mask)

    def _line(self, shape: BaseGeometry, colour: str, width: float) -> None:
        for part in shapely.get_parts(shape):
            self.pen.line(self._pixels(part), fill=colour, width=max(1, round(width)), joint="curve")

    def _roads(self, layer: Layer) -> list[tuple[float, int]]:
        """Draw roads, small ones first, casings below all; returns width and number of each."""
        grow = 2.0 ** ((self.zoom - 15) / 1.6)
        shown = []
        for i in layer.within(self.box).tolist():
            of = layer.classes[i]
            style = _ROADS.get(of.removesuffix("_link"))
            if style is not None and self.zoom >= style.from_zoom:
                shown.append((style.width * (0.75 if of.endswith("_link") else 1.0), i, style.colour))
        shown.sort(key=lambda road: (road[0], road[1]))
        for width, i, _ in shown:
            if width >= 2:
                self._line(layer.shapes[i], _CASING, (max(1.0, width * grow) + 1.4) * _OVERSAMPLE)
        for width, i, colour in shown:
            self._line(layer.shapes[i], colour, max(1.0, width * grow) * _OVERSAMPLE)
        return [(width, i) for width, i, _ in shown]

    def _names(self, layers: Layers, roads: list[tuple[float, int]]) -> None:
        taken: list[tuple[float, float, float, float]] = []
        if self.zoom >= 16:
            font = _font(10 * _OVERSAMPLE)
            for i, name in _longest_of_each_name(layers.roads, layers.roads.names[self.language], roads):
                self._street_name(layers.roads.shapes[i], name, font, taken)
        for i in layers.places.within(self.wide).tolist():
            of = layers.places.classes[i]
            if self.zoom >= _PLACE_FROM.get(of, 99):
                size = {"city": 17, "town": 15}.get(of, 12)
                self.pen.text(
                    self._pixels(layers.places.shapes[i])[0],
                    layers.places.names[self.language][i],
                    font=_font(size * _OVERSAMPLE),
                    fill=_TEXT,
                    stroke_width=2 * _OVERSAMPLE,
                    stroke_fill=_HALO,
                    anchor="mm",
                )

    def _street_name(
        self,
        shape: LineString,
        name: str,
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
        taken: list[tuple[float, float, float, float]],
    ) -> None:
        width = font.getlength(name)
        if shape.length * self.scale < 1.1 * width:
            return
        # the label follows the chord around the middle of the street
        (ax, ay), (x, y), (bx, by) = (
            self._pixels(shapely.line_interpolate_point(shape, share, normalized=True))[0] for share in (0.4, 0.5, 0.6)
        )
        half = width / 2 + 4
        spot = x - half, y - half / 2, x + half, y + half / 2
        size = self.image.size[0]
        # a name that crosses the edge of its tile would be cut: the next zoom shows it
        if min(x, y, size - x, size - y) < half or any(_overlap(spot, other) for other in taken):
            return
        taken.append(spot)
        angle = math.degrees(math.atan2(ay - by, bx - ax))
        angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
        label = Image.new("RGBA", (int(width) + 8, 18 * _OVERSAMPLE), (0, 0, 0, 0))
        ImageDraw.Draw(label).text((4, 0), name, font=font, fill=_TEXT, stroke_width=_OVERSAMPLE, stroke_fill=_HALO)
        label = label.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        self.image.paste(label, (int(x - label.width / 2), int(y - label.height / 2)), label)


def _longest_of_each_name(
    layer: Layer, names: Sequence[str], roads: list[tuple[float, int]]
) -> Iterator[tuple[int, str]]:
    best: dict[str, int] = {}
    for width, i in roads:
        name = names[i]
        if name and width >= 3 and (name not in best or layer.shapes[i].length > layer.shapes[best[name]].length):
            best[name] = i
    yield from sorted((i, name) for name, i in best.items())


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in _FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)
