"""The database: opened at first use, migrated before anything else, one session for each unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from api.store.migrate import migrate
from api.store.shelf import shelves
from routing.errors import InvalidInput, Issue

BUSY_SECONDS = 30
POOL_SIZE = 20
MOST_CONNECTIONS = 50


class Store:
    """One database, SQLite or PostgreSQL.

    Nothing is opened before :meth:`open` or the first session. ``sqlite://`` lives in a private folder in memory or
    on disk that :meth:`close` removes.

    Parameters
    ----------
    database_url
        As in :class:`api.settings.Settings`.
    on_open
        Called once in a transaction of its own after the schema is up to date.

    Raises
    ------
    InvalidInput
        If the address is none that rounds can use.
    """

    def __init__(self, database_url: str, *, on_open: Callable[[Session], None] = lambda session: None) -> None:
        self.url = _url(database_url)
        self._on_open = on_open
        self._lock = Lock()
        self._engine: Engine | None = None
        self._pending: Engine | None = None
        self._readers: sessionmaker[Session]
        self._writers: sessionmaker[Session]
        self._private: TemporaryDirectory[str] | None = None
        self._shelves = shelves()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def engine(self) -> Engine:
        """The open engine."""
        self.open()
        assert self._engine is not None  # open() sets it
        return self._engine

    def open(self) -> None:
        """Connect and bring the schema up to date; does nothing when that is done."""
        with self._lock:
            if self._engine is not None:
                return
            engine = self._pending or self.connect()
            migrate(engine)
            self._readers = sessionmaker(engine, expire_on_commit=False, info=self._shelves)
            self._writers = sessionmaker(engine.execution_options(begin="IMMEDIATE"), expire_on_commit=False)
            with self._writers.begin() as session:
                self._on_open(session)
            self._engine = engine

    def connect(self) -> Engine:
        """An engine that has not touched the schema; :meth:`open` goes on with it."""
        self._pending = self._sqlite() if self.is_sqlite else self._postgresql()
        return self._pending

    def close(self) -> None:
        """Let go of every connection; a database in memory is gone."""
        with self._lock:
            if self._pending is not None:
                self._pending.dispose()
                self._pending = None
            self._engine = None
            if self._private is not None:
                self._private.cleanup()
                self._private = None

    def session(self, *, write: bool) -> Session:
        """A session that connects when it is first used; the caller commits and closes it."""
        self.open()
        return (self._writers if write else self._readers)()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading."""
        with self.session(write=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back when anything fails."""
        with self.session(write=True) as session, session.begin():
            yield session

    def _sqlite(self) -> Engine:
        url = self.url
        if url.database in (None, "", ":memory:"):
            memory = Path("/dev/shm")
            self._private = TemporaryDirectory(
                prefix="rounds-", dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
            )
            url = url.set(database=str(Path(self._private.name) / "rounds.db"))
        elif url.database:
            Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
            url = url.set(database=str(Path(url.database).expanduser()))
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, max_overflow=-1)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgresql(self) -> Engine:
        return create_engine(
            self.url,
            pool_size=POOL_SIZE,
            max_overflow=MOST_CONNECTIONS - POOL_SIZE,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=utc"},
        )


def _url(text: str) -> URL:
    cure = "Give sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
    try:
        url = make_url(text)
    except ArgumentError:
        raise InvalidInput([Issue(what="The address of the database cannot be read.", cure=cure)]) from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise InvalidInput([Issue(what=f"A database of kind '{url.drivername}' is not supported.", cure=cure)])
    return url


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: one that has read first could not wait for it any more."""
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
