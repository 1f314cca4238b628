"""What the phone page costs a phone: first paint on a slow processor, bytes over the wire.

``python -m tests.benchmarks.phone_page`` serves the toy world of a rep and drives Chromium, its processor slowed down.
First paint is in wall time: it says something on a quiet machine only.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import program
from tests.browser.rep_world import MORNING, REP, RepWorld, rep_world
from tests.browser.service import PASSWORD

SLOWER = 4
"""How much slower than here: a phone of the middle range, by the usual convention of page audits."""
RUNS = 3
PATIENCE_MS = 120_000
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"

OTHER_DAY = """
globalThis.Date = class extends Date {
  constructor(...parts) { if (parts.length) super(...parts); else super(Date.now()); }
  static now() { return super.now() + MOVED; }
};
"""
"""The page lives on the day of the toy world; a clock of the test driver would hide when it was painted."""


def main() -> None:
    """Measure, and print a table."""
    with rep_world() as world, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        runs = [_visit(browser, world) for _ in range(RUNS)]
        browser.close()
    for k, name in enumerate(("first load", "again, from the worker", "with the map opened")):
        paint, size = (statistics.median(run[k][figure] for run in runs) for figure in range(2))
        print(f"{name:24}{paint:7.0f} ms to first paint {size / 1000:7.1f} kB over the wire")


def _visit(browser: Browser, world: RepWorld) -> list[tuple[float, int]]:
    """(first paint in ms, bytes received) of a first load, of one after that, and with the map."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{world.address}/sign-in?to=/account")
    page.fill("#email", REP)
    page.fill("#password", PASSWORD)
    page.locator("form button.strong").click()
    page.wait_for_url(f"{world.address}/account")
    page.close()
    page = context.new_page()
    page.add_init_script(f"const MOVED = {MORNING.timestamp() * 1000} - Date.now();" + OTHER_DAY)
    wire = context.new_cdp_session(page)
    received = [0]
    wire.on("Network.loadingFinished", lambda said: _add(received, said))
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    found = []
    for _ in range(2):
        received[0] = 0
        page.goto(f"{world.address}/phone")
        page.locator(".stop .name").first.wait_for()
        found.append((float(page.evaluate(PAINT)), received[0]))
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.wait_for_timeout(1000)
    received[0] = 0
    page.locator("[data-view=map-view]").click()
    page.locator(".pin").first.wait_for()
    found.append((0.0, received[0]))
    context.close()
    return found


def _add(received: list[int], said: dict[str, Any]) -> None:
    received[0] += int(said["encodedDataLength"])


if __name__ == "__main__":
    main()
