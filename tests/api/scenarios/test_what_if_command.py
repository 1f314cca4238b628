"""`rounds what-if` as a user calls it."""

import sys
from pathlib import Path

import pytest

from api.cli import main
from api.cli.what_if import options_of
from api.planning import PlannedProject
from routing.export import write_plan
from routing.project import Project


@pytest.fixture
def base(project: Project, planned: PlannedProject, tmp_path: Path) -> Path:
    write_plan(project, planned.plan, tmp_path / "plan")
    return tmp_path / "plan"


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["rounds", "what-if", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_options_are_parted_by_or() -> None:
    options = options_of(["+rep at 1,2", "hours all +30 min", "or", "-rep R1"])
    assert [o.name for o in options] == ["+rep at 1,2; hours all +30 min", "-rep R1"]


def test_answers_and_writes_the_folder(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    # rates touch no route: nothing has to be solved, so the whole command is quick
    assert call(monkeypatch, str(base), "rate all 30/h", "or", "rate R01 25/h", "--out", str(out), "--no-pdf") == 0
    said = capsys.readouterr().out
    assert "One seed" in said
    assert "rate all 30/h: Visits need about" in said
    assert {p.name for p in out.iterdir()} == {
        "report.html", "figures.csv", "differences.csv", "figures.svg", "scenarios.yaml", "plans",
    }  # fmt: skip


def test_says_what_is_wrong(base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch, str(base), "-rep R77") == 2
    assert "There is no rep 'R77'" in capsys.readouterr().err
    assert call(monkeypatch, str(base)) == 2
    assert call(monkeypatch, str(base), "less of C") == 2
