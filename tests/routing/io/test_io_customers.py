"""Customers from files of every format."""
# ruff: noqa: E501  (a row of a file stays on one line)

import json
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from routing.domain import Location, Pin, PinLevel, TimeWindow
from routing.errors import InvalidInput
from routing.io import Area, Defaults, ReadOptions, load_files, load_project_files, read_customers

H = 3600


def write(folder: Path, text: str, *, name: str = "customers.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


FULL = (
    "customer_id,name,lat,lon,grade,channel,visit_frequency,service_duration,setup_duration,opening_hours,sales,potential,priority,"
    "skills,preferred_rep,excluded_reps,rep_id,rep_locked,territory,pinned,active,last_visit,next_visit,contact,post,phone,purpose,"
    "notes,shoe size\n"
    "C1,Botica Central,-29.9027,-71.2519,A,pharmacy,2 per month,25,5,Mo-Fr 09:00-18:00,1200.50,1500,high,"
    "Cold Chain;beer,R1|R2,R3,R1,yes,north,2026-03-05 10:00,yes,2026-02-20,2026-03-06,Head pharmacist,owner,+56 51 1,order,"
    '"two\nlines",43\n'
)


def test_every_field_arrives(tmp_path: Path) -> None:
    (customer,) = read_customers(write(tmp_path, FULL)).customers
    assert customer.customer_id == "C1"
    assert customer.name == "Botica Central"
    assert customer.location == Location(lat=-29.9027, lon=-71.2519)
    assert (customer.grade, customer.channel) == ("A", "pharmacy")
    assert customer.visit_rule.per_week == Fraction(1, 2)
    assert (customer.service_duration, customer.setup_duration) == (25 * 60, 5 * 60)
    assert customer.windows == {day: (TimeWindow(early=9 * H, late=18 * H),) for day in range(5)}
    assert (customer.sales, customer.potential, customer.priority) == (1200.5, 1500.0, 2)
    assert customer.skills == {"cold chain", "beer"}
    assert customer.preferred_reps == {"R1", "R2"}
    assert customer.excluded_reps == {"R3"}
    assert (customer.rep_id, customer.rep_locked, customer.territory) == ("R1", True, "north")
    assert customer.pins == (Pin(level=PinLevel.FIXED_TIME, day=date(2026, 3, 5), start=10 * H),)
    assert customer.active
    assert (customer.last_visit, customer.next_visit) == (date(2026, 2, 20), date(2026, 3, 6))
    assert (customer.contact, customer.post, customer.phone) == ("Head pharmacist", "owner", "+56 51 1")
    assert (customer.purpose, customer.notes) == ("order", "two\nlines")
    assert customer.extra == {"shoe size": "43"}


CHINESE = "客户编号{0}客户名称{0}纬度{0}经度{0}渠道{0}客户等级{0}拜访频次{0}拜访时长{0}营业时间\nK1{0}永辉超市{0}39.9087{0}116.3975{0}商超{0}A{0}每周1次{0}30分钟{0}周一至周五9:00-18:00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    result = read_customers(write(tmp_path, CHINESE.format(separator), encoding=encoding))
    (customer,) = result.customers
    assert result.report.issues == ()
    assert (customer.customer_id, customer.name, customer.channel) == ("K1", "永辉超市", "商超")
    assert customer.location == Location(lat=39.9087, lon=116.3975)
    assert customer.visit_rule.per_week == 1
    assert customer.service_duration == 1800
    assert set(customer.windows) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Panadería Ñuñoa"),
        ("cp1252", "Bäckerei Größe"),
        ("cp1250", "Żabka Łódź"),
        ("cp1251", "Магазин Продукты"),
    ],
)
def test_legacy_encodings_of_short_lists(tmp_path: Path, encoding: str, name: str) -> None:
    path = write(tmp_path, f"id;name;lat;lon;frequency\n1;{name};55,7512;37,6184;weekly\n", encoding=encoding)
    (customer,) = read_customers(path).customers
    assert customer.name == name
    assert customer.location == Location(lat=55.7512, lon=37.6184)


