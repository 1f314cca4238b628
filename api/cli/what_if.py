"""``rounds what-if``: options held against a plan, with a report for the manager."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.scenarios.comparison import Comparison
from api.scenarios.files import write_comparison
from api.scenarios.report import Language
from api.scenarios.run import Progress as Told
from api.scenarios.run import RunParams, run_scenarios
from routing.errors import InvalidInput, Issue
from routing.export import read_plan
from routing.scenario import FORMS, Scenario, Territories, parse_changes, read_scenarios
from routing.travel.named import provider_named

what_if = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

CHANGES = "Changes; 'or' begins the next option. " + " | ".join(FORMS)


# a change may begin with a minus sign
@what_if.command("what-if", context_settings={"ignore_unknown_options": True})
def compare(
    base: Annotated[Path, typer.Argument(help="Folder of a plan, or its plan.json.")],
    changes: Annotated[list[str] | None, typer.Argument(help=CHANGES)] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for figures, plans and report.")] = Path("what-if"),
    file: Annotated[Path | None, typer.Option("--file", help="More scenarios: YAML or JSON.")] = None,
    question: Annotated[str, typer.Option("--question", help="What is to be decided; heads the report.")] = "",
    repeats: Annotated[
        int, typer.Option("--repeats", min=1, max=30, help="Seeds; from 2 on noise is told from difference.")
    ] = 1,
    effort: Annotated[float, typer.Option("--effort", help="Search budget as a multiple of a plan's.")] = 1.0,
    bound: Annotated[bool, typer.Option("--bound", help="Also prove the least travel of each plan's visits.")] = False,
    territories: Annotated[
        Territories, typer.Option("--territories", help="What happens to the base's territories.")
    ] = Territories.AUTO,
    language: Annotated[Language, typer.Option("--language", help="Language of the report.")] = Language.ENGLISH,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Also write the report as PDF.")] = True,
    travel: Annotated[str, typer.Option("--travel", help="Where travel times of the plan came from.")] = "great_circle",
    roads: Annotated[Path | None, typer.Option("--roads", help="Roads that the plan was made with.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="First seed.")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes side by side.")] = None,
) -> None:
    """Ask what if: `rounds what-if plan "+rep at -29.9,-71.25" or "hours all +30 min" --repeats 3`."""
    console = Console(highlight=False)
    saved = read_plan(base)
    scenarios = [*options_of(changes or [], territories), *(read_scenarios(file) if file else ())]
    if not scenarios:
        raise InvalidInput([Issue(what="Nothing is asked.", cure="Give a change, or --file with scenarios.")])
    params = RunParams(seeds=tuple(range(seed, seed + repeats)), effort=effort, bounds=bound, workers=workers)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Estimating", total=1.0)

        def tell(step: Told) -> None:
            if step.estimate is not None:
                console.print(f"{step.scenario}: {step.estimate.verdict.sentence()}", soft_wrap=True, markup=False)
            bar.update(task, completed=step.share, description=f"Planning {step.scenario or 'the base again'}")

        compared = run_scenarios(
            saved.project, saved.plan, scenarios, provider_named(travel, roads=roads), params=params, on_progress=tell
        )
    compared.require_clean()
    files = write_comparison(compared, out, question=question, language=language, pdf=pdf)
    _show(console, compared)
    console.print(f"{len(files)} files in {out}: open report.html in a browser.", soft_wrap=True)


def options_of(words: list[str], territories: Territories = Territories.AUTO) -> list[Scenario]:
    """Scenarios of the command line: changes in a row, options parted by ``or``; named by what they change."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word.strip().casefold() == "or":
            groups.append([])
        else:
            groups[-1].append(word)
    parsed = [parse_changes(group) for group in groups if group]
    return [Scenario(name="; ".join(map(str, c)), changes=c, territories=territories) for c in parsed]


def _show(console: Console, compared: Comparison) -> None:
    shown = compared.table()
    table = Table(title="What if", title_justify="left")
    table.add_column("figure")
    for name in shown.columns:
        table.add_column(str(name), justify="right")
    for label, cells in zip(shown.index, shown.to_numpy().tolist(), strict=True):
        table.add_row(str(label), *map(str, cells))
    console.print(table)
    seeds = len(compared.seeds)
    console.print(
        f"Means of {seeds} seeds; * larger than the noise of the search."
        if seeds > 1
        else "One seed: small differences may be noise. Add --repeats 3 before acting on them.",
        soft_wrap=True,
    )
