"""Empty databases for benchmarks, of the kind that is asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api import postgresql

KINDS = ("sqlite", "postgresql")


@contextmanager
def databases(kind: str) -> Iterator[Callable[[Path], str]]:
    """What makes the address of an empty database for a run that has a folder of its own; PostgreSQL syncs to disk."""
    if kind == "sqlite":
        yield lambda folder: f"sqlite:///{folder}/rounds.db"
    else:
        with postgresql.server(fsync=True) as address:
            yield lambda folder: postgresql.new_database(address, folder.name)
