"""The service as an object: made from settings, without touching anything outside; opened at its first request."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from api import errors
from api.auth.accounts import prepare
from api.auth.openid import OpenId
from api.guard import Guard
from api.metrics import Measured, Metrics
from api.once import Replay, replay
from api.openapi import described, operation_id, problem_responses
from api.openapi import router as docs_router
from api.pages import pages_router
from api.routes import api_routers, open_routers
from api.service import Background, Service, utc_now
from api.settings import Settings
from api.store.shelf import Shelf
from api.store.store import Store
from routing.travel.base import TravelProvider

PREFIX = "/api/v1"
SMALLEST_ZIPPED = 1000


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
        generate_unique_id_function=operation_id,
        responses=problem_responses(),
        docs_url=None,
        redoc_url=None,
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
    app.include_router(docs_router)
    app.openapi = described(app)  # type: ignore[method-assign]  # the documented way to extend it
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