def test_encoding_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("name,lat,lon,frequency\n超市,25.04,121.51,weekly\n".encode("big5"))
    (customer,) = read_customers(path, ReadOptions(encoding="big5")).customers
    assert customer.name == "超市"
    with pytest.raises(InvalidInput) as error:
        read_customers(path, ReadOptions(encoding="ascii"))
    assert error.value.issues[0].code == "bad_encoding"


def test_workbook_with_dates_and_times_as_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me"  # type: ignore[union-attr]
    book.active.append(["Exported on Monday"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Customers")
    sheet.append(["Customer list of the north"])
    sheet.append([])
    sheet.append(
        [
            "Store number",
            "Store name",
            "Latitude",
            "Longitude",
            "Visits/month",
            "Duration",
            "Opens",
            "Closes",
            "Last visit",
        ]
    )
    sheet.append([1001, "Botica", -29.9027, -71.2519, 2, time(0, 45), time(9), time(18, 30), datetime(2026, 2, 20)])
    path = tmp_path / "list.xlsx"
    book.save(path)
    result = read_customers(path)
    (customer,) = result.customers
    assert customer.customer_id == "1001"
    assert customer.visit_rule.visits_per_cycle(4) == 2
    assert customer.service_duration == 45 * 60
    assert customer.windows == {day: (TimeWindow(early=9 * H, late=18 * H + 1800),) for day in range(7)}
    assert customer.last_visit == date(2026, 2, 20)
    assert result.report.files[0].source == 'XLSX, "Customers" (2/2)'


def test_geojson_points(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"name": "Botica", "frequency": "weekly", "skills": ["beer", "cold"], "extra": {"a": 1}},
            "geometry": {"type": "Point", "coordinates": [-71.2519, -29.9027, 12.0]},
        }
    ]
    path = write(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), name="c.geojson")
    (customer,) = read_customers(path).customers
    assert customer.customer_id == "7"
    assert customer.location == Location(lat=-29.9027, lon=-71.2519)
    assert customer.skills == {"beer", "cold"}
    assert customer.extra == {"extra": '{"a": 1}'}


def test_geojson_of_another_reference_system_is_projected_back(tmp_path: Path) -> None:
    # 1113194.9079 m east on the spherical Mercator of radius 6378137 m is 10 degrees
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "C1", "name": "x", "frequency": "weekly"},
                "geometry": {"type": "Point", "coordinates": [1113194.9079, 6446275.8410]},
            }
        ],
    }
    (customer,) = read_customers(write(tmp_path, json.dumps(document), name="c.json")).customers
    assert customer.location.lon == pytest.approx(10.0, abs=1e-7)
    assert customer.location.lat == pytest.approx(50.0, abs=1e-6)


def test_pairs_in_one_cell_and_their_order(tmp_path: Path) -> None:
    (customer,) = read_customers(write(tmp_path, 'id,GPS,frequency\nC1,"28.61 77.20",weekly\n')).customers
    assert customer.location == Location(lat=28.61, lon=77.20)
    text = 'id,坐标,frequency\nK1,"116.3975,39.9087",weekly\nK2,"116.4431,39.9219",weekly\n'
    result = read_customers(write(tmp_path, text))
    assert [c.location.lat for c in result.customers] == [39.9087, 39.9219]
    assert [i.code for i in result.report.issues if i.column == "坐标"] == ["coordinate_order"]


def test_datum_is_converted(tmp_path: Path) -> None:
    # Tiananmen: GCJ-02 39.908823, 116.397470 lies some 550 m from WGS-84 39.907420, 116.391230 (published pair, 5 m)
    path = write(tmp_path, "id,name,lat,lon,frequency\nK1,x,39.908823,116.397470,weekly\n")
    (customer,) = read_customers(path, ReadOptions(datum="GCJ-02")).customers
    assert customer.location.lat == pytest.approx(39.90742, abs=5e-5)
    assert customer.location.lon == pytest.approx(116.39123, abs=5e-5)
    with pytest.raises(InvalidInput, match="datum"):
        ReadOptions(datum="mars")


