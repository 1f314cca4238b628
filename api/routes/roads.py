"""What the service knows of roads: background map tiles drawn from its own extract, and areas within reach."""

from typing import Annotated, Any

import numpy as np
from fastapi import Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from shapely.geometry import mapping

from api.deps import Context, Reading
from api.errors import ApiError
from api.once import new_router
from api.routes.customers import GEOJSON, FeatureCollection
from routing.basemap import ATTRIBUTION, Language
from routing.basemap.tiles import MAX_ZOOM
from routing.domain import TravelMode
from routing.travel.cache import CachedTravel
from routing.travel.roads.provider import RoadProvider

router = new_router("", tag="roads")

PNG = "image/png"
TILES_PATH = "/tiles/{z}/{x}/{y}.png"
TILES_ADDRESS = f"/api/v1{TILES_PATH}"
_A_DAY = "private, max-age=86400"

Minutes = Annotated[int, Field(ge=1, le=120)]
Zoom = Annotated[int, Path(ge=0, le=MAX_ZOOM)]
Number = Annotated[int, Path(ge=0, lt=2**MAX_ZOOM)]


@router.get(TILES_PATH, response_class=Response, responses={200: {"content": {PNG: {}}}})
def tile(z: Zoom, x: Number, y: Number, ctx: Reading, language: Language = "local") -> Response:
    """Tile of the background map (XYZ scheme), drawn from the service's extract (setting ``MAP_EXTRACT``)."""
    drawer = ctx.service.tiles()
    if drawer is None:
        raise ApiError(404, "This service has no extract to draw maps from. Set ROUNDS_MAP_EXTRACT.", code="no_extract")
    if max(x, y) >= 2**z:
        raise ApiError(404, f"There is no tile {z}/{x}/{y}.", code="not_found")
    with ctx.service.turns:
        content = drawer.tile(z, x, y, language=language)
    return Response(content, media_type=PNG, headers={"Cache-Control": _A_DAY})


@router.get("/isochrones", response_model=FeatureCollection, responses={200: {"content": {GEOJSON: {}}}})
def isochrones(
    ctx: Reading,
    lat: Annotated[float, Query(ge=-85, le=85)],
    lon: Annotated[float, Query(ge=-180, le=180)],
    minutes: Annotated[list[Minutes] | None, Query(max_length=8, description="Time limits; 5, 10, 15 without.")] = None,
    mode: TravelMode = TravelMode.CAR,
) -> Response:
    """Areas within reach of a place on roads, one polygon set for each time limit; empty where no road is near."""
    limits = minutes or [5, 10, 15]
    roads = _roads(ctx)
    with ctx.service.turns:
        areas = roads.isochrones(np.array([[lat, lon]]), [60 * limit for limit in limits], profile=mode)
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"minutes": area.seconds // 60, "mode": mode.value, "source": roads.source},
            "geometry": mapping(area.area),
        }
        for area in areas
    ]
    content = {"type": "FeatureCollection", "features": features, "attribution": ATTRIBUTION}
    return JSONResponse(content, media_type=GEOJSON)


def _roads(ctx: Context) -> RoadProvider:
    provider = ctx.service.travel()
    if isinstance(provider, CachedTravel):
        provider = provider.provider
    if not isinstance(provider, RoadProvider):
        raise ApiError(409, "This service has no roads. Prepare them and set ROUNDS_ROADS.", code="no_roads")
    return provider
