"""A comparison as plain JSON values and back, so that figures, plans and reports can be had from it at any time."""

from typing import Any

from api.scenarios.comparison import Comparison
from api.scenarios.estimate import Estimate
from api.scenarios.outcome import Base, Outcome, Run
from routing.check import Violation
from routing.export.convert import from_json_values, to_json_values
from routing.plan import JourneyPlan
from routing.project import Project
from routing.scenario import scenario_from_values, scenario_to_values
from territories.alignment import Alignment

PLACE = "database"


def comparison_values(compared: Comparison) -> dict[str, Any]:
    """Everything that a comparison says."""
    base = compared.base
    return {
        "base": {
            "project": to_json_values(base.project),
            "plan": to_json_values(base.plan),
            "plans": [to_json_values(p) for p in base.plans],
            "fingerprint": base.fingerprint,
        },
        "outcomes": [
            {
                "scenario": scenario_to_values(o.scenario),
                "project": to_json_values(o.project),
                "alignment": to_json_values(o.alignment),
                "estimate": to_json_values(o.estimate),
                "runs": [
                    {"seed": r.seed, "plan": to_json_values(r.plan), "violations": to_json_values(r.violations)}
                    for r in o.runs
                ],
                "solved_again": list(o.solved_again),
                "kept": list(o.kept),
                "seconds": o.seconds,
            }
            for o in compared.outcomes
        ],
    }


def comparison_of(values: dict[str, Any]) -> Comparison:
    """The comparison of :func:`comparison_values`."""
    base = values["base"]
    return Comparison(
        base=Base(
            project=_read(base["project"], Project), plan=_read(base["plan"], JourneyPlan),
            plans=tuple(_read(p, JourneyPlan) for p in base["plans"]), fingerprint=base["fingerprint"],
        ),
        outcomes=tuple(
            Outcome(
                scenario=scenario_from_values(o["scenario"], file=PLACE),
                project=_read(o["project"], Project),
                alignment=_read(o["alignment"], Alignment),
                estimate=_read(o["estimate"], Estimate),
                runs=tuple(
                    Run(
                        seed=r["seed"],
                        plan=_read(r["plan"], JourneyPlan),
                        violations=tuple(_read(v, Violation) for v in r["violations"]),
                    )
                    for r in o["runs"]
                ),
                solved_again=tuple(o["solved_again"]),
                kept=tuple(o["kept"]),
                seconds=o["seconds"],
            )
            for o in values["outcomes"]
        ),
    )  # fmt: skip


def _read[T](value: object, kind: type[T]) -> T:
    return from_json_values(value, kind, file=PLACE, part=kind.__name__)
