"""``rounds plan``: from two files to a folder that a rep could drive from tomorrow."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.cli.progress import progress_bar
from api.cli.summary import show_result
from api.outputs import FolderOptions, write_plan_folder
from api.planning import PlannedProject, PlanningParams, plan_project
from routing.calendar import Calendar
from routing.errors import InvalidInput, Issue, PlanRejected
from routing.geo.datum import Datum
from routing.io import DataReport, load_project_files
from routing.io.report_text import ReportText
from routing.io.traffic import parse_traffic
from routing.project import Nights, Policy, Project
from routing.travel.base import TravelProvider
from routing.travel.named import provider_named
from territories.problem import Present

USUAL_NIGHTS = Nights()
INCOMPLETE = 3
"""Exit code of a plan that leaves visits out."""


def plan(
    customers: Annotated[Path, typer.Argument(help="Customers: CSV, XLSX or GeoJSON.")],
    reps: Annotated[Path, typer.Argument(help="Reps: CSV, XLSX or GeoJSON.")],
    start: Annotated[datetime, typer.Option("--start", formats=["%Y-%m-%d"], help="First day of the plan.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the plan.")],
    weeks: Annotated[int, typer.Option("--weeks", help="Length of the call cycle.")] = 4,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", help="Search time over all reps; without it, as long as the size asks for."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Same input and seed, same plan.")] = 0,
    travel: Annotated[str, typer.Option("--travel", help="Where travel times come from.")] = "great_circle",
    roads: Annotated[Path | None, typer.Option("--roads", help="Folder made by `rounds roads build`.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Public holidays of this country: CL, DE-BY …")
    ] = None,
    datum: Annotated[Datum, typer.Option("--datum", help="Datum of the coordinates in the files.")] = Datum.WGS84,
    give_way: Annotated[
        str, typer.Option("--give-way", help="Grades in the order in which they give way when hours are short.")
    ] = "C,B,A",
    daily_standard: Annotated[
        list[str] | None, typer.Option("--daily-standard", help="CHANNEL=N: N visits of a channel fill a day.")
    ] = None,
    traffic: Annotated[
        list[str] | None,
        typer.Option(
            "--traffic", help="HOURS=FACTOR: travel then takes so many times as long: 'Mo-Fr 07:00-09:00=1.4'."
        ),
    ] = None,
    night_cost: Annotated[
        float, typer.Option("--night-cost", help="Price of a night away, for reps who may stay out.")
    ] = USUAL_NIGHTS.cost,
    night_saving: Annotated[
        float, typer.Option("--night-saving", help="A night away must spare more than so many minutes of travel.")
    ] = USUAL_NIGHTS.least_saving / 60,
    nights_in_a_row: Annotated[
        int, typer.Option("--nights-in-a-row", help="Most nights away in a row.")
    ] = USUAL_NIGHTS.max_in_a_row,
    nights_per_week: Annotated[
        int, typer.Option("--nights-per-week", help="Most nights away in a week.")
    ] = USUAL_NIGHTS.max_per_week,
    today_reps: Annotated[
        Present, typer.Option("--today-reps", help="What a customer's present rep means to the new territories.")
    ] = Present.IGNORE,
    balance: Annotated[float, typer.Option("--balance", help="Allowed deviation of workload, per cent.")] = 5.0,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Zone of the calendars (ICS), such as America/Santiago.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="A map that asks no tile server.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes side by side.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse files with faulty rows.")] = False,
    bound: Annotated[
        bool, typer.Option("--bound", help="Also prove how much less travel these visits could cost at most.")
    ] = False,
) -> None:
    """Plan territories, visit days and day routes, check them, and write everything to a folder."""
    calendar = calendar_from(start.date(), weeks, country)
    policy = Policy(
        grades=tuple(reversed(_grades(give_way))),
        daily_standards=_standards(daily_standard or []),
        balance_tolerance=balance / 100.0,
        hour_factors=parse_traffic(traffic or []),
        nights=Nights(
            max_in_a_row=nights_in_a_row,
            max_per_week=nights_per_week,
            least_saving=round(night_saving * 60),
            cost=night_cost,
        ),
    )
    provider = provider_named(travel, roads=roads)
    loaded = load_project_files(
        customers, reps, datum=datum, strict=strict, start=start.date(), weeks=weeks, travel=provider
    )
    project = Project(customers=loaded.customers, reps=loaded.reps, calendar=calendar, policy=policy)
    params = PlanningParams(seed=seed, seconds=seconds, workers=workers, present=today_reps, bound=bound)
    options = FolderOptions(timezone=timezone, offline=offline, datum=datum)
    run(project, params, provider, out=out, options=options, data_report=loaded.report)


def run(
    project: Project,
    params: PlanningParams,
    provider: TravelProvider,
    *,
    out: Path,
    options: FolderOptions | None = None,
    data_report: DataReport | None = None,
) -> None:
    """Plan a project, show how it goes, write the folder; ends with exit code 3 when visits are left out."""
    console = Console(highlight=False)
    if data_report is not None and data_report.issues:
        console.print(ReportText(data_report), soft_wrap=True)
    with progress_bar(console) as on_step:
        planned = plan_project(project, provider, params=params, on_step=on_step)
        _refuse_unless_clean(planned)
        written = write_plan_folder(
            planned, out, provider=provider, options=options, data_report=data_report, on_step=on_step
        )
    show_result(console, planned, out, written)
    if planned.plan.unserved:
        raise typer.Exit(INCOMPLETE)


def calendar_from(start: date, weeks: int, country: str | None) -> Calendar:
    """Calendar of the horizon; ``country`` is an ISO code, with a region after a dash (DE-BY)."""
    code, _, region = (country or "").partition("-")
    return Calendar.for_country(start=start, weeks=weeks, country=code or None, region=region or None)


def _refuse_unless_clean(planned: PlannedProject) -> None:
    if planned.violations:
        found = "\n".join(f"  {violation}" for violation in planned.violations[:20])
        raise PlanRejected(
            f"The checker found {len(planned.violations)} broken rules in the plan; nothing was written.\n{found}\n"
            "This is a defect of rounds: please report it with the two files and the seed."
        )


def _grades(text: str) -> list[str]:
    grades = [grade.strip() for grade in text.split(",") if grade.strip()]
    if not grades or len({*grades}) < len(grades):
        raise InvalidInput(
            [Issue(what=f"--give-way '{text}' is no list of grades.", cure="Write each grade once, such as C,B,A.")]
        )
    return grades


def _standards(items: list[str]) -> dict[str, int]:
    standards: dict[str, int] = {}
    faults = []
    for item in items:
        channel, _, number = item.rpartition("=")
        if channel and number.strip().isdigit() and int(number) > 0:
            standards[channel.strip()] = int(number)
        else:
            faults.append(Issue(what=f"--daily-standard '{item}' is not CHANNEL=N.", cure="Write e.g. hypermarket=8."))
    if faults:
        raise InvalidInput(faults)
    return standards
