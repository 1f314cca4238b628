"""Scripts, styles and icons: own ones, and those of installed packages; nothing is loaded from elsewhere."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.staticfiles import StaticFiles

SOURCES = {
    "htmx": ("js_lib_htmx", "static/htmx"),
    "leaflet": ("xstatic.pkg.leaflet", "data"),
    "swagger": ("fastapi_offline", "static"),
    "shell": ("api.pages.shell", "assets"),
    "console": ("api.pages.console", "assets"),
    "phone": ("api.pages.phone", "assets"),
}
"""First part of an asset's name -> package and folder in it."""

PACKAGES = ("django-js-lib-htmx", "xstatic-leaflet", "fastapi-offline")
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter()


def asset(name: str) -> str:
    """Address of an asset; it changes with the assets, so that browsers may keep what they have.

    Parameters
    ----------
    name
        Such as ``leaflet/leaflet.css``.
    """
    return f"/assets/{_edition()}/{name}"


@router.get("/assets/{edition}/{name:path}")
async def read_asset(request: Request, edition: str, name: str) -> Response:
    """An asset, for ever: its address holds the edition."""
    room, _, rest = name.partition("/")
    if room not in SOURCES:
        raise HTTPException(404)
    response = await _folder(room).get_response(rest, request.scope)
    response.headers["Cache-Control"] = FOR_EVER if edition == _edition() else "no-cache"
    return response


@cache
def _folder(room: str) -> StaticFiles:
    return StaticFiles(packages=[SOURCES[room]])


@cache
def _edition() -> str:
    """Short hash of everything that is served."""
    digest = hashlib.sha256("".join(version(p) for p in PACKAGES).encode())
    for package, folder in SOURCES.values():
        if package.startswith("api."):
            for path in sorted(Path(str(files(package))).joinpath(folder).rglob("*")):
                if path.is_file():
                    digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
