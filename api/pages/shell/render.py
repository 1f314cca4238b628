"""Templates to answers: one Jinja2 environment for each language, one policy of what a page may load."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.auth.roles import Right
from api.deps import Context
from api.pages.engine.words import engine_filters
from api.pages.shell.assets import asset
from api.pages.shell.language import Language, language_of, translations
from api.pages.shell.words import filters
from api.store.models import User

THEME_COOKIE = "rounds_theme"
THEMES = ("auto", "light", "dark")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Content-Security-Policy of every page: this service only, no script or style inside the page."""


@cache
def environment(language: Language) -> Environment:
    """The templates, named by their place below ``api/pages``, in a language."""
    made = Environment(
        loader=FileSystemLoader(str(files("api.pages"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= filters(language) | engine_filters(language)
    made.globals |= {"asset": asset, "Right": Right, "languages": tuple(Language), "themes": THEMES}
    return made


def render(
    request: Request, template: str, *, ctx: Context | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page, or a part of one for htmx.

    Parameters
    ----------
    template
        Its place below ``api/pages``, such as ``console/projects.html``.
    ctx
        Who looks; None before signing in. The template finds the user as ``user`` and may ask ``may(Right.EDIT)``.
    values
        What the template shows.
    """
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    text = environment(language).get_template(template).render(
        language=language,
        theme=theme if theme in THEMES else "auto",
        here=here,
        user=ctx.session.get(User, ctx.actor.user_id) if ctx else None,
        may=ctx.actor.may if ctx else lambda right: False,
        **values,
    )  # fmt: skip
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "HX-Request"}
    return HTMLResponse(text, status, headers)


def say(request: Request, message: str, **values: Any) -> str:
    """A text of the catalogue in the reader's language; `values` fill its ``%(name)s``."""
    text = translations(language_of(request)).gettext(message)
    return text % values if values else text
