"""What the map's script draws, once, as compact JSON: tables of short rows that refer to each other by index."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from routing.domain import Customer
from routing.export.lines import Geometry
from routing.export.lookup import Lookup
from routing.export.plan_json import short_fingerprint
from routing.export.words import day_name, rhythm
from routing.maps.colours import WEEKDAY_COLOURS, rep_colours
from routing.maps.polyline import encode, simplified
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project

__all__ = ["as_script_json", "map_data"]

DECIMALS = 5
_OPENS_A_TEMPLATE = re.compile(r"\{(?=[{%#])")
"""In JSON without blanks a brace before one of these stands inside a text."""


def map_data(
    project: Project,
    plan: JourneyPlan,
    *,
    territories: Mapping[str, Any] | None = None,
    geometry: Geometry | None = None,
) -> dict[str, Any]:
    """Tables for the script ``plan_map.js``, which documents the columns where it reads them."""
    lookup = Lookup.of(project, plan)
    active = project.active_customers
    customer_index = {c.customer_id: k for k, c in enumerate(active)}
    rep_index = {r.rep_id: k for k, r in enumerate(project.reps)}
    grades, channels, rhythms = _Words(project.policy.grades), _Words(), _Words()
    calendar = project.calendar
    customers = [
        [
            c.customer_id,
            c.name,
            round(c.location.lat, DECIMALS),
            round(c.location.lon, DECIMALS),
            grades.index(c.grade),
            channels.index(c.channel),
            rep_index.get(plan.assignment.get(c.customer_id, ""), -1),
            rhythms.index(rhythm(c.visit_rule)),
        ]
        for c in active
    ]
    used = sorted({grades.index(c.grade) for c in active})
    colours = rep_colours(_centres(project, plan, lookup))
    return {
        "title": f"{day_name(calendar.start)}, {calendar.weeks} week{'s' if calendar.weeks > 1 else ''}",
        "fingerprint": short_fingerprint(plan),
        "estimated": plan.travel_estimated,
        "source": plan.travel_source,
        "alongRoads": geometry is not None,
        "days": [day_name(calendar.date_of(day)) for day in calendar.days()],
        "holidays": {
            str(calendar.day_of(day)): name
            for day, name in calendar.holidays.items()
            if 0 <= calendar.day_of(day) < calendar.horizon
        },
        "dayColours": WEEKDAY_COLOURS,
        "grades": grades.words,
        "gradesUsed": used,
        "channels": channels.words,
        "rhythms": rhythms.words,
        "reps": [
            [
                r.name,
                r.rep_id,
                colours[r.rep_id],
                round(r.home_base.lat, DECIMALS),
                round(r.home_base.lon, DECIMALS),
                *([round(r.end_base.lat, DECIMALS), round(r.end_base.lon, DECIMALS)] if r.end_base else []),
            ]
            for r in project.reps
        ],
        "customers": customers,
        "unserved": {
            str(customer_index[u.customer_id]): [u.visits, u.cause, u.reason, u.cure]
            for u in plan.unserved
            if u.customer_id in customer_index
        },
        "routes": [
            _route(r, lookup, rep_index, customer_index, calendar.day_of(r.date), geometry) for r in plan.routes
        ],
        "areas": _areas(territories, rep_index),
    }


def as_script_json(value: object) -> str:
    """Compact JSON that is safe inside an HTML ``script`` element of folium, whatever the texts hold.

    Folium takes what an element draws for a template once more. So neither markup nor anything that opens a template
    expression may stand in it: a customer called ``{{ 7 * 7 }}`` must keep the name, and run nothing.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _OPENS_A_TEMPLATE.sub(r"\\u007b", text)


def _route(
    route: DayRoute,
    lookup: Lookup,
    rep_index: Mapping[str, int],
    customer_index: Mapping[str, int],
    day: int,
    geometry: Geometry | None,
) -> list[Any]:
    stops = [
        value
        for s in route.stops
        for value in (customer_index.get(s.customer_id, -1), s.arrival, s.start, s.departure, s.travel_s)
    ]
    line = ""
    if geometry:
        line = encode(simplified(geometry(lookup.places(route), lookup.reps[route.rep_id].mode)))
    return [
        rep_index[route.rep_id],
        day,
        route.leave,
        route.back,
        route.travel_m,
        route.travel_s,
        -1 if route.break_start is None else route.break_start,
        route.break_duration,
        stops,
        line,
    ]


def _areas(territories: Mapping[str, Any] | None, rep_index: Mapping[str, int]) -> list[list[Any]]:
    """Rows of rep index and rounded geometry; the rep is the feature's ``rep_id``, ``territory`` or ``id``."""
    rows = []
    for feature in (territories or {}).get("features", ()):
        properties = feature.get("properties") or {}
        named = (properties.get("rep_id"), properties.get("territory"), feature.get("id"))
        rep = next((rep_index[str(key)] for key in named if str(key) in rep_index), -1)
        shape = feature["geometry"]
        rows.append([rep, {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])}])
    return rows


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, Sequence):
        return [_rounded(part) for part in coordinates]
    return round(float(coordinates), DECIMALS)


def _centres(project: Project, plan: JourneyPlan, lookup: Lookup) -> dict[str, tuple[float, float]]:
    own: dict[str, list[Customer]] = defaultdict(list)
    for customer, rep in plan.assignment.items():
        own[rep].append(lookup.customers[customer])
    return {
        rep.rep_id: (
            (sum(c.location.lat for c in mine) / len(mine), sum(c.location.lon for c in mine) / len(mine))
            if (mine := own[rep.rep_id])
            else (rep.home_base.lat, rep.home_base.lon)
        )
        for rep in project.reps
    }


class _Words:
    """A table of texts that grows as they are met."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self.words = list(known)

    def index(self, word: str) -> int:
        if word not in self.words:
            self.words.append(word)
        return self.words.index(word)
