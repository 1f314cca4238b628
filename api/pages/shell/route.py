"""Routes that answer with pages: what the API says as a problem becomes a page, or a message in the page."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from api.errors import ApiError
from api.pages.engine.words import problem_words
from api.pages.shell.language import language_of
from api.pages.shell.render import render, say
from api.pages.shell.texts import problem_text
from routing.errors import InvalidInput, Issue, RoundsError

FOUND = 303


class PageRoute(APIRoute):
    """A route whose errors are for eyes; who is not signed in is sent to sign in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the errors caught."""
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await original(request)
            except (RoundsError, HTTPException, RequestValidationError, ValidationError, StaleDataError) as error:
                return _shown(request, error)

        return handler


def page_router(prefix: str = "") -> APIRouter:
    """A router of pages; every router of pages is made here."""
    return APIRouter(prefix=prefix, route_class=PageRoute)


def by_htmx(request: Request) -> bool:
    """Whether htmx asks for a part of a page, rather than the browser for a whole one."""
    return request.headers.get("hx-request") == "true"


def go_to(request: Request, address: str) -> Response:
    """Send the browser to another page, after an act."""
    if by_htmx(request):
        page, _, part = address.partition("#")
        if part and _place(request).partition("#")[0] == page:  # the browser would only scroll
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, FOUND)


def _shown(request: Request, error: Exception) -> Response:
    status, code, detail, issues = _read(error)
    if status == 401:
        return go_to(request, f"/sign-in?to={quote(_place(request))}")
    message = problem_text(code)
    text = say(request, message) if message else problem_words(language_of(request), code, detail)
    if by_htmx(request):
        part = render(request, "shell/problem_part.html", status=status, message=text, issues=issues)
        # htmx leaves the page as it is and shows the message in the place for messages.
        part.headers["HX-Retarget"] = "#messages"
        part.headers["HX-Reswap"] = "innerHTML"
        return part
    return render(request, "shell/problem.html", status=status, message=text, issues=issues)


def _place(request: Request) -> str:
    """Where to return after signing in: for a part of a page, the page around it."""
    if not by_htmx(request):
        return request.url.path
    return "/" + request.headers.get("hx-current-url", "").partition("://")[2].partition("/")[2]


def _read(error: Exception) -> tuple[int, str, str, tuple[Issue, ...]]:
    if isinstance(error, ApiError):
        return error.status, error.code, error.detail, error.issues
    if isinstance(error, InvalidInput):
        return 422, "invalid_input", str(error), error.issues
    if isinstance(error, RequestValidationError):
        faults = error.errors()
        issues = tuple(Issue(what=str(f["msg"]), column=".".join(map(str, f["loc"][1:]))) for f in faults)
        return 422, "invalid_request", "", issues
    if isinstance(error, ValidationError):
        told = tuple(Issue(what=f["msg"], column=".".join(map(str, f["loc"]))) for f in error.errors())
        return 422, "invalid_request", "", told
    if isinstance(error, HTTPException):
        return error.status_code, "not_found" if error.status_code == 404 else "http", str(error.detail), ()
    if isinstance(error, StaleDataError):
        return 412, "changed_meanwhile", "", ()
    return 500, "rounds", str(error), ()
