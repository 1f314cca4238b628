"""Every kind of change asked in Python, on the command line, in a file and over the API: four times the same answer."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.jobs.runner import JobRunner
from api.scenarios.comparison import BASE_NAME
from api.scenarios.run import RunParams, run_scenarios
from api.store.plans import load_plan
from routing.export import SavedPlan, read_plan, write_plan
from routing.scenario import Scenario, parse_change, project_fingerprint, scenario_to_values, write_scenarios
from routing.scenario.files import CHANGES
from routing.travel.great_circle import GreatCircle
from tests.api.jobs.inline import InlinePool
from tests.api.jobs.test_jobs import ask, look
from tests.api.scenarios.conftest import Inline
from tests.api.world import World, build

ASKED = (
    "+rep at 45.01,9.02 like ana as eva",
    "-rep bo",
    "move bo to 45.02,9.01",
    "hours bo +60 min",
    "leave ana 2026-03-02",
    "rate ana 40/h 0.6/km",
    "frequency B=weekly",
    "duration channel:café=20 min",
    "windows customer:ben=09:00-12:00",
    "close customer:cleo",
    "reopen customer:ben",
    "+customer at 45.015,9.01 every 2 weeks 30 min grade B as eli",
    "travel x1.5",
    "lock all",
    "standard café=1",
    "balance 20%",
)
EFFORT = 0.01
type Row = tuple[str, str, str]
"""Seed, figure and group."""
type Answer = dict[Row, float]


def scenarios() -> list[Scenario]:
    """One for each kind of change, called by its words."""
    return [Scenario(name=words, changes=(parse_change(words),)) for words in ASKED]


def test_every_kind_is_asked() -> None:
    assert Counter(type(s.changes[0]).__name__ for s in scenarios()) == dict.fromkeys(CHANGES, 1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = build("sqlite://")
    yield made
    made.service.store.close()


@pytest.fixture(scope="module")
def base(world: World) -> tuple[str, SavedPlan]:
    """A plan that the service has made, and its id; Ben is closed, so that he can be reopened."""
    url = f"{world.project()}/customers/{world.customer('ben')['id']}/deactivate"
    assert world.client("admin").post(url, headers={"If-Match": '"1"'}).status_code == 200
    job = ask(world)
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    plan_id = look(world, job)["plan_id"]
    with world.service.store.reading() as session:
        return plan_id, load_plan(session, plan_id)


def of(table: str) -> dict[str, Answer]:
    """Scenario -> its figures."""
    found: dict[str, Answer] = {}
    for row in csv.DictReader(StringIO(table)):
        key = (row["seed"], row["figure"], row["group"])
        found.setdefault(row["scenario"], {})[key] = float(row["value"])
    return found


@pytest.fixture(scope="module")
def in_python(base: tuple[str, SavedPlan]) -> dict[str, Answer]:
    _, saved = base
    params = RunParams(effort=EFFORT)
    compared = run_scenarios(saved.project, saved.plan, scenarios(), GreatCircle(), params=params, executor=Inline())
    compared.require_clean()
    return of(compared.frame().to_csv(index=False))


@pytest.fixture(scope="module", params=["words", "file"])
def on_the_command_line(
    request: pytest.FixtureRequest, base: tuple[str, SavedPlan], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder that the command wrote."""
    _, saved = base
    folder = tmp_path_factory.mktemp(request.param)
    write_plan(saved.project, saved.plan, folder / "plan")
    words = [w for number, words in enumerate(ASKED) for w in (["or"] if number else []) + [words]]
    file = ["--file", str(write_scenarios(scenarios(), folder / "asked.yaml"))]
    rest = ["--out", str(folder / "out"), "--effort", str(EFFORT), "--workers", "1", "--no-pdf"]
    asked = words if request.param == "words" else file
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["rounds", "what-if", str(folder / "plan"), *asked, *rest])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    return folder / "out"


@pytest.fixture(scope="module")
def over_the_api(world: World, base: tuple[str, SavedPlan]) -> dict[str, Any]:
    """Address and answer of a comparison; every other change as an object instead of words."""
    plan_id, _ = base
    asked = [
        {"name": s.name, "changes": scenario_to_values(s)["changes"] if number % 2 else [str(c) for c in s.changes]}
        for number, s in enumerate(scenarios())
    ]
    client = world.client("manager north")
    body = {"plan_id": plan_id, "scenarios": asked, "effort": EFFORT}
    answer = client.post(f"{world.project()}/comparisons", json=body)
    assert answer.status_code == 202, answer.text
    assert JobRunner(world.service, pool=InlinePool()).work_once()
    found: dict[str, Any] = client.get(answer.headers["Location"]).json()
    assert found["job"]["state"] == "done", found["job"]["error"]
    return found | {"figures": client.get(f"{answer.headers['Location']}/figures.csv").text}


@pytest.mark.parametrize("words", [BASE_NAME, *ASKED])
def test_same_figures_from_the_api(words: str, in_python: dict[str, Answer], over_the_api: dict[str, Any]) -> None:
    assert of(over_the_api["figures"])[words] == pytest.approx(in_python[words], rel=1e-12)


def test_same_figures_from_the_command_line(in_python: dict[str, Answer], on_the_command_line: Path) -> None:
    answered = of((on_the_command_line / "figures.csv").read_text("utf-8"))
    assert [*answered] == [BASE_NAME, *ASKED]
    for words in answered:
        assert answered[words] == pytest.approx(in_python[words], rel=1e-12), words


def test_same_base_and_changed_projects(
    base: tuple[str, SavedPlan], on_the_command_line: Path, over_the_api: dict[str, Any]
) -> None:
    _, saved = base
    assert over_the_api["fingerprint"] == project_fingerprint(saved.project)
    kept = sorted((on_the_command_line / "plans").glob("*/plan.json"))
    for path, scenario in zip(kept, scenarios(), strict=True):
        plan = read_plan(path)
        changed = scenario.apply(saved.project, saved.plan.assignment).project
        assert plan.extras["scenario"]["base"] == over_the_api["fingerprint"]
        assert plan.extras["scenario"]["changes"] == [str(scenario)]
        assert project_fingerprint(plan.project) == project_fingerprint(changed)


def test_the_answers_tell_what_was_asked(in_python: dict[str, Answer]) -> None:
    """By hand, on two weeks: Ada and Dora weekly; Ben (closed) and Cleo fortnightly."""

    def hours(words: str) -> float:
        return in_python[words]["0", "service_h", ""]

    today = hours(BASE_NAME)
    assert hours("reopen customer:ben") == pytest.approx(today + 1.0)
    assert hours("close customer:cleo") == pytest.approx(today - 0.5)
    assert hours("+customer at 45.015,9.01 every 2 weeks 30 min grade B as eli") == pytest.approx(today + 0.5)
    assert hours("travel x1.5") == pytest.approx(today)
