"""What surrounds visits: duties that a visit leaves behind, the days of reps, visit standards, calendar feeds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.access import HASH_LENGTH
from api.store.models.base import Base, Document, Id, new_id


class FollowUp(Base):
    """What a customer is owed after a visit: a promise, a call-back, or the answer to a complaint.

    The phone makes the id, so that a report that is sent twice leaves one.
    """

    __tablename__ = "follow_ups"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    visit_id: Mapped[str | None] = mapped_column(Id, ForeignKey("visits.id"), index=True)
    customer_id: Mapped[str] = mapped_column(String(200))
    rep_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    closed_by: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("ix_follow_ups_project_id_state", "project_id", "state"),
        Index("ix_follow_ups_project_id_customer_id", "project_id", "customer_id"),
    )


class RepDay(Base):
    """A rep's working day as the rep reports it: kit checked, left, back, and the wrap-up.

    ``sequence`` counts what the phone said; an older word that arrives late changes nothing.
    """

    __tablename__ = "rep_days"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    rep_id: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    sequence: Mapped[int]
    started: Mapped[int | None]
    ended: Mapped[int | None]
    kit: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    summary: Mapped[str] = mapped_column(Text, default="")
    documents: Mapped[bool]
    urgent: Mapped[str] = mapped_column(Text, default="")
    seen_by: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    seen_at: Mapped[datetime | None]
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("project_id", "rep_id", "day"),
        Index("ix_rep_days_project_id_day", "project_id", "day"),
    )


class VisitStandard(Base):
    """What visits of a channel are for and what the rep takes along; the empty channel holds for all."""

    __tablename__ = "visit_standards"

    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(100), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    goal: Mapped[str] = mapped_column(Text)
    kit: Mapped[list[str]] = mapped_column(Document)


class CalendarFeed(Base):
    """A secret address under which a calendar program reads a rep's visits, until it is revoked."""

    __tablename__ = "calendar_feeds"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    rep_id: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_calendar_feeds_project_id_rep_id", "project_id", "rep_id"),)
