"""``rounds sign-in-link``: a way back in for somebody who is locked out, for whoever runs the service."""

from typing import Annotated

import typer

from api.app import create_app
from api.auth.accounts import link_for
from api.service import Service
from api.settings import Settings


def sign_in_link(
    email: Annotated[
        str | None, typer.Argument(help="Whose account; the administrator's when there is only one.")
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")
    ] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="Where the service is reached; as in ROUNDS_BASE_URL when left out.")
    ] = None,
) -> None:
    """Print a link that signs somebody in once and sets a new password; the service may go on meanwhile."""
    settings = Settings() if database is None else Settings(database_url=database)
    service: Service = create_app(settings).state.service
    try:
        user, link = link_for(service, email)
    finally:
        service.store.close()
    base = (address or settings.base_url or "http://127.0.0.1:8000").rstrip("/")
    typer.echo(f"{user.email} signs in with this link, once, until {link.expires_at:%Y-%m-%d %H:%M} UTC:")
    typer.echo(f"  {base}/sign-in#{link.token}")
