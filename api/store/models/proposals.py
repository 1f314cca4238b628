"""Changes of a running day that somebody may accept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class ProposalRow(Base):
    """A proposal for a plan in force: what was asked, what it costs and moves, and the plan as it would be.

    ``content`` is project and plan as compressed JSON; ``answer`` is what people read. ``base_fingerprint`` tells
    whether the plan is still the one that was asked about.
    """

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"))
    base_fingerprint: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    question: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any]]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    new_plan_id: Mapped[str | None] = mapped_column(Id, ForeignKey("plans.id"))
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("ix_proposals_project_id_state", "project_id", "state"),)
