"""``rounds serve``: the whole service in one process, on a file or on PostgreSQL."""

import sys
from typing import Annotated, Any

import typer
import uvicorn
from rich.console import Console

from api.app import create_app
from api.auth.accounts import Link, first_link
from api.jobs.runner import run_jobs
from api.logs import set_up
from api.service import Service
from api.settings import Settings
from api.webhooks.deliver import deliver_webhooks

SWITCH_SECONDS = 0.0005
"""How long a thread may compute while others wait for their turn. With Python's own 5 ms a short request among many is
mostly waiting: it changes threads several times, and queues for each change."""
CLOSE_SECONDS = 5
"""How long open requests, such as streams of events, may go on when the server is asked to stop."""


def serve(
    database: Annotated[
        str | None, typer.Option("--database", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; this machine only by default.")
    ] = "127.0.0.1",
    dask: Annotated[
        str | None, typer.Option("--dask", help="Solve territories on a Dask cluster: tcp://HOST:8786.")
    ] = None,
    jobs: Annotated[
        bool, typer.Option("--jobs/--no-jobs", help="Whether this server also does the planning jobs.")
    ] = True,
) -> None:
    """Serve the API and the pages. Settings come from the environment (ROUNDS_…); see docs/settings.md."""
    given: dict[str, Any] = {"database_url": database, "dask": dask}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    set_up(settings.log_level, settings.log_format)
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(settings, background=[run_jobs, deliver_webhooks] if jobs else [])
    service: Service = app.state.service
    link = first_link(service)
    address = settings.base_url.rstrip("/") or f"http://{host}:{port}"
    Console(stderr=True, highlight=False, soft_wrap=True).print(_welcome(address, link))
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )


def _welcome(address: str, link: Link | None) -> str:
    lines = [f"rounds serves at {address}"]
    if link is not None:
        lines += [
            "Nobody has a password yet. This link signs the administrator in, once:",
            f"  {address}/sign-in#{link.token}",
        ]
    return "\n".join(lines)
