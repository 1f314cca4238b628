"""Bringing a database up to the newest schema, with the migrations that ship in this package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text

from routing.errors import RoundsError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_260_114
"""PostgreSQL advisory lock that two servers starting at once take in turn."""


class SchemaTooNew(RoundsError):
    """The database was written by a newer version of rounds."""


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Apply the migrations that are missing, all in one transaction.

    Raises
    ------
    SchemaTooNew
        If the database holds a migration that this version does not know.
    """
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = _config(connection)
        try:
            command.upgrade(config, to)
        except CommandError as error:
            raise SchemaTooNew(
                f"The database was written by a newer version of rounds ({error}). Use that version, or restore a "
                "backup made with this one."
            ) from None


def schema_version(connection: Connection) -> str | None:
    """The newest migration that the database holds; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str:
    """The newest migration that there is."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None  # the package ships at least one
    return head


def versions() -> list[str]:
    """All migrations, oldest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
