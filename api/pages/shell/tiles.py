"""Background of the maps: tiles drawn here from the service's own extract, for machines without the internet."""

from fastapi import Response
from fastapi.responses import JSONResponse

from api.deps import ActorDep, ServiceDep
from api.errors import not_found
from api.pages.shell.route import page_router
from routing.basemap import ATTRIBUTION

DAY = 24 * 3600

router = page_router("/tiles")


@router.get("/about.json")
def about_tiles(service: ServiceDep, actor: ActorDep) -> JSONResponse:
    """Whether there are tiles, and whose data they show."""
    return JSONResponse({"there": service.settings.map_extract is not None, "attribution": ATTRIBUTION})


@router.get("/{zoom}/{x}/{y}.png")
def tile(zoom: int, x: int, y: int, service: ServiceDep, actor: ActorDep) -> Response:
    """One tile of the XYZ scheme."""
    drawer = service.tiles()
    if drawer is None:
        raise not_found("map")
    return Response(
        drawer.tile(zoom, x, y), media_type="image/png", headers={"Cache-Control": f"private, max-age={DAY}"}
    )
