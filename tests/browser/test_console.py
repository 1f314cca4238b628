"""The days of a manager and of an approver, walked in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.console import Desk, desk
from tests.browser.service import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADER = "customer_id,name,lat,lon,visit_frequency,service_duration,grade\n"
GOOD = "".join(f"N{k},Shop {k},{-30.1 + k / 500:.4f},{-71.2 + k % 5 / 400:.4f},every 2 weeks,20,B\n" for k in range(24))
FAULTY = "N90,Far Shop,-30.11,-71.21,sometimes,20,A\nN91,Odd Shop,-30.12,,weekly,20,C\n"
REPS = (
    "rep_id,name,home_lat,home_lon,shift_start,shift_end,working_days\n"
    "A1,Ada,-30.10,-71.20,08:00,17:00,Mon-Fri\nB2,Bo,-30.06,-71.20,08:00,17:00,Mon-Fri\n"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all walks."""
    with served(f"sqlite:///{tmp_path_factory.mktemp('service') / 'rounds.db'}") as made:
        yield made


def new_area(manager: Desk, name: str, press: str) -> str:
    """A new planning area; its address."""
    page = manager.go("/console")
    page.click(f"text={press}")
    page.fill("dialog [name=name]", name)
    page.fill("dialog [name=start]", "2026-03-02")
    page.fill("dialog [name=weeks]", "2")
    page.click("dialog button.strong")
    page.wait_for_url("**/data")
    return re.sub(r"^https?://[^/]+|/data$", "", page.url)


@pytest.mark.parametrize(
    ("language", "press", "right", "fixed", "plan_name"),
    [
        ("en", "New planning area", "24 rows are right", "26 rows are right", "Spring"),
        ("zh", "新建规划区域", "24 行正确", "26 行正确", "春季"),
    ],
)
def test_a_managers_day(
    service: Served, tmp_path: Path, language: str, press: str, right: str, fixed: str, plan_name: str
) -> None:
    customers, reps = tmp_path / "customers.csv", tmp_path / "reps.csv"
    customers.write_text(HEADER + GOOD + FAULTY, "utf-8")
    reps.write_text(REPS, "utf-8")
    with desk(service, language=language) as manager:
        manager.sign_in("manager")
        area = new_area(manager, f"Valley {language}", press)
        page = manager.page

        # upload -> report -> fix in place -> take over
        page.set_input_files("[name=files]", [customers])
        page.click("#upload button[value=check]")
        page.wait_for_selector(f"text={right}")
        assert page.locator(".repair:not(.right)").count() == 2
        assert manager.serious() == []
        page.locator(".repair", has_text="Far Shop").or_(page.locator(".repair").first).first.locator(
            "input[name$='visit_frequency']"
        ).fill("weekly")
        page.locator(".repair").nth(1).locator("input[name$='␟lon']").fill("-71.2150")
        page.click("#report button[value=check]")
        page.wait_for_selector(f"text={fixed}")
        assert page.locator(".repair.right").count() == 2
        page.click("#report button[value=take]")
        page.wait_for_selector("#report .note.good")
        page.set_input_files("[name=files]", [reps])
        page.click("#upload button[value=check]")
        page.wait_for_selector("#report button[value=take]")
        page.click("#report button[value=take]")
        page.wait_for_selector("#report .note.good")
        page.wait_for_selector("#reps td:text-is('Ada')")  # the lists below follow by themselves
        assert page.locator("#customers tbody tr").count() == 26
        page = manager.go(f"{area}/data?q=N90")
        assert "Far Shop" in page.inner_text("#customers")

        # one customer by hand
        page.click("#customers tbody button")
        page.fill(".form-row [name=minutes]", "35")
        page.click(".form-row button.strong")
        page.wait_for_selector("#customers td.num:text-is('35')")

        # plan with live progress, ended early
        page = manager.go(area)
        page.fill("[name=name]", plan_name)
        page.fill("[name=seconds]", "30")
        page.click("form[hx-post$=jobs] button.strong")
        page.wait_for_url("**/jobs/*")
        page.wait_for_selector("#job progress")
        assert manager.serious() == []
        stop = page.locator("#job button.strong")
        stop.click()
        page.wait_for_url("**/plans/*", timeout=240_000)
        plan = page.url.removeprefix(service.address)
        assert plan_name in page.inner_text("h1")

        # the days
        page = manager.go(f"{plan}/calendar")
        page.locator(".cell a").first.click()
        page.wait_for_selector(".stop-mark")
        stops = page.locator(".stops .n").count()
        assert page.locator(".stop-mark").count() == stops > 0
        page.locator("details summary", has_text=re.compile("Move|移动")).first.click()
        page.locator(".stops button[name=try_only]").first.click()
        page.wait_for_selector(".effect p")

        # submit
        page = manager.go(plan)
        page.click("form[hx-post$=submit] button")
        page.wait_for_selector(".badge.warn")
        assert manager.faults == []

    with desk(service, language=language) as approver:
        approver.sign_in("approver")
        page = approver.go("/console")
        assert page.locator(".card", has_text=f"Valley {language}").locator(".badge.warn").count() == 1
        page = approver.go(plan)
        page.fill("[name=reason]", "More visits for A, please.")
        page.click("form[hx-post$=return] button")
        page.wait_for_selector(".note.warn:has-text('More visits for A')")
        assert page.locator("form[hx-post$=approve]").count() == 0

    with desk(service, language=language) as manager:
        manager.sign_in("manager")
        page = manager.go(plan)
        page.click("form[hx-post$=submit] button")
        page.wait_for_selector(".badge.warn")

    with desk(service, language=language) as approver:
        approver.sign_in("approver")
        page = approver.go(plan)
        page.locator("#remarks summary").click()
        page.fill("#remarks textarea", "Fine now.")
        page.click("#remarks button.strong")
        page.wait_for_selector(".remark:has-text('Fine now.')")
        page.click("form[hx-post$=approve] button")
        page.wait_for_selector("h1 .badge.good")
        assert approver.faults == []

    with desk(service, language=language) as manager:
        manager.sign_in("manager")
        page = manager.go(plan)
        page.click("form[hx-post$=publish] button")
        page.wait_for_selector("h1 .badge.good")
        with page.expect_download() as download:
            page.click("a[href$='export.zip']")
        assert download.value.suggested_filename == "plan.zip"
        page = manager.go(f"{area}/today")
        assert page.locator(".beads .bead").count() > 0
        page.click("summary:has-text('Mai Lin')")
        page.click("[data-sign-out]")
        page.wait_for_url("**/sign-in")
        manager.go("/sign-in")
        assert manager.faults == []


