"""Work that takes longer than a request: jobs, their parts, and the parts' results."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class JobRow(Base):
    """An accepted request for work; ``lease_until`` is how long its owner, one running server, may go on unasked."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str | None] = mapped_column(Id, ForeignKey("projects.id"), index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    request: Mapped[dict[str, Any]]
    progress: Mapped[dict[str, Any]]
    error: Mapped[str] = mapped_column(Text, default="")
    stop_wish: Mapped[str] = mapped_column(String(20), default="")
    owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    result_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("ix_jobs_state_created_at", "state", "created_at"),)


class JobPart(Base):
    """One sub-problem of a job, usually one territory; ``content`` is its result once it is done."""

    __tablename__ = "job_parts"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    job_id: Mapped[str] = mapped_column(Id, ForeignKey("jobs.id"))
    name: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200), server_default="")
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("job_id", "name"),)
