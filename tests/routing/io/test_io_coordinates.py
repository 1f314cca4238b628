"""Coordinates in every notation."""

import pytest

from routing.io.cells import BadValue
from routing.io.coordinates import parse_degrees, parse_pair


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        ("-29.9045", -29.9045),
        ("-29,9045", -29.9045),
        ("−29.9045", -29.9045),
        ("29.9045 S", -29.9045),
        ("S 29.9045°", -29.9045),
        ("71,2489° O", -71.2489),
        ("北纬39.9075", 39.9075),
        ("29° 30' 36\" S", -(29 + 30 / 60 + 36 / 3600)),
        ("29°30'36\"S", -29.51),
        ("77° 12' E", 77.2),
        ("-29° 30'", -29.5),
        ("12 345,5", 12345.5),
        (116.3975, 116.3975),
        (7, 7.0),
    ],
)
def test_degrees(cell: str | float, degrees: float) -> None:
    assert parse_degrees(cell) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize("cell", ["church", "-29.904.512", "29° 75' 10\" S", "29° 10' 61\"", "", "1,2,3", True])
def test_no_degrees(cell: str | bool) -> None:
    with pytest.raises(BadValue) as fault:
        parse_degrees(cell)
    assert fault.value.code == "bad_coordinate"


@pytest.mark.parametrize(
    "text",
    [
        "28.61 77.2",
        "28.61, 77.2",
        "28.61,77.2",
        "28,61 77,2",
        "28,61; 77,2",
        "28,61,77,2",
        "(28.61, 77.2)",
        "[28.61 / 77.2]",
        "28.61\n77.2",
        "geo:28.61,77.2",
        "POINT(77.2 28.61)",
        "SRID=4326;POINT (77.2 28.61)",
        "28°36'36\"N 77°12'0\"E",
        "N28.61 E77.2",
        "北纬28.61 东经77.2",
    ],
)
def test_pairs(text: str) -> None:
    assert parse_pair(text) == pytest.approx((28.61, 77.2))


@pytest.mark.parametrize("text", ["28.61", "28.61 77.20 5", "a b", "28.61;", "1,2,3"])
def test_no_pairs(text: str) -> None:
    with pytest.raises(BadValue):
        parse_pair(text)
