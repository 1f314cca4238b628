"""Units, and the people in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Id, new_id


class Unit(Base):
    """Head office, branch, sub-branch …: where it hangs today."""

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    parent_id: Mapped[str | None] = mapped_column(Id, ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class UnitPeriod(Base):
    """Where a unit hung, and under which name, from a moment until the next change."""

    __tablename__ = "unit_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(Id, ForeignKey("units.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class User(Base):
    """Who signs in. Never deleted: an account is closed, and its acts keep their author."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    unit_id: Mapped[str] = mapped_column(Id, ForeignKey("units.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10), default="en")
    password_hash: Mapped[str | None] = mapped_column(String(300))
    oidc_subject: Mapped[str | None] = mapped_column(String(300), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class UserPeriod(Base):
    """Unit and role of a user from a moment until the next change."""

    __tablename__ = "user_periods"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), index=True)
    unit_id: Mapped[str] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


Index(
    "ix_unit_periods_open",
    UnitPeriod.unit_id,
    unique=True,
    postgresql_where=text("valid_to IS NULL"),
    sqlite_where=text("valid_to IS NULL"),
)
Index(
    "ix_user_periods_open",
    UserPeriod.user_id,
    unique=True,
    postgresql_where=text("valid_to IS NULL"),
    sqlite_where=text("valid_to IS NULL"),
)
