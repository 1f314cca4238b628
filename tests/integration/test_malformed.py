"""Files as they really arrive: every fault is named with its row and column, and nothing ends in a traceback.

``tests/data/malformed/expected.csv`` says by hand what is wrong with each file; nothing else may be found wrong.
"""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli.check_data import check_data
from routing.errors import InvalidInput
from routing.io import load_files

FOLDER = Path(__file__).parent.parent / "data" / "malformed"

type Fault = tuple[int | None, str | None, str]


def _expected() -> dict[str, tuple[str, set[Fault]]]:
    cases: dict[str, tuple[str, set[Fault]]] = defaultdict(lambda: ("", set()))
    with (FOLDER / "expected.csv").open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            _, faults = cases[line["file"]]
            row = int(line["row"]) if line["row"] else None
            cases[line["file"]] = (line["companion"], faults | {(row, line["column"] or None, line["code"])})
    return dict(cases)


CASES = _expected()


def _app() -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(check_data)
    return app


def _paths(name: str) -> list[Path]:
    companion = CASES[name][0]
    return [FOLDER / name, *([FOLDER / companion] if companion else [])]


def test_there_are_sixty_of_them_and_each_has_its_expectation() -> None:
    good = {"expected.csv", "reps_good.csv", "customers_good.csv"}
    files = {path.name for path in FOLDER.iterdir()} - good
    assert files == set(CASES)
    assert len(files) >= 60


@pytest.mark.parametrize("name", sorted(CASES))
def test_faults_are_found_where_they_are(name: str) -> None:
    report = load_files(_paths(name)).report
    found = {(issue.row, issue.column, issue.code) for issue in report.refusals}
    assert found == CASES[name][1]
    for issue in report.refusals:
        assert issue.file == name
        assert issue.what.endswith((".", ". The cell is left out."))
        assert issue.cure.endswith(".")
    with pytest.raises(InvalidInput):
        report.raise_if(strict=True)


@pytest.mark.parametrize("name", sorted(CASES))
def test_command_line_refuses_with_exit_code_2(name: str) -> None:
    result = CliRunner().invoke(_app(), [*map(str, _paths(name)), "--strict"])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    for row, column, _ in CASES[name][1]:
        where = " ".join(filter(None, (f"row {row}" if row else "", f"column '{column}'" if column else "")))
        assert where in result.output


@pytest.mark.parametrize("name", ["reps_good.csv", "customers_good.csv"])
def test_good_files_pass(name: str) -> None:
    result = CliRunner().invoke(_app(), [str(FOLDER / name), "--strict", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.output)["clean"] is True


def test_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(_app(), [str(tmp_path / "customers.csv")])
    assert result.exit_code == 2
    assert "There is no file" in result.output


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    (issue,) = load_files([tmp_path]).report.issues
    assert issue.code == "not_a_file"
