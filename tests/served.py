"""An app on a loopback port, in a thread of the test: for clients that speak real HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tests.service_process import free_port


@contextmanager
def served(app: FastAPI, *, port: int | None = None) -> Iterator[str]:
    """The address of the app, which answers until the end."""
    port = free_port() if port is None else port
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
