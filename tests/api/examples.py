"""Makes the examples of the API's description: what the service was asked and answered in its own tests.

    python -m tests.api.examples [TESTS …]

Runs the tests of the service on SQLite, or only those that are named, keeps the most telling exchange of each
operation, cuts long lists short and writes ``api/examples.json``. ``tests/api/test_openapi.py`` says when that has
become necessary.
"""

import json
import re
import sys
from hashlib import md5
from pathlib import Path
from typing import Any

import httpx
import pytest

import api
from api.app import create_app
from api.openapi import bodies, operations
from api.settings import Settings

FILE = Path(api.__file__).with_name("examples.json")
MOST_ENTRIES = 2
MOST_CHARACTERS = 6_000
SECRETS = ("secret", "token", "link_token", "csrf_token", "password")
NOT_TOLD = "not-told-in-examples"
ID = re.compile(r"\b[0-9a-f]{32}\b")

type Exchange = dict[str, Any]


class Recorder:
    """A plugin of pytest: listens to every test client."""

    def __init__(self) -> None:
        document = create_app(Settings(database_url="sqlite://")).openapi()
        self._shape = {op["operationId"]: {name for name, _ in bodies(op)} for _, _, op in operations(document)}
        self._addresses = [
            (method, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), op["operationId"])
            for method, path, op in sorted(operations(document), key=lambda known: known[1].count("{"))
        ]
        self.best: dict[str, Exchange] = {}

    def pytest_configure(self) -> None:
        """Begin to listen."""
        send = httpx.Client.send
        recorder = self

        def listening(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
            response = send(client, request, **options)
            if response.is_success and not options.get("stream"):
                recorder.hear(request, response)
            return response

        httpx.Client.send = listening  # type: ignore[assignment,method-assign]

    def hear(self, request: httpx.Request, response: httpx.Response) -> None:
        """Keep an exchange if it tells more than what was kept so far."""
        for method, address, name in self._addresses:
            if request.method == method and address.fullmatch(request.url.path):
                exchange = _exchange(request, response, self._shape[name])
                if len(json.dumps(exchange)) <= MOST_CHARACTERS and _told(exchange) > _told(self.best.get(name)):
                    self.best[name] = exchange
                return


def _exchange(request: httpx.Request, response: httpx.Response, shape: set[str]) -> Exchange:
    said: dict[str, httpx.Request | httpx.Response] = {"request": request, "answer": response}
    return {
        name: _cut(json.loads(said[name].content))
        for name in sorted(shape)
        if "json" in said[name].headers.get("content-type", "")
    }


def _cut(value: Any, name: str = "") -> Any:
    match value:
        case dict():
            return {key: _cut(v, key) for key, v in value.items()}
        case list() if name != "coordinates":
            return [_cut(v, name) for v in value[:MOST_ENTRIES]]
        case str() if name in SECRETS:
            return NOT_TOLD
    return value


def _told(exchange: Any) -> int:
    """How many values somebody reads there that are not empty."""
    match exchange:
        case dict():
            return sum(_told(v) for v in exchange.values())
        case list():
            return sum(_told(v) for v in exchange)
    return int(exchange not in (None, "", 0, False))


def main(*tests: str) -> int:
    """Listen, and write down; operations that were not heard keep the examples that they have."""
    recorder = Recorder()
    ended = pytest.main(
        [*(tests or ("tests/api",)), "-q", "-m", "not slow", "-k", "not postgresql", "-p", "no:xdist"],
        plugins=[recorder],
    )
    text = json.dumps(
        dict(sorted((json.loads(FILE.read_text()) | recorder.best).items())), ensure_ascii=False, indent=1
    )
    seen: dict[str, str] = {}  # ids are random: numbered by their place, they stay the same from run to run
    text = ID.sub(lambda found: seen.setdefault(found[0], md5(str(len(seen)).encode()).hexdigest()), text)
    FILE.write_text(text + "\n")
    print(f"{len(recorder.best)} operations, {len(text):,} characters in {FILE.name}")
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
