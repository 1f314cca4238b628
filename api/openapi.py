"""The description of the API: errors in their one shape, an example for every operation, and a page to read it on."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.errors import MEDIA_TYPE
from api.pages.shell.assets import asset
from api.schemas.common import Problem
from api.vroom.request import VroomRequest

PROBLEMS = {
    400: "The request cannot be read.",
    401: "Not signed in.",
    403: "The role, the token or the CSRF token does not allow this.",
    404: "There is no such object, or it is not yours to see.",
    409: "The state of the object does not allow this.",
    412: "Somebody else changed the object in the meantime.",
    413: "The request is too large.",
    422: "Something in the request is wrong; every issue is listed.",
    428: "If-Match is missing.",
    429: "Too many attempts.",
    500: "Something went wrong inside.",
    503: "A service that rounds needs does not answer.",
}
SCHEMAS = "#/components/schemas/"
BESIDE_ROUTES: dict[str, type[BaseModel]] = {"Problem": Problem, "VroomRequest": VroomRequest}
"""Shapes that no route declares: of what goes wrong, and of a body that a route reads by itself."""

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def read_description() -> HTMLResponse:
    """Swagger UI, from this service: nothing is loaded from elsewhere."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="rounds: the API",
        swagger_js_url=asset("swagger/swagger-ui-bundle.js"),
        swagger_css_url=asset("swagger/swagger-ui.css"),
        swagger_favicon_url=asset("shell/icon.svg"),
        swagger_ui_parameters={"docExpansion": "none", "validatorUrl": None},
    )


def operation_id(route: APIRoute) -> str:
    """The name of the function."""
    return route.name


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """What every operation may answer when something is wrong."""
    return {
        status: {
            "description": text,
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}, "example": _problem(HTTPStatus(status), text)}
            },
        }
        for status, text in PROBLEMS.items()
    }


def _problem(status: HTTPStatus, detail: str) -> dict[str, Any]:
    kind = f"urn:rounds:problem:{status.name.lower()}"
    return {
        "type": kind,
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "instance": "/api/v1/projects",
        "issues": [],
    }


def described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI description, made when it is first asked for."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for name, model in BESIDE_ROUTES.items():
                shape = model.model_json_schema(ref_template=SCHEMAS + "{model}")
                schemas.update(shape.pop("$defs"))
                schemas[name] = shape
            _add_examples(document)
        return plain()

    return openapi


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a description: method in capitals, path, and what is said of it."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON bodies of an operation that went well: ``request`` or ``answer``, and the media type's description."""
    answer = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    for name, body in (("request", operation.get("requestBody", {})), ("answer", answer)):
        for media_type, content in body.get("content", {}).items():
            if media_type.endswith("json"):
                yield name, content


def _add_examples(document: dict[str, Any]) -> None:
    """Examples are what the service was asked and answered in its own tests: see ``tests/api/examples.py``."""
    examples = json.loads(files("api").joinpath("examples.json").read_text())
    for _, _, operation in operations(document):
        example = examples.get(operation["operationId"], {})
        for name, content in bodies(operation):
            if name in example:
                content["example"] = example[name]
