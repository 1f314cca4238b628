import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import folium
import pytest

from routing.errors import InvalidInput
from routing.maps import plan_map, write_map
from routing.maps.data import as_script_json, map_data
from tests.four_customers import plan, project
from tests.made_plan import made

NASTY = "</script><img src=x onerror=alert(1)>\u2028&"
AREA = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"rep_id": "bo"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[8.9, 45.015], [9.1, 45.0150001], [9.1, 45.1], [8.9, 45.015]]],
            },
        }
    ],
}


def data_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="\w+">(.*?)</script>', page, re.S)
    assert found
    value: dict[str, Any] = json.loads(found[1])
    return value


def test_the_data_are_there_once_and_complete() -> None:
    data = data_in(plan_map(project(), plan(), territories=AREA).get_root().render())
    assert [c[0] for c in data["customers"]] == ["ada", "ben", "cleo", "dora"]
    assert [data["grades"][c[4]] for c in data["customers"]] == ["A", "B", "C", "A"]
    assert [data["rhythms"][c[7]] for c in data["customers"]] == ["weekly", "every 2 weeks", "every 2 weeks", "weekly"]
    assert data["days"][0] == "Mon 2 Mar 2026"
    assert len(data["days"]) == 14
    assert data["holidays"] == {"4": "Toy Day"}
    # Rep, day, leave, back, metres, seconds, break, its length, stops of five values, line.
    assert data["routes"][2] == [1, 1, 28_800, 32_640, 4000, 480, -1, 0, [3, 29_040, 29_700, 32_400, 240], ""]
    assert data["unserved"] == {
        "3": [1, "calendar", "Bo is away from 9 to 13 March.", "Let Ana visit on Tuesday 10 March."]
    }
    rounded = [[[8.9, 45.015], [9.1, 45.015], [9.1, 45.1], [8.9, 45.015]]]
    assert data["areas"] == [[1, {"type": "Polygon", "coordinates": rounded}]]
    assert (data["estimated"], data["source"], data["alongRoads"]) == (True, "toy street grid", False)


def test_inactive_customers_are_not_drawn() -> None:
    world = project()
    closed = replace(world.customers[1], active=False)
    quiet = replace(plan(), routes=plan().routes[2:], assignment={"ada": "ana", "cleo": "ana", "dora": "bo"})
    data = map_data(replace(world, customers=(world.customers[0], closed, *world.customers[2:])), quiet)
    assert [c[0] for c in data["customers"]] == ["ada", "cleo", "dora"]


def test_roads_are_drawn_when_known() -> None:
    data = map_data(project(), plan(), geometry=lambda places, mode: [(38.5, -120.2), (40.7, -120.95)])
    assert data["alongRoads"] is True
    assert data["routes"][0][9] == "_p~iF~ps|U_ulLnnqC"


def test_texts_cannot_leave_their_script() -> None:
    text = as_script_json({"name": NASTY})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"name": NASTY}
    world = project()
    ada = replace(world.customers[0], name=NASTY, channel=NASTY)
    reps = (replace(world.reps[0], name=NASTY), world.reps[1])
    page = (
        plan_map(replace(world, customers=(ada, *world.customers[1:]), reps=reps), replace(plan(), travel_source=NASTY))
        .get_root()
        .render()
    )
    assert "<img" not in page
    assert data_in(page)["customers"][0][1] == NASTY


def test_texts_are_no_templates() -> None:
    world = project()
    name = "{{ 7 * 7 }}{% if %}{# gone #}{{{%"
    ada = replace(world.customers[0], name=name)
    page = plan_map(replace(world, customers=(ada, *world.customers[1:])), plan()).get_root().render()
    assert data_in(page)["customers"][0][1] == name


def test_the_page_asks_for_nothing_but_the_background() -> None:
    page = plan_map(project(), plan()).get_root().render()
    assert not re.findall(r"<(?:script|img|iframe)[^>]+src=|<link[^>]+href=", page)
    assert "basemaps.cartocdn.com" in page
    offline = plan_map(project(), plan(), offline=True).get_root().render()
    assert not re.findall(r"<(?:script|img|iframe)[^>]+src=|<link[^>]+href=", offline)
    assert "cartocdn" not in offline
    assert "url(images/" not in offline


def test_own_tiles_replace_the_default_ones() -> None:
    own = folium.TileLayer("https://tiles.example.org/{z}/{x}/{y}.png", attr="us", name="Ours")
    page = plan_map(project(), plan(), tiles=[own]).get_root().render()
    assert "tiles.example.org" in page
    assert "cartocdn" not in page


def test_the_same_plan_is_the_same_page(tmp_path: Path) -> None:
    first = write_map(plan_map(project(), plan(), territories=AREA), tmp_path / "deep" / "map.html").read_bytes()
    assert write_map(plan_map(project(), plan(), territories=AREA), tmp_path / "map.html").read_bytes() == first


def test_a_map_is_a_folium_map_that_takes_more_layers() -> None:
    drawn = plan_map(project(), plan())
    assert isinstance(drawn, folium.Map)
    folium.Circle((45.0, 9.0), radius=10).add_to(drawn)
    assert "L.circle(" in drawn.get_root().render()


def test_unknown_ids_are_refused() -> None:
    with pytest.raises(InvalidInput, match="nobody"):
        plan_map(project(), replace(plan(), assignment={"nobody": "ana"}))


def test_two_thousand_customers_on_roads_stay_below_five_megabytes(tmp_path: Path) -> None:
    big_project, big_plan = made(customers=2000, reps=40)

    def winding(places: Any, mode: Any) -> list[tuple[float, float]]:
        """Fifty vertices a leg, 30 m to the left and right of the straight line, so that none is simplified away."""
        line = []
        for a, b in pairwise(places):
            for k in range(50):
                side = 0.0003 if k % 2 else -0.0003
                line.append((a.lat + (b.lat - a.lat) * k / 50 + side, a.lon + (b.lon - a.lon) * k / 50))
        return line

    path = write_map(plan_map(big_project, big_plan, geometry=winding), tmp_path / "map.html")
    assert sum(len(r.stops) for r in big_plan.routes) > 3500
    assert path.stat().st_size < 5_000_000
    # Straight lines need far less.
    assert write_map(plan_map(big_project, big_plan), tmp_path / "map.html").stat().st_size < 1_000_000
