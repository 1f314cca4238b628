"""Comparisons of scenarios with a plan."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class ComparisonRow(Base):
    """Scenarios asked of a revision of a plan, how, and what came of it.

    ``fingerprint`` is of the base project: with scenarios, seeds and effort it says how to repeat the comparison.
    ``content`` is everything, compressed, once the job has ended.
    """

    __tablename__ = "comparisons"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"), index=True)
    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"))
    plan_revision: Mapped[int]
    job_id: Mapped[str] = mapped_column(Id, ForeignKey("jobs.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    request: Mapped[dict[str, Any]]
    estimates: Mapped[dict[str, Any]]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
