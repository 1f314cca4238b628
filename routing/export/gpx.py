"""One GPX file per day route, for navigation apps: numbered way-points, the route, and the track along the roads."""

from pathlib import Path

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint

from routing.domain import Location
from routing.export.cells import file_names, printable
from routing.export.lines import Geometry
from routing.export.lookup import Lookup
from routing.export.words import clock, day_name
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project

__all__ = ["day_gpx", "write_gpx"]


def write_gpx(project: Project, plan: JourneyPlan, folder: Path, *, geometry: Geometry | None = None) -> list[Path]:
    """Write ``<folder>/<rep>/<date>.gpx`` for every day route."""
    lookup = Lookup.of(project, plan)
    names = file_names(rep.rep_id for rep in project.reps)
    written = []
    for route in plan.routes:
        path = folder / names[route.rep_id] / f"{route.date.isoformat()}.gpx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(day_gpx(route, lookup, geometry=geometry), "utf-8")
        written.append(path)
    return written


def day_gpx(route: DayRoute, lookup: Lookup, *, geometry: Geometry | None = None) -> str:
    """GPX 1.1 of one day: a way-point per stop (``1 Ada's Café``, arrival to departure) and a route from start to end.

    With `geometry` the file also holds the track along the roads.
    """
    rep = lookup.reps[route.rep_id]
    title = printable(f"{rep.name}, {day_name(route.date)}")
    gpx = GPX()
    gpx.creator = "rounds"
    gpx.name = title
    way = GPXRoute(name=title)
    places = lookup.places(route)
    way.points.append(_point(places[0], "Start", f"leave {clock(route.leave)}"))
    for sequence, (stop, place) in enumerate(zip(route.stops, places[1:-1], strict=True), start=1):
        name = printable(f"{sequence} {lookup.customers[stop.customer_id].name}")
        text = f"arrive {clock(stop.arrival)}, visit {clock(stop.start)} to {clock(stop.departure)}"
        gpx.waypoints.append(GPXWaypoint(place.lat, place.lon, name=name, description=text))
        way.points.append(_point(place, name, text))
    way.points.append(_point(places[-1], "End", f"back {clock(route.back)}"))
    gpx.routes.append(way)
    if geometry:
        segment = GPXTrackSegment([GPXTrackPoint(lat, lon) for lat, lon in geometry(places, rep.mode)])
        track = GPXTrack(name=title)
        track.segments.append(segment)
        gpx.tracks.append(track)
    return str(gpx.to_xml(version="1.1"))


def _point(place: Location, name: str, description: str) -> GPXRoutePoint:
    return GPXRoutePoint(place.lat, place.lon, name=name, description=description)
