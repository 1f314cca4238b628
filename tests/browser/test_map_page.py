"""The map as a browser draws it."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from routing.maps import write_map
from tests.browser.chromium import load, picture
from tests.four_customers import plan, project
from tests.made_plan import made

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NASTY = "<img src=x onerror=\"document.title='pwned'\">{{ 7 * 7 }}"


def panel_text(dom: str) -> str:
    panel = dom[dom.index('<section class="rounds-panel') :]
    panel = panel[: panel.index("</section>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", panel)))


def test_the_week_of_all_reps_is_shown_first(tmp_path: Path) -> None:
    page = load(write_map(project(), plan(), tmp_path / "map.html", offline=True), tmp_path / "profile")
    text = panel_text(page.dom)
    assert page.console == ()
    assert "Travel times: estimated (toy street grid)" in text
    assert "4 visits, 3 h 12 min work, 8.0 km" in text
    assert "Ana 3 visits 4.0 km" in text
    assert "Bo 1 visit 4.0 km" in text
    assert "1 visit not planned" in text


def test_a_link_shows_one_day_with_numbered_stops(tmp_path: Path) -> None:
    path = write_map(project(), plan(), tmp_path / "map.html", offline=True)
    page = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1")
    text = panel_text(page.dom)
    assert page.console == ()
    stops = "1 08:02 Ada's Café 2 min 2 08:34 Bistro Ben 2 min 3 09:36 Cleo & Daughters 2 min"
    assert f"08:00 Leave {stops} 10:08 Back" in text
    assert re.findall(r'<div class="rounds-stop"[^>]*>(\d+)</div>', page.dom) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "fragment", ["#rep=nobody&week=99&day=99", "#week=all", "#rep=bo&week=2", "#%E0%A4%A", "#week=-1&day=x"]
)
def test_odd_links_do_no_harm(fragment: str, tmp_path: Path) -> None:
    path = write_map(project(), plan(), tmp_path / "map.html", offline=True)
    page = load(path, tmp_path / "profile", fragment=fragment)
    assert page.console == ()
    assert "Visit plan" in panel_text(page.dom)


def test_names_stay_texts(tmp_path: Path) -> None:
    world = project()
    ada = replace(world.customers[0], name=NASTY, customer_id="ada")
    ana = replace(world.reps[0], name=NASTY)
    odd = replace(world, customers=(ada, *world.customers[1:]), reps=(ana, world.reps[1]))
    path = write_map(odd, plan(), tmp_path / "map.html", offline=True)
    page = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1")
    assert "<title>pwned" not in page.dom
    assert "<img" not in page.dom
    assert NASTY in panel_text(page.dom)


def test_a_narrow_screen_starts_with_the_panel_folded(tmp_path: Path) -> None:
    path = write_map(project(), plan(), tmp_path / "map.html", offline=True)
    page = load(path, tmp_path / "profile", size=(500, 800))
    assert '<section class="rounds-panel folded' in page.dom
    assert "travel times estimated" in panel_text(page.dom)


def test_two_thousand_customers_are_drawn(tmp_path: Path) -> None:
    path = write_map(*made(customers=2000, reps=40), tmp_path / "map.html", offline=True)
    page = load(path, tmp_path / "profile")
    assert page.console == ()
    shot = picture(path, tmp_path / "profile", tmp_path / "map.png")
    # A picture of 2,000 coloured points does not compress to the size of an empty map.
    assert shot.stat().st_size > 150_000
