"""``rounds demo``: the main job on the bundled sample, with embedded defaults."""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from api.cli.plan import calendar_from, run
from api.outputs import FolderOptions
from api.planning import PlanningParams
from routing.io import load_project_files
from routing.project import Project
from routing.travel.great_circle import GreatCircle

SAMPLE = "samples/la_serena"
START = date(2026, 11, 2)
WEEKS = 4
COUNTRY = "CL"
TIMEZONE = "America/Santiago"


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the plan.")] = Path("demo-plan"),
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same plan.")] = 0,
) -> None:
    """Plan the bundled sample: La Serena-Coquimbo, 350 customers, 5 reps, four weeks."""
    folder = Path(str(files("data").joinpath(SAMPLE)))
    loaded = load_project_files(folder / "customers.csv", folder / "reps.csv", start=START, weeks=WEEKS)
    project = Project(customers=loaded.customers, reps=loaded.reps, calendar=calendar_from(START, WEEKS, COUNTRY))
    options = FolderOptions(timezone=TIMEZONE)
    run(project, PlanningParams(seed=seed), GreatCircle(), out=out, options=options, data_report=loaded.report)