def test_area(tmp_path: Path) -> None:
    path = write(tmp_path, "id,name,lat,lon,frequency\nC1,x,-29.90,-71.25,weekly\nC2,y,-33.45,-70.66,weekly\n")
    result = read_customers(path, ReadOptions(area=Area(south=-30.2, west=-71.6, north=-29.6, east=-71.0)))
    assert [c.customer_id for c in result.customers] == ["C1"]
    assert [(i.row, i.code) for i in result.report.of("error")] == [(3, "out_of_area")]
    assert Area(south=-20, west=170, north=-10, east=-170).holds(-15, 179)
    assert not Area(south=-20, west=170, north=-10, east=-170).holds(-15, 0)


def test_hours_from_columns_of_weekdays(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,Mon,Tue,Wed,Thu,Fri,Sat,Sun\nC1,-29.9,-71.25,weekly,8-12;14-17,closed,yes,,10:00-11:00,,\n"
    (customer,) = read_customers(write(tmp_path, text)).customers
    window = TimeWindow(early=8 * H, late=12 * H), TimeWindow(early=14 * H, late=17 * H)
    assert customer.windows == {
        0: window,
        2: (TimeWindow(early=0, late=24 * H),),
        4: (TimeWindow(early=10 * H, late=11 * H),),
    }


def test_hours_from_pairs_of_columns(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,open 1,close 1,open 2,close 2\nC1,-29.9,-71.25,weekly,8:00,12:00,14:00,17:00\n"
    text += "C2,-29.9,-71.26,weekly,8:00,12:00,,\nC3,-29.9,-71.27,weekly,00:00,00:00,,\n"
    first, second, third = read_customers(write(tmp_path, text)).customers
    morning, afternoon = TimeWindow(early=8 * H, late=12 * H), TimeWindow(early=14 * H, late=17 * H)
    assert first.windows == dict.fromkeys(range(7), (morning, afternoon))
    assert second.windows == dict.fromkeys(range(7), (morning,))
    assert third.windows == {}


def test_frequency_from_grade_and_from_weekdays_and_weeks(tmp_path: Path) -> None:
    text = 'id,lat,lon,grade,visit_frequency,weekdays,weeks\nC1,-29.9,-71.21,B,,,\nC2,-29.9,-71.22,,,Monday|Wednesday,"1,3"\n'
    text += "C3,-29.9,-71.23,A,,Tue,\n"
    first, second, third = read_customers(write(tmp_path, text)).customers
    assert first.visit_rule.per_week == Fraction(1, 2)
    assert second.visit_rule.per_week == 1  # two weekdays in two of four weeks
    assert set(second.visit_rule.slots or ()) == {(1, 0), (1, 2), (3, 0), (3, 2)}
    assert (third.visit_rule.per_week, third.visit_rule.weekdays) == (1, {1})


def test_defaults_for_empty_cells_are_told(tmp_path: Path) -> None:
    text = "id,lat,lon,channel,frequency,duration\nC1,-29.9,-71.21,kiosk,weekly,\nC2,-29.9,-71.22,shop,weekly,\nC3,-29.9,-71.2,shop,weekly,7\n"
    options = ReadOptions(defaults=Defaults(service_duration=600, service_by_channel={"kiosk": 300}))
    result = read_customers(write(tmp_path, text), options)
    assert [c.service_duration for c in result.customers] == [300, 600, 420]
    (note,) = result.report.issues
    assert (note.code, note.severity) == ("default_duration", "note")
    assert "2 of 3" in note.what


def test_tolerance_is_around_the_rhythm(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,tolerance\nC1,-29.9,-71.21,every 2 weeks,3\n"
    (customer,) = read_customers(write(tmp_path, text)).customers
    assert (customer.visit_rule.min_gap_days, customer.visit_rule.max_gap_days) == (11, 17)


def test_inactive_customers_are_kept_and_need_no_frequency(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,status,delete flag\nC1,-29.9,-71.21,,closed,\nC2,-29.9,-71.22,weekly,active,X\nC3,-29.9,-71.23,weekly,active,\n"
    result = read_customers(write(tmp_path, text))
    assert [c.active for c in result.customers] == [False, False, True]
    assert result.customers[0].visit_rule.visits == 0
    assert result.report.refusals == ()


def test_a_bad_optional_cell_costs_only_the_cell(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,sales,last_visit,priority\nC1,-29.9,-71.21,weekly,lots,soon,whatever\n"
    result = read_customers(write(tmp_path, text))
    (customer,) = result.customers
    assert (customer.sales, customer.last_visit, customer.priority) == (None, None, 0)
    assert {(i.column, i.severity) for i in result.report.refusals} == {
        ("sales", "warning"),
        ("last_visit", "warning"),
        ("priority", "warning"),
    }


def test_all_faults_of_a_row_come_at_once(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,duration,opening_hours\nC1,x,-71.21,sometimes,long,whenever\n"
    result = read_customers(write(tmp_path, text))
    assert {i.column for i in result.report.of("error")} == {"lat", "frequency", "duration", "opening_hours"}
    assert result.report.files[0].set_aside[0].cells["id"] == "C1"


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = 'sep=;\nid;name;lat;lon;frequency\n\n"C1";"two\nlines";-29,9;-71,2;weekly\nC2;x;nowhere;-71,2;weekly\n'
    result = read_customers(write(tmp_path, text))
    assert [i.row for i in result.report.of("error")] == [5]
    assert result.report.files[0].rows_read == 2


def test_totals_and_repeated_headers_are_skipped_and_said(tmp_path: Path) -> None:
    text = "id,name,lat,lon,frequency\nC1,a,-29.9,-71.2,weekly\nid,name,lat,lon,frequency\nC2,b,-29.9,-71.3,weekly\nTotal,2,,,\n"
    result = read_customers(write(tmp_path, text))
    assert [c.customer_id for c in result.customers] == ["C1", "C2"]
    assert [(i.row, i.code) for i in result.report.of("note") if i.row] == [(3, "repeated_header"), (5, "total_row")]


def test_same_name_and_place_is_a_warning(tmp_path: Path) -> None:
    text = "id,name,lat,lon,frequency\nC1,Botica,-29.90001,-71.2,weekly\nC2,BOTICA,-29.90002,-71.2,weekly\nC3,Botica,-29.95,-71.2,weekly\n"
    result = read_customers(write(tmp_path, text))
    assert len(result.customers) == 3
    assert [(i.row, i.code, i.severity) for i in result.report.issues if i.row] == [(3, "duplicate_place", "warning")]


def test_lonely_point_is_a_warning_and_a_second_town_is_none(tmp_path: Path) -> None:
    lines = ["id,lat,lon,frequency"]
    lines += [f"A{i},{-29.90 - i / 1000:.4f},-71.25,weekly" for i in range(20)]
    lines += [f"B{i},{-30.60 - i / 1000:.4f},-71.20,weekly" for i in range(4)]  # a town 75 km away
    lines += ["C0,-31.91,-71.51,weekly"]  # 140 km from anybody
    result = read_customers(write(tmp_path, "\n".join(lines)))
    assert len(result.customers) == 25
    assert [(i.row, i.code) for i in result.report.of("warning") if i.row] == [(26, "far_from_all")]


def test_ids_without_a_column(tmp_path: Path) -> None:
    named = read_customers(
        write(tmp_path, "name,lat,lon,frequency\nBotica,-29.9,-71.2,weekly\nKiosk,-29.9,-71.3,weekly\n")
    )
    assert [c.customer_id for c in named.customers] == ["Botica", "Kiosk"]
    chain = read_customers(
        write(tmp_path, "name,lat,lon,frequency\nOxxo,-29.9,-71.2,weekly\nOxxo,-29.9,-71.3,weekly\n")
    )
    assert [c.customer_id for c in chain.customers] == ["row 2", "row 3"]


def test_misspelt_column_is_pointed_out(tmp_path: Path) -> None:
    result = read_customers(write(tmp_path, "id,lat,lon,grade,visit_freqency\nC1,-29.9,-71.2,A,weekly\n"))
    assert [(i.code, i.column) for i in result.report.of("warning")] == [("similar_column", "visit_freqency")]
    assert result.customers[0].extra == {"visit_freqency": "weekly"}


def test_strict_raises_everything_and_lenient_goes_on(tmp_path: Path) -> None:
    customers = write(
        tmp_path, "id,lat,lon,frequency\nC1,-29.9,-71.2,weekly\nC2,0,0,weekly\nC3,-29.9,-71.3,never ever\n"
    )
    reps = write(
        tmp_path, "rep_id,home_lat,home_lon,shift_start,shift_end\nR1,-29.9,-71.2,8:00,17:00\n", name="reps.csv"
    )
    loaded = load_project_files(customers, reps)
    assert [c.customer_id for c in loaded.customers] == ["C1"]
    assert [r.rep_id for r in loaded.reps] == ["R1"]
    with pytest.raises(InvalidInput) as error:
        load_project_files(customers, reps, strict=True)
    assert [(i.file, i.row) for i in error.value.issues] == [("customers.csv", 3), ("customers.csv", 4)]


def test_nothing_usable_raises_even_when_lenient(tmp_path: Path) -> None:
    customers = write(tmp_path, "id,lat,lon,frequency\nC2,0,0,weekly\n")
    reps = write(
        tmp_path, "rep_id,home_lat,home_lon,shift_start,shift_end\nR1,-29.9,-71.2,8:00,17:00\n", name="reps.csv"
    )
    with pytest.raises(InvalidInput, match="zero"):
        load_project_files(customers, reps)


def test_files_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    one = write(tmp_path, "id,name,lat,lon,frequency\nC1,x,-29.9,-71.2,weekly\n", name="a.csv")
    two = write(tmp_path, "id,name,lat,lon,shift start,shift end\nR1,x,-29.9,-71.2,8:00,17:00\n", name="b.csv")
    loaded = load_files([two, one])
    assert [f.kind for f in loaded.report.files] == ["reps", "customers"]
    assert (len(loaded.customers), len(loaded.reps)) == (1, 1)


def test_one_workbook_with_a_sheet_for_each(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Reps"  # type: ignore[union-attr]
    book.active.append(["id", "name", "home_lat", "home_lon"])  # type: ignore[union-attr]
    book.active.append(["R1", "Ana", -29.9, -71.2])  # type: ignore[union-attr]
    sheet = book.create_sheet("Customers")
    sheet.append(["id", "name", "lat", "lon", "frequency"])
    sheet.append(["C1", "Botica", -29.9, -71.2, "weekly"])
    path = tmp_path / "area.xlsx"
    book.save(path)
    for loaded in (load_files([path]), load_project_files(path, path)):
        assert [c.customer_id for c in loaded.customers] == ["C1"]
        assert [r.rep_id for r in loaded.reps] == ["R1"]


def test_dates_against_the_plan_are_checked(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,last_visit,pinned\nC1,-29.9,-71.2,weekly,2026-03-09,2026-05-01\nC2,-29.9,-71.3,weekly,2026-02-20,2026-03-03\n"
    options = ReadOptions(today=date(2026, 3, 1), start=date(2026, 3, 2), weeks=4)
    found = {(i.row, i.code) for i in read_customers(write(tmp_path, text), options).report.issues if i.row}
    assert found == {(2, "future_date"), (2, "date_outside_horizon")}


def test_windows_shorter_than_the_visit_warn(tmp_path: Path) -> None:
    text = "id,lat,lon,frequency,duration,opening_hours\nC1,-29.9,-71.2,weekly,45,10:00-10:30\nC2,-29.9,-71.3,weekly,45,10:00-10:30;11:00-11:45\n"
    result = read_customers(write(tmp_path, text))
    assert len(result.customers) == 2
    assert [(i.row, i.code) for i in result.report.of("warning")] == [(2, "window_shorter_than_visit")]


@pytest.mark.parametrize("header", ["Opening", "Open", "Opening 1"])
def test_a_column_of_openings_alone_holds_the_whole_hours(tmp_path: Path, header: str) -> None:
    text = f"id,lat,lon,frequency,{header}\nC1,-29.9,-71.2,weekly,08:00-12:00\nC2,-29.8,-71.2,weekly,\n"
    result = read_customers(write(tmp_path, text))
    first, second = result.customers
    assert first.windows == dict.fromkeys(range(7), (TimeWindow(early=8 * H, late=12 * H),))
    assert second.windows == {}
