"""Every test of the service runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.api import postgresql
from tests.api.world import World, build


@pytest.fixture(scope="session")
def pg_address() -> Iterator[str]:
    """A PostgreSQL server for all tests of a session."""
    if postgresql.binaries() is None:
        pytest.skip("no PostgreSQL binaries are installed here")
    with postgresql.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return "sqlite://"
    return postgresql.new_database(request.getfixturevalue("pg_address"), f"t{uuid4().hex}")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world that many tests share, for requests that change nothing that others look at."""
    url = "sqlite://"
    if request.param == "postgresql":
        url = postgresql.new_database(request.getfixturevalue("pg_address"), f"t{uuid4().hex}")
    made = build(url)
    yield made
    made.service.store.close()


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """The organisation of :mod:`tests.api.world` in an empty database."""
    made = build(database_url)
    yield made
    made.service.store.close()
