"""The rep's phone page, what makes it installable, and its worker for the time without a network."""

import json
from importlib.resources import files
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy import select

from api.deps import Context, Reading
from api.errors import not_found
from api.lifecycle.acts import plan_in_force
from api.pages.phone.icons import SIZES, icon
from api.pages.phone.texts import TEXTS
from api.pages.shell.assets import FOR_EVER, asset
from api.pages.shell.render import render, say
from api.pages.shell.route import go_to, page_router
from api.store.models import ProjectRow, RepRow

ASSETS = (
    "shell/shell.css",
    "shell/shell.js",
    "shell/icon.svg",
    "phone/phone.css",
    "phone/store.js",
    "phone/words.js",
    "phone/queue.js",
    "phone/day.js",
    "phone/cards.js",
    "phone/report.js",
    "phone/wrap_up.js",
    "phone/phone.js",
)
"""What the page is made of."""
MAP_ASSETS = ("leaflet/leaflet.css", "leaflet/leaflet.js", "shell/map.js", "phone/map.js")
"""What it loads when the map is opened; the worker fetches it ahead, so that the map opens without a network too."""

router = page_router("/phone")


@router.get("")
def phone_page(request: Request, ctx: Reading, project: Annotated[str | None, Query(max_length=40)] = None) -> Response:
    """Today of the rep who is signed in; others are led to the console."""
    if not ctx.actor.is_rep:
        return go_to(request, "/console")
    query = (
        select(RepRow, ProjectRow)
        .join(ProjectRow, ProjectRow.id == RepRow.project_id)
        .where(RepRow.user_id == ctx.actor.user_id, RepRow.active, ProjectRow.active)
        .order_by(ProjectRow.created_at.desc(), ProjectRow.id)
    )
    reps = [(rep, area) for rep, area in ctx.session.execute(query)]
    if not reps:
        return render(request, "phone/nowhere.html", ctx=ctx)
    wanted = next((pair for pair in reps if pair[1].id == project), None) if project else _today(ctx, reps)
    if wanted is None:
        raise not_found("project")
    rep, area = wanted
    return render(
        request,
        "phone/page.html",
        ctx=ctx,
        rep=rep,
        project=area,
        others=[other for _, other in reps if other.id != area.id],
        timezone=ctx.service.settings.timezone,
        texts={key: say(request, text) for key, text in TEXTS.items()},
        modules=[asset(name) for name in ASSETS if name.startswith("phone/") and name.endswith(".js")],
        map_assets=[asset(name) for name in MAP_ASSETS],
    )


@router.get("/worker.js")
def worker(request: Request) -> Response:
    """The worker that answers when the network does not; it changes with the assets."""
    shell = json.dumps([asset(name) for name in (*ASSETS, *MAP_ASSETS)])
    text = files("api.pages.phone").joinpath("worker.js").read_text("utf-8")
    return Response(
        f"const SHELL = {shell};\n{text}",
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/phone"},
    )


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """What a phone needs to install the page."""
    images = [
        {"src": f"/phone/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in SIZES[1:]
        for purpose in ("any", "maskable")
    ]
    values = {
        "name": say(request, "rounds: my visits"),
        "short_name": "rounds",
        "id": "/phone",
        "start_url": "/phone",
        "scope": "/phone",
        "display": "standalone",
        "background_color": "#f3f5f6",
        "theme_color": "#1f5f6b",
        "icons": images,
    }
    return Response(json.dumps(values), media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/icon-{size}.png")
def read_icon(size: int) -> Response:
    """The icon in one of its sizes."""
    if size not in SIZES:
        raise not_found("icon")
    return Response(icon(size), media_type="image/png", headers={"Cache-Control": FOR_EVER})


def _today(ctx: Context, reps: list[tuple[RepRow, ProjectRow]]) -> tuple[RepRow, ProjectRow]:
    """The area whose plan holds today, else the newest."""
    today = ctx.service.today()
    return next((pair for pair in reps if plan_in_force(ctx.session, pair[1].id, today)), reps[0])
