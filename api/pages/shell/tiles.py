"""Background of the maps: tiles drawn here from the service's own extract, for machines without the internet."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.deps import ActorDep, ServiceDep
from api.errors import not_found
from api.pages.shell.route import page_router
from routing.basemap import ATTRIBUTION, TileDrawer, read_layers

DAY = 24 * 3600

router = page_router("/tiles")


@router.get("/about.json")
def about_tiles(service: ServiceDep, actor: ActorDep) -> JSONResponse:
    """Whether there are tiles, and whose data they show."""
    return JSONResponse({"there": service.settings.map_extract is not None, "attribution": ATTRIBUTION})


@router.get("/{zoom}/{x}/{y}.png")
def tile(request: Request, zoom: int, x: int, y: int, service: ServiceDep, actor: ActorDep) -> Response:
    """One tile of the XYZ scheme."""
    extract = service.settings.map_extract
    if extract is None:
        raise not_found("map")
    drawer = request.app.state.shelf.get("tiles", lambda: TileDrawer(layers=read_layers(extract)))
    return Response(
        drawer.tile(zoom, x, y), media_type="image/png", headers={"Cache-Control": f"private, max-age={DAY}"}
    )
