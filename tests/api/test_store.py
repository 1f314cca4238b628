"""The database: migrations upward, backup and restore, what is kept of a plan."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fastapi.testclient import TestClient
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from api.app import create_app
from api.auth.secrets import hash_token
from api.settings import Settings
from api.store.backup import backup, restore
from api.store.migrate import SchemaTooNew, migrate, newest_version, schema_version, versions
from api.store.models import Base, CustomerRow, User
from api.store.plans import load_plan
from api.store.projects import customer_of, document, fill_customer
from api.store.store import Store
from routing.errors import InvalidInput
from routing.export import fingerprint
from tests import four_customers
from tests.api.world import NOON, V1, World


@pytest.fixture
def store(database_url: str) -> Store:
    """An empty database that is not opened yet."""
    return Store(database_url)


def test_every_released_schema_goes_up_to_the_tables_of_the_code(store: Store) -> None:
    engine = store.connect()
    for version in versions():
        migrate(engine, to=version)
        with engine.connect() as connection:
            assert schema_version(connection) == version
    assert version == newest_version()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    migrate(engine)  # does nothing
    store.close()


@pytest.mark.parametrize("version", versions())
def test_a_deployment_of_any_version_goes_on_with_its_data(tmp_path: Path, version: str) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    old = Store(url)
    engine = old.connect()
    migrate(engine, to=version)
    common = {"created_at": NOON, "active": True, "version": 1}
    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        ("units", {"id": "u", "name": "North", "kind": "branch", **common}),
        (
            "users",
            {"id": "a", "unit_id": "u", "email": "a@b", "name": "A", "role": "admin", "language": "en", **common},
        ),
        (
            "api_tokens",
            {"id": "t", "token_hash": hash_token("s"), "user_id": "a", "name": "x", "scopes": ["read"], **common},
        ),
        (
            "projects",
            {
                "id": "p",
                "unit_id": "u",
                "name": "P",
                "start": NOON.date(),
                "weeks": 4,
                "country": "",
                "policy": document(four_customers.project().policy),
                "updated_at": NOON,
                **common,
            },
        ),
    )
    with engine.begin() as connection:
        for name, values in rows:
            there = {found["name"] for found in inspect(connection).get_columns(name)}
            types = Base.metadata.tables[name].columns
            known = sa.table(name, *(sa.column(key, types[key].type) for key in values if key in there))
            connection.execute(known.insert().values({key: v for key, v in values.items() if key in there}))
    old.close()
    app = create_app(Settings(database_url=url))
    client = TestClient(app, headers={"Authorization": "Bearer s"})
    assert client.get(f"{V1}/session").json()["user"]["email"] == "a@b"
    assert [unit["name"] for unit in client.get(f"{V1}/units").json()["items"]] == ["North"]
    assert client.get(f"{V1}/projects/p").json()["weeks"] == 4
    app.state.service.store.close()


def test_a_newer_database_is_refused(store: Store) -> None:
    store.open()
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    url = store.url.render_as_string(hide_password=False)
    if store.is_sqlite:
        engine = store.engine
        with pytest.raises(SchemaTooNew, match="newer version"):
            migrate(engine)
    else:
        with pytest.raises(SchemaTooNew, match="newer version"):
            Store(url).open()
    store.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="sqlite:///FILE"):
        Store(url)


def test_an_sqlite_file_is_kept_with_a_write_ahead_log(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/new/folder/rounds.db")
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    store.close()
    again = Store(f"sqlite:///{tmp_path}/new/folder/rounds.db")
    again.open()
    again.close()


def test_a_plan_comes_back_as_it_was(world: World) -> None:
    with world.service.store.reading() as session:
        saved = load_plan(session, world.plans["north"])
    assert (saved.plan, saved.project) == (four_customers.plan(), four_customers.project())
    assert fingerprint(saved.plan) == world.client("admin").get(world.plan()).json()["fingerprint"]


def test_a_backup_restores_into_either_database(world: World, database_url: str, tmp_path: Path) -> None:
    # A user created last is the parent unit's; a unit that moves below a younger one tests references within a table.
    admin = world.client("admin")
    young = admin.post("/api/v1/units", json={"parent_id": world.units["head"], "name": "Young"}).json()
    moved = admin.patch(
        f"/api/v1/units/{world.units['harbour']}", json={"parent_id": young["id"]}, headers={"If-Match": "*"}
    )
    assert moved.status_code == 200
    file = tmp_path / "all.backup"
    counts = backup(world.service.store, file)
    assert counts["customers"] == 8
    assert file.stat().st_mode & 0o077 == 0
    other = Store(f"sqlite:///{tmp_path}/restored.db")
    assert restore(other, file) == counts
    for table in Base.metadata.sorted_tables:
        with world.service.store.reading() as old, other.reading() as new:
            query = select(table).order_by(*table.primary_key.columns)
            assert old.execute(query).all() == new.execute(query).all(), table.name
    with pytest.raises(InvalidInput, match="not empty"):
        restore(other, file)
    if not world.service.store.is_sqlite:
        with world.service.store.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        world.service.store.close()
        back = Store(database_url)
        assert restore(back, file) == counts
        with back.writing() as session:  # new rows get new numbers
            session.execute(text("INSERT INTO failed_logins (subject, at) VALUES ('x', now())"))
            session.execute(
                text(
                    "INSERT INTO unit_periods (unit_id, name, kind, valid_from, valid_to) "
                    "SELECT unit_id, name, kind, now(), now() FROM unit_periods LIMIT 1"
                )
            )
            assert session.scalar(select(func.count()).select_from(User)) == counts["users"]
        back.close()
    other.close()


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"nothing")
    for path in (file, tmp_path / "missing", tmp_path):
        with pytest.raises(InvalidInput, match="no backup"):
            restore(Store(f"sqlite:///{tmp_path}/y.db"), path)


def test_readers_keep_what_is_committed_and_nothing_else(world: World) -> None:
    store, id = world.service.store, world.customer("ada")["id"]

    def name() -> str:
        with store.reading() as session:
            return customer_of(session.get_one(CustomerRow, id)).name

    def rename(session: Session, to: str) -> str:
        row = session.get_one(CustomerRow, id)
        fill_customer(row, replace(customer_of(row), name=to))
        session.flush()
        return customer_of(row).name

    assert name() == "Ada's Café"
    with store.session(write=True) as session:
        assert rename(session, "Taken back") == "Taken back"
        session.rollback()
    assert name() == "Ada's Café"
    with store.writing() as session:
        rename(session, "Renamed")
    assert name() == "Renamed"
