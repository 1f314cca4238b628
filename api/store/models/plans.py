"""Plans, their revisions, what is said about them, and what became of the visits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class PlanRow(Base):
    """A plan and where it stands in its life; what it says is in its revisions."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), index=True)
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]]
    violations: Mapped[int]
    based_on: Mapped[str | None] = mapped_column(Id, ForeignKey("plans.id"))
    job_id: Mapped[str | None] = mapped_column(Id, index=True)
    created_by: Mapped[str | None] = mapped_column(Id)
    submitted_by: Mapped[str | None] = mapped_column(Id)
    decided_by: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text, default="")
    in_force_from: Mapped[date | None]
    in_force_until: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanRevision(Base):
    """What a plan said after an act: project, plan and extras as compressed canonical JSON."""

    __tablename__ = "plan_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"))
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("plan_id", "revision"),)


class PlanAssignment(Base):
    """Who serves whom in the newest revision of a plan; by this a rep's own customers are found."""

    __tablename__ = "plan_assignments"

    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    rep_id: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("ix_plan_assignments_plan_id_rep_id", "plan_id", "rep_id"),)


class PlanDay(Base):
    """A day route of the newest revision of a plan, so that a rep's day is read without the whole plan."""

    __tablename__ = "plan_days"

    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"), primary_key=True)
    rep_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    route: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_plan_days_plan_id_day", "plan_id", "day"),)


class Remark(Base):
    """A comment on a plan, or a challenge to a customer or day in it, with what was answered."""

    __tablename__ = "remarks"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("plans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    rep_id: Mapped[str | None] = mapped_column(String(200))
    customer_id: Mapped[str | None] = mapped_column(String(200))
    day: Mapped[date | None]
    wish: Mapped[dict[str, Any] | None]
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class VisitRow(Base):
    """What became of a visit: under way, made, skipped, missed or moved, with its report.

    A phone makes the id itself and counts in ``sequence`` what it said, so that a report that comes twice, or late,
    does no harm. ``lat``, ``lon`` and ``accuracy_m`` are where the phone was, ``distance_m`` how far from the place.
    """

    __tablename__ = "visits"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    plan_id: Mapped[str | None] = mapped_column(Id, ForeignKey("plans.id"))
    customer_id: Mapped[str] = mapped_column(String(200))
    rep_id: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))
    started: Mapped[int | None]
    ended: Mapped[int | None]
    report: Mapped[dict[str, Any]]
    next_visit: Mapped[date | None]
    next_start: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    accuracy_m: Mapped[int | None]
    distance_m: Mapped[int | None]
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        Index("ix_visits_project_id_day", "project_id", "day"),
        Index("ix_visits_project_id_rep_id_day", "project_id", "rep_id", "day"),
        Index("ix_visits_project_id_next_visit", "project_id", "next_visit"),
    )