def balance(page: object) -> list[str]:
    """What the panel says of each rep: name, customers, hours (the deviation follows the mean of all)."""
    return ["\n".join(li.inner_text().splitlines()[:3]) for li in page.locator("#balance li").all()]  # type: ignore[attr-defined]


def point(page: object, lat: float, lon: float) -> tuple[float, float]:
    """Where a place is on the screen, by the page's own marks of two homes."""
    marks = page.evaluate(  # type: ignore[attr-defined]
        "[...document.querySelectorAll('.home-mark')].map(m => { const b = m.getBoundingClientRect();"
        " return [b.x + b.width / 2, b.y + b.height / 2]; })"
    )
    # Homes of made_plan: rep k at (-30.15 + 0.1 * (k // 2), -71.25 + 0.1 * (k % 2)); Mercator is straight enough here.
    (x0, y0), (x1, _), (_, y2) = marks[0], marks[1], marks[2]
    return x0 + (lon + 71.25) / 0.1 * (x1 - x0), y0 + (lat + 30.15) / 0.1 * (y2 - y0)


def test_territories_by_hand(service: Served) -> None:
    territories = f"/console/{service.project}/plans/{service.plan}/territories"
    with desk(service) as manager:
        manager.sign_in("manager")
        page = manager.go(territories)
        page.wait_for_selector("[data-ready=yes]")
        before = balance(page)
        data = page.evaluate(f"fetch('{territories}/map.json').then(a => a.json())")
        mine = [f for f in data["points"]["features"] if f["properties"]["rep"] == "R01"]
        east = max(mine, key=lambda f: f["geometry"]["coordinates"][0])
        lon, lat = east["geometry"]["coordinates"]

        # drag the easternmost customer of rep 1 onto the bar of rep 2
        page.mouse.move(*point(page, lat, lon))
        page.mouse.down()
        bar = page.locator("#balance li[data-rep=R02]").bounding_box()
        assert bar is not None
        page.mouse.move(bar["x"] + 30, bar["y"] + 10, steps=8)
        page.mouse.up()
        page.wait_for_selector("#count:has-text('1')")
        after = balance(page)
        assert after[0] != before[0]
        assert after[1] != before[1]
        assert after[2:] == before[2:]

        # undo, redo
        page.click("#undo")
        page.wait_for_function("t => document.querySelector('#balance li').innerText.startsWith(t)", arg=before[0])
        assert page.is_disabled("#take")
        page.click("#redo")
        page.wait_for_function("t => document.querySelector('#balance li').innerText.startsWith(t)", arg=after[0])

        # the same without a pointer: name a customer, choose a rep
        other = next(f["properties"] for f in mine if f is not east)
        page.fill("#find", other["id"])
        page.select_option("#target", "R02")
        page.focus("#move")
        page.keyboard.press("Enter")
        page.wait_for_selector("#refused:not([hidden]) button, #count:has-text('2')")
        if page.is_visible("#refused"):
            page.click("#refused button")
        page.wait_for_selector("#count:has-text('2')")

        # an area that takes everything from rep 3 is refused first, and made when told so
        page.select_option("#target", "R04")
        theirs = [f["geometry"]["coordinates"] for f in data["points"]["features"] if f["properties"]["rep"] == "R03"]
        west, east_edge = min(p[0] for p in theirs), max(p[0] for p in theirs)
        south, north = min(p[1] for p in theirs), max(p[1] for p in theirs)
        page.click("#draw")
        for corner in ((south, west), (south, east_edge), (north, east_edge), (north, west)):
            page.mouse.click(*point(page, *corner))
        page.keyboard.press("Enter")
        page.wait_for_selector("#refused:not([hidden]) li")
        page.click("#refused button")
        page.wait_for_selector("#balance li[data-rep=R03].changed")
        page.wait_for_function("() => parseInt(document.querySelector('#count').innerText.match(/\\d+/)[0]) > 30")
        page.click("#undo")
        page.wait_for_selector("#balance li[data-rep=R03]:not(.changed)")

        # take over: the visits are with the other rep
        page.click("#take")
        page.wait_for_url(f"**/plans/{service.plan}")
        again = page.evaluate(f"fetch('{territories}/map.json').then(a => a.json())")
        reps = {f["properties"]["id"]: f["properties"]["rep"] for f in again["points"]["features"]}
        assert reps[east["properties"]["id"]] == "R02"
        assert manager.faults == []


