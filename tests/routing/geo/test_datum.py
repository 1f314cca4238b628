"""Datum conversion: published anchor points, round trips, and the edges of the box."""

from __future__ import annotations

import numpy as np
import pytest

from routing.geo.datum import Datum, from_wgs84, to_wgs84

BEIJING = (39.907325, 116.391449)


def metres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    dy = (lat_a - lat_b) * 111_132.0
    dx = (lon_a - lon_b) * 111_320.0 * np.cos(np.radians(lat_a))
    return float(np.hypot(dx, dy))


def test_gcj_displaces_beijing_by_about_555_metres() -> None:
    lat, lon = from_wgs84(*BEIJING, Datum.GCJ02)
    assert metres(*BEIJING, float(lat), float(lon)) == pytest.approx(555, abs=15)
    # the displacement there points north-east
    assert float(lat) > BEIJING[0]
    assert float(lon) > BEIJING[1]


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # widely published pairs: Shanghai, Shenzhen, Beijing
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_published_pairs(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    lat, lon = from_wgs84(*wgs, "gcj02")
    assert metres(float(lat), float(lon), *gcj) < 0.5
    lat, lon = to_wgs84(*gcj, "gcj02")
    assert metres(float(lat), float(lon), *wgs) < 0.5


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_round_trip_is_below_a_millimetre(datum: Datum) -> None:
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(18, 53, 2000), rng.uniform(74, 134, 2000)
    back = to_wgs84(*from_wgs84(lat, lon, datum), datum)
    assert np.abs(back[0] - lat).max() * 111_320 < 1e-3
    assert np.abs(back[1] - lon).max() * 111_320 < 1e-3


def test_bd09_lies_roughly_900_metres_from_gcj02() -> None:
    gcj = from_wgs84(*BEIJING, "gcj02")
    bd = from_wgs84(*BEIJING, "BD-09")
    assert metres(float(gcj[0]), float(gcj[1]), float(bd[0]), float(bd[1])) == pytest.approx(900, abs=150)


def test_gcj_is_the_identity_outside_its_box_and_wgs84_everywhere() -> None:
    for datum in ("gcj02", "wgs84"):
        lat, lon = from_wgs84([48.85, -33.45], [2.35, -70.66], datum)
        assert lat.tolist() == [48.85, -33.45]
        assert lon.tolist() == [2.35, -70.66]


def test_nan_and_empty_inputs_pass_through() -> None:
    lat, lon = to_wgs84([np.nan, 31.2], [np.nan, 121.5], "gcj02")
    assert np.isnan(lat[0])
    assert np.isnan(lon[0])
    assert np.isfinite(lat[1])
    assert to_wgs84([], [], "bd09")[0].shape == (0,)


def test_unknown_datum_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="wgs84, gcj02, bd09"):
        to_wgs84(0.0, 0.0, "nad27")
