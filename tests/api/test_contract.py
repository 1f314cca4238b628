"""Requests of every shape against the description of the API: no server error, no answer that it does not describe.

``ROUNDS_CASES`` is the number of cases for each of the operations. ``python -m tests.benchmarks.service.fuzz`` asks for
more than 10,000 in all, and counts them.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.world import V1, build

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

CASES = int(os.environ.get("ROUNDS_CASES", "2"))
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
ENDLESS = ("/events",)
"""Streams: they end when the work does."""


def fuzz(cases_each: int, *, path: str = "") -> tuple[int, int, dict[str, str]]:
    """Ask every operation so often; the numbers of operations and of cases, and the faults by operation.

    Parameters
    ----------
    path
        Only operations whose path begins with this.
    """
    world = build("sqlite://", four_eyes=False, vroom_seconds=0.2)
    schema = schemathesis.openapi.from_asgi("/openapi.json", world.app)
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS]
    headers = {"Authorization": f"Bearer {world.tokens['admin']}", "If-Match": "*"}
    ours = {"project_id": world.projects["north"], "plan_id": world.plans["north"], "unit_id": world.units["north"]}
    found: dict[str, str] = {}
    operations = cases = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith(ENDLESS) or not operation.path.startswith(path):
            continue
        operations += 1

        def ask(case: Any) -> None:
            nonlocal cases
            cases += 1
            if isinstance(case.path_parameters, dict):  # ids that exist get further than nonsense
                case.path_parameters.update({k: v for k, v in ours.items() if k in case.path_parameters})
            case.call_and_validate(headers=headers, checks=checks)

        run = settings(
            max_examples=cases_each,
            deadline=None,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(operation.as_strategy())(ask))
        try:
            run()
        except (Exception, BaseExceptionGroup) as error:  # every operation is tried before the faults are told
            found[operation.label] = str(error)[:1500]
    if world.client("admin").get(f"{V1}/session").status_code != 200:
        found["GET /session"] = "The administrator was locked out on the way: what came after tested nothing."
    world.service.store.close()
    return operations, cases, found


@pytest.mark.slow
def test_every_answer_is_one_that_the_description_names() -> None:
    _, cases, found = fuzz(CASES)
    assert not found, "\n\n".join(f"{label}: {fault}" for label, fault in found.items())
    assert cases > 0
