"""The whole database in one file, which restores into SQLite and PostgreSQL alike."""

import base64
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, column, func, inspect, select, table, text, update
from sqlalchemy.types import Date

from api.store.migrate import migrate, schema_version, versions
from api.store.models import Base
from api.store.models.base import UtcTime
from api.store.store import Store
from routing.errors import InvalidInput, Issue

FORMAT = "rounds.backup/1"
BATCH = 500


def backup(store: Store, path: Path) -> dict[str, int]:
    """Write every table to a file, as of one moment, while the service may go on.

    Parameters
    ----------
    path
        The file; readable by its owner only, for it holds everything, hashes of passwords included.

    Returns
    -------
    dict
        Table -> number of rows.
    """
    partial = path.with_name(f".{path.name}.part")
    counts: dict[str, int] = {}
    engine = store.engine
    if not store.is_sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with (
            engine.connect() as connection,
            connection.begin(),
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for tab in Base.metadata.sorted_tables:
                counts[tab.name] = _write_table(connection, tab, archive)
            manifest = {"format": FORMAT, "schema": schema_version(connection), "tables": counts}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return counts


def restore(store: Store, path: Path) -> dict[str, int]:
    """Fill an empty database from a backup, then bring it up to the newest schema; all or nothing.

    Parameters
    ----------
    store
        Not yet opened; its database must not exist yet or be empty.

    Raises
    ------
    InvalidInput
        If the file is no backup, was made by a newer version, or the database is not empty.
    """
    engine = store.connect()
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            if inspect(engine).get_table_names():
                raise _refusal(path, "The database is not empty.", "Restore into a new one.")
            migrate(engine, to=manifest["schema"])
            with engine.execution_options(begin="IMMEDIATE").begin() as connection:
                for tab in Base.metadata.sorted_tables:
                    if tab.name in manifest["tables"]:
                        _read_table(connection, tab, archive)
            migrate(engine)
    except (zipfile.BadZipFile, KeyError, FileNotFoundError, IsADirectoryError):
        raise _refusal(path, "This is no backup.", "Give a file made by rounds backup.") from None
    counts: dict[str, int] = manifest["tables"]
    return counts


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise _refusal(path, "This is no backup.", "Give a file made by rounds backup.")
    if manifest.get("schema") not in versions():
        raise _refusal(path, "The backup was made by a newer version of rounds.", "Restore it with that version.")
    return manifest


def _write_table(connection: Connection, tab: Table, archive: zipfile.ZipFile) -> int:
    count = 0
    with archive.open(f"{tab.name}.jsonl", "w", force_zip64=True) as file:
        rows = connection.execution_options(yield_per=BATCH).execute(select(tab).order_by(*tab.primary_key.columns))
        for row in rows:
            values = {name: _out(value) for name, value in row._mapping.items()}
            file.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


def _read_table(connection: Connection, tab: Table, archive: zipfile.ZipFile) -> None:
    """Insert the rows; references to rows of the same table are set afterwards, when all are there."""
    inward = [c.name for c in tab.columns if any(f.column.table is tab for f in c.foreign_keys)]
    key = next(iter(tab.primary_key.columns))
    links: list[tuple[Any, str, Any]] = []
    for batch in _batches(archive, tab):
        plain = table(tab.name, *(column(name, tab.columns[name].type) for name in batch[0]))
        for row in batch:
            links += [(row[key.name], name, row[name]) for name in inward if row[name] is not None]
            row.update(dict.fromkeys(inward))
        connection.execute(plain.insert(), batch)
    for value, name, target in links:
        connection.execute(update(tab).where(key == value).values({name: target}))
    if connection.dialect.name == "postgresql" and key.name == "id" and key.type.python_type is int:
        largest = connection.scalar(select(func.max(key)))
        if largest is not None:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :largest)"),
                {"name": tab.name, "largest": largest},
            )


def _batches(archive: zipfile.ZipFile, tab: Table) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with archive.open(f"{tab.name}.jsonl") as file:
        for line in file:
            values = json.loads(line)
            batch.append({name: _in(tab, name, value) for name, value in values.items() if name in tab.columns})
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _out(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _in(tab: Table, name: str, value: Any) -> Any:
    kind = tab.columns[name].type
    if value is None:
        return None
    if isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value


def _refusal(path: Path, what: str, cure: str) -> InvalidInput:
    return InvalidInput([Issue(what=what, cure=cure, file=path.name, code="bad_backup")])