def test_unserved_visits_are_fixed_with_one_click(service: Served) -> None:
    with desk(service) as manager:
        manager.sign_in("manager")
        page = manager.go(f"/console/{service.project}/plans/{service.plan}/unserved")
        card = page.locator("article").first
        name = card.locator("h2").inner_text().split("  ")[0].removesuffix(" B").removesuffix(" C").strip()
        card.locator("button", has_text="Leave it out").click()
        card.locator(".badge.good").wait_for()
        page = manager.go(f"/console/{service.project}/data?q={name.split(' of')[0].replace(' ', '%20')}")
        assert page.locator("#customers .badge", has_text="left out").count() >= 1
        assert manager.faults == []


PAGES = (
    "/console",
    "{p}",
    "{p}/data",
    "{p}/standards",
    "{p}/today",
    "{p}/accounts",
    "{p}/feedback",
    "{p}/proposals",
    "{p}/slots?customer_id=C00008",
    "{p}/comparisons",
    "{p}/compare?a={plan}&b={plan}",
    "{p}/plans/{plan}",
    "{p}/plans/{plan}/territories",
    "{p}/plans/{plan}/calendar",
    "{p}/plans/{plan}/days/R01/2026-03-02",
    "{p}/plans/{plan}/unserved",
    "/account",
    "/sign-in",
)


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("en", True), ("zh", False), ("zh", True)])
def test_no_page_is_hard_to_use(service: Served, language: str, dark: bool) -> None:
    """Zero serious findings of axe, no console message, nothing from elsewhere, no English left in Chinese pages."""
    with desk(service, language=language, dark=dark) as manager:
        manager.sign_in("manager")
        for pattern in PAGES:
            path = pattern.format(p=f"/console/{service.project}", plan=service.plan)
            page = manager.go(path)
            page.wait_for_load_state("networkidle")
            assert manager.serious() == [], path
            assert manager.faults == [], path
