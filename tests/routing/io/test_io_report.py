"""The data report: words, JSON, page and terminal say the same, and nothing from a file is taken for markup."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from routing.errors import InvalidInput, Issue
from routing.io import DataReport, FileReport, load_files
from routing.io.report_groups import group
from routing.io.report_text import ReportText

NASTY = "<script>alert('x')</script>[/bold]"


@pytest.fixture
def report(tmp_path: Path) -> DataReport:
    lines = ["id,name,lat,lon,frequency,shoe size,sales"]
    lines += [
        f"C{i},a,-29.9{i:02d},-71.2,{NASTY if i < 12 else 'weekly'},43,{NASTY if i == 13 else 5}" for i in range(15)
    ]
    path = tmp_path / "customers.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_files([path]).report


def _terminal(report: DataReport, *, full: bool = False) -> str:
    console = Console(width=300, record=True, force_terminal=False, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(ReportText(report, full=full))
    return console.export_text()


def test_summary_counts(report: DataReport) -> None:
    # 12 rows with a frequency that is none, one with sales that are none, one note that durations are assumed
    assert report.summary() == "customers.csv: 3 of 15 rows used; 12 errors, 1 warning, 1 note"
    assert report.counts() == {"error": 12, "warning": 1, "note": 1}
    assert len(report.refusals) == 13
    assert report.usable


def test_json_is_complete(report: DataReport) -> None:
    (file,) = json.loads(json.dumps(report.to_dict()))["files"]
    assert (file["rows_read"], file["rows_used"]) == (15, 3)
    assert {"header": "frequency", "field": "visit_frequency"} in file["mapped_columns"]
    assert file["kept_columns"] == ["shoe size"]
    first = file["issues"][1]  # the note about the whole file comes first
    assert (first["row"], first["column"], first["code"], first["value"]) == (2, "frequency", "bad_frequency", NASTY)
    assert first["message"].startswith("customers.csv row 2 column 'frequency': ")
    assert [aside["row"] for aside in file["rows_set_aside"]] == list(range(2, 14))
    assert file["rows_set_aside"][0]["cells"]["id"] == "C0"


def test_page_needs_nothing_else_and_escapes(report: DataReport) -> None:
    page = report.to_html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "src=" not in page
    assert "and 11 more like this" in page
    assert "2-13" in page
    assert "prefers-color-scheme: dark" in page


def test_terminal_shows_markup_as_text_and_shortens_repetition(report: DataReport) -> None:
    short, full = _terminal(report), _terminal(report, full=True)
    assert NASTY in short
    assert short.count("bad") == full.count("bad")
    assert short.count("is not understood") == 8
    assert "and 4 more of this kind (rows 2-13)" in short
    assert full.count("is not understood") == 12
    assert "frequency → visit_frequency" in short


def test_rows_of_a_group_read_as_spans() -> None:
    rows = (2, 3, 4, 9, 11, 12)
    (found,) = group(Issue(what="x", file="f", row=row, code="c", column="k") for row in rows)
    assert found.rows == "2-4, 9, 11-12"


def test_errors_come_before_warnings_and_notes() -> None:
    issues = [Issue(what=s, code=s, severity=s) for s in ("note", "warning", "error")]
    assert [g.first.severity for g in group(issues)] == ["error", "warning", "note"]


def test_refusals_are_what_was_left_out() -> None:
    kept = Issue(what="far", code="far_from_all", severity="warning", row=2)
    left_out = Issue(what="bad", code="bad_date", severity="warning", row=3)
    note = Issue(what="n", code="bad_note", severity="note", row=4)
    report = DataReport(files=(FileReport(file="f", rows_read=3, rows_used=3, issues=(kept, left_out, note)),))
    assert report.refusals == (left_out,)
    report.raise_if(strict=False)
    with pytest.raises(InvalidInput) as error:
        report.raise_if(strict=True)
    assert error.value.issues == (left_out,)


def test_error_of_a_whole_file_is_refused_even_when_lenient() -> None:
    swapped = Issue(what="swapped", code="swapped_coordinates")
    report = DataReport(files=(FileReport(file="f", rows_read=3, rows_used=3, issues=(swapped,)),))
    with pytest.raises(InvalidInput):
        report.raise_if(strict=False)
