"""What people take from a plan: all files in one archive, GeoJSON, a map, a report. A rep takes only his own part."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import folium
from fastapi import Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import Context, Reading
from api.lifecycle.acts import plan_for
from api.lifecycle.view import restricted
from api.once import new_router
from api.routes.customers import GEOJSON, FeatureCollection
from api.routes.roads import TILES_ADDRESS
from api.store.plans import load_plan
from routing.basemap import ATTRIBUTION
from routing.basemap.tiles import MAX_ZOOM
from routing.export import SavedPlan, write_outputs
from routing.export.geojson import routes_geojson, territories_geojson
from routing.export.lines import along_roads

router = new_router("/projects/{project_id}/plans/{plan_id}", tag="exports")

ZIP = "application/zip"
MOST_ALONG_ROADS = 500
"""Day routes drawn along the roads; more would keep whoever asks waiting, and one another under the lines."""
EMPTY: dict[str, Any] = {"type": "FeatureCollection", "features": []}


@router.get("/export.zip", response_class=Response, responses={200: {"content": {ZIP: {}}}})
def export_zip(project_id: str, plan_id: str, ctx: Reading) -> Response:
    """Plan file, tables, workbook, visit forms, calendars, GPX tracks and GeoJSON in one archive."""
    saved = _taken(ctx, project_id, plan_id, "file")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        files = write_outputs(
            saved.project, saved.plan, out, territories=saved.extras.get("territories"), extras=_plain(saved.extras)
        )
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(out))
    return _download(content.getvalue(), ZIP, "plan.zip")


@router.get("/day-routes.geojson", response_model=FeatureCollection, responses={200: {"content": {GEOJSON: {}}}})
def routes_as_geojson(project_id: str, plan_id: str, ctx: Reading) -> Response:
    """Day routes as lines."""
    saved = _taken(ctx, project_id, plan_id, "file")
    return JSONResponse(routes_geojson(saved.project, saved.plan), media_type=GEOJSON)


@router.get("/territories.geojson", response_model=FeatureCollection, responses={200: {"content": {GEOJSON: {}}}})
def territories_as_geojson(project_id: str, plan_id: str, ctx: Reading) -> Response:
    """Territories as polygons; none for a plan that was kept without them."""
    saved = _taken(ctx, project_id, plan_id, "file")
    areas = saved.extras.get("territories")
    return JSONResponse(territories_geojson(areas) if areas else EMPTY, media_type=GEOJSON)


@router.get("/map", response_class=HTMLResponse)
def plan_map(project_id: str, plan_id: str, ctx: Reading) -> HTMLResponse:
    """The plan on a map, as a page that asks nobody but this service, for the background; with roads, along them."""
    from routing.maps import (
        plan_map as drawn,  # folium takes a second to load, which no start of a server should wait for
    )

    saved = _taken(ctx, project_id, plan_id, "map")
    travel = ctx.service.travel()
    follow = not travel.estimated and len(saved.plan.routes) <= MOST_ALONG_ROADS
    page = drawn(
        saved.project,
        saved.plan,
        territories=saved.extras.get("territories"),
        geometry=along_roads(travel) if follow else None,
        tiles=_background(ctx),
    )
    return HTMLResponse(page.get_root().render())


@router.get("/report", response_class=HTMLResponse)
def plan_report(project_id: str, plan_id: str, ctx: Reading) -> HTMLResponse:
    """The plan on one page: key figures, charts, what is left out and why."""
    from routing.report import write_report  # as above: Matplotlib

    saved = _taken(ctx, project_id, plan_id, "file")
    with tempfile.TemporaryDirectory() as folder:
        page = write_report(saved.project, saved.plan, Path(folder) / "report.html")
        return HTMLResponse(page.read_text("utf-8"))


def _taken(ctx: Context, project_id: str, plan_id: str, way: str) -> SavedPlan:
    project, row = plan_for(ctx, project_id, plan_id)
    saved = restricted(load_plan(ctx.session, row.id), ctx.own_reps(project.id))
    ctx.read_archive(project, way, len(saved.project.customers))
    return saved


def _background(ctx: Context) -> list[folium.TileLayer]:
    if not ctx.service.has_tiles:
        return []
    return [
        folium.TileLayer(TILES_ADDRESS, name="Streets", attr=ATTRIBUTION, max_zoom=MAX_ZOOM, max_native_zoom=MAX_ZOOM)
    ]


def _plain(extras: Any) -> dict[str, Any]:
    return {name: value for name, value in extras.items() if name != "territories"}


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
