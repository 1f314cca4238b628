"""The folder of a plan: territories as polygons, every export, map and report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.areas import territories_of
from api.planning import OnStep, PlannedProject, Step
from routing.export import along_roads, write_outputs
from routing.geo.datum import Datum
from routing.io import DataReport
from routing.maps import plan_map, write_map
from routing.report import write_report
from routing.travel.base import TravelProvider


@dataclass(frozen=True, kw_only=True)
class FolderOptions:
    """Choices about the files.

    Parameters
    ----------
    timezone
        IANA zone of the calendars; None writes local times without a zone.
    offline
        Whether the map does without a background from a tile server.
    datum
        Of the maps that people use: GCJ-02 puts Amap under the map, and its coordinates and links into ``stops.csv``.
    """

    timezone: str | None = None
    offline: bool = False
    datum: Datum = Datum.WGS84


def write_plan_folder(
    planned: PlannedProject,
    out: Path,
    *,
    provider: TravelProvider,
    options: FolderOptions | None = None,
    data_report: DataReport | None = None,
    on_step: OnStep = lambda step: None,
) -> list[Path]:
    """Write everything that people take from a plan.

    Parameters
    ----------
    provider
        Gives the ways along the roads that maps and GPX tracks draw; estimates have none.

    Returns
    -------
    list of Path
        The files written, ``plan.json`` first.
    """
    options = options or FolderOptions()
    territories = territories_of(planned)
    geometry = None if provider.estimated else along_roads(provider)
    extras: dict[str, Any] = {
        "capacity": planned.verdict.to_dict(),
        "check": {"violations": [str(v) for v in planned.violations]},
    }
    if data_report is not None:
        extras["data_report"] = data_report.to_dict()
    files = write_outputs(
        planned.project, planned.plan, out, territories=territories, extras=extras, geometry=geometry,
        timezone=options.timezone, datum=options.datum,
        on_progress=_told(on_step),
    )  # fmt: skip
    on_step(Step(phase="files", name="map.html"))
    files.append(
        write_map(
            plan_map(
                planned.project,
                planned.plan,
                territories=territories,
                geometry=geometry,
                offline=options.offline,
                amap=options.datum is Datum.GCJ02,
            ),
            out / "map.html",
        )
    )
    on_step(Step(phase="files", name="report.html"))
    files.append(
        write_report(
            planned.project,
            planned.plan,
            out / "report.html",
            verdict=planned.verdict,
            data_report=data_report,
            violations=planned.violations,
        )
    )
    return files


def _told(on_step: OnStep) -> Callable[[str, int, int], None]:
    return lambda name, done, of: on_step(Step(phase="files", name=name, share=done / max(1, of)))
