"""What every request passes: limits, a request id, safe headers, one log line. Plain ASGI: streams stay streams."""

import logging
import re
import time
from uuid import uuid4

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem
from api.settings import Settings

log = logging.getLogger("rounds.request")

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UPLOADS = re.compile(r"/(imports|uploads|vroom)(/|$)")
"""Addresses whose bodies may be as large as an upload."""


class TooLarge(HTTPException):
    """The body grew beyond the limit; of the kind that passes unchanged through the reading of bodies."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The request is larger than {limit:,} bytes. Send less, or in parts.")


class Guard:
    """The outermost layer of the service."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        limit = self._limit(scope["path"])
        length = Headers(scope=scope).get("content-length", "0")
        raw = scope.get("raw_path", b"") + b"?" + scope.get("query_string", b"")
        too_large = problem(413, TooLarge(limit).detail, code="too_large", instance=scope["path"])
        try:
            if b"%00" in raw or b"\x00" in raw:
                bad = problem(400, "The address holds a NUL character.", code="bad_address", instance="")
                await bad(scope, receive, tell)
            elif not length.isdigit() or int(length) > limit:
                await too_large(scope, receive, tell)
            else:
                await self._app(scope, _counted(receive, limit), tell)
        finally:
            route = scope.get("route")
            log.info(
                "request",
                extra={
                    "fields": {
                        "method": scope["method"],
                        "route": getattr(route, "path", ""),
                        "status": status,
                        "ms": round(1000 * (time.perf_counter() - started), 1),
                        "request_id": request_id,
                    }
                },
            )

    def _limit(self, path: str) -> int:
        return self._settings.max_upload_bytes if UPLOADS.search(path) else self._settings.max_body_bytes


def _counted(receive: Receive, limit: int) -> Receive:
    """The body, counted as it comes in: its declared length may be missing or a lie."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge(limit)
        return message

    return counting
