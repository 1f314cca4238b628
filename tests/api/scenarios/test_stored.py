"""A comparison kept as JSON says the same afterwards."""

import json

from api.scenarios.comparison import Comparison
from api.scenarios.report import report_content
from api.scenarios.stored import comparison_of, comparison_values


def test_round_trip(compared: Comparison) -> None:
    again = comparison_of(json.loads(json.dumps(comparison_values(compared))))
    assert again.frame().equals(compared.frame())
    assert again.differences().equals(compared.differences())
    assert [o.scenario for o in again.outcomes] == [o.scenario for o in compared.outcomes]
    assert [o.runs for o in again.outcomes] == [o.runs for o in compared.outcomes]
    assert report_content(again) == report_content(compared)
