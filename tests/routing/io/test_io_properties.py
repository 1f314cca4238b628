"""Whatever is in a file, reading it ends in customers and faults, never in another exception."""

import contextlib
import csv
import io
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from routing.io import ReadOptions, load_files
from routing.io.cells import BadValue
from routing.io.coordinates import parse_degrees, parse_pair
from routing.io.dates import parse_dates
from routing.io.hours import parse_week
from routing.io.report_text import ReportText
from routing.io.times import clock, parse_time
from routing.io.weekdays import parse_weekdays

HEADER = (
    *(
        "customer_id",
        "name",
        "lat",
        "lon",
        "grade",
        "channel",
        "visit_frequency",
        "weekdays",
        "weeks",
        "service_duration",
    ),
    *(
        "opening_hours",
        "open",
        "close",
        "Mon",
        "sales",
        "priority",
        "skills",
        "rep_id",
        "rep_locked",
        "pinned",
        "active",
    ),
    *("last_visit", "min_gap", "tolerance"),
)
GOOD = dict(zip(HEADER, ["C1", "Botica", "-29.9", "-71.25", "A", "shop", "weekly"], strict=False))
REP_HEADER = (
    *(
        "rep_id",
        "name",
        "home_lat",
        "home_lon",
        "end",
        "shift_start",
        "shift_end",
        "weekdays",
        "hours",
        "Tue",
        "break_start",
    ),
    *("break_end", "break_duration", "break_earliest", "break_latest", "mode", "days_off", "max_visits_per_day"),
    *("cost_per_km", "overnight", "active"),
)
GOOD_REP = dict(zip(REP_HEADER, ["R1", "Ana", "-29.9", "-71.25", "", "08:00", "17:00"], strict=False))

# Bits of which real cells are made, put together in ways nobody expects.
PIECES = st.sampled_from(
    (
        *(
            "0",
            "1",
            "5",
            "31",
            "99",
            "-1",
            "1e9",
            "nan",
            "inf",
            ".",
            ",",
            ";",
            ":",
            "-",
            "/",
            "|",
            "(",
            ")",
            "[/]",
            "[bold]",
        ),
        *(
            '"',
            "'",
            " ",
            "\n",
            "\t",
            "8:00",
            "25:99",
            "08:00-12:00",
            "24:00",
            "Mo",
            "Fr-Mo",
            "off",
            "24/7",
            "week",
            "W1W3",
        ),
        *(
            "3/5",
            "per",
            "month",
            "daily",
            "周一",
            "每周",
            "次",
            "至",
            "上午",
            "点",
            "分钟",
            "2026-03-05",
            "30/02/2026",
            "to",
            "..",
        ),
        *(
            "by",
            "prefer",
            "#REF!",
            "=1+1",
            "€",
            "k",
            "万",
            "½",
            "²",
            "٣",
            "\0",
            "\ufeff",
            "\u200b",
            "𝟜",
            "İ",
            "N",
            "W",
            "°",
        ),
    )
)
CELLS = st.lists(PIECES, max_size=5).map("".join) | st.text(max_size=12)
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _written(folder: Path, rows: list[dict[str, str]], header: tuple[str, ...]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / ("customers.csv" if header is HEADER else "reps.csv")
    path.write_bytes(text.getvalue().encode("utf-8", errors="replace"))
    return path


@FAST
@given(
    st.lists(st.dictionaries(st.sampled_from(HEADER), CELLS, max_size=4), min_size=1, max_size=6),
    st.lists(st.dictionaries(st.sampled_from(REP_HEADER), CELLS, max_size=3), min_size=1, max_size=3),
)
def test_any_cells_end_in_a_report_that_accounts_for_every_row(
    tmp_path: Path, changes: list[dict[str, str]], rep_changes: list[dict[str, str]]
) -> None:
    rows = [GOOD | {"customer_id": f"C{i}"} | change for i, change in enumerate(changes)]
    reps = [GOOD_REP | {"rep_id": f"R{i}"} | change for i, change in enumerate(rep_changes)]
    options = ReadOptions(today=date(2026, 3, 1), start=date(2026, 3, 2), weeks=4)
    loaded = load_files([_written(tmp_path, rows, HEADER), _written(tmp_path, reps, REP_HEADER)], options)
    for file in loaded.report.files:
        left_out = {issue.row for issue in file.issues if issue.code == "inactive_rep"}
        assert file.rows_used + len({aside.row for aside in file.set_aside} | left_out) == file.rows_read
    assert sum(f.rows_used for f in loaded.report.files) == len(loaded.customers) + len(loaded.reps)
    assert "<html" in loaded.report.to_html()
    assert list(ReportText(loaded.report).lines())


@FAST
@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx", ".geojson", ".json", ".txt", ".xls", ""]))
@example(b"PK\x03\x04" + b"\x00" * 60, ".xlsx")
@example(b'{"type":"FeatureCollection","features":[null,1,{"geometry":{"type":"Point","coordinates":[1]}}]}', ".json")
@example(
    b'{"features":[{"properties":[],"geometry":{"type":"Point","coordinates":[1e999,2]}}],"crs":{"properties":3}}',
    ".json",
)
@example(b'id,lat,lon\n"', ".csv")
def test_any_bytes_end_in_a_report(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    report = load_files([path]).report
    assert report.issues or report.usable
    assert report.to_dict()["files"][0]["file"] == path.name


@FAST
@given(CELLS)
def test_parsers_of_single_cells_raise_nothing_else(text: str) -> None:
    for parse in (parse_degrees, parse_pair, parse_time, parse_weekdays, parse_dates):
        with contextlib.suppress(BadValue):
            parse(text)
    with contextlib.suppress(BadValue):
        week = parse_week(text, reference=date(2026, 3, 2))
        assert all(0 <= w.early < w.late <= 86_400 for windows in week.values() for w in windows)


MINUTES = st.integers(0, 24 * 60 - 1)


@FAST
@given(st.lists(MINUTES, min_size=2, max_size=8, unique=True).filter(lambda m: len(m) % 2 == 0).map(sorted))
def test_windows_survive_being_written_and_read(minutes: list[int]) -> None:
    spans = [(a * 60, b * 60) for a, b in zip(minutes[::2], minutes[1::2], strict=True)]
    text = ";".join(f"{clock(a)}-{clock(b)}" for a, b in spans)
    week = parse_week(text, reference=date(2026, 3, 2))
    assert [(w.early, w.late) for w in week[0]] == spans
    osm = f"Tu,Th {text.replace(';', ',')}"
    assert parse_week(osm, reference=date(2026, 3, 2)) == {1: week[0], 3: week[0]}


@FAST
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_coordinates_survive_decimal_commas_and_pairs(lat: float, lon: float) -> None:
    lat, lon = round(lat, 6), round(lon, 6)
    with_commas = f"{lat:.6f};{lon:.6f}".replace(".", ",")
    assert parse_pair(with_commas) == (lat, lon)
    assert parse_pair(f"{lat:.6f}, {lon:.6f}") == (lat, lon)
    assert parse_pair(f"POINT({lon:.6f} {lat:.6f})") == (lat, lon)
