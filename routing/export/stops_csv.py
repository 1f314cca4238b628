"""``stops.csv``: one row a stop, local ISO times, for other programs and for spreadsheets."""

import csv
from pathlib import Path
from typing import Final

from routing.export.cells import csv_text
from routing.export.lookup import Lookup
from routing.export.words import local
from routing.geo.datum import Datum, from_wgs84
from routing.geo.links import NavigationApp, navigation_link
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["COLUMNS", "write_stops_csv"]

COLUMNS = (
    "rep_id",
    "date",
    "sequence",
    "customer_id",
    "customer_name",
    "lat",
    "lon",
    "arrival",
    "start",
    "departure",
    "travel_s",
    "travel_m",
    "wait_s",
)
_APPS: Final = {Datum.GCJ02: NavigationApp.AMAP, Datum.BD09: NavigationApp.BAIDU}


def write_stops_csv(project: Project, plan: JourneyPlan, path: Path, *, datum: Datum = Datum.WGS84) -> Path:
    """Write all stops, by rep, date and order, as UTF-8 CSV.

    Times are local date-times without a zone (``2026-03-02T08:15:00``), travel is from the previous place, seconds
    and metres. A text that a spreadsheet would run as a formula gets a leading apostrophe. ``lat`` and ``lon`` are
    WGS-84 always. With the `datum` of Amap's or Baidu's maps there are also its coordinates (``lat_gcj02``,
    ``lon_gcj02``) and ``navigation``, a link into that app.
    """
    app = _APPS.get(datum)
    displaced = (f"lat_{datum}", f"lon_{datum}", "navigation") if app else ()
    lookup = Lookup.of(project, plan)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS + displaced)
        for route in plan.routes:
            for sequence, stop in enumerate(route.stops, start=1):
                customer = lookup.customers[stop.customer_id]
                at = customer.location
                there: list[float | str] = []
                if app:
                    there += [round(float(x), 6) for x in from_wgs84(at.lat, at.lon, datum)]
                    there.append(navigation_link(at.lat, at.lon, app, name=customer.name))
                times = (local(route.date, t).isoformat() for t in (stop.arrival, stop.start, stop.departure))
                rows.writerow(
                    (
                        csv_text(route.rep_id),
                        route.date.isoformat(),
                        sequence,
                        csv_text(customer.customer_id),
                        csv_text(customer.name),
                        at.lat,
                        at.lon,
                        *times,
                        stop.travel_s,
                        stop.travel_m,
                        stop.wait_s,
                        *there,
                    )
                )
    return path
