"""A browser on the console: pages that say what went wrong in them, and what an accessibility check finds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.browser.chromium import program
from tests.browser.service import PASSWORD, Served

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")


@dataclass
class Desk:
    """Somebody at a screen.

    Parameters
    ----------
    faults
        What the console of the browser said, and requests to elsewhere.
    """

    served: Served
    page: sync_api.Page
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> sync_api.Page:
        """Open a page of the service."""
        answer = self.page.goto(self.served.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.page

    def sign_in(self, role: str) -> None:
        """Sign in on the page."""
        self.go("/sign-in")
        self.page.fill("#email", f"{role}@example.org")
        self.page.fill("#password", PASSWORD)
        self.page.click("#sign-in button")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def serious(self) -> list[str]:
        """Serious and critical findings of axe on the page as it is."""
        found = axe.Axe().run(self.page).response["violations"]
        return [
            f"{v['id']} ({v['impact']}): " + "; ".join(json.dumps(n["target"]) for n in v["nodes"][:3])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]


@contextmanager
def desk(served: Served, *, language: str = "en", dark: bool = False) -> Iterator[Desk]:
    """A browser of its own, in a language and in light or dark colours."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 1360, "height": 850}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.add_cookies([{"name": "rounds_language", "value": language, "url": served.address}])
        page = context.new_page()
        made = Desk(served, page)
        page.on("console", lambda m: made.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: made.faults.append(str(e)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((served.address, "data:", "blob:")) else made.faults.append(r.url),
        )
        page.on("dialog", lambda d: d.accept())
        page.set_default_timeout(120_000)
        try:
            yield made
        finally:
            browser.close()
