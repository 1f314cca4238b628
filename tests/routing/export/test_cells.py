import pytest

from routing.export.cells import csv_text, file_names, is_formula, printable, sheet_names


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1+1", "\n=A1"]
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert is_formula(text)
    assert csv_text(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Ada's Café", "-5", "+56 51 222-333", "1=1", "a@b.org", "客户"])
def test_ordinary_texts_and_phone_numbers_stay_as_they_are(text: str) -> None:
    assert csv_text(text) == text


def test_control_characters_go() -> None:
    assert printable("a\x00b\x0bc\td\n\ud800") == "abc\td\n"


def test_file_names_are_safe_and_unique_in_any_case() -> None:
    names = file_names(["../etc/passwd", "Ada", "ada", "客户", "a@b.org", "..", "a/b", "a\\b"])
    assert names["Ada"] == "Ada"
    assert names["ada"] == "ada-2"
    assert names["客户"] == "客户"
    assert names["a@b.org"] == "a@b.org"
    assert len({n.casefold() for n in names.values()}) == len(names)
    assert not any("/" in n or "\\" in n or n.startswith(".") for n in names.values())


def test_sheet_names_fit_excel() -> None:
    names = sheet_names(["x" * 40, "x" * 41, "a/b:c", "'quoted'", "Overview"], taken=["Overview"])
    assert names["x" * 40] == "x" * 31
    assert names["x" * 41] == "x" * 29 + "-2"
    assert names["a/b:c"] == "a b c"
    assert names["'quoted'"] == "quoted"
    assert names["Overview"] == "Overview-2"
