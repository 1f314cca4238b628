"""Writing an event down for everybody who wants to hear of it, in the transaction of the act itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from api.store.models import Delivery, ProjectRow, Unit, Webhook, new_id

EVENTS = (
    "job.done",
    "job.incomplete",
    "job.failed",
    "job.cancelled",
    "plan.submit",
    "plan.approve",
    "plan.return",
    "plan.publish",
)
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"


def emit(session: Session, event: str, project: ProjectRow, values: Mapping[str, Any], *, now: datetime) -> None:
    """Tell of an event in a project: ids and states only, no names of people or customers."""
    tree = select(Unit.id, Unit.parent_id).where(Unit.id == project.unit_id).cte("above", recursive=True)
    parent = aliased(Unit)
    tree = tree.union(select(parent.id, parent.parent_id).join(tree, parent.id == tree.c.parent_id))
    hooks = session.scalars(select(Webhook).where(Webhook.active, Webhook.unit_id.in_(select(tree.c.id))))
    for hook in hooks:
        if event in hook.events:
            delivery_id = new_id()
            payload = {
                "id": delivery_id,
                "event": event,
                "at": now.isoformat(),
                "project_id": project.id,
                **values,
            }
            session.add(
                Delivery(
                    id=delivery_id,
                    webhook_id=hook.id,
                    event=event,
                    payload=payload,
                    state=WAITING,
                    attempts=0,
                    next_at=now,
                    created_at=now,
                )
            )
