"""Rows of many requests in one transaction: on a file, each commit waits for the disk, however little it writes."""

from threading import Lock

from api.store.models import Base
from api.store.store import Store


class _Batch:
    """Rows that are written together, and how that ended."""

    def __init__(self) -> None:
        self.rows: list[Base] = []
        self.written = False
        self.error: Exception | None = None


class WrittenTogether:
    """Adds rows that nothing else depends on; each :meth:`add` returns when its row is safe.

    Whoever comes first writes; who comes meanwhile waits and is written with all the others that wait (group commit).
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._writing = Lock()
        self._batch = _Batch()

    def add(self, row: Base) -> None:
        """Write a row, in a transaction of its own or with others'; raises what the database raises."""
        with self._lock:
            batch = self._batch
            batch.rows.append(row)
        with self._writing:
            if not batch.written:
                with self._lock:
                    self._batch = _Batch()
                try:
                    with self._store.writing() as session:
                        session.add_all(batch.rows)
                except Exception as error:
                    batch.error = error
                batch.written = True
        if batch.error is not None:
            raise batch.error
