"""The description of the API: complete, with examples that are true, and readable without the internet."""

import re
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.openapi import bodies, operations
from api.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(database_url="sqlite://")).openapi()


def test_it_is_complete(document: dict[str, Any]) -> None:
    ids = [op["operationId"] for _, _, op in operations(document)]
    assert len(ids) == len(set(ids))
    for _, _, op in operations(document):
        assert op.get("description") or op.get("summary"), op["operationId"]
    assert document["components"]["schemas"]["Problem"]["required"]
    assert {"HTTPBearer", "APIKeyCookie"} <= set(document["components"]["securitySchemes"])


def test_every_json_body_has_an_example_of_its_shape(document: dict[str, Any]) -> None:
    """When this fails after a change of the API: ``python -m tests.api.examples tests/api/test_IT.py``."""
    missing, wrong = [], []
    for _, _, op in operations(document):
        for name, content in bodies(op):
            place = f"{name} of {op['operationId']}"
            if "example" not in content:
                missing.append(place)
                continue
            shape = {**content.get("schema", {}), "components": document["components"]}
            faults = jsonschema.Draft202012Validator(shape).iter_errors(content["example"])
            wrong += [f"{place}: {fault.json_path} {fault.message[:100]}" for fault in faults]
    assert (missing, wrong) == ([], [])


def test_examples_tell_something(document: dict[str, Any]) -> None:
    """A list of an example has an entry, so that a reader sees what entries look like."""
    answers = {op["operationId"]: c.get("example") for _, _, op in operations(document) for _, c in bodies(op)}
    empty = [name for name, answer in answers.items() if not answer or not _entries(answer)]
    assert empty == []


def _entries(answer: Any) -> bool:
    return not isinstance(answer, dict) or (bool(answer.get("items", True)) and bool(answer.get("features", True)))


def test_the_page_to_read_it_on_needs_nobody_else() -> None:
    with TestClient(create_app(Settings(database_url="sqlite://"))) as client:
        page = client.get("/docs").text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert len(loaded) == 3
        for address in loaded:
            assert address.startswith("/assets/")
            assert client.get(address).status_code == 200
