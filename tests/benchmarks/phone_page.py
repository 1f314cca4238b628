"""What the phone page costs a phone: first paint on a slow processor, bytes over the wire.

``python -m tests.benchmarks.phone_page`` serves the toy world of a rep and drives Chromium, its processor slowed down.
First paint is in wall time: it says something on a quiet machine only.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import program
from tests.browser.rep_world import MORNING, REP, RepWorld, rep_world
from tests.browser.service import PASSWORD

SLOWER = 4
"""How much slower than here: a phone of the middle range, by the usual convention of page audits."""
RUNS = 3
PATIENCE_MS = 120_000
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"

KEPT = """
(async () => {
  let sum = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      sum += Number(kept.headers.get("content-length") ?? (await kept.arrayBuffer()).byteLength);
    }
  }
  return sum;
})()
"""
"""Bytes of all that the worker keeps, as they came over the wire."""

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
        work = statistics.median(_work(browser, world) for _ in range(RUNS))
        browser.close()
    for k, name in enumerate(("first load", "again, from the worker")):
        paint, size = (statistics.median(run[k][figure] for run in runs) for figure in range(2))
        print(f"{name:24}{paint:7.0f} ms to first paint {size / 1000:7.1f} kB over the wire")
    print(
        f"kept by the worker for later, the map among it: {statistics.median(run[2][1] for run in runs) / 1000:.1f} kB"
    )
    print(f"main thread until the visits are there: {work:.0f} ms of CPU, on a phone {SLOWER * work:.0f} ms")


def _signed_in(browser: Browser, world: RepWorld) -> tuple[BrowserContext, Page]:
    """A phone that is signed in and has not loaded the page."""
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
    return context, page


def _visit(browser: Browser, world: RepWorld) -> list[tuple[float, int]]:
    """(first paint in ms, bytes received) of a first load and of one after that; bytes that the worker keeps."""
    context, page = _signed_in(browser, world)
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
        while not page.evaluate("navigator.serviceWorker.controller !== null"):
            page.wait_for_timeout(100)
        page.wait_for_timeout(1000)
    found.append((0.0, int(page.evaluate(KEPT))))
    context.close()
    return found


def _work(browser: Browser, world: RepWorld) -> float:
    """CPU milliseconds of the page's main thread until the visits are there; says something on a busy machine too."""
    context, page = _signed_in(browser, world)
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(f"{world.address}/phone")
    page.locator(".stop .name").first.wait_for()
    spent = {m["name"]: m["value"] for m in wire.send("Performance.getMetrics")["metrics"]}
    context.close()
    return 1000 * float(spent["TaskDuration"])


def _add(received: list[int], said: dict[str, Any]) -> None:
    received[0] += int(said["encodedDataLength"])


if __name__ == "__main__":
    main()
