"""Streets under a map without a tile server."""

import base64
import re
from pathlib import Path

import pytest

from routing.maps import plan_map
from routing.maps.background import background_of
from routing.maps.polyline import encode
from routing.maps.streets import streets_of
from tests.four_customers import plan, project

pytest.importorskip("osmium", reason="reading extracts needs osmium")


def extract_around(lat: float, lon: float, path: Path) -> Path:
    path.write_text(
        f"""<osm version="0.6">
<node id="1" version="1" lat="{lat - 0.05}" lon="{lon}"/><node id="2" version="1" lat="{lat + 0.05}" lon="{lon}"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
</osm>"""
    )
    return path


def test_the_streets_are_in_the_page_below_everything_and_cover_the_customers(tmp_path: Path) -> None:
    places = [c.location for c in project().active_customers] + [r.home_base for r in project().reps]
    extract = extract_around(places[0].lat, places[0].lon, tmp_path / "streets.osm")
    picture = background_of(project().active_customers, project().reps, extract, max_tiles=4)
    south, west, north, east = picture.bounds
    assert all(south <= p.lat <= north and west <= p.lon <= east for p in places)

    page = plan_map(project(), plan(), offline=True, background=picture).get_root().render()
    (image,) = re.findall(r"data:image/png;base64,([\w+/=]+)\"\s*,\s*\[\[", page)
    assert base64.b64decode(image) == picture.png
    assert '"pane": "tilePane"' in page
    assert "OpenStreetMap contributors" in page
    assert not re.findall(r"<(?:script|img|iframe)[^>]+src=|<link[^>]+href=", page)
    again = plan_map(project(), plan(), offline=True, background=picture).get_root().render()
    assert page == again


def test_streets_as_lines_keep_their_class_and_place_and_small_ones_give_way(tmp_path: Path) -> None:
    home = project().reps[0].home_base
    ends = [(home.lat - 0.005, home.lon), (home.lat + 0.005, home.lon + 0.001)]
    nodes = "".join(f'<node id="{k}" version="1" lat="{lat}" lon="{lon}"/>' for k, (lat, lon) in enumerate(ends, 1))
    ways = "".join(
        f'<way id="{k}" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="{kind}"/></way>'
        for k, kind in enumerate(("residential", "primary_link"), 1)
    )
    extract = tmp_path / "streets.osm"
    extract.write_text(f'<osm version="0.6">{nodes}{ways}</osm>')
    drawn = streets_of(project(), extract)
    lines = {kind: found for kind, found in drawn["roads"] if found}
    assert lines == {"residential": [encode(ends)], "primary": [encode(ends)]}
    assert [kind for kind, _ in drawn["roads"]][-1] == "motorway"  # main roads are drawn last, above the others
    few = streets_of(project(), extract, max_bytes=len(encode(ends)))
    assert {kind for kind, found in few["roads"] if found} == {"primary"}
    page = plan_map(project(), plan(), offline=True, streets=drawn).get_root().render()
    assert encode(ends) in page


def test_names_stand_in_the_middle_of_straight_stretches_main_streets_first(tmp_path: Path) -> None:
    home = project().reps[0].home_base
    unit = 0.001  # some 110 m
    at = {1: (0, 0), 2: (2, 0), 3: (2, 3), 4: (0, 5), 5: (12, 5), 6: (0, 0.2)}
    nodes = "".join(
        f'<node id="{k}" version="1" lat="{home.lat + unit * y}" lon="{home.lon + unit * x}"/>'
        for k, (x, y) in at.items()
    )
    tags = '<tag k="place" v="town"/><tag k="name" v="T"/>'
    town = f'<node id="9" version="1" lat="{home.lat}" lon="{home.lon}">{tags}</node>'
    ways = "".join(
        f'<way id="{k}" version="1">{"".join(f"""<nd ref="{n}"/>""" for n in refs)}'
        f'<tag k="highway" v="{kind}"/><tag k="name" v="{name}"/><tag k="name:zh" v="{zh}"/></way>'
        for k, (refs, kind, name, zh) in enumerate(
            (
                ((1, 2), "residential", "Elm Street", "榆树街"),
                ((2, 3), "residential", "Elm Street", "榆树街"),
                ((5, 4), "primary", "High Road", "大道"),
                ((1, 6), "residential", "Nook", "角落"),  # 22 m: no room for a word
            ),
            1,
        )
    )
    extract = tmp_path / "streets.osm"
    extract.write_text(f'<osm version="0.6">{nodes}{town}{ways}</osm>', encoding="utf-8")
    drawn = streets_of(project(), extract)
    # the road is straight over 1.1 km: one label; the street turns a corner, its stretches are too close for two
    assert [row[0] for row in drawn["names"]] == ["High Road", "Elm Street"]
    (_, lat, lon, angle, metres), elm = drawn["names"]
    assert (lat, lon) == pytest.approx((home.lat + 5 * unit, home.lon + 6 * unit), abs=2e-5)
    assert angle == 0
    assert metres == pytest.approx(12 * unit * 111_319.49, abs=2)
    assert abs(elm[3]) == 90  # the longer stretch runs north
    assert elm[1:3] == pytest.approx((home.lat + 1.5 * unit, home.lon + 2 * unit), abs=2e-5)
    assert drawn["places"] == [("T", pytest.approx(home.lat, abs=1e-5), pytest.approx(home.lon, abs=1e-5), "town")]
    assert [row[0] for row in streets_of(project(), extract, language="zh")["names"]] == ["大道", "榆树街"]
