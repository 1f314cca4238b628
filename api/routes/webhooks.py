"""Webhooks: who is told of which events, and what became of the messages."""

from fastapi import Response
from sqlalchemy import select

from api.audit import difference
from api.auth.scope import unit_for, units_below
from api.auth.secrets import new_token
from api.deps import Administering, Context, PagingDep
from api.errors import not_found
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.paging import page
from api.schemas.common import Page
from api.schemas.webhooks import DeliveryOut, NewWebhookOut, WebhookIn, WebhookOut, WebhookPatch
from api.store.models import Delivery, Webhook, new_id

router = new_router("/webhooks", tag="webhooks")


@router.get("")
def list_webhooks(ctx: Administering, paging: PagingDep) -> Page[WebhookOut]:
    """Webhooks of the own unit and below."""
    query = select(Webhook).where(Webhook.unit_id.in_(units_below(ctx.actor.unit_id)))
    return page(ctx.session, query, paging, WebhookOut.of, Webhook.created_at, Webhook.id)


@router.post("", status_code=201)
def add_webhook(body: WebhookIn, response: Response, ctx: Administering) -> NewWebhookOut:
    """Tell an address of events from now on; the secret that signs the messages is in this answer only."""
    unit = unit_for(ctx.session, ctx.actor, body.unit_id)
    secret = new_token()
    row = Webhook(
        id=new_id(),
        unit_id=unit.id,
        url=str(body.url),
        secret=secret,
        events=sorted(set(body.events)),
        active=True,
        created_by=ctx.actor.user_id,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    ctx.audit("create", "webhook", row.id, after=_said(row), unit_id=unit.id)
    set_etag(response, row)
    response.headers["Location"] = f"/api/v1/webhooks/{row.id}"
    return NewWebhookOut(webhook=WebhookOut.of(row), secret=secret)


@router.get("/{webhook_id}")
def get_webhook(webhook_id: str, response: Response, ctx: Administering) -> WebhookOut:
    """One webhook."""
    row = _webhook(ctx, webhook_id)
    set_etag(response, row)
    return WebhookOut.of(row)


@router.patch("/{webhook_id}")
def change_webhook(
    webhook_id: str, body: WebhookPatch, match: IfMatch, response: Response, ctx: Administering
) -> WebhookOut:
    """Change address or events, or switch a webhook off (`active` false)."""
    row = _webhook(ctx, webhook_id)
    check_match(row, match)
    before = _said(row)
    if body.url is not None:
        row.url = str(body.url)
    if body.events is not None:
        row.events = sorted(set(body.events))
    if body.active is not None:
        row.active = body.active
    if _said(row) != before:
        ctx.session.flush()
        old, new = difference(before, _said(row))
        ctx.audit("change", "webhook", row.id, before=old, after=new, unit_id=row.unit_id)
    set_etag(response, row)
    return WebhookOut.of(row)


@router.get("/{webhook_id}/deliveries")
def list_deliveries(webhook_id: str, ctx: Administering, paging: PagingDep) -> Page[DeliveryOut]:
    """Messages to a webhook, newest first."""
    row = _webhook(ctx, webhook_id)
    query = select(Delivery).where(Delivery.webhook_id == row.id)
    return page(ctx.session, query, paging, DeliveryOut.of, Delivery.created_at.desc(), Delivery.id)


def _webhook(ctx: Context, webhook_id: str) -> Webhook:
    row = ctx.session.scalar(
        select(Webhook).where(Webhook.id == webhook_id, Webhook.unit_id.in_(units_below(ctx.actor.unit_id)))
    )
    if row is None:
        raise not_found("webhook")
    return row


def _said(row: Webhook) -> dict[str, object]:
    return {"unit_id": row.unit_id, "url": row.url, "events": list(row.events), "active": row.active}
