"""``rounds staff``: how many reps do these customers need?"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from routing.domain import Break, Location, Rep, TravelMode, WorkDay
from routing.errors import InvalidInput, Issue
from routing.geo.datum import Datum
from routing.io import ReadOptions, load_files, load_project_files
from territories import TerritoryProblem
from territories.staffing import Staffing
from territories.staffing import staff as find_staff


def staff(
    customers: Annotated[Path, typer.Argument(help="Customers: CSV, XLSX or GeoJSON.")],
    reps: Annotated[
        Path | None, typer.Argument(help="Present reps, who keep their homes; without them, reps of 8 hours a day.")
    ] = None,
    weeks: Annotated[int, typer.Option("--weeks", help="Length of the call cycle.")] = 4,
    fill: Annotated[float, typer.Option("--fill", help="Share of the working hours that may be planned.")] = 0.95,
    most: Annotated[int | None, typer.Option("--most", help="Largest number of reps tried.")] = None,
    mode: Annotated[TravelMode, typer.Option("--mode", help="How reps travel when none are given.")] = TravelMode.CAR,
    datum: Annotated[Datum, typer.Option("--datum", help="Datum of the coordinates in the files.")] = Datum.WGS84,
    seed: Annotated[int, typer.Option("--seed", help="Same input and seed, same answer.")] = 0,
) -> None:
    """Say how many reps are needed: two lower bounds, the first number that fits by estimate, the next home."""
    console = Console(highlight=False)
    if reps is not None:
        loaded = load_project_files(customers, reps, datum=datum, weeks=weeks)
        people, free = loaded.reps, frozenset[str]()
    else:
        loaded = load_files([customers], ReadOptions(datum=datum))
        if not loaded.customers:
            raise InvalidInput(
                [Issue(what=f"'{customers.name}' yields no customer.", cure="See `rounds check-data` for the reasons.")]
            )
        people = (_usual_rep(mode, loaded.customers[0].location),)
        free = frozenset({people[0].rep_id})
    bound = {r.rep_id for r in people}
    known = tuple(
        c if c.rep_id is None or c.rep_id in bound else replace(c, rep_id=None, rep_locked=False)
        for c in loaded.customers
    )
    if reps is None:
        people = (replace(people[0], skills=frozenset(s for c in known for s in c.skills)),)
    problem = TerritoryProblem(customers=known, reps=people, cycle_weeks=weeks, free_reps=free)
    _show(console, find_staff(problem, fill=fill, most=most, seed=seed))


def _usual_rep(mode: TravelMode, place: Location) -> Rep:
    """Monday to Friday, 8:30 to 17:30 with an hour's break."""
    day = WorkDay(start=30600, end=63000, lunch=Break(duration=3600, early=43200, late=50400))
    return Rep(rep_id="new0", name="Rep", home_base=place, hours=dict.fromkeys(range(5), day), mode=mode)


def _show(console: Console, found: Staffing) -> None:
    grades = sorted({g for p in found.curve for g in p.coverage})
    table = Table(title="Reps, travel and coverage", title_justify="left")
    for name in ("reps", "travel h", "on site h", "offered h", "fullest rep", *(f"grade {g or '–'}" for g in grades)):
        table.add_column(name, justify="right")
    for p in found.curve:
        table.add_row(
            str(p.reps), f"{p.travel_hours:,.0f}", f"{p.service_hours:,.0f}", f"{p.offered_hours:,.0f}",
            f"{p.fullest:.0%}",
            *(f"{p.coverage.get(g, 0.0):.0%}" for g in grades),
        )  # fmt: skip
    console.print(table)
    console.print(
        f"At least {found.bound_service} reps for the time on site alone, {found.bound_travel} with the travel that no "
        f"order of visits avoids; {found.by_estimate or 'no number tried'} by estimate.",
        soft_wrap=True,
    )
    if found.next_home is not None:
        place = f"{found.next_home.lat:.5f}, {found.next_home.lon:.5f}"
        console.print(f"Best home for one more rep: {place}.", soft_wrap=True)
