"""The service as an object: made from settings, without touching anything outside; opened at its first request."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from api import errors
from api.auth.accounts import prepare
from api.auth.openid import OpenId
from api.guard import Guard
from api.metrics import Measured, Metrics
from api.once import Replay, replay
from api.pages import pages_router
from api.pages.shelf import Shelf
from api.routes import api_routers, open_routers
from api.schemas.common import Problem
from api.service import Background, Service, utc_now
from api.settings import Settings
from api.store.store import Store
from routing.travel.base import TravelProvider

PREFIX = "/api/v1"
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
SMALLEST_ZIPPED = 1000
SCHEMAS = "#/components/schemas/"


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
    background: Sequence[Background] = (),
    provider: TravelProvider | None = None,
) -> FastAPI:
    """The service, ready for a server or a test client.

    Parameters
    ----------
    settings
        None reads them from the environment.
    clock
        The present moment in UTC; tests give their own.
    background
        Work beside the requests, such as the runner of jobs.
    provider
        Where travel times come from, instead of what the settings name.

    Raises
    ------
    InvalidInput
        If the settings name a database that rounds cannot use, or an OpenID provider without what belongs to it.
    MissingExtra
        If they ask for what is not installed.
    """
    settings = settings or Settings()
    store = Store(settings.database_url, on_open=lambda session: prepare(session, clock()))
    service = Service(settings=settings, store=store, clock=clock, background=list(background), provider=provider)
    if settings.oidc_issuer:
        service.openid = OpenId(settings)
    app = FastAPI(
        title="rounds",
        summary="Balanced territories and daily visit routes for field reps.",
        version="1",
        lifespan=_lifespan,
        generate_unique_id_function=_operation_id,
        responses=_responses(PROBLEMS),
    )
    app.state.service = service
    app.state.shelf = Shelf()
    errors.install(app)
    app.add_exception_handler(Replay, replay)
    app.state.metrics = Metrics(store)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(Guard, settings=settings)
    for router in open_routers():
        app.include_router(router)
    api = APIRouter(prefix=PREFIX)
    for router in api_routers():
        api.include_router(router)
    app.include_router(api)
    app.include_router(pages_router())
    app.openapi = _described(app)  # type: ignore[method-assign]  # the documented way to extend it
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await run_in_threadpool(service.store.open)
    with ExitStack() as stack:
        stack.callback(service.store.close)
        for work in service.background:
            stack.enter_context(work(service))
        yield


def _operation_id(route: APIRoute) -> str:
    return route.name


def _responses(problems: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"description": text, "content": {errors.MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}}
        for status, text in problems.items()
    }


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI description, with the one shape of errors among its schemas."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            shape = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(shape.pop("$defs"))
            schemas["Problem"] = shape
        return plain()

    return openapi
