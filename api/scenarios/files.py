"""The folder of a comparison: tidy figures, scenarios to repeat it, a plan per scenario, pictures and report."""

import re
from pathlib import Path

from api.areas import territory_areas
from api.scenarios.comparison import Comparison
from api.scenarios.pictures import comparison_picture
from api.scenarios.report import Language, report_content, write_html, write_pdf
from routing.export import write_plan
from routing.scenario import write_scenarios


def write_comparison(
    compared: Comparison,
    out: Path,
    *,
    question: str = "",
    language: Language = Language.ENGLISH,
    pdf: bool = True,
) -> list[Path]:
    """Write everything that people take from a comparison.

    Returns
    -------
    list of Path
        ``report.html``, ``report.pdf``, ``figures.csv`` (tidy), ``differences.csv``, ``figures.svg``,
        ``scenarios.yaml``, and ``plans/…/plan.json`` per scenario, which `rounds map` and `rounds check` read.
    """
    out.mkdir(parents=True, exist_ok=True)
    content = report_content(compared, language=language, question=question)
    files = [write_html(content, out / "report.html")]
    if pdf:
        files.append(write_pdf(content, out / "report.pdf"))
    compared.frame().to_csv(out / "figures.csv", index=False)
    compared.differences().to_csv(out / "differences.csv", index=False)
    comparison_picture(compared).savefig(out / "figures.svg")
    files += [out / name for name in ("figures.csv", "differences.csv", "figures.svg")]
    files.append(write_scenarios([o.scenario for o in compared.outcomes], out / "scenarios.yaml"))
    for number, outcome in enumerate(compared.outcomes, 1):
        folder = f"{number:02d} " + re.sub(r"[^\w\-+. ]+", "_", outcome.name)[:60].strip()
        extras = {
            "territories": territory_areas(outcome.project, outcome.plan, outcome.alignment),
            "capacity": outcome.estimate.verdict.to_dict(),
            "scenario": {
                "name": outcome.name, "changes": [str(c) for c in outcome.scenario.changes],
                "base": compared.base.fingerprint, "seeds": list(compared.seeds),
                "planned_again": list(outcome.solved_again),
            },
        }  # fmt: skip
        files.append(write_plan(outcome.project, outcome.plan, out / "plans" / folder, extras=extras))
    return files
