"""The map as a browser draws it."""

import html
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from routing.geo.datum import from_wgs84, to_wgs84
from routing.geo.links import NavigationApp, navigation_link
from routing.maps import plan_map, write_map
from routing.maps.assets import leaflet
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
    page = load(write_map(plan_map(project(), plan(), offline=True), tmp_path / "map.html"), tmp_path / "profile")
    text = panel_text(page.dom)
    assert page.console == ()
    assert "Travel times: estimated (toy street grid)" in text
    assert "4 visits, 3 h 12 min work, 8.0 km" in text
    assert "Ana 3 visits 4.0 km" in text
    assert "Bo 1 visit 4.0 km" in text
    assert "1 visit not planned" in text


def test_a_link_shows_one_day_with_numbered_stops(tmp_path: Path) -> None:
    path = write_map(plan_map(project(), plan(), offline=True), tmp_path / "map.html")
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
    path = write_map(plan_map(project(), plan(), offline=True), tmp_path / "map.html")
    page = load(path, tmp_path / "profile", fragment=fragment)
    assert page.console == ()
    assert "Visit plan" in panel_text(page.dom)


def test_names_stay_texts(tmp_path: Path) -> None:
    world = project()
    ada = replace(world.customers[0], name=NASTY, customer_id="ada")
    ana = replace(world.reps[0], name=NASTY)
    odd = replace(world, customers=(ada, *world.customers[1:]), reps=(ana, world.reps[1]))
    path = write_map(plan_map(odd, plan(), offline=True), tmp_path / "map.html")
    page = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1")
    assert "<title>pwned" not in page.dom
    assert "<img" not in page.dom
    assert NASTY in panel_text(page.dom)


def test_a_narrow_screen_starts_with_the_panel_folded(tmp_path: Path) -> None:
    path = write_map(plan_map(project(), plan(), offline=True), tmp_path / "map.html")
    page = load(path, tmp_path / "profile", size=(500, 800))
    assert '<section class="rounds-panel folded' in page.dom
    assert "travel times estimated" in panel_text(page.dom)


def test_two_thousand_customers_are_drawn(tmp_path: Path) -> None:
    path = write_map(plan_map(*made(customers=2000, reps=40), offline=True), tmp_path / "map.html")
    page = load(path, tmp_path / "profile")
    assert page.console == ()
    shot = picture(path, tmp_path / "profile", tmp_path / "map.png")
    # A picture of 2,000 coloured points does not compress to the size of an empty map.
    assert shot.stat().st_size > 150_000


def test_the_page_speaks_chinese_when_asked(tmp_path: Path) -> None:
    path = write_map(plan_map(project(), plan(), offline=True, language="zh"), tmp_path / "map.html")
    page = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1")
    text = panel_text(page.dom)
    assert page.console == ()
    assert "拜访计划 2026年3月2日起，2 周" in text
    assert "出发 1 08:02 Ada's Café 2 分钟" in text
    assert "区域" not in text  # no territories are drawn here
    assert '<html lang="zh-CN"' in page.dom
    english = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1&lang=en")
    assert "08:00 Leave 1 08:02 Ada's Café 2 min" in panel_text(english.dom)


CURES = (
    ("capacity", "Full.", "30 min of overtime on the day of the visit (Mon 02 Mar).",
     "应拜访的日期均已排满。当天加班 30 分钟即可（3月2日 周一）。"),
    ("pattern", "Room.", "A visit off its rhythm (open and allowed: Mon, Tue) (Thu 05 Mar, Fri 06 Mar).",
     "有空位，但不在其拜访节奏要求的日期。可不按节奏拜访（营业且允许：周一、周二）（3月5日 周四、3月6日 周五）。"),
    ("own", "Its own reason.", "", "Its own reason."),
)  # fmt: skip


def test_reasons_are_told_in_chinese(tmp_path: Path) -> None:
    words = files("routing.maps").joinpath("plan_map_words.js").read_text("utf-8")
    asked = json.dumps([cure[:3] for cure in CURES])
    script = f"""{words}
        const zh = roundsWords("zh"), en = roundsWords("en");
        const told = {asked}.map((row) => [zh.reason(...row), en.reason(...row)]);
        document.getElementById("out").textContent = JSON.stringify(told);"""
    path = tmp_path / "words.html"
    path.write_text(f'<meta charset="utf-8"><div id="out"></div><script>{script}</script>', "utf-8")
    found = re.search(r'<div id="out">(.*?)</div>', load(path, tmp_path / "profile").dom)
    assert found
    for (_, reason, cure, chinese), said in zip(CURES, json.loads(html.unescape(found[1])), strict=True):
        assert said == [chinese, f"{reason} {cure}".strip()]


def test_arrival_times_stand_beside_the_numbers(tmp_path: Path) -> None:
    path = write_map(plan_map(project(), plan(), offline=True), tmp_path / "map.html")
    page = load(path, tmp_path / "profile", fragment="#rep=ana&week=1&day=1")
    assert re.findall(r'<span class="rounds-at">([\d:]+)</span>', page.dom) == ["08:02", "08:34", "09:36"]


SPOTS = ((39.90734, 116.39089), (31.2304, 121.4737), (22.54, 114.06), (43.82, 87.61), (48.85, 2.35), (-33.4, -70.6))
SHOW = """
<div id="out"></div><div id="map" style="width: 600px; height: 400px"></div><script>
const spots = %s, map = L.map("map", { zoomAnimation: false, fadeAnimation: false }).setView(spots[0], 16);
const tiles = roundsPlaces.shifted("data:,{z}/{x}/{y}", {}).addTo(map);
const first = Object.values(tiles._tiles)[0];
const box = first.el.getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
const north = map.containerPointToLatLng([box.left - frame.left, box.top - frame.top]);
const there = L.CRS.EPSG3857.pointToLatLng(first.coords.scaleBy(L.point(256, 256)), 16);
document.getElementById("out").textContent = JSON.stringify({
  gcj: spots.map((spot) => roundsPlaces.gcj(spot)), drawn: [north.lat, north.lng], tile: [there.lat, there.lng],
  amap: roundsPlaces.links(spots[0], "A & B")[2][1],
});
</script>"""


def test_chinese_datum_in_the_page_is_that_of_the_program(tmp_path: Path) -> None:
    script, style = leaflet()
    places = files("routing.maps").joinpath("plan_map_places.js").read_text("utf-8")
    path = tmp_path / "datum.html"
    page = f"<html><head><style>{style}</style><script>{script}</script><script>{places}</script></head><body>"
    path.write_text(page + SHOW % json.dumps(SPOTS), "utf-8")
    dom = load(path, tmp_path / "profile").dom
    found = re.search(r'<div id="out">(.*?)</div>', dom)
    assert found
    said = json.loads(html.unescape(found[1]))
    expected = [from_wgs84(lat, lon, "gcj02") for lat, lon in SPOTS]
    assert said["gcj"] == [pytest.approx([float(lat), float(lon)], abs=1e-9) for lat, lon in expected]
    assert said["amap"] == navigation_link(*SPOTS[0], NavigationApp.AMAP, name="A & B")
    # the north-west corner of a tile, which the tile's maker counts in GCJ-02, is drawn where it lies in WGS-84
    lat, lon = to_wgs84(*said["tile"], "gcj02")
    assert said["drawn"] == pytest.approx([float(lat), float(lon)], abs=2e-5)  # a pixel at zoom 16
