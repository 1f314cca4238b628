"""A PostgreSQL server of the tests' own, from installed binaries, on a loopback port; as an unprivileged user."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres``; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def server(*, fsync: bool = False) -> Iterator[str]:
    """A running server; its address without the name of a database. Tests need not wait for the disk."""
    folder = binaries()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="rounds-pg-"))
    user = _unprivileged()
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    data = home / "data"
    process: subprocess.Popen[bytes] | None = None
    try:
        init = [str(folder / "initdb"), "-D", str(data), "-U", "rounds", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(init, check=True, capture_output=True, cwd=home, **_as(user))
        port = _free_port()
        options = (
            f"fsync={'on' if fsync else 'off'}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={home}",
            "shared_buffers=32MB",
        )
        command = [str(folder / "postgres"), "-D", str(data), "-p", str(port)]
        for option in options:
            command += ["-c", option]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, **_as(user))
        _wait(port)
        yield f"postgresql+psycopg://rounds@127.0.0.1:{port}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
            process.wait(timeout=START_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """An empty database; its address."""
    with psycopg.connect(address.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # a name of ours
    return f"{address}/{name}"


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server when root runs the tests: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://rounds@127.0.0.1:{port}/postgres", connect_timeout=1).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
