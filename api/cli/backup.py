"""``rounds backup`` and ``rounds restore``: the whole service in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from api.store.backup import backup as write_backup
from api.store.backup import restore as read_backup
from api.store.store import Store

Database = Annotated[
    str | None, typer.Option("--database", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.")
]


def backup(
    out: Annotated[Path, typer.Argument(help="File to write; keep it as safe as the database.")],
    database: Database = None,
) -> None:
    """Write everything that the service keeps to one file, also while it runs."""
    store = Store(database or Settings().database_url)
    try:
        counts = write_backup(store, out)
    finally:
        store.close()
    typer.echo(f"{out}: {sum(counts.values()):,} rows of {len(counts)} tables.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file made by rounds backup.")], database: Database = None
) -> None:
    """Fill a new database from a backup; it may be of the other kind than the one that the backup came from."""
    store = Store(database or Settings().database_url)
    try:
        counts = read_backup(store, file)
    finally:
        store.close()
    typer.echo(f"{sum(counts.values()):,} rows of {len(counts)} tables restored.")
