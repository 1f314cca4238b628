"""``rounds map``: draw the map of a plan anew."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.cli.directions import DirectionsLanguage
from api.lifecycle.view import restricted
from routing.basemap import Language as NameLanguage
from routing.export import along_roads, read_plan
from routing.maps import plan_map, write_map
from routing.maps.background import background_of
from routing.maps.streets import streets_of
from routing.travel.directions import Language
from routing.travel.named import provider_named


def draw_map(
    plan_dir: Annotated[Path, typer.Argument(help="Folder of a plan, or its plan.json.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="HTML file; map.html in the plan's folder if left out.")
    ] = None,
    roads: Annotated[
        Path | None, typer.Option("--roads", help="Draw the ways along these roads (made by `rounds roads build`).")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="A map that asks no tile server.")] = False,
    basemap: Annotated[
        Path | None,
        typer.Option("--basemap", help="OpenStreetMap extract to draw the streets from, inside the page."),
    ] = None,
    vector: Annotated[
        bool, typer.Option("--vector", help="Streets of the basemap as lines: sharp at every zoom, names included.")
    ] = False,
    amap: Annotated[
        bool, typer.Option("--amap", help="Amap tiles as the background, moved to where they belong: for China.")
    ] = False,
    rep: Annotated[
        list[str] | None, typer.Option("--rep", help="Only this rep, for a page to take along; may be repeated.")
    ] = None,
    language: Annotated[
        DirectionsLanguage, typer.Option("--language", help="English or Simplified Chinese; a reader can change it.")
    ] = DirectionsLanguage.ENGLISH,
) -> None:
    """Draw the map of a plan: territories, day routes per rep and week, customers."""
    saved = restricted(read_plan(plan_dir), frozenset(rep) if rep else None)
    folder = plan_dir if plan_dir.is_dir() else plan_dir.parent
    words: Language = "zh" if language is DirectionsLanguage.CHINESE else "en"
    names: NameLanguage = "zh" if words == "zh" else "local"
    drawn = plan_map(
        saved.project,
        saved.plan,
        territories=saved.extras.get("territories"),
        geometry=along_roads(provider_named(roads=roads)) if roads else None,
        offline=offline or basemap is not None,
        background=None
        if vector or basemap is None
        else background_of(saved.project.active_customers, saved.project.reps, basemap, language=names),
        streets=streets_of(saved.project, basemap, language=names) if basemap and vector else None,
        amap=amap,
        language=words,
    )
    path = write_map(drawn, out or folder / ("map.html" if not rep else f"map_{'_'.join(sorted(rep))}.html"))
    Console(highlight=False).print(f"{path}", soft_wrap=True)
