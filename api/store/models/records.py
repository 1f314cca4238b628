"""What is only ever written down: the audit log, who read a customer archive, and answers to repeated requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from api.store.models.base import Base, Document, Id

Serial = BigInteger().with_variant(Integer, "sqlite")


class AuditEntry(Base):
    """Who did what to which object when, with what was before and after. Triggers refuse to change or delete it."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(Id, index=True)
    token_id: Mapped[str | None] = mapped_column(Id)
    unit_id: Mapped[str | None] = mapped_column(Id, index=True)
    project_id: Mapped[str | None] = mapped_column(Id, index=True)
    act: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)
    request_id: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("ix_audit_log_kind_object_id", "kind", "object_id"),)


class ArchiveAccess(Base):
    """Somebody read the data of customers: one customer, or a number of them in a list, file or map."""

    __tablename__ = "archive_access"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Id, index=True)
    unit_id: Mapped[str] = mapped_column(Id, index=True)
    project_id: Mapped[str] = mapped_column(Id, index=True)
    way: Mapped[str] = mapped_column(String(40))
    customer_id: Mapped[str | None] = mapped_column(String(200))
    customers: Mapped[int]


class IdempotentAnswer(Base):
    """The answer that a POST with an Idempotency-Key got; the same request gets it again."""

    __tablename__ = "idempotent_answers"

    user_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(Document)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
