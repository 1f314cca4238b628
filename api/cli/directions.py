"""``rounds directions``: the turn list of a day, leg by leg."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from routing.errors import InvalidInput, Issue
from routing.export import read_plan
from routing.export.lookup import Lookup
from routing.plan import DayRoute
from routing.project import Project
from routing.travel.base import UNREACHABLE, RouteLeg, as_latlon
from routing.travel.directions import Language, directions
from routing.travel.named import provider_named


class DirectionsLanguage(StrEnum):
    """Languages of turn lists."""

    ENGLISH = "en"
    CHINESE = "zh"


_HOME: dict[Language, str] = {"en": "the end of the day", "zh": "终点"}
_NO_WAY: dict[Language, str] = {"en": "No way on these roads.", "zh": "这些道路上没有路线。"}


def show_directions(
    plan_dir: Annotated[Path, typer.Argument(help="Folder of a plan, or its plan.json.")],
    roads: Annotated[Path, typer.Option("--roads", help="Folder made by `rounds roads build`.")],
    rep: Annotated[str, typer.Option("--rep", help="Id of the rep.")],
    day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the plan.")],
    language: Annotated[
        DirectionsLanguage, typer.Option("--language", help="English or Simplified Chinese.")
    ] = DirectionsLanguage.ENGLISH,
) -> None:
    """Turn list of one rep's day: every leg with its streets, turns and distances."""
    saved = read_plan(plan_dir)
    route = _route(saved.project, saved.plan.routes, rep, day)
    lookup = Lookup.of(saved.project, saved.plan)
    provider = provider_named("roads", roads=roads)
    way = provider.route(as_latlon(lookup.places(route)), profile=lookup.reps[rep].mode)
    words: Language = "zh" if language is DirectionsLanguage.CHINESE else "en"
    names = [*(lookup.customers[stop.customer_id].name for stop in route.stops), _HOME[words]]
    console = Console(highlight=False)
    console.print(Text(f"{lookup.reps[rep].name}, {route.date.isoformat()}", "bold"), soft_wrap=True)
    for number, (leg, name) in enumerate(zip(way.legs, names, strict=True), 1):
        console.print(Text(f"\n{number}. {name}{_length(leg, words)}", "bold"), soft_wrap=True)
        for line in _lines(leg, name, words):
            console.print(Text(f"   {line}"), soft_wrap=True)
    console.print(Text(f"\n{way.source}", "dim"), soft_wrap=True)


def _lines(leg: RouteLeg, name: str, language: Language) -> list[str]:
    if leg.duration >= UNREACHABLE:
        return [_NO_WAY[language]]
    return [line.text for line in directions(leg, language=language, to=name)]


def _length(leg: RouteLeg, language: Language) -> str:
    if leg.duration >= UNREACHABLE:
        return ""
    minutes, km = round(leg.duration / 60), f"{leg.distance / 1000:.1f}"
    return f"（{km} 公里，{minutes} 分钟）" if language == "zh" else f" ({km} km, {minutes} min)"


def _route(project: Project, routes: tuple[DayRoute, ...], rep: str, day: datetime) -> DayRoute:
    mine = [route for route in routes if route.rep_id == rep]
    found = next((route for route in mine if route.date == day.date()), None)
    if found is not None:
        return found
    if rep not in {r.rep_id for r in project.reps}:
        reps = ", ".join(sorted(r.rep_id for r in project.reps)[:20])
        raise InvalidInput([Issue(what=f"The plan has no rep '{rep}'.", cure=f"Choose one of: {reps}.", value=rep)])
    days = ", ".join(route.date.isoformat() for route in sorted(mine, key=lambda r: r.date)[:20])
    cure = f"Choose one of: {days}." if days else "The rep has no day with visits."
    raise InvalidInput([Issue(what=f"Rep '{rep}' has no route on {day.date()}.", cure=cure)])
