"""The addresses of OGC API – Features: one landing page for each project."""

from datetime import UTC
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse
from sqlalchemy import func, select

from api.auth.scope import customers_seen
from api.deps import Context, Reading
from api.errors import not_found
from api.ogc.params import CRS84, WantedDep, refuse_unknown
from api.ogc.sources import SOURCES, Source
from api.store.models import CustomerRow, ProjectRow

router = APIRouter(prefix="/ogc/projects/{project_id}", tags=["OGC API"])

GEOJSON = "application/geo+json"
CONFORMANCE = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")
]
Collection = Annotated[str, Path(description="customers, territories or routes.", examples=["customers"])]
_FORMAT = frozenset({"f"})
_GEOJSON_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {GEOJSON: {"schema": {"type": "object"}}}},
}


@router.get("")
def ogc_landing_page(project_id: str, request: Request, ctx: Reading) -> dict[str, Any]:
    """Where everything is."""
    refuse_unknown(request, _FORMAT)
    project = ctx.project(project_id)
    here = _here(request, project)
    return {
        "title": project.name,
        "description": "Customers, territories and day routes of this project.",
        "links": [
            _link("self", here, "application/json", "This page"),
            _link(
                "service-desc",
                f"{_root(request)}/openapi.json",
                "application/vnd.oai.openapi+json;version=3.0",
                "Description of the API",
            ),
            _link("service-doc", f"{_root(request)}/docs", "text/html", "The same for people"),
            _link("conformance", f"{here}/conformance", "application/json", "What is conformed to"),
            _link("data", f"{here}/collections", "application/json", "The collections"),
        ],
    }


@router.get("/conformance")
def ogc_conformance(project_id: str, request: Request, ctx: Reading) -> dict[str, Any]:
    """What of the standard is kept."""
    refuse_unknown(request, _FORMAT)
    ctx.project(project_id)
    return {"conformsTo": CONFORMANCE}


@router.get("/collections")
def ogc_collections(project_id: str, request: Request, ctx: Reading) -> dict[str, Any]:
    """The collections."""
    refuse_unknown(request, _FORMAT)
    project = ctx.project(project_id)
    here = _here(request, project)
    return {
        "links": [_link("self", f"{here}/collections", "application/json", "This page")],
        "collections": [_described(ctx, project, name, source, here) for name, source in SOURCES.items()],
    }


@router.get("/collections/{collection_id}")
def ogc_collection(project_id: str, collection_id: Collection, request: Request, ctx: Reading) -> dict[str, Any]:
    """One collection."""
    refuse_unknown(request, _FORMAT)
    project = ctx.project(project_id)
    return _described(ctx, project, collection_id, _source(collection_id), _here(request, project))


@router.get("/collections/{collection_id}/items", response_class=JSONResponse, responses=_GEOJSON_ANSWER)
def ogc_items(
    project_id: str, collection_id: Collection, request: Request, wanted: WantedDep, ctx: Reading
) -> JSONResponse:
    """Features of a collection, page by page."""
    project = ctx.project(project_id)
    found = _source(collection_id).items(ctx, project, wanted)
    address = f"{_here(request, project)}/collections/{collection_id}/items"
    links = [_link("self", _with(address, request, wanted.offset), GEOJSON, "This page")]
    if wanted.offset + len(found.features) < found.matched and found.features:
        links.append(_link("next", _with(address, request, wanted.offset + wanted.limit), GEOJSON, "The next page"))
    if wanted.offset > 0:
        before = max(0, wanted.offset - wanted.limit)
        links.append(_link("prev", _with(address, request, before), GEOJSON, "The page before"))
    return JSONResponse(
        {
            "type": "FeatureCollection",
            "features": found.features,
            "links": links,
            "timeStamp": ctx.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "numberMatched": found.matched,
            "numberReturned": len(found.features),
        },
        media_type=GEOJSON,
    )


@router.get("/collections/{collection_id}/items/{feature_id}", response_class=JSONResponse, responses=_GEOJSON_ANSWER)
def ogc_item(
    project_id: str, collection_id: Collection, feature_id: str, request: Request, ctx: Reading
) -> JSONResponse:
    """One feature."""
    refuse_unknown(request, _FORMAT)
    project = ctx.project(project_id)
    found = _source(collection_id).item(ctx, project, feature_id)
    if found is None:
        raise not_found("feature")
    collection = f"{_here(request, project)}/collections/{collection_id}"
    links = [
        _link("self", f"{collection}/items/{quote(feature_id, safe='')}", GEOJSON, "This feature"),
        _link("collection", collection, "application/json", "Its collection"),
    ]
    return JSONResponse({**found, "links": links}, media_type=GEOJSON)


def _source(name: str) -> Source:
    if name not in SOURCES:
        raise not_found("collection")
    return SOURCES[name]


def _described(ctx: Context, project: ProjectRow, name: str, source: Source, here: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": name,
        "title": source.title,
        "description": source.description,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link("self", f"{here}/collections/{name}", "application/json", source.title),
            _link("items", f"{here}/collections/{name}/items", GEOJSON, source.title),
        ],
    }
    if box := _extent(ctx, project):
        described["extent"] = {"spatial": {"bbox": [box], "crs": CRS84}}
    return described


def _extent(ctx: Context, project: ProjectRow) -> list[float] | None:
    seen = customers_seen(project.id, ctx.own_reps(project.id))
    lon, lat = CustomerRow.lon, CustomerRow.lat
    found = ctx.session.execute(
        select(func.min(lon), func.min(lat), func.max(lon), func.max(lat)).where(seen, CustomerRow.active)
    ).one()
    return None if found[0] is None else list(found)


def _root(request: Request) -> str:
    base: str = request.app.state.service.settings.base_url
    return (base or str(request.base_url)).rstrip("/")


def _here(request: Request, project: ProjectRow) -> str:
    return f"{_root(request)}/ogc/projects/{project.id}"


def _with(address: str, request: Request, offset: int) -> str:
    kept = {name: value for name, value in request.query_params.items() if name != "offset"}
    if offset:
        kept["offset"] = str(offset)
    return f"{address}?{urlencode(kept)}" if kept else address


def _link(rel: str, href: str, kind: str, title: str) -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, "title": title}
