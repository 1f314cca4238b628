"""Settings: each is described, documented and read from the environment; the service's own pages and description."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.logs import JsonLines
from api.settings import Settings
from tests.api.world import World

ROOT = Path(__file__).parents[2]
DOCUMENTED = (ROOT / "docs" / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_documented(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.description
    line = next(line for line in DOCUMENTED.splitlines() if line.startswith(f"| `ROUNDS_{name.upper()}` |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[2] == field.description
    assert cells[1] == ("" if field.default in (None, "") else f"`{json.dumps(field.default).strip(chr(34))}`")


def test_the_document_names_no_setting_that_is_not_there() -> None:
    named = {line.split("`")[1] for line in DOCUMENTED.splitlines() if line.startswith("| `ROUNDS_")}
    assert named == {f"ROUNDS_{name.upper()}" for name in Settings.model_fields}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_SESSION_SECONDS", "600")
    assert Settings().session_seconds == 600


def test_nothing_happens_at_import_or_construction(tmp_path: Path) -> None:
    """Importing and making the service opens no file, no connection and writes no line."""
    program = (
        "import sys, api.app, api.settings\n"
        "app = api.app.create_app(api.settings.Settings(database_url='sqlite:///made/rounds.db'))\n"
        "print(sys.modules.get('api.cli'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_service_works_without_any_environment() -> None:
    with TestClient(create_app(Settings(database_url="sqlite://"))) as client:
        assert client.get("/health").json()["status"] == "ok"


def test_the_description_is_complete() -> None:
    document = create_app(Settings(database_url="sqlite://")).openapi()
    operations = [op for methods in document["paths"].values() for op in methods.values()]
    ids = [op["operationId"] for op in operations]
    assert len(ids) == len(set(ids))
    for op in operations:
        assert op.get("description") or op.get("summary"), op["operationId"]
    assert document["components"]["schemas"]["Problem"]["required"]
    assert {"HTTPBearer", "APIKeyCookie"} <= set(document["components"]["securitySchemes"])


def test_the_log_holds_templates_and_figures_not_people(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="rounds")
    world.client("rep north").get(f"{world.project()}/customers", params={"q": "Bistro"})
    (record,) = [r for r in caplog.records if r.name == "rounds.request"]
    entry = json.loads(JsonLines().format(record))
    assert (entry["method"], entry["status"]) == ("GET", 200)
    assert "Bistro" not in json.dumps(entry)
    assert world.projects["north"] not in json.dumps(entry)


def test_an_exception_in_the_log_does_not_quote_data() -> None:
    try:
        raise ValueError("Ms Ada, +39 000 001")
    except ValueError:
        record = logging.getLogger("rounds").makeRecord("rounds", 40, "f", 1, "internal error", (), sys.exc_info())
    line = JsonLines().format(record)
    assert "Ada" not in line
    assert "ValueError" in line
