"""The audit log: who did what, when, and what was before and after. Nobody can change or delete an entry."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.auth.actor import Actor
from api.store.models import ArchiveAccess, AuditEntry


def record(
    session: Session,
    actor: Actor | None,
    *,
    at: datetime,
    act: str,
    kind: str,
    object_id: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    unit_id: str | None = None,
    project_id: str | None = None,
    request_id: str = "",
) -> None:
    """Write an entry in the same transaction as the act itself.

    Parameters
    ----------
    act, kind, object_id
        What was done (``create``, ``submit`` …) to which object (``customer``, ``plan`` …).
    before, after
        Plain JSON values; for a change only the fields that differ (:func:`difference`).
    unit_id
        The unit whose people may read the entry; the actor's when left out.
    """
    session.add(
        AuditEntry(
            at=at,
            actor_id=actor.user_id if actor else None,
            token_id=actor.token_id if actor else None,
            unit_id=unit_id or (actor.unit_id if actor else None),
            project_id=project_id,
            act=act,
            kind=kind,
            object_id=object_id,
            before=before,
            after=after,
            request_id=request_id,
        )
    )


def archive_read(
    actor: Actor,
    *,
    at: datetime,
    unit_id: str,
    project_id: str,
    way: str,
    customers: int,
    customer_id: str | None = None,
) -> ArchiveAccess:
    """The note that somebody read data of customers: `way` is ``record``, ``list``, ``route``, ``file`` or ``map``."""
    return ArchiveAccess(
        at=at,
        actor_id=actor.user_id,
        unit_id=unit_id,
        project_id=project_id,
        way=way,
        customers=customers,
        customer_id=customer_id,
    )


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {k: before[k] for k in keys if k in before}, {k: after[k] for k in keys if k in after}
