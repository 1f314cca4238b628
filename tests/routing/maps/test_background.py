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
    picture = background_of(project(), extract, max_tiles=4)
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
