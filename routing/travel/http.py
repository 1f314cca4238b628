"""One way to talk to travel services: retries, rate limit, and one error for everything that can go wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from routing.errors import MissingExtra, TravelError

if TYPE_CHECKING:
    import httpx

__all__ = ["JsonService"]

_RETRY_STATUS = frozenset({429, 502, 503, 504})


@dataclass(kw_only=True)
class JsonService:
    """A service that answers JSON over HTTP.

    Parameters
    ----------
    url : str
        Where it is, without the path of the request.
    timeout : float
        Seconds to wait for an answer.
    retries : int
        Further tries after a dropped connection, a time-out, "too many requests" or an overloaded server.
    pause : float
        Seconds before the first retry, doubled each time, unless the server says how long to wait.
    min_interval : float
        Seconds between two requests, for services that limit their rate.
    transport : httpx transport, optional
        Replaces the network, in tests.
    """

    url: str
    timeout: float = 30.0
    retries: int = 3
    pause: float = 0.5
    min_interval: float = 0.0
    transport: Any = None
    _client: httpx.Client | None = field(default=None, init=False, repr=False)
    _last: float = field(default=0.0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Answer to a GET request.

        Raises
        ------
        TravelError
            If the service cannot be reached, refuses, or does not answer a JSON object.
        """
        return self._ask("GET", path, params=dict(params or {}))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer to a POST request with a JSON body; raises as :meth:`get`."""
        return self._ask("POST", path, json=dict(body))

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in self.__dict__.items() if k not in ("_client", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._client = None
        self._lock = threading.Lock()

    def _open(self) -> httpx.Client:
        try:
            import httpx
        except ImportError:
            raise MissingExtra(
                "Travel services over HTTP need httpx. Install 'rounds[services]', or use travel 'great_circle'."
            ) from None
        with self._lock:
            if self._client is None:
                self._client = httpx.Client(timeout=self.timeout, transport=self.transport)
            return self._client

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        client = self._open()
        import httpx

        problem, wait = "", self.pause
        for attempt in range(self.retries + 1):
            if attempt:
                time.sleep(wait)
                wait *= 2
            self._keep_distance()
            try:
                answer = client.request(method, self.url.rstrip("/") + path, **request)
            except httpx.TimeoutException:
                problem = f"did not answer within {self.timeout:g} s"
                continue
            except httpx.TransportError as error:
                problem = f"cannot be reached ({error})"
                continue
            except httpx.InvalidURL as error:
                raise TravelError(f"Travel service: '{self.url}' is no address ({error}).") from error
            if answer.status_code in _RETRY_STATUS:
                problem = f"answers {answer.status_code} {answer.reason_phrase}"
                wait = _retry_after(answer.headers.get("Retry-After"), wait)
                continue
            return _json(answer, self.url)
        raise TravelError(
            f"Travel service {self.url} {problem}. Start it, check the address, or use travel 'great_circle'."
        )

    def _keep_distance(self) -> None:
        if self.min_interval:
            with self._lock:
                ahead = self._last + self.min_interval - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
                self._last = time.monotonic()


def _retry_after(text: str | None, default: float) -> float:
    return min(float(text), 60.0) if text and text.isdigit() else default


def _json(answer: httpx.Response, url: str) -> dict[str, Any]:
    try:
        data = answer.json()
    except ValueError:
        data = None
    if answer.status_code >= 400:
        keys = ("code", "error_code", "message", "error")
        said = " ".join(str(data[k]) for k in keys if k in data) if isinstance(data, dict) else answer.text[:200]
        raise TravelError(f"Travel service {url} refuses: {answer.status_code} {answer.reason_phrase}. {said}".strip())
    if not isinstance(data, dict):
        raise TravelError(f"Travel service {url} did not answer JSON. Check that the address is that of the service.")
    return data
