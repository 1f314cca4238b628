"""Planning areas with their customers and reps: domain objects as JSON documents, beside what is searched for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class ProjectRow(Base):
    """A planning area. ``policy`` is the document of a :class:`routing.project.Policy`."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    unit_id: Mapped[str] = mapped_column(Id, ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    start: Mapped[date]
    weeks: Mapped[int]
    country: Mapped[str] = mapped_column(String(10), default="")
    policy: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CustomerRow(Base):
    """A customer; ``document`` is that of a :class:`routing.domain.Customer`, the rest is copied out of it."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    position: Mapped[int]
    customer_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(500))
    grade: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(100))
    rep_id: Mapped[str | None] = mapped_column(String(200))
    lat: Mapped[float]
    lon: Mapped[float]
    active: Mapped[bool]
    confirmed_on: Mapped[date | None]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("project_id", "customer_id"),
        Index("ix_customers_project_id_position", "project_id", "position"),
        Index("ix_customers_project_id_rep_id", "project_id", "rep_id"),
    )


class RepRow(Base):
    """A rep; ``user_id`` is the account of that person, if there is one."""

    __tablename__ = "reps"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id"))
    position: Mapped[int]
    rep_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(500))
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"), index=True)
    active: Mapped[bool]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("project_id", "rep_id"),)


class RecordVersion(Base):
    """What a customer or rep was like from a moment on: one row for each version."""

    __tablename__ = "record_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column()
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(Id)
    active: Mapped[bool]
    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("record_id", "version"),)
