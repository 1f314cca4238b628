"""The queue in the database: accepting, claiming, and writing only while the lease is one's own."""

import json
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.jobs.progress import Progress
from api.jobs.states import ENDED, JobState, PartState, Phase, Wish
from api.store.models import JobPart, JobRow, new_id
from api.store.store import Store

MOST_CLAIMS = 20
"""A job that was claimed this often without finishing a part takes its servers down and is given up."""
BEAT_SECONDS = 1.0


class LeaseLost(Exception):
    """Another server has the job now, or it has ended; whatever is still being computed for it is of no use."""


def enqueue(
    session: Session, *, project_id: str, user_id: str, kind: str, request: dict[str, Any], now: datetime
) -> JobRow:
    """Accept a job; it is safe once the session is committed."""
    row = JobRow(
        id=new_id(),
        project_id=project_id,
        user_id=user_id,
        kind=kind,
        state=JobState.QUEUED,
        request=request,
        progress=Progress().values(),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def claim(store: Store, owner: str, *, now: datetime, lease_seconds: float) -> str | None:
    """Take the oldest job that nobody works on; its id, or None.

    PostgreSQL skips rows that another server is just taking; SQLite lets in one writer at a time.
    """
    free = or_(
        JobRow.state == JobState.QUEUED,
        (JobRow.state == JobState.RUNNING) & or_(JobRow.lease_until.is_(None), JobRow.lease_until < now),
    )
    query = select(JobRow).where(free).order_by(JobRow.created_at, JobRow.id).limit(1)
    with store.reading() as session:
        if session.scalar(query.with_only_columns(JobRow.id)) is None:
            return None
    with store.writing() as session:
        row = session.scalar(query.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.owner, row.lease_until = owner, now + timedelta(seconds=lease_seconds)
        row.attempts += 1
        row.started_at = row.started_at or now
        row.state = JobState.RUNNING
        return row.id


class Held:
    """A claimed job in the hands of its owner.

    Every method that writes raises :class:`LeaseLost` when the job is no longer this owner's.
    """

    def __init__(
        self, store: Store, job_id: str, owner: str, *, clock: Callable[[], datetime], lease_seconds: float
    ) -> None:
        self.job_id = job_id
        self._store = store
        self._owner = owner
        self._clock = clock
        self._lease = timedelta(seconds=lease_seconds)
        self._pause = min(BEAT_SECONDS, lease_seconds / 5)
        self._next_beat = 0.0
        self._since = time.monotonic()
        self._first_share: float | None = None
        self.wish = Wish.NONE

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, JobRow]]:
        """A transaction on the job, whose lease is made new by it."""
        with self._store.writing() as session:
            row = session.scalar(select(JobRow).where(JobRow.id == self.job_id).with_for_update())
            if row is None or row.owner != self._owner or row.state != JobState.RUNNING:
                raise LeaseLost
            row.lease_until = self._clock() + self._lease
            self.wish = Wish(row.stop_wish)
            yield session, row
        self._next_beat = time.monotonic() + self._pause

    def beat(self, progress: Callable[[], Progress] | None = None) -> None:
        """Keep the lease and tell how far the job is, if it is time to; notice wishes."""
        if time.monotonic() < self._next_beat:
            return
        with self.writing() as (_, row):
            if progress is not None:
                row.progress = self._with_time(progress()).values()

    def tell(self, progress: Progress) -> None:
        """Tell at once how far the job is."""
        with self.writing() as (_, row):
            row.progress = self._with_time(progress).values()

    def parts(self) -> dict[str, JobPart]:
        """All parts by name."""
        with self._store.reading() as session:
            return {p.name: p for p in session.scalars(select(JobPart).where(JobPart.job_id == self.job_id))}

    def save(self, name: str, content: Any, *, label: str = "") -> None:
        """Keep the result of a part."""
        with self.writing() as (session, row):
            part = self._part(session, name, label)
            part.state, part.content, part.error = PartState.DONE, packed(content), ""
            row.attempts = 0

    def failed(self, name: str, error: str, *, label: str = "", final: bool) -> None:
        """Note that an attempt at a part failed."""
        with self.writing() as (session, _):
            part = self._part(session, name, label)
            part.attempts += 1
            part.error = error
            part.state = PartState.FAILED if final else PartState.OPEN

    def end(self, row: JobRow, state: JobState, *, error: str = "") -> None:
        """The job is over; part of a :meth:`writing` transaction."""
        assert state in ENDED
        row.state, row.error, row.finished_at = state, error, self._clock()
        row.owner = row.lease_until = None
        row.progress = {**row.progress, "phase": Phase.ENDED, "seconds_left": None}
        if state in (JobState.DONE, JobState.INCOMPLETE):
            row.progress = {**row.progress, "share": 1.0}

    def give_back(self) -> None:
        """Let another server go on, or this one after its restart."""
        with self.writing() as (_, row):
            row.state, row.owner, row.lease_until = JobState.QUEUED, None, None
            row.attempts = 0

    def _part(self, session: Session, name: str, label: str) -> JobPart:
        part = session.scalar(select(JobPart).where(JobPart.job_id == self.job_id, JobPart.name == name))
        if part is None:
            part = JobPart(id=new_id(), job_id=self.job_id, name=name, label=label, state=PartState.OPEN, attempts=0)
            session.add(part)
        part.updated_at = self._clock()
        return part

    def _with_time(self, progress: Progress) -> Progress:
        """With the time left, if the pace since this server took the job allows a guess."""
        if self._first_share is None:
            self._first_share = progress.share
        gained = progress.share - self._first_share
        if gained < 0.02 or progress.phase is Phase.ENDED:
            return progress
        passed = time.monotonic() - self._since
        return replace(progress, seconds_left=round(passed * (1.0 - progress.share) / gained, 1))


def packed(content: Any) -> bytes:
    """Plain JSON values, compressed."""
    return zlib.compress(json.dumps(content, separators=(",", ":"), allow_nan=False).encode(), 6)


def unpacked(content: bytes) -> Any:
    """The values of :func:`packed`."""
    return json.loads(zlib.decompress(content))
