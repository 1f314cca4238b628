"""One shape for every error: problem details (RFC 9457), with all issues at once."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from routing.errors import InvalidInput, Issue, MissingExtra, PlanRejected, RoundsError, TravelError, Unroutable
from routing.io.report import issue_to_dict

MEDIA_TYPE = "application/problem+json"
MOST_ISSUES = 1000
SECRETS = frozenset({"password", "old", "new", "token"})
"""Fields whose wrong values are not sent back."""
log = logging.getLogger("rounds.api")


class ApiError(RoundsError):
    """A request that is answered with a problem.

    Parameters
    ----------
    status
        HTTP status code.
    detail
        What was wrong, where, and what to do.
    code
        Stable short name of the kind of problem.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str,
        issues: Iterable[Issue] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.issues = tuple(issues)
        self.headers = dict(headers or {})


def not_found(what: str = "object") -> ApiError:
    """The answer for what is not there, and for what this user may not know of."""
    return ApiError(404, f"There is no such {what}, or it is not yours to see.", code="not_found")


def forbidden(detail: str) -> ApiError:
    """The answer to an act that the user's role does not allow on an object that the user may see."""
    return ApiError(403, detail, code="forbidden")


def conflict(detail: str, *, code: str = "conflict") -> ApiError:
    """The answer to an act that the object's present state does not allow."""
    return ApiError(409, detail, code=code)


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    instance: str,
    issues: Iterable[Issue] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A response with problem details."""
    content: dict[str, Any] = {
        "type": f"urn:rounds:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "issues": [issue_to_dict(issue) for issue in issues][:MOST_ISSUES],
    }
    return JSONResponse(content, status, dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every exception in the one shape."""
    app.add_exception_handler(RoundsError, _rounds_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(IntegrityError, _integrity)
    app.add_exception_handler(Exception, _unexpected)


def _rounds_error(request: Request, error: Exception) -> JSONResponse:
    instance = request.url.path
    if isinstance(error, ApiError):
        return problem(
            error.status, error.detail, code=error.code, instance=instance, issues=error.issues, headers=error.headers
        )
    if isinstance(error, InvalidInput):
        count = len(error.issues)
        detail = str(error.issues[0]) if count == 1 else f"{count} things are wrong; each is listed in issues."
        return problem(422, detail, code="invalid_input", instance=instance, issues=error.issues)
    status, code = next(
        ((status, code) for kind, status, code in _STATUS if isinstance(error, kind)), (500, "internal")
    )
    return problem(status, str(error), code=code, instance=instance)


_STATUS: tuple[tuple[type[RoundsError], int, str], ...] = (
    (Unroutable, 422, "unroutable"),
    (TravelError, 503, "travel"),
    (MissingExtra, 501, "missing_extra"),
    (PlanRejected, 409, "plan_rejected"),
)


def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    issues = [
        Issue(
            what=f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}.".replace("..", "."),
            column=".".join(str(part) for part in fault["loc"][1:]) or None,
            value=None if SECRETS.intersection(fault["loc"]) else _shown(fault.get("input")),
            code=str(fault["type"]),
            cure=_CURES.get(str(fault["type"]), ""),
        )
        for fault in error.errors()
    ]
    unreadable = any(fault["type"] == "json_invalid" for fault in error.errors())
    detail = f"{len(issues)} things are wrong; each is listed in issues."
    if len(issues) == 1:
        detail = f"{issues[0].what} {issues[0].cure}".rstrip()
    return problem(400 if unreadable else 422, detail, code="invalid_request", instance=request.url.path, issues=issues)


_CURES = {
    "missing": "Add it.",
    "extra_forbidden": "Leave it out, or check how it is spelt: the description of the API is at /docs.",
    "json_invalid": "Send valid JSON.",
}


def _shown(value: object) -> str | None:
    """The offending value; only short plain ones, so that nobody's data is echoed by the page."""
    return str(value)[:100] if isinstance(value, str | int | float | bool) else None


def _http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code == 404:
        detail = "There is nothing at this address."
    code = "too_large" if error.status_code == 413 else HTTPStatus(error.status_code).name.lower()
    return problem(
        error.status_code,
        detail,
        code=code,
        instance=request.url.path,
        headers=error.headers,
    )


def _stale(request: Request, error: Exception) -> JSONResponse:
    detail = "Somebody else changed this in the meantime. Read it again, then repeat the change."
    return problem(412, detail, code="changed_meanwhile", instance=request.url.path)


def _integrity(request: Request, error: Exception) -> JSONResponse:
    log.warning("conflict", extra={"fields": {"path": request.scope.get("path_template", "")}})
    detail = "This clashes with something that is there already, or was done twice at the same time. Read it again."
    return problem(409, detail, code="conflict", instance=request.url.path)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error(
        "internal error", exc_info=error, extra={"fields": {"request_id": getattr(request.state, "request_id", "")}}
    )
    detail = "Something went wrong inside rounds; nothing was changed. The log of the service holds the reason."
    return problem(500, detail, code="internal", instance=request.url.path)
