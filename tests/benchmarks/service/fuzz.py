"""schemathesis over the whole OpenAPI description of a service with data in it.

    python -m tests.benchmarks.service.fuzz PATH_OF_SCHEMATHESIS [CASES_PER_OPERATION [PATTERN_OF_PATHS]]

Starts a server on the toy organisation of the tests, signs in as its administrator, and reports every answer that is
a server error or that the description does not allow. schemathesis is no dependency of rounds; give its executable.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time

import httpx
import uvicorn

from tests.api.world import build
from tests.service_process import free_port

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def main(executable: str, cases: str = "100", paths: str = "") -> int:
    """Serve, fuzz, and return what schemathesis returns."""
    world = build("sqlite://")
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(world.app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            httpx.get(f"{address}/health", timeout=5)
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    with tempfile.TemporaryDirectory(prefix="rounds-fuzz-") as folder:
        done = subprocess.run(
            [
                executable,
                "run",
                f"{address}/openapi.json",
                "--checks",
                CHECKS,
                "--max-examples",
                cases,
                "--phases",
                "examples,coverage,fuzzing",
                "--continue-on-failure",
                "--no-color",
                "--header",
                f"Authorization: Bearer {world.tokens['admin']}",
                "--exclude-path-regex",
                "/session|/events$",
                *(["--include-path-regex", paths] if paths else []),
            ],
            check=False,
            cwd=folder,
            env=dict(os.environ),
        )
    server.should_exit = True
    thread.join(10)
    world.service.store.close()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
