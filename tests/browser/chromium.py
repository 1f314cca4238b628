"""A headless Chromium for tests: the page as the browser leaves it, what its console says, and pictures."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--virtual-time-budget=5000",
    "--enable-logging=stderr",
)


@dataclass(frozen=True)
class Page:
    """The document after its scripts ran, and console messages."""

    dom: str
    console: tuple[str, ...]


def program() -> str:
    """The browser, or skip the test."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    return found


def load(path: Path, folder: Path, *, fragment: str = "", size: tuple[int, int] = (1280, 800)) -> Page:
    """Open a page from disk; `folder` takes the browser's profile."""
    done = _run(folder, size, "--dump-dom", f"{path.as_uri()}{fragment}")
    console = tuple(re.findall(r'CONSOLE[^\]]*\] "(.*?)", source', done.stderr))
    return Page(dom=done.stdout, console=console)


def picture(path: Path, folder: Path, target: Path, *, fragment: str = "", size: tuple[int, int] = (1280, 800)) -> Path:
    """A screenshot."""
    _run(folder, size, f"--screenshot={target}", f"{path.as_uri()}{fragment}")
    return target


def asked_of_the_network(path: Path, folder: Path, *, fragment: str = "") -> list[str]:
    """Addresses that a page opened from disk tries to load from elsewhere; no name is resolved, so none is reached.

    They come from the browser's own network log, which also holds what the browser wants for itself: that has no
    origin, a page's request has one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "network.json"
    cut = "--host-resolver-rules=MAP * ~NOTFOUND"
    _run(folder, (1280, 800), cut, f"--log-net-log={log}", "--dump-dom", f"{path.as_uri()}{fragment}")
    events = [event.get("params", {}) for event in json.loads(log.read_text("utf-8"))["events"]]
    asked = {e["url"] for e in events if "url" in e and e.get("initiator", "not an origin") != "not an origin"}
    return sorted(url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:")))


def _run(folder: Path, size: tuple[int, int], *arguments: str) -> subprocess.CompletedProcess[str]:
    window = f"--window-size={size[0]},{size[1]}"
    command = [program(), *SWITCHES, window, f"--user-data-dir={folder}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
