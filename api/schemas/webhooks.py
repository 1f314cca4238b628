"""Webhooks as they travel."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, Field, UrlConstraints

from api.schemas.common import Input, Schema
from api.store.models import Delivery, Webhook

EventName = Literal[
    "job.done",
    "job.incomplete",
    "job.failed",
    "job.cancelled",
    "plan.submit",
    "plan.approve",
    "plan.return",
    "plan.publish",
]
Address = Annotated[AnyHttpUrl, UrlConstraints(max_length=2000)]


class WebhookIn(Input):
    """Who wants to be told of what."""

    unit_id: str = Field(max_length=32, description="Events of this unit and all below it.")
    url: Address = Field(examples=["https://example.org/hooks/rounds"])
    events: list[EventName] = Field(min_length=1, max_length=20)


class WebhookPatch(Input):
    """What changes."""

    url: Address | None = None
    events: list[EventName] | None = Field(default=None, min_length=1, max_length=20)
    active: bool | None = None


class WebhookOut(Schema):
    """An address that is told of events."""

    id: str
    unit_id: str
    url: str
    events: list[EventName]
    active: bool
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: Webhook) -> Self:
        """From its row."""
        return cls.model_validate(row)


class NewWebhookOut(Schema):
    """A new webhook with the secret that signs its messages; it is shown only here."""

    webhook: WebhookOut
    secret: str


class DeliveryOut(Schema):
    """A message and what became of it."""

    id: str
    event: str
    state: Literal["waiting", "delivered", "given_up"]
    attempts: int
    next_at: datetime
    status: int | None = Field(description="What the receiver answered last.")
    error: str
    created_at: datetime

    @classmethod
    def of(cls, row: Delivery) -> Self:
        """From its row."""
        return cls.model_validate(row)
