"""A POST with an ``Idempotency-Key`` is done once: the same request gets the same answer again.

The answer is stored in the transaction of the act itself, so that there is never one without the other.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import delete
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.auth.actor import Actor
from api.deps import ActorDep, ServiceDep, current_actor, service_of
from api.errors import ApiError
from api.store.models import IdempotentAnswer

KEPT_HEADERS = ("content-type", "location", "etag")
MOST_BYTES = 1_000_000


class Replay(Exception):
    """This request was answered before."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        super().__init__("answered before")
        self.answer = answer


def replay(request: Request, error: Exception) -> Response:
    """The stored answer, as it was sent."""
    assert isinstance(error, Replay)
    answer = error.answer
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers)


def once(
    request: Request,
    service: ServiceDep,
    actor: ActorDep,
    idempotency_key: Annotated[
        str | None,
        Header(min_length=1, max_length=200, description="Repeating a request with its key does it only once."),
    ] = None,
) -> None:
    """Dependency of every POST that makes something: answer a repeated request from memory."""
    if idempotency_key is None:
        return
    wanted = request.state.request_hash
    with service.store.reading() as session:
        answer = session.get(IdempotentAnswer, (actor.user_id, idempotency_key))
    oldest = service.clock() - timedelta(seconds=service.settings.idempotency_seconds)
    if answer is not None and answer.at >= oldest:
        if answer.request_hash != wanted:
            raise ApiError(
                422, "This Idempotency-Key was used for another request. Use a new key.", code="idempotency_key_reused"
            )
        raise Replay(answer)
    request.state.once = (idempotency_key, oldest)


class OnceRoute(APIRoute):
    """A route that remembers its answer to a POST with an ``Idempotency-Key``."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            options["dependencies"] = [Depends(once), *(options.get("dependencies") or ())]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the memory around it."""
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            if request.method == "POST" and "idempotency-key" in request.headers:
                request.state.request_hash = await _fingerprint(request)
            response = await original(request)
            if hasattr(request.state, "once") and 200 <= response.status_code < 300:
                await run_in_threadpool(_keep, request, response)
            return response

        return handler


def new_router(prefix: str, *, tag: str) -> APIRouter:
    """A router of the API; every router is made here. Who asks is found out before anything else is looked at."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=OnceRoute, dependencies=[Depends(current_actor)])


def _keep(request: Request, response: Response) -> None:
    body = getattr(response, "body", None)
    if not isinstance(body, bytes) or len(body) > MOST_BYTES or not hasattr(request.state, "session"):
        return  # too much to keep, or a request that changes nothing and may as well be done again
    key, oldest = request.state.once
    actor: Actor = request.state.actor
    now = service_of(request).clock()
    session: Session = request.state.session
    session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.at < oldest))
    session.add(
        IdempotentAnswer(
            user_id=actor.user_id,
            key=key,
            request_hash=request.state.request_hash,
            status=response.status_code,
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
            body=body,
            at=now,
        )
    )
    session.flush()


async def _fingerprint(request: Request) -> str:
    """Hash of method, address and body; the random boundary between the parts of a form does not count."""
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if found := re.search(r"boundary=\"?([^\";]+)", kind):
        body = body.replace(found[1].encode(), b"")
        kind = kind.split(";")[0]
    head = f"{request.method} {request.url.path}?{request.url.query}\n{kind}\n".encode()
    return hashlib.sha256(head + body).hexdigest()
