"""``rounds check``: does a plan keep every rule? The answer comes from inputs and travel matrix alone."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.planning import check_plan
from routing.export import read_plan, short_fingerprint
from routing.travel.named import provider_named


def check(
    plan_dir: Annotated[Path, typer.Argument(help="Folder of a plan, or its plan.json.")],
    roads: Annotated[Path | None, typer.Option("--roads", help="Roads that the plan was made with.")] = None,
) -> None:
    """Check a plan again, also one that was edited by hand; exit code 2 when it breaks a rule."""
    console = Console(highlight=False)
    saved = read_plan(plan_dir)
    provider = provider_named("roads" if roads else "great_circle", roads=roads)
    violations = check_plan(saved.project, saved.plan, provider)
    for violation in violations:
        console.print(f"[red]✗[/] {violation}", soft_wrap=True)
    stops = sum(len(route.stops) for route in saved.plan.routes)
    edited = " (edited by hand since it was written)" if saved.edited else ""
    console.print(
        f"Plan {short_fingerprint(saved.plan)}{edited}: {len(saved.plan.routes)} day routes, {stops} visits, "
        f"{len(violations)} broken rules.",
        soft_wrap=True,
    )
    if violations:
        raise typer.Exit(2)
