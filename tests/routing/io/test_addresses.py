"""Tables of addresses become tables of positions, and nothing doubtful gets one."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from routing.errors import InvalidInput
from routing.geo.datum import Datum, from_wgs84
from routing.geo.geocoding import Hit, Quality
from routing.io.addresses import locate_file


class Known:
    """A geocoder that knows three answers."""

    def search(self, address: str, *, limit: int = 5) -> Sequence[Hit]:
        def hit(lat: float, quality: Quality, label: str) -> Hit:
            return Hit(lat=lat, lon=116.0, label=label, quality=quality, score=1.0)

        if address == "Elm Street, 4, Town":
            return [hit(40.0, Quality.ADDRESS, "Elm Street 4")]
        if address == "Long Lane, Town":
            return [hit(41.0, Quality.STREET, "Long Lane")]
        if address == "Mill Street, 1, Town":
            return [hit(40.0, Quality.ADDRESS, "Mill 1, A"), hit(40.1, Quality.ADDRESS, "Mill 1, B")]
        return []


TABLE = """Customers of the north;;;;;;
id;name;Street;House number;City;lat;lon
a;Ada;Elm Street;4;Town;;
b;Ben;Nowhere;9;Town;12.5;99.25
c;Cleo;Long Lane;;Town;;
d;Dan;Mill Street;1;Town;;
e;Eve;Gone Street;1;Town;40.0;
f;Fay;;;;;
"""


def test_missing_positions_are_filled_and_doubtful_ones_stay_missing(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(TABLE, encoding="utf-8")
    found = locate_file(tmp_path / "c.csv", Known())
    assert found.header[-2:] == ("located_as", "location_quality")
    assert {row[0]: row[5:] for row in found.rows} == {
        "a": ("40.000000", "116.000000", "Elm Street 4", "address"),
        "b": ("12.5", "99.25", "", ""),  # had one: not asked, although its address is unknown
        "c": ("41.000000", "116.000000", "Long Lane", "street"),
        "d": ("", "", "", ""),
        "e": ("40.0", "", "", ""),
        "f": ("", "", "", ""),
    }
    issues = {issue.row: (issue.code, issue.severity) for issue in found.report.issues}
    assert issues == {
        5: ("rough_address", "warning"),
        6: ("ambiguous_address", "error"),
        7: ("not_found", "error"),
        8: ("no_address", "error"),
    }
    assert [aside.row for aside in found.report.set_aside] == [6, 7, 8]
    assert (found.report.rows_read, found.report.rows_used) == (6, 3)
    found.write(tmp_path / "deep" / "out.csv")
    with (tmp_path / "deep" / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [found.header, *found.rows]


def test_columns_can_be_named_and_positions_come_in_the_file_s_datum(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("customer_id", "name", "No", "Where", "In"), ("a", "Ada", 4, "Elm Street", "Town")):
        sheet.append(row)
    book.save(tmp_path / "c.xlsx")
    found = locate_file(tmp_path / "c.xlsx", Known(), columns=("Where", "No", "In"), datum=Datum.GCJ02)
    assert found.header == ("customer_id", "name", "No", "Where", "In", "lat", "lon", "located_as", "location_quality")
    lat, lon = from_wgs84(40.0, 116.0, Datum.GCJ02)
    assert found.rows[0][5:7] == (f"{float(lat):.6f}", f"{float(lon):.6f}")
    with pytest.raises(InvalidInput, match=r"no column 'Village'.*Where"):
        locate_file(tmp_path / "c.xlsx", Known(), columns=("Village",))
    with pytest.raises(InvalidInput, match="like an address"):
        locate_file(tmp_path / "c.xlsx", Known())
