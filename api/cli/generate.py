"""``rounds generate``: write a synthetic area of any size."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from routing.errors import InvalidInput, Issue
from routing.generate import generate as make_area
from routing.generate.area import DEFAULT_CENTRE


def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder for customers.csv and reps.csv.")],
    customers: Annotated[int, typer.Option("--customers", help="Number of customers.")] = 2000,
    reps: Annotated[int, typer.Option("--reps", help="Number of reps.")] = 40,
    clusters: Annotated[int, typer.Option("--clusters", help="Clusters of towns, 70 km apart.")] = 3,
    weeks: Annotated[int, typer.Option("--weeks", help="Horizon over which the workload is reckoned.")] = 4,
    fill: Annotated[float, typer.Option("--fill", help="Share of the reps' time that visits and travel take.")] = 0.85,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same files.")] = 0,
    centre: Annotated[
        str, typer.Option("--centre", help="Middle of the area as LAT,LON.")
    ] = f"{DEFAULT_CENTRE[0]},{DEFAULT_CENTRE[1]}",
) -> None:
    """Write customers.csv and reps.csv of a made-up area whose workload fits its reps."""
    area = make_area(
        customers, reps, clusters=clusters, weeks=weeks, fill=fill, seed=seed, centre=_parse_centre(centre)
    )
    paths = area.write(out)
    work = area.workload
    console = Console()
    for path, count in zip(paths, (len(area.customers), len(area.reps)), strict=True):
        console.print(f"{path}: {count} rows", highlight=False, soft_wrap=True)
    console.print(
        f"{work.visits:.0f} visits in {weeks} weeks; estimated {work.fill:.0%} of the reps' time, "
        f"{work.travel_share:.0%} of it on the way (straight-line estimate).",
        highlight=False,
        soft_wrap=True,
    )


def _parse_centre(text: str) -> tuple[float, float]:
    parts = text.replace(";", ",").split(",")
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise InvalidInput(
            [Issue(what=f"--centre '{text}' is no position.", cure="Write LAT,LON in degrees, such as 48.9,9.9.",
                   value=text, code="bad_argument")]
        ) from None  # fmt: skip
    return lat, lon
