"""A background drawn from the user's own extract, inside the page: streets without a tile server."""

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

import folium

from routing.basemap import ATTRIBUTION, Language, Picture, TileDrawer, draw_picture, read_layers
from routing.domain import Customer, Rep

__all__ = ["area_of", "background_of", "picture_layer"]

MARGIN_DEGREES = 0.01


def background_of(
    customers: Iterable[Customer],
    reps: Iterable[Rep],
    extract: Path,
    *,
    max_tiles: int = 96,
    language: Language = "local",
) -> Picture:
    """Street map of the area of customers and homes, drawn from an OpenStreetMap extract.

    Raises
    ------
    InvalidInput
        If the extract cannot be read.
    """
    return draw_picture(
        TileDrawer(layers=read_layers(extract)), area_of(customers, reps), max_tiles=max_tiles, language=language
    )


def area_of(customers: Iterable[Customer], reps: Iterable[Rep]) -> tuple[float, float, float, float]:
    """South, west, north and east of customers and homes, with a margin; degrees."""
    places = [c.location for c in customers] + [r.home_base for r in reps]
    lats, lons = [p.lat for p in places], [p.lon for p in places]
    south, west, north, east = min(lats), min(lons), max(lats), max(lons)
    return south - MARGIN_DEGREES, west - MARGIN_DEGREES, north + MARGIN_DEGREES, east + MARGIN_DEGREES


def picture_layer(picture: Picture, *, name: str = "Streets") -> folium.raster_layers.ImageOverlay:
    """The picture as a layer below everything else, with the attribution that its data ask for."""
    south, west, north, east = picture.bounds
    return folium.raster_layers.ImageOverlay(
        image="data:image/png;base64," + b64encode(picture.png).decode("ascii"),
        bounds=[[south, west], [north, east]],
        name=name,
        pixelated=False,
        pane="tilePane",
        attribution=ATTRIBUTION,
    )
