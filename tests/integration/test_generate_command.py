"""``rounds generate`` on the command line."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from api.cli.generate import generate as generate_command
from routing.errors import InvalidInput


def app() -> typer.Typer:
    tool = typer.Typer()
    tool.command()(generate_command)
    return tool


def test_command_writes_the_files_and_says_what_is_in_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app(), ["--out", str(tmp_path), "--customers", "60", "--reps", "3", "--seed", "2", "--centre", "50.5,8"]
    )
    assert result.exit_code == 0, result.output
    assert "60 rows" in result.output
    assert "3 rows" in result.output
    assert (tmp_path / "customers.csv").read_text(encoding="utf-8").count("\n") == 61


def test_command_refuses_a_centre_that_is_none(tmp_path: Path) -> None:
    result = CliRunner().invoke(app(), ["--out", str(tmp_path), "--centre", "here"])
    assert isinstance(result.exception, InvalidInput)
    assert "LAT,LON" in str(result.exception)
