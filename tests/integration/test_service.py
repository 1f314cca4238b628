"""The service as people start it: one command, a file, a link to sign in; killed at any moment, nothing is lost."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

START_SECONDS = 120
V1 = "/api/v1"
PASSWORD = "correct horse battery"


class Server:
    """A ``rounds serve`` of the test's own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.database = f"sqlite:///{folder}/rounds.db"
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-W", "ignore", "-c", "from api.cli import main; main()", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--database", self.database, "--port", str(self.port), "--no-jobs"],
                stdout=log,
                stderr=log,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                assert httpx.get(f"{self.address}/health").json()["status"] == "ok"
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)

    def kill(self) -> None:
        """End it without warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server on an empty file."""
    made = Server(tmp_path)
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


def sign_in(server: Server) -> httpx.Client:
    """A browser that follows the link which the server printed."""
    link = re.search(r"/sign-in#(\S+)", server.log.read_text())
    assert link is not None, server.log.read_text()
    client = httpx.Client(base_url=server.address, timeout=60)
    answer = client.post(f"{V1}/session/link", json={"token": link[1], "password": PASSWORD})
    assert answer.status_code == 201
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client


@pytest.mark.slow
def test_killed_between_requests_nothing_is_lost_and_nothing_half_written(server: Server) -> None:
    client = sign_in(server)
    unit = client.get(f"{V1}/units").json()["items"][0]["id"]
    body = {"unit_id": unit, "name": "P", "start": "2026-11-02"}
    project = f"{V1}/projects/{client.post(f'{V1}/projects', json=body).json()['id']}"
    random_ = random.Random(7)
    accepted: set[str] = set()
    for attempt in range(2):
        rows = [f"c{attempt}-{k},Name {k},-29.9,-71.2,weekly" for k in range(200)]
        table = "\n".join(["customer_id,name,lat,lon,visit_frequency", *rows]).encode()
        key = {"Idempotency-Key": f"import {attempt}"}
        killer = subprocess.Popen(
            ["/bin/sh", "-c", f"sleep {random_.uniform(0.02, 1.0):.3f}; kill -9 {server.process.pid}"]  # type: ignore[union-attr]
        )
        with contextlib.suppress(httpx.TransportError):
            client.post(f"{project}/imports", files={"files": ("c.csv", table)}, headers=key)
        killer.wait()
        server.process.wait()  # type: ignore[union-attr]
        server.start()
        total = client.get(f"{project}/customers", params={"limit": 1}).json()["total"]
        assert total in (len(accepted), len(accepted) + 200)  # all of it or nothing
        again = client.post(f"{project}/imports", files={"files": ("c.csv", table)}, headers=key)
        assert len(again.json()["customers"]["added"]) == 200  # done now, or answered from memory
        accepted |= set(again.json()["customers"]["added"])
        assert client.get(f"{project}/customers", params={"limit": 1}).json()["total"] == len(accepted)
    entries = client.get(f"{V1}/audit", params={"act": "import"}).json()
    assert entries["total"] == 2  # one for each import, however often it was asked for
    assert server.stop() in (0, -signal.SIGINT, 130)


@pytest.mark.slow
def test_the_link_is_printed_once_and_logs_hold_no_secrets(server: Server) -> None:
    client = sign_in(server)
    server.kill()
    server.log.write_text("")
    server.start()
    assert client.get(f"{V1}/session").status_code == 200  # the session outlives the server
    assert "/sign-in#" not in server.log.read_text()
    assert PASSWORD not in server.log.read_text()
