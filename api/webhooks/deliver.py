"""The thread of a server that delivers events: signed, again and later when the receiver does not answer."""

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from api.service import Service
from api.store.models import Delivery, Webhook
from api.webhooks.outbox import DELIVERED, GIVEN_UP, WAITING

SIGNATURE = "X-Rounds-Signature"
LOOK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 6 * 3600
AT_ONCE = 20
CLOSE_SECONDS = 5.0
log = logging.getLogger("rounds.webhooks")


@contextmanager
def deliver_webhooks(service: Service) -> Iterator[None]:
    """Deliver events beside the requests; a :data:`api.service.Background`."""
    closed = Event()

    def work() -> None:
        with httpx.Client(timeout=service.settings.webhook_seconds, follow_redirects=False) as client:
            while not closed.wait(LOOK_SECONDS):
                try:
                    while not closed.is_set() and deliver_due(service, client):
                        pass
                except SQLAlchemyError as error:
                    log.error("the outbox cannot be read", exc_info=error)

    thread = Thread(target=work, name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        closed.set()
        thread.join(CLOSE_SECONDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Parcel:
    """A delivery that this server has taken."""

    id: str
    url: str
    secret: str
    payload: dict[str, Any]
    attempts: int


def deliver_due(service: Service, client: httpx.Client) -> int:
    """Try everything that is due once; how many there were."""
    parcels = _take(service)
    for parcel in parcels:
        _note(service, parcel, *_post(service, client, parcel))
    return len(parcels)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """``t=<unix seconds>,v1=<hex>``: HMAC-SHA256 of ``<unix seconds>.<body>`` with the webhook's secret."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def verify(secret: str, header: str, body: bytes, *, now: float | None = None, tolerance: float = 300.0) -> bool:
    """Whether a message came from rounds and is not an old one sent again; for receivers.

    Parameters
    ----------
    header
        The header ``X-Rounds-Signature`` of the message.
    tolerance
        Largest age, seconds.
    """
    fields = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    if not fields.get("t", "").isdecimal():
        return False
    stamp = int(fields["t"])
    fresh = abs((time.time() if now is None else now) - stamp) <= tolerance
    return fresh and hmac.compare_digest(signature(secret, stamp, body).encode(), header.encode())


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a number of failed attempts: 10 s, doubling, at most 6 hours."""
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)))


def _take(service: Service) -> list[_Parcel]:
    """Deliveries that are due; another server will not see them before this one's time for them is over."""
    now = service.clock()
    due = (
        select(Delivery, Webhook)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.state == WAITING, Delivery.next_at <= now)
        .order_by(Delivery.next_at)
        .limit(AT_ONCE)
    )
    with service.store.reading() as session:
        if session.execute(due.with_only_columns(Delivery.id)).first() is None:
            return []
    busy = timedelta(seconds=AT_ONCE * service.settings.webhook_seconds + FIRST_PAUSE_SECONDS)
    parcels = []
    with service.store.writing() as session:
        for delivery, hook in session.execute(due.with_for_update(of=Delivery, skip_locked=True)):
            if not hook.active:
                delivery.state, delivery.error = GIVEN_UP, "The webhook was switched off."
                continue
            delivery.next_at = now + busy
            delivery.attempts += 1
            parcels.append(
                _Parcel(
                    id=delivery.id,
                    url=hook.url,
                    secret=hook.secret,
                    payload=delivery.payload,
                    attempts=delivery.attempts,
                )
            )
    return parcels


def _post(service: Service, client: httpx.Client, parcel: _Parcel) -> tuple[int | None, str]:
    body = json.dumps(parcel.payload, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "rounds-webhooks",
        SIGNATURE: signature(parcel.secret, int(service.clock().timestamp()), body),
    }
    try:
        answer = client.post(parcel.url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, type(error).__name__
    return answer.status_code, "" if answer.is_success else f"The receiver answered {answer.status_code}."


def _note(service: Service, parcel: _Parcel, status: int | None, error: str) -> None:
    with service.store.writing() as session:
        row = session.get_one(Delivery, parcel.id)
        row.status, row.error = status, error
        if not error:
            row.state = DELIVERED
        elif parcel.attempts >= service.settings.webhook_tries:
            row.state = GIVEN_UP
            log.warning("webhook given up", extra={"fields": {"delivery_id": row.id, "status": status}})
        else:
            row.next_at = service.clock() + pause_after(parcel.attempts)
