from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from routing.export.plan_json import short_fingerprint
from routing.export.visit_form import write_visit_forms
from routing.export.workbook import write_workbook
from tests.four_customers import plan, project
from tests.made_plan import made


def rows(sheet: Worksheet) -> list[list[object]]:
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write_workbook(project(), plan(), tmp_path_factory.mktemp("book") / "plan.xlsx"))


def test_sheets_come_in_reading_order(workbook: openpyxl.Workbook) -> None:
    assert workbook.sheetnames == ["Overview", "Calendar", "ana", "bo", "Customers", "Not planned"]
    for name in ("Calendar", "ana", "Customers", "Not planned"):
        assert workbook[name].freeze_panes is not None
        assert workbook[name].print_title_rows is not None


def test_the_overview_shows_figures_and_that_times_are_estimated(workbook: openpyxl.Workbook) -> None:
    table = {row[0]: row[1] for row in rows(workbook["Overview"]) if len(row) > 1}
    assert table["Travel times"] == "ESTIMATED, toy street grid"
    assert table["Plan"] == short_fingerprint(plan())
    assert table["Coverage"] == pytest.approx(5 / 6)
    assert table["Visits not planned"] == 1
    assert table["Distance"] == pytest.approx(10.0)
    assert table["Cost per visit"] == pytest.approx(20.2)
    assert ["A", 2, 4, 3, 0.75] in rows(workbook["Overview"])


def test_the_calendar_is_a_week_by_day_grid(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Calendar"]
    assert [c.value for c in sheet[4]] == ["Rep, week", "Mon", "Tue", "Wed", "Thu", "Fri"]
    assert sheet["A5"].value == "Ana"
    assert sheet["B6"].value == (
        "2 Mar: 3 visits, 2 h 08 min\n08:02 Ada's Café\n08:34 Bistro Ben\n09:36 Cleo & Daughters"
    )
    assert sheet["F6"].value == "6 Mar: Toy Day"
    assert sheet["C6"].value == "3 Mar: free"
    assert sheet["B7"].value == "9 Mar: 1 visit, 34 min\n08:02 Ada's Café"
    assert sheet["C9"].value == "3 Mar: 1 visit, 1 h 04 min\n08:15 Deli Dora"
    assert sheet["B10"].value == "9 Mar: off"


def test_a_horizon_that_starts_midweek_starts_its_grid_there(tmp_path: Path) -> None:
    world = project()
    calendar = replace(world.calendar, start=world.calendar.start.replace(day=4))
    second = replace(plan(), routes=plan().routes[1:2])
    path = write_workbook(replace(world, calendar=calendar), second, tmp_path / "p.xlsx")
    sheet = openpyxl.load_workbook(path)["Calendar"]
    assert [c.value for c in sheet[4]][1:] == ["Wed", "Thu", "Fri", "Mon", "Tue"]
    assert str(sheet["E6"].value).startswith("9 Mar: 1 visit")


def test_day_sheets_hold_times_as_times(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["bo"]
    assert sheet["A5"].value == "Tue 3 Mar 2026: leave 08:00, back 09:04, 1 visit, travel 8 min, 4.0 km"
    assert sheet["B6"].value.strftime("%H:%M") == "08:04"
    assert sheet["C6"].value.strftime("%H:%M") == "08:15"
    assert [sheet.cell(6, c).value for c in (1, 5, 6, 7, 11, 12, 13)] == [1, "Deli Dora", "dora", "A", 4, 2, 6]


def test_customers_and_visits_not_planned(workbook: openpyxl.Workbook) -> None:
    listed = {row[0]: row for row in workbook["Customers"].iter_rows(min_row=5, values_only=True)}
    assert listed["dora"][4:8] == ("Bo", "weekly", "45 min", "Mon–Fri 08:15–17:00")
    assert listed["dora"][11:14] == (1, 1, "3 Mar")
    assert listed["ada"][11:14] == (2, 0, "2 Mar, 9 Mar")
    assert [
        "dora",
        "Deli Dora",
        "A",
        "Bo",
        1,
        "calendar",
        "Bo is away from 9 to 13 March.",
        "Let Ana visit on Tuesday 10 March.",
        4,
    ] in rows(workbook["Not planned"])


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    world = project()
    evil = '=HYPERLINK("http://x","click")'
    ada = replace(world.customers[0], name=evil, purpose="+A1+cmd|x", contact="@SUM(A1)", customer_id="ada")
    bad = replace(world, customers=(ada, *world.customers[1:]))
    for path in (write_workbook(bad, plan(), tmp_path / "p.xlsx"), write_visit_forms(bad, plan(), tmp_path / "v.xlsx")):
        cells = [c for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for c in row]
        assert not [c for c in cells if c.data_type == "f"]
        named = [c for c in cells if c.value == evil]
        assert named
        assert all(c.quotePrefix for c in named)


def test_the_visit_form_has_basic_data_purpose_area_dates_and_order(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_visit_forms(project(), plan(), tmp_path / "v.xlsx"))
    assert book.sheetnames == ["ana", "bo"]
    sheet = book["ana"]
    assert [c.value for c in sheet[4]][::2] == ["Ada's Café", "ada"]
    form = {row[k]: row[k + 1] for row in sheet.iter_rows(5, 10, values_only=True) for k in (0, 2)}
    assert form == {
        "Grade, channel": "A, café",
        "Area": "Territory of Ana",
        "Contact": "Ms Ada, owner",
        "Phone": "+39 000 001",
        "Open": "any time",
        "Visit takes": "30 min",
        "Rhythm": "weekly",
        "Last visit": "2026-02-23",
        "Place": "45.01000, 9.00000",
        "Notes": None,
        "Purpose": "New spring menu",
        "Dates and order": "Mon 2 Mar 2026 08:02, stop 1 of 3\nMon 9 Mar 2026 08:02, stop 1 of 1",
    }
    assert any(row[0] == "1 visit due could not be planned." for row in book["bo"].iter_rows(values_only=True))
    first_visits = [c.value for c in sheet["A"] if c.value in ("Ada's Café", "Bistro Ben", "Cleo & Daughters")]
    assert first_visits == ["Ada's Café", "Bistro Ben", "Cleo & Daughters"]


def test_no_visit_form_is_torn_by_a_page(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_visit_forms(*made(customers=30, reps=1), tmp_path / "v.xlsx"))["R01"]
    heads = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 3).value).startswith("C000")]
    assert len(heads) == 30
    breaks = [found.id + 1 for found in sheet.row_breaks.brk]
    assert breaks
    assert set(breaks) <= set(heads)
    for start, end in pairwise([1, *breaks, sheet.max_row + 1]):
        assert sum(sheet.row_dimensions[row].height or 15 for row in range(start, end)) <= 900
