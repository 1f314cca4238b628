"""Tiles of a world whose colours are known pixel by pixel."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from routing.basemap import TileDrawer, draw_picture, read_layers
from routing.basemap.layers import EARTH_M, mercator
from routing.errors import InvalidInput

pytest.importorskip("osmium", reason="reading extracts needs osmium")

# At zoom 15 a tile is 0.010986 degrees wide; tile (16384, 16383) has its south-west corner at 0, 0.
TILE_DEGREES = 360 / 2**15
ZOOM, X, Y = 15, 16384, 16383

LAND, GREEN, WATER, PRIMARY = (242, 239, 233), (211, 232, 193), (170, 211, 223), (252, 214, 164)


def world(*, coast: bool = True) -> str:
    """A park in the south-west quarter with a pond in it, a road across the middle, sea in the easternmost eighth."""

    def node(i: int, x: float, y: float, tags: str = "") -> str:
        lon, lat = x * TILE_DEGREES, y * TILE_DEGREES
        return f'<node id="{i}" version="1" lon="{lon:.7f}" lat="{lat:.7f}">{tags}</node>'

    def way(i: int, refs: list[int], **tags: str) -> str:
        inner = "".join(f'<nd ref="{r}"/>' for r in refs) + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        return f'<way id="{i}" version="1">{inner}</way>'

    park = [node(1, 0, 0), node(2, 0.4, 0), node(3, 0.4, 0.4), node(4, 0, 0.4)]
    pond = [node(5, 0.1, 0.1), node(6, 0.3, 0.1), node(7, 0.3, 0.3), node(8, 0.1, 0.3)]
    road = [node(9, -0.2, 0.5), node(10, 1.2, 0.5)]
    # land on the left: the coast runs north with the land in the west
    shore = [node(11, 0.875, -1.0), node(12, 0.875, 2.0)]
    town = [node(13, 0.2, 0.8, '<tag k="place" v="town"/><tag k="name" v="Stadt"/><tag k="name:zh" v="城"/>')]
    ways = [
        way(1, [1, 2, 3, 4, 1], leisure="park"),
        way(2, [5, 6, 7, 8, 5], natural="water"),
        way(3, [9, 10], highway="primary", name="Main Street"),
    ]
    if coast:
        ways.append(way(4, [11, 12], natural="coastline"))
    return "\n".join(['<osm version="0.6">', *park, *pond, *road, *shore, *town, *ways, "</osm>"])


def drawer(folder: Path, **of: bool) -> TileDrawer:
    (folder / "world.osm").write_text(world(**of), encoding="utf-8")
    return TileDrawer(layers=read_layers(folder / "world.osm"))


def pixels(png: bytes) -> npt.NDArray[np.int_]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def colour_at(image: npt.NDArray[np.int_], x: float, y: float) -> npt.NDArray[np.int_]:
    """Colour at shares of the tile from its south-west corner."""
    return np.asarray(image[int((1 - y) * 256), int(x * 256)])


def test_every_layer_is_where_it_should_be(tmp_path: Path) -> None:
    image = pixels(drawer(tmp_path).tile(ZOOM, X, Y))
    assert image.shape == (256, 256, 3)
    for at, colour in {
        (0.05, 0.05): GREEN,
        (0.2, 0.2): WATER,  # the pond
        (0.6, 0.2): LAND,
        (0.6, 0.5): PRIMARY,
        (0.95, 0.2): WATER,  # the sea
        (0.8, 0.9): LAND,
    }.items():
        assert np.abs(colour_at(image, *at) - colour).max() <= 6, at


def test_without_a_coast_there_is_no_sea(tmp_path: Path) -> None:
    image = pixels(drawer(tmp_path, coast=False).tile(ZOOM, X, Y))
    assert np.abs(colour_at(image, 0.95, 0.2) - LAND).max() <= 6


def test_neighbouring_tiles_meet(tmp_path: Path) -> None:
    draw = drawer(tmp_path)
    left, right = pixels(draw.tile(ZOOM + 1, 2 * X, 2 * Y + 1)), pixels(draw.tile(ZOOM + 1, 2 * X + 1, 2 * Y + 1))
    # the park ends at 0.8 of the left tile, the land goes on into the right one
    assert np.abs(left[200, -1] - LAND).max() <= 6
    assert np.abs(left[:, -1] - right[:, 0]).max() <= 60  # only label haloes and smoothing may differ


def test_far_away_is_plain_and_outside_the_scheme_is_refused(tmp_path: Path) -> None:
    draw = drawer(tmp_path)
    assert np.unique(pixels(draw.tile(10, 3, 3)).reshape(-1, 3), axis=0).tolist() == [list(LAND)]
    for zoom, x, y in ((2, 4, 0), (2, 0, -1), (40, 0, 0)):
        with pytest.raises(InvalidInput, match="There is no tile"):
            draw.tile(zoom, x, y)


def test_tiles_are_remembered_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "world.osm").write_text(world(), encoding="utf-8")
    draw = TileDrawer(layers=read_layers(tmp_path / "world.osm"), keep=2)
    first = draw.tile(ZOOM, X, Y)
    assert draw.tile(ZOOM, X, Y) is first
    draw.tile(ZOOM, X + 1, Y)
    draw.tile(ZOOM, X + 2, Y)
    again = draw.tile(ZOOM, X, Y)
    assert again is not first
    assert again == first


def test_picture_joins_the_tiles_of_the_area(tmp_path: Path) -> None:
    draw = drawer(tmp_path)
    edge = TILE_DEGREES * 0.01
    picture = draw_picture(draw, (edge, edge, TILE_DEGREES - edge, TILE_DEGREES - edge), max_tiles=4)
    # four tiles of zoom 16 are the tile of zoom 15
    assert picture.zoom == ZOOM + 1
    assert picture.bounds == pytest.approx((0, 0, TILE_DEGREES, TILE_DEGREES), abs=1e-6)
    image = pixels(picture.png)
    assert image.shape == (512, 512, 3)
    for (x, y), colour in {(0.05, 0.05): GREEN, (0.2, 0.2): WATER, (0.6, 0.2): LAND, (0.95, 0.2): WATER}.items():
        assert np.abs(image[int((1 - y) * 512), int(x * 512)] - colour).max() <= 8
    assert draw_picture(draw, (-0.1, -0.1, 0.1, 0.1), max_tiles=1).zoom == 0  # the area lies across the middle
    with pytest.raises(InvalidInput, match="south, west, north, east"):
        draw_picture(draw, (1, 1, 0, 2))


def test_names_come_in_the_language_asked_for(tmp_path: Path) -> None:
    draw = drawer(tmp_path)
    assert draw.layers.places.names == {"local": ("Stadt",), "en": ("Stadt",), "zh": ("城",)}
    assert draw.tile(ZOOM, X, Y, language="zh") != draw.tile(ZOOM, X, Y)
    assert draw.tile(ZOOM, X, Y, language="en") == draw.tile(ZOOM, X, Y)


def test_mercator_anchors() -> None:
    flat = mercator(np.array([[180.0, 0.0], [0.0, 85.0511287798066]]))
    assert flat[0] == pytest.approx([np.pi * EARTH_M, 0.0], abs=1e-6)
    assert flat[1, 1] == pytest.approx(np.pi * EARTH_M, rel=2e-6)  # web Mercator is square


def test_extracts_that_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        read_layers(tmp_path / "none.osm.pbf")
    (tmp_path / "empty.osm").write_text('<osm version="0.6"></osm>')
    with pytest.raises(InvalidInput, match="no road to draw"):
        read_layers(tmp_path / "empty.osm")
