"""`rounds plan` and its companions as a user runs them: real processes, real files."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from api.cli import main

ROUNDS = [sys.executable, "-c", "from api.cli import main; main()"]
HEADER = "customer_id,name,lat,lon,grade,channel,visit_frequency,service_duration\n"
REPS = "rep_id,name,home_lat,home_lon,shift_start,shift_end,weekdays\nR1,Ada,-29.900,-71.250,08:00,17:00,Mon-Fri\n"


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run([*ROUNDS, *words], capture_output=True, text=True, cwd=cwd, env=environment, timeout=300)


class Called(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """The command in this process: saves loading the solver where no second process is needed."""

    def invoke(*words: str) -> Called:
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["rounds", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Called(int(ended.value.code or 0), *capsys.readouterr())

    return invoke


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("area")
    done = run("generate", "--out", str(folder), "--customers", "60", "--reps", "2", "--clusters", "1", "--weeks", "2")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def planned(area: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = area / "plan"
    return out, plan(area, out)


def words_of(area: Path, out: Path, *more: str) -> list[str]:
    files = (str(area / "customers.csv"), str(area / "reps.csv"))
    return ["plan", *files, "--start", "2026-11-02", "--weeks", "2", "--out", str(out), "--workers", "2", *more]


def plan(area: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(*words_of(area, out, *more))


def test_everything_that_people_take_from_a_plan_is_there(
    planned: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, done = planned
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken rules" in done.stdout
    names = {path.name for path in out.iterdir()}
    assert names >= {
        "plan.json", "stops.csv", "plan.xlsx", "visit_forms.xlsx", "ics", "gpx", "routes.geojson",
        "territories.geojson", "map.html", "report.html",
    }  # fmt: skip
    with (out / "stops.csv").open(encoding="utf-8-sig", newline="") as file:
        stops = list(csv.DictReader(file))
    assert list(stops[0]) == [
        "rep_id", "date", "sequence", "customer_id", "customer_name", "lat", "lon", "arrival", "start", "departure",
        "travel_s", "travel_m", "wait_s",
    ]  # fmt: skip
    territories = json.loads((out / "territories.geojson").read_text())
    assert {f["properties"]["rep_id"] for f in territories["features"]} == {s["rep_id"] for s in stops}
    assert "estimated" in (out / "report.html").read_text()
    assert "estimated" in (out / "map.html").read_text()


def test_a_plan_on_disk_can_be_checked_and_drawn_again(
    planned: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    out, _ = planned
    checked = run("check", str(out))
    assert checked.returncode == 0
    assert "0 broken rules" in checked.stdout
    drawn = run("map", str(out), "--out", str(out / "again.html"))
    assert drawn.returncode == 0, drawn.stderr
    assert (out / "again.html").stat().st_size > 10_000
    reps = sorted({route["rep_id"] for route in json.loads((out / "plan.json").read_text())["plan"]["routes"]})
    one = run("map", str(out), "--rep", reps[0])
    assert one.returncode == 0, one.stderr
    page = (out / f"map_{reps[0]}.html").read_text()
    assert f'"{reps[0]}"' in page
    assert not any(f'"{other}"' in page for other in reps[1:])
    nobody = run("map", str(out), "--rep", "nobody")
    assert nobody.returncode != 0


def test_a_plan_edited_by_hand_is_caught(
    planned: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    out, _ = planned
    document = json.loads((out / "plan.json").read_text())
    stop = document["plan"]["routes"][0]["stops"][0]
    stop["start"] += 600
    (tmp_path / "plan.json").write_text(json.dumps(document))
    checked = run("check", str(tmp_path))
    assert checked.returncode == 2
    assert "edited by hand" in checked.stdout
    assert "0 broken rules" not in checked.stdout


def test_same_input_and_seed_give_the_same_plan_to_the_byte(
    area: Path, planned: tuple[Path, subprocess.CompletedProcess[str]]
) -> None:
    out, _ = planned
    again = plan(area, area / "again")
    assert again.returncode == 0
    assert (area / "again" / "plan.json").read_bytes() == (out / "plan.json").read_bytes()


def test_ctrl_c_stops_early_and_keeps_the_best_plan(area: Path) -> None:
    out = area / "stopped"
    command = [
        *ROUNDS, "plan", str(area / "customers.csv"), str(area / "reps.csv"), "--start", "2026-11-02", "--weeks", "2",
        "--out", str(out), "--seconds", "500", "--workers", "2",
    ]  # fmt: skip
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    said = ""
    while "Planning visit days" not in said:
        line = process.stdout.readline()
        assert line, "ended before the search began"
        said += line
    os.killpg(process.pid, signal.SIGINT)
    printed, complaints = process.communicate(timeout=240)
    assert "Traceback" not in complaints
    assert process.returncode in (0, 3), printed + complaints
    assert "stopped early" in printed
    assert run("check", str(out)).returncode == 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("C1,Shop,95.0,-71.2,A,kiosk,weekly,30\n", ["customers.csv row 2", "lat", "95"]),
        ("C1,Shop,-29.9,-71.2,A,kiosk,now and then,30\n", ["customers.csv row 2", "visit_frequency", "now and then"]),
        ("C1,Shop,-29.9,-71.2,A,kiosk,weekly,long\n", ["customers.csv row 2", "service_duration", "long"]),
    ],
)
def test_bad_input_names_file_row_and_column(
    tmp_path: Path, call: Callable[..., Called], rows: str, words: list[str]
) -> None:
    (tmp_path / "customers.csv").write_text(HEADER + rows)
    (tmp_path / "reps.csv").write_text(REPS)
    done = call(*words_of(tmp_path, tmp_path / "plan"))
    assert done.returncode == 2
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plan").exists()


def test_what_does_not_fit_is_listed_with_a_reason_and_exit_code_3(tmp_path: Path, call: Callable[..., Called]) -> None:
    """Two customers of five hours on site a week and one rep who works on Mondays only: one of them is left out."""
    (tmp_path / "customers.csv").write_text(
        HEADER + "C1,First,-29.90,-71.25,A,kiosk,weekly,300\nC2,Second,-29.91,-71.25,C,kiosk,weekly,300\n"
    )
    (tmp_path / "reps.csv").write_text(REPS.replace("Mon-Fri", "Mon"))
    done = call(*words_of(tmp_path, tmp_path / "plan"))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "h are missing" in done.stdout
    assert "Second (C2), 2:" in done.stdout
    document = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert [(u["customer_id"], u["visits"]) for u in document["plan"]["unserved"]] == [("C2", 2)]
    turned = call(*words_of(tmp_path, tmp_path / "turned", "--give-way", "A,C"))
    assert "First (C1), 2:" in turned.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--give-way", "A,A"], ["--daily-standard", "kiosk"], ["--country", "XX"], ["--travel", "teleport"],
        ["--weeks", "99"],
    ],
)  # fmt: skip
def test_bad_options_are_refused_in_one_voice(tmp_path: Path, call: Callable[..., Called], words: list[str]) -> None:
    (tmp_path / "customers.csv").write_text(HEADER + "C1,First,-29.90,-71.25,A,kiosk,weekly,30\n")
    (tmp_path / "reps.csv").write_text(REPS)
    done = call(*words_of(tmp_path, tmp_path / "plan", *words))
    assert done.returncode == 2
    assert done.stderr.startswith("error ")
    assert "Traceback" not in done.stderr
