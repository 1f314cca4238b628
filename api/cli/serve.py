"""``rounds serve``: the whole service in one process, on a file or on PostgreSQL."""

from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from api.app import create_app
from api.auth.accounts import Link, first_link
from api.logs import set_up
from api.service import Service
from api.settings import Settings


def serve(
    database: Annotated[
        str | None, typer.Option("--database", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen at; this machine only by default.")
    ] = "127.0.0.1",
) -> None:
    """Serve the API and the pages. Settings come from the environment (ROUNDS_…); see docs/settings.md."""
    settings = Settings() if database is None else Settings(database_url=database)
    set_up(settings.log_level, settings.log_format)
    app = create_app(settings)
    service: Service = app.state.service
    link = first_link(service)
    address = settings.base_url.rstrip("/") or f"http://{host}:{port}"
    Console(stderr=True, highlight=False, soft_wrap=True).print(_welcome(address, link))
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)


def _welcome(address: str, link: Link | None) -> str:
    lines = [f"rounds serves at {address}"]
    if link is not None:
        lines += [
            "Nobody has signed in yet. This link signs the administrator in, once:",
            f"  {address}/sign-in#{link.token}",
        ]
    return "\n".join(lines)
