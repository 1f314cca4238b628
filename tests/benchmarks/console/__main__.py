"""What the console costs at 2,000 customers: CPU of the service for each page and act, and what a person waits for.

::

    python -m tests.benchmarks.console [--browser]

CPU milliseconds of the service, first time and again. With ``--browser`` also wall milliseconds in Chromium, which say
something on a quiet machine only: until a page can be used, and from letting go of a customer to the new balance.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import httpx
from fastapi.testclient import TestClient

from tests.browser.service import PASSWORD, Served, served

CUSTOMERS, REPS, REPEATS = 2000, 20, 15
HTMX = {"HX-Request": "true"}
PAGES = {
    "planning area": "{p}",
    "data": "{p}/data",
    "customers, page 10": "{p}/customers?page=10",
    "customers, search": "{p}/customers?q=1234",
    "today": "{p}/today",
    "today's map": "{p}/today/map.json?day=2026-03-02",
    "key accounts": "{p}/accounts",
    "feedback": "{p}/feedback",
    "proposals": "{p}/proposals",
    "best slot": "{p}/slots?customer_id={customer}",
    "plan": "{plan}",
    "calendar": "{plan}/calendar",
    "day": "{plan}/days/R01/2026-03-02",
    "not planned": "{plan}/unserved",
    "territories": "{plan}/territories",
    "territories, map data": "{plan}/territories/map.json",
}
OPENED = ("data", "today", "calendar", "not planned", "territories")


def main() -> None:
    """Open every page twice, move and lock customers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    with served(customers=CUSTOMERS, reps=REPS) as made:
        client = TestClient(made.app)
        answer = client.post("/api/v1/session", json={"email": "manager@example.org", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        at = f"/console/{made.project}/plans/{made.plan}/territories"
        data = client.get(f"{at}/map.json").json()["points"]["features"]
        ids = [feature["properties"]["id"] for feature in data]
        client = TestClient(made.app, headers=client.headers, cookies=client.cookies)
        print(f"{CUSTOMERS} customers, {REPS} reps\n\n| page | first, CPU ms | again | kB |\n|---|---:|---:|---:|")
        for name, path in PAGES.items():
            address = _address(made, path, ids[7])
            (first, got), (again, _) = _spent(client, address), _spent(client, address)
            print(f"| {name} | {first:.0f} | {again:.0f} | {len(got.content) / 1000:.0f} |", flush=True)
        moved: dict[str, str] = {}

        def move(customer: str) -> None:
            body = {"moved": moved, "customers": [customer], "rep_id": "R02", "force": True}
            moved.update(client.post(f"{at}/effect", json=body).json()["moved"])

        def lock(customer: str) -> None:
            client.post(f"{at}/locks/{customer}").raise_for_status()

        for name, act in (("move a customer", move), ("lock a customer", lock)):
            times = [_timed(partial(act, c)) for c in ids[:REPEATS]]
            print(f"| {name}: median, worst | {median(times):.0f} | {max(times):.0f} | |")
        if options.browser:
            _browse(made)


def _address(made: Served, path: str, customer: str) -> str:
    project = f"/console/{made.project}"
    return path.format(p=project, plan=f"{project}/plans/{made.plan}", customer=customer)


def _spent(client: TestClient, address: str) -> tuple[float, httpx.Response]:
    begun = time.process_time()
    answer = client.get(address, headers=HTMX if "customers?" in address else {})
    answer.raise_for_status()
    return 1000 * (time.process_time() - begun), answer


def _timed(act: Callable[[], object]) -> float:
    """CPU milliseconds of this process."""
    begun = time.process_time()
    act()
    return 1000 * (time.process_time() - begun)


def _browse(made: Served) -> None:
    """Wall times of a person at the screen."""
    from tests.browser.console import desk

    with desk(made) as manager:
        manager.sign_in("manager")
        print("\n| in the browser | wall ms |\n|---|---:|")
        for name in OPENED:
            begun = time.perf_counter()
            page = manager.go(_address(made, PAGES[name], ""))
            if name == "territories":
                page.wait_for_selector("[data-ready=yes]")
            page.wait_for_load_state("networkidle")
            print(f"| {name} can be used | {1000 * (time.perf_counter() - begun):.0f} |", flush=True)
        print(f"| a customer dragged to another rep, until the balance shows it | {median(_drags(page)):.0f} |")


def _drags(page: Any) -> list[float]:
    """Drag the dot in the middle of the map onto bars of the panel, five times over."""
    box = page.locator("#map").bounding_box()
    found = []
    for k in range(5):
        # a dot near the middle: look for the pointer of something that can be taken
        spot = page.evaluate(
            """async ([x0, y0]) => {
              const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
              for (let r = 0; r < 200; r += 5) for (let a = 0; a < 6.28; a += 0.5) {
                const [x, y] = [x0 + r * Math.cos(a), y0 + r * Math.sin(a)];
                const top = document.elementFromPoint(x, y);
                top?.dispatchEvent(new MouseEvent("mousemove", { clientX: x, clientY: y, bubbles: true }));
                await frame();
                if (top?.classList.contains("leaflet-interactive")) return [x, y];
              }
              return null;
            }""",
            [box["x"] + box["width"] / 2 + 15 * k, box["y"] + box["height"] / 2],
        )
        bar = page.locator("#balance li").nth(k).bounding_box()
        before = page.inner_text("#count")
        page.mouse.move(*spot)
        page.mouse.down()
        page.mouse.move(bar["x"] + 30, bar["y"] + 10, steps=5)
        begun = time.perf_counter()
        page.mouse.up()
        page.wait_for_function(
            "t => document.querySelector('#count').innerText !== t || !document.querySelector('#refused').hidden",
            arg=before,
        )
        found.append(1000 * (time.perf_counter() - begun))
    return found


if __name__ == "__main__":
    main()
