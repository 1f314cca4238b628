"""The page on which people sign in; a one-time link brings its token after a ``#``, where no log ever sees it."""

import secrets
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

router = APIRouter(tags=["session"])


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page() -> HTMLResponse:
    """The page on which people sign in."""
    nonce = secrets.token_urlsafe(16)
    page = files("api.routes").joinpath("sign_in.html").read_text("utf-8").replace("NONCE", nonce)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; connect-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})
