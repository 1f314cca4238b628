"""One picture of an area, to put under a map that is a single file: tiles of the best zoom that fits, joined."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image

from routing.basemap.layers import Language
from routing.basemap.tiles import MAX_ZOOM, TileDrawer
from routing.errors import InvalidInput

__all__ = ["Picture", "draw_picture"]

TILE = 256


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG and the degrees it covers (south, west, north, east), in web Mercator like every web map."""

    png: bytes
    bounds: tuple[float, float, float, float]
    zoom: int


def draw_picture(
    drawer: TileDrawer,
    bounds: tuple[float, float, float, float],
    *,
    max_tiles: int = 48,
    colours: int = 64,
    language: Language = "local",
) -> Picture:
    """Draw an area with at most `max_tiles` tiles.

    Parameters
    ----------
    drawer : TileDrawer
    bounds : (south, west, north, east)
        Degrees; the picture covers at least this.
    max_tiles : int
        Bounds size and effort: 48 tiles are some 0.3 to 0.9 MB.
    colours : int
        Colours of the PNG, at most 256.
    language : Language
        Of the names.

    Raises
    ------
    InvalidInput
        If the bounds are no area.
    """
    south, west, north, east = bounds
    if not (-85 <= south < north <= 85 and -180 <= west < east <= 180):
        raise InvalidInput(f"The area {bounds} is none. Give south, west, north, east in degrees.")
    for zoom in range(MAX_ZOOM, -1, -1):
        left, top = _tile(north, west, zoom)
        right, bottom = _tile(south, east, zoom)
        columns, rows = right - left + 1, bottom - top + 1
        if columns * rows <= max_tiles:
            break
    sheet = Image.new("RGB", (columns * TILE, rows * TILE))
    for i in range(columns):
        for j in range(rows):
            with Image.open(io.BytesIO(drawer.tile(zoom, left + i, top + j, language=language))) as tile:
                sheet.paste(tile, (i * TILE, j * TILE))
    out = io.BytesIO()
    sheet.quantize(colours).save(out, "PNG", optimize=True)
    low, high = _corner(left, bottom + 1, zoom), _corner(right + 1, top, zoom)
    return Picture(png=out.getvalue(), bounds=(*low, *high), zoom=zoom)


def _tile(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    side = 2**zoom
    x = int((lon + 180.0) / 360.0 * side)
    y = int((1.0 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2.0 * side)
    return min(x, side - 1), min(max(y, 0), side - 1)


def _corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    side = 2**zoom
    lat = math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y / side))))
    return lat, x / side * 360.0 - 180.0
