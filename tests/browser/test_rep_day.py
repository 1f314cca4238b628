"""A rep's day on the phone: on the way with and without a network, in both languages, for eyes and for fingers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.browser.chromium import program
from tests.browser.rep_world import MORNING, REP, RepWorld, rep_world
from tests.browser.service import PASSWORD

SIZE = {"width": 360, "height": 740}
AT_ADA = {"latitude": 45.0105, "longitude": 9.0}
"""Half a thousandth of a degree north of Ada's Café: 56 metres."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests here."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[RepWorld]:
    """Ana's Monday."""
    with rep_world() as world:
        yield world


@contextmanager
def phone(
    chromium: Browser, world: RepWorld, *, language: str = "en", theme: str = "light", worker: bool = True
) -> Iterator[Page]:
    """A phone with the page open; what its console complains about fails the test.

    Requests can be held back only where no service worker passes them on.
    """
    context = chromium.new_context(
        viewport=SIZE,  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        locale="en-GB",
        geolocation=AT_ADA,  # type: ignore[arg-type]
        permissions=["geolocation"],
        service_workers="allow" if worker else "block",
    )
    context.add_cookies([{"name": "rounds_language", "value": language, "url": world.address}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.clock.install(time=MORNING)
    page.goto(f"{world.address}/phone")
    page.fill("#email", REP)
    page.fill("#password", PASSWORD)
    page.locator("form button.strong").click()
    expect(page.locator(".stop")).to_have_count(3)
    yield page
    context.close()
    assert faults == []


def at(page: Page, world: RepWorld, hour: int, minute: int) -> None:
    """Let it be this time on the phone and in the service."""
    now = MORNING.replace(hour=hour, minute=minute)
    page.clock.set_fixed_time(now)
    world.world.clock.now = now


def report(page: Page, result: str) -> None:
    """Finish the visit under way with a short report."""
    page.locator(".stop .finish:visible").click()
    page.fill("#r-result", result)
    page.locator("#report-dialog button[type=submit]").click()
    expect(page.locator("#report-dialog")).not_to_be_visible()


def cut(context: BrowserContext, *, off: bool) -> None:
    """Cut the network, or restore it."""
    context.set_offline(off)


def serious(page: Page) -> list[str]:
    """Serious and critical findings of axe on what is shown."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['target']}" for v in found if v["impact"] in ("serious", "critical") for node in v["nodes"]
    ]


def test_a_day_with_a_tunnel_in_it(chromium: Browser, served: RepWorld) -> None:
    with phone(chromium, served) as page:
        state = page.locator("#state")
        # What to know before leaving.
        ada = page.locator(".stop").first
        expect(ada).to_contain_text("Ms Ada, owner, decides")
        expect(ada).to_contain_text("New spring menu")
        expect(ada).to_contain_text("One more order than last time")
        expect(ada).to_contain_text("Ordered for three weeks · Smaller boxes")
        expect(ada).to_contain_text("Bring the new menu cards (due Mon 2 Mar)")
        assert ada.locator(".call").get_attribute("href") == "tel:+39000001"
        for box in page.locator("#kit-items input").all():
            box.check()
        expect(page.locator("#kit-count")).to_have_text("5/5")
        page.locator("#start-day").click()

        # With Ada, on time; the next visit is booked on the spot, the promise kept.
        at(page, served, 8, 2)
        ada.locator(".start").click()
        expect(ada).to_contain_text("With the customer since 08:02")
        at(page, served, 8, 32)
        ada.locator(".finish").click()
        expect(page.locator(".slot").first).to_be_visible()
        page.locator(".slot", has_text="Tue 10 Mar").click()
        page.fill("#r-result", "Ordered twelve boxes")
        page.fill("#r-needs", "Bigger fridge")
        page.fill("#r-rivals", "Brand X offers 10 % off")
        page.locator("#report-dialog label", has_text=re.compile(r"^4$")).click()
        page.locator("#r-open label", has_text="Bring the new menu cards").click()
        page.fill("#r-promise", "Send the catalogue")
        page.fill("#r-promise-due", "2026-03-11")
        page.locator("#report-dialog button[type=submit]").click()
        expect(ada).to_contain_text("Done at 08:32")
        expect(state).to_have_text("All reports are sent")
        (seen,) = served.get("visits", first="2026-03-02")["items"]
        assert (seen["outcome"], seen["started"], seen["ended"]) == ("made", "08:02", "08:32")
        assert (seen["next_visit"], seen["report"]["satisfaction"]) == ("2026-03-10", 4)
        assert seen["report"]["competitors"] == "Brand X offers 10 % off"
        assert seen["distance_m"] == 56
        owed = {f["text"]: (f["state"], f["due"]) for f in served.get("follow-ups")["items"]}
        assert owed == {
            "Bring the new menu cards": ("done", "2026-03-02"),
            "Send the catalogue": ("open", "2026-03-11"),
        }

        # In a tunnel: everything goes on, also after the page is closed and opened again.
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("caches.open('rounds-phone-data').then(c => c.keys()).then(k => k.length >= 2)")
        cut(page.context, off=True)
        at(page, served, 8, 34)
        ben, cleo = page.locator(".stop").nth(1), page.locator(".stop").nth(2)
        ben.locator(".start").click()
        expect(state).to_have_text("1 report waits for the network")
        page.reload()
        expect(page.locator("#offline")).to_contain_text("No network")
        expect(ben).to_contain_text("With the customer since 08:34")
        at(page, served, 9, 34)
        report(page, "Terrace range presented")
        cleo.locator(".skip-visit").click()
        page.locator("#skip-dialog button[type=submit]").click()
        expect(page.locator("#skip-dialog .fault")).to_have_text("Say why the visit is skipped or moved.")
        page.select_option("#skip-why", "Closed")
        page.locator("#skip-dialog button[type=submit]").click()
        expect(cleo).to_contain_text("Skipped: Closed")
        expect(state).to_have_text("2 reports wait for the network")
        page.locator("[data-view=wrap-up]").click()
        page.fill("#day-summary", "One order, one closed door.")
        page.fill("#day-urgent", "Cleo may have given up business.")
        page.locator("#wrap-up-form button[type=submit]").click()
        expect(state).to_have_text("3 reports wait for the network")
        assert served.get("visits", first="2026-03-02")["total"] == 1

        # Out again: each report arrives once.
        cut(page.context, off=False)
        expect(state).to_have_text("All reports are sent")
        outcomes = {v["customer_id"]: v["outcome"] for v in served.get("visits", first="2026-03-02")["items"]}
        assert outcomes == {"ada": "made", "ben": "made", "cleo": "skipped"}
        assert served.get("visits", first="2026-03-02")["total"] == 3
        (urgent,) = served.get("rep-days", who="manager north", urgent="true")["items"]
        assert (urgent["urgent"], urgent["summary"]) == (
            "Cleo may have given up business.",
            "One order, one closed door.",
        )
        assert all(line["packed"] for line in urgent["kit"])
        # What was booked is in next week's Tuesday.
        tuesday = served.get("rep-days/ana/2026-03-10")
        assert [s["customer_id"] for s in tuesday["stops"]] == ["ada"]


def test_a_day_in_chinese_with_a_tunnel_in_it(chromium: Browser, served: RepWorld) -> None:
    with phone(chromium, served, language="zh") as page:
        state, stops = page.locator("#state"), page.locator(".stop")
        page.locator("#start-day").click()
        at(page, served, 8, 2)
        stops.nth(0).locator(".start").click()
        expect(stops.nth(0)).to_contain_text("08:02 起正在拜访")
        at(page, served, 8, 32)
        stops.nth(0).locator(".finish").click()
        page.locator(".slot", has_text="3月10日").click()
        page.fill("#r-result", "订了十二箱")
        page.locator("#report-dialog button[type=submit]").click()
        expect(state).to_have_text("报告已全部发送")

        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("caches.open('rounds-phone-data').then(c => c.keys()).then(k => k.length >= 2)")
        cut(page.context, off=True)
        at(page, served, 8, 34)
        stops.nth(1).locator(".start").click()
        expect(state).to_have_text("1 份报告等待网络")
        page.reload()
        expect(page.locator("#offline")).to_contain_text("无网络")
        at(page, served, 9, 34)
        report(page, "介绍了露台产品")
        stops.nth(2).locator(".skip-visit").click()
        page.select_option("#skip-why", index=1)
        page.locator("#skip-dialog button[type=submit]").click()
        expect(state).to_have_text("2 份报告等待网络")
        page.locator("[data-view=wrap-up]").click()
        page.fill("#day-summary", "一切顺利")
        page.locator("#wrap-up-form button[type=submit]").click()
        expect(state).to_have_text("3 份报告等待网络")

        cut(page.context, off=False)
        expect(state).to_have_text("报告已全部发送")
        visits = served.get("visits", first="2026-03-02")
        assert {v["customer_id"]: v["outcome"] for v in visits["items"]} == {
            "ada": "made",
            "ben": "made",
            "cleo": "skipped",
        }
        assert visits["total"] == 3
        assert {v["report"].get("result") for v in visits["items"]} >= {"订了十二箱", "介绍了露台产品"}


def test_an_answer_that_is_lost_makes_no_second_visit(chromium: Browser, served: RepWorld) -> None:
    """The service takes the report, the phone never hears of it and sends it again."""
    with phone(chromium, served, worker=False) as page:
        taken: list[int] = []
        tunnel = True

        def lose(route: Route) -> None:
            if not tunnel:
                route.continue_()
                return
            taken.append(route.fetch().status)
            route.abort()

        page.route("**/visits/*/report", lose)
        at(page, served, 8, 2)
        page.locator(".stop .start").first.click()
        expect(page.locator("#state")).to_have_text(re.compile(r"wait"))
        for _ in range(100):
            if 200 in taken:
                break
            page.wait_for_timeout(50)
        assert 200 in taken
        tunnel = False
        page.evaluate("rounds.queue.send()")
        expect(page.locator("#state")).to_have_text("All reports are sent")
        assert served.get("visits", first="2026-03-02")["total"] == 1


def test_running_late_is_told_with_the_window_that_will_be_missed(chromium: Browser, served: RepWorld) -> None:
    # As in tests/routing/live: gone from Ada at 11:30, Cleo is reached at 12:34; she receives until 12:00.
    with phone(chromium, served) as page:
        page.locator("#start-day").click()
        at(page, served, 11, 0)
        page.locator(".stop .start").first.click()
        at(page, served, 11, 30)
        report(page, "Late start")
        pace = page.locator("#pace")
        expect(pace).to_contain_text("You run about 2h 58m late.")
        expect(pace).to_contain_text("Cleo & Daughters: closes at 12:00, you would be there 34m too late.")
        expect(page.locator(".stop.will-miss .time")).to_have_text("12:34")


def test_a_tap_counts_though_the_day_is_drawn_anew_under_it(chromium: Browser, served: RepWorld) -> None:
    with phone(chromium, served) as page:
        at(page, served, 8, 2)
        start = page.locator(".stop .start").first
        start.scroll_into_view_if_needed()
        box = start.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.evaluate("document.dispatchEvent(new Event('rounds:changed'))")
        page.mouse.up()
        expect(page.locator(".stop .finish:visible")).to_have_count(1)


def test_saving_stays_under_the_thumb_while_slots_arrive(chromium: Browser, served: RepWorld) -> None:
    held: list[Route] = []
    with phone(chromium, served, worker=False) as page:
        page.route("**/slots?*", lambda route: held.append(route))
        at(page, served, 8, 2)
        page.locator(".stop .start").first.click()
        with page.expect_request("**/slots?*"):
            page.locator(".stop .finish:visible").click()
        save = page.locator("#report-dialog button[type=submit]")
        for place in ("#r-started", "#r-next-time"):
            page.locator(place).scroll_into_view_if_needed()
            expect(save).to_be_in_viewport(ratio=1)
        before = save.bounding_box()
        assert len(held) == 1
        held[0].continue_()
        expect(page.locator(".slot").first).to_be_visible()
        assert save.bounding_box() == pytest.approx(before, abs=1)
        # The foot covers nothing that is wanted: scrolled to the end, the last field lies above it.
        page.locator("#r-next-time").evaluate("field => field.closest('dialog').scrollTo(0, 1e6)")
        last, foot = page.locator("#r-next-time").bounding_box(), page.locator(".sheet-foot").bounding_box()
        assert last is not None
        assert foot is not None
        assert last["y"] + last["height"] <= foot["y"]


def test_tapping_leads_to_the_place(chromium: Browser, served: RepWorld) -> None:
    with phone(chromium, served) as page:
        page.locator(".stop .go").first.click()
        links = {a.get_attribute("data-app"): a.get_attribute("href") for a in page.locator("#go-dialog a").all()}
        assert str(links["geo"]).startswith("geo:45.010000,9.000000")
        assert "destination=45.010000,9.000000" in str(links["google"])
        assert "daddr=45.010000,9.000000" in str(links["apple"])
        assert "uri.amap.com/navigation?to=9.000000,45.010000" in str(links["amap"])


def test_nothing_of_a_rep_stays_after_signing_out(chromium: Browser, served: RepWorld) -> None:
    with phone(chromium, served) as page:
        page.evaluate("navigator.serviceWorker.ready")
        page.locator(".top .menu summary").click()
        page.locator("#sign-out").click()
        page.wait_for_url(re.compile("/sign-in"))
        assert page.evaluate("caches.keys()") == []
        assert page.evaluate("indexedDB.databases()") == []


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_everybody_can_use_it(chromium: Browser, served: RepWorld, language: str, theme: str) -> None:
    """No serious finding of axe in any view, and nothing wider than a small phone."""
    title = {"en": "Monday 2 March", "zh": "3月2日星期一"}[language]
    with phone(chromium, served, language=language, theme=theme) as page:
        expect(page.locator("#title")).to_have_text(title)
        for view in ("today", "week", "wrap-up", "map-view"):
            page.locator(f"[data-view={view}]").click()
            page.wait_for_timeout(300)
            if view == "map-view":
                expect(page.locator(".pin")).to_have_count(4)
            assert serious(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= SIZE["width"]
        page.locator("[data-view=today]").click()
        at(page, served, 8, 2)
        page.locator(".stop .start").first.click()
        page.locator(".stop .finish:visible").click()
        expect(page.locator(".slot").first).to_be_visible()
        assert serious(page) == []
        assert page.evaluate("document.querySelector('#report-dialog').scrollWidth") <= SIZE["width"]
