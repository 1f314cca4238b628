"""Links carry coordinates in the datum and the order that each app expects."""

from __future__ import annotations

import re

import pytest

from routing.geo.datum import from_wgs84
from routing.geo.links import NavigationApp, navigation_link

SHANGHAI = (31.1774276, 121.5272106)


def test_amap_gets_gcj02_longitude_first() -> None:
    link = navigation_link(*SHANGHAI, NavigationApp.AMAP, name="第一药店")
    # the published pair for this place
    assert "to=121.531542,31.175304," in link
    assert "coordinate=gaode" in link
    assert "%E7%AC%AC" in link


def test_baidu_gets_bd09() -> None:
    link = navigation_link(*SHANGHAI, NavigationApp.BAIDU)
    lat, lon = (float(x) for x in re.findall(r"latlng:([\d.]+),([\d.]+)", link)[0])
    assert (lat, lon) == pytest.approx([float(x) for x in from_wgs84(*SHANGHAI, "bd09")], abs=1e-6)
    assert "coord_type=bd09ll" in link


@pytest.mark.parametrize("app", [NavigationApp.GEO, NavigationApp.GOOGLE, NavigationApp.OPENSTREETMAP])
def test_the_others_get_wgs84_latitude_first(app: NavigationApp) -> None:
    assert "31.177428,121.527211" in navigation_link(*SHANGHAI, app)


def test_names_cannot_break_out_of_a_link() -> None:
    for app in NavigationApp:
        link = navigation_link(1.0, 2.0, app, name='"><script>&x=1')
        assert '"' not in link
        assert "<" not in link
