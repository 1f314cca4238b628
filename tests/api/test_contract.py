"""Requests of every shape against the description of the API: no server error, no answer that it does not describe.

``ROUNDS_CASES`` is the number of cases for each of the operations; with 100 there are more than 10,000 in all.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.world import build

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

CASES = int(os.environ.get("ROUNDS_CASES", "2"))
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
ENDLESS = ("/events",)
"""Streams: they end when the work does."""


@pytest.mark.slow
def test_every_answer_is_one_that_the_description_names() -> None:
    world = build("sqlite://", four_eyes=False)
    schema = schemathesis.openapi.from_asgi("/openapi.json", world.app)
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS]
    headers = {"Authorization": f"Bearer {world.tokens['admin']}", "If-Match": "*"}
    ours = {"project_id": world.projects["north"], "plan_id": world.plans["north"]}
    found: dict[str, str] = {}
    cases = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith(ENDLESS):
            continue

        def ask(case: Any) -> None:
            nonlocal cases
            cases += 1
            if isinstance(case.path_parameters, dict):  # ids that exist get further than nonsense
                case.path_parameters.update({k: v for k, v in ours.items() if k in case.path_parameters})
            case.call_and_validate(headers=headers, checks=checks)

        run = settings(
            max_examples=CASES,
            deadline=None,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(operation.as_strategy())(ask))
        try:
            run()
        except (Exception, BaseExceptionGroup) as error:  # every operation is tried before the test fails
            found[operation.label] = str(error)[:1500]
    world.service.store.close()
    assert not found, "\n\n".join(f"{label}: {fault}" for label, fault in found.items())
    assert cases > 0
