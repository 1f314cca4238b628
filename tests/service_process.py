"""A real server process for tests: started, killed with SIGKILL, started again on the same database."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 600
ENVIRONMENT = {"ROUNDS_JOB_LEASE_SECONDS": "2", "ROUNDS_JOB_WORKERS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Server:
    """``rounds serve`` on a loopback port.

    Parameters
    ----------
    database_url
        What it keeps everything in.
    """

    def __init__(self, database_url: str, log: Path, **environment: str) -> None:
        self._database_url = database_url
        self._log = log
        self._environment = {**ENVIRONMENT, **environment}
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def start(self, *, wait: bool = True) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "from api.cli import main; main()",
                    "serve",
                    "--port",
                    str(self.port),
                    "--database",
                    self._database_url,
                ],
                stderr=log,
                stdout=log,
                env={**os.environ, **self._environment},
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + START_SECONDS
        with httpx.Client(base_url=self.address, timeout=5) as client:
            while True:
                try:
                    if client.get("/health").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                    raise AssertionError(f"the server does not answer:\n{self._log.read_text()[-3000:]}")
                time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL: no chance to clean up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: int) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(how)
            process.wait(timeout=30)

    def one_time_link(self) -> str:
        """The token that the server printed at its first start."""
        found = re.findall(r"/sign-in#(\S+)", self._log.read_text())
        assert found, self._log.read_text()[-2000:]
        return str(found[-1])

    def sign_in(self) -> httpx.Client:
        """A client with an API token of the administrator, made through the one-time link."""
        with httpx.Client(base_url=f"{self.address}/api/v1", timeout=60) as browser:
            answer = browser.post("/session/link", json={"token": self.one_time_link()})
            assert answer.status_code == 201, answer.text
            csrf = browser.cookies["rounds_csrf"]
            token = browser.post(
                "/tokens",
                json={"name": "test", "scopes": ["read", "write", "plan", "admin"]},
                headers={"X-CSRF-Token": csrf},
            )
            assert token.status_code == 201, token.text
            secret = token.json()["secret"]
        return self.client(secret)

    def client(self, token: str) -> httpx.Client:
        """A client with a token; it outlives restarts."""
        return httpx.Client(base_url=f"{self.address}/api/v1", timeout=60, headers={"Authorization": f"Bearer {token}"})


class KilledAtRandom:
    """Kills and restarts a server at given moments while the test goes on.

    Parameters
    ----------
    doing, hit
        What the test does meanwhile, and where the kills are counted under that name, or as ``idle`` once the test
        has said that it is :meth:`over`.
    """

    def __init__(
        self, server: Server, pauses: list[float], *, doing: str = "working", hit: Counter[str] | None = None
    ) -> None:
        self._server, self._pauses = server, pauses
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._doing = doing
        self._hit: Counter[str] = Counter() if hit is None else hit
        self.kills = 0

    def over(self) -> None:
        """What the test does is done; further kills hit nothing."""
        self._doing = "idle"

    def _work(self) -> None:
        for pause in self._pauses:
            time.sleep(pause)
            self._hit[self._doing] += 1
            self._server.kill()
            self.kills += 1
            self._server.start()

    def __enter__(self) -> "KilledAtRandom":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()


def persistent(
    client: httpx.Client, method: str, path: str, *, seconds: float = START_SECONDS, **options: Any
) -> httpx.Response:
    """Repeat a request until the server answers, as a careful client does; writes carry an Idempotency-Key."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return client.request(method, path, **options)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
