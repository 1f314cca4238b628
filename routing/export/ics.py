"""One calendar file per rep (iCalendar, RFC 5545) with an event for every visit."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, vGeo

from routing.domain import Rep
from routing.errors import InvalidInput, Issue
from routing.export.cells import file_names
from routing.export.lookup import Lookup
from routing.export.words import clock, duration, kilometres, local
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["merged_calendars", "rep_calendar", "write_ics"]

PRODUCT = "-//rounds//visit plan//EN"


def write_ics(project: Project, plan: JourneyPlan, folder: Path, *, timezone: str | None = None) -> list[Path]:
    """Write ``<folder>/<rep>.ics`` for every rep with a visit.

    Parameters
    ----------
    timezone
        IANA name such as ``America/Santiago``. None writes *floating* times: local time wherever the calendar is.

    Raises
    ------
    InvalidInput
        If there is no such time zone.
    """
    lookup = Lookup.of(project, plan)
    zone = _zone(timezone)
    folder.mkdir(parents=True, exist_ok=True)
    names = file_names(rep.rep_id for rep in project.reps)
    written = []
    for rep_id in plan.routes_of():
        path = folder / f"{names[rep_id]}.ics"
        path.write_bytes(rep_calendar(project, plan, lookup.reps[rep_id], zone=zone))
        written.append(path)
    return written


def rep_calendar(project: Project, plan: JourneyPlan, rep: Rep, *, zone: ZoneInfo | None = None) -> bytes:
    """iCalendar file of one rep.

    An event's UID names the customer and the number of the visit in the horizon, so that a calendar moves the visit
    instead of doubling it when a new plan of the same horizon is imported. Contact data stay out of it.
    """
    customers = Lookup.of(project, plan).customers
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", f"Visits of {rep.name}")
    if zone:
        calendar.add("X-WR-TIMEZONE", zone.key)
    stamp = datetime.combine(project.calendar.start, datetime.min.time(), UTC)
    visit_number: Counter[str] = Counter()
    for route in sorted(plan.routes, key=lambda r: (r.date, r.rep_id)):
        for sequence, stop in enumerate(route.stops, start=1):
            visit_number[stop.customer_id] += 1
            if route.rep_id != rep.rep_id:
                continue
            customer = customers[stop.customer_id]
            facts = [
                f"Stop {sequence} of {len(route.stops)}",
                f"Arrive {clock(stop.arrival)} after {duration(stop.travel_s)}, {kilometres(stop.travel_m)}"
                + (" (travel time estimated)" if plan.travel_estimated else ""),
                f"Customer {customer.customer_id}",
                *(
                    f"{name}: {value}"
                    for name, value in (
                        ("Grade", customer.grade),
                        ("Channel", customer.channel),
                        ("Purpose", customer.purpose),
                    )
                    if value
                ),
            ]
            event = Event()
            event.add("UID", _uid(project, customer.customer_id, visit_number[customer.customer_id]))
            event.add("DTSTAMP", stamp)
            event.add("DTSTART", local(route.date, stop.start).replace(tzinfo=zone))
            event.add("DTEND", local(route.date, stop.departure).replace(tzinfo=zone))
            event.add("SUMMARY", f"{sequence}. {customer.name}")
            event.add("DESCRIPTION", "\n".join(facts))
            event.add("GEO", vGeo((customer.location.lat, customer.location.lon)))
            calendar.add_component(event)
    if zone:
        first, horizon = project.calendar.start, timedelta(days=project.calendar.horizon)
        calendar.add_missing_timezones(first_date=first - timedelta(days=366), last_date=first + horizon)
    return bytes(calendar.to_ical())


def merged_calendars(calendars: Sequence[bytes]) -> bytes:
    """One calendar with the events of several; the last one names it, each time zone is described once."""
    merged = Calendar()
    zones: set[str] = set()
    for text in calendars:
        calendar = Calendar.from_ical(text)
        merged.update(calendar)
        for part in calendar.subcomponents:
            if part.name == "VTIMEZONE":
                if str(part["TZID"]) in zones:
                    continue
                zones.add(str(part["TZID"]))
            merged.add_component(part)
    if not calendars:
        merged.add("PRODID", PRODUCT)
        merged.add("VERSION", "2.0")
    return bytes(merged.to_ical())


def _uid(project: Project, customer_id: str, number: int) -> str:
    text = f"{project.calendar.start.isoformat()}\n{customer_id}\n{number}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@rounds"


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            [Issue(what=f"There is no time zone '{name}'.", cure="Use a name such as America/Santiago.")]
        ) from None
