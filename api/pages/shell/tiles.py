"""What the maps of the pages need to know about the service's own background tiles."""

from fastapi.responses import JSONResponse

from api.deps import ActorDep, ServiceDep
from api.pages.shell.route import page_router
from api.routes.roads import TILES_ADDRESS
from routing.basemap import ATTRIBUTION

router = page_router("/tiles")


@router.get("/about.json")
def about_tiles(service: ServiceDep, actor: ActorDep) -> JSONResponse:
    """Where the tiles are, if there are any, and whose data they show."""
    address = TILES_ADDRESS if service.has_tiles else None
    return JSONResponse({"address": address, "attribution": ATTRIBUTION})
