"""Customers as they travel."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.common import Input, Key, Name, Prose, Schema, Seconds
from api.schemas.times import Clock, clock_of, seconds_of
from api.store.models import CustomerRow
from api.store.projects import customer_of
from routing.domain import Customer, Location, Pin, PinLevel, TimeWindow
from routing.frequency import format_rule, parse_frequency

Lat = Annotated[float, Field(ge=-90, le=90, examples=[-29.9045])]
Lon = Annotated[float, Field(ge=-180, le=180, examples=[-71.2489])]
Money = Annotated[float, Field(ge=-1e15, le=1e15)]
Keys = Annotated[list[Key], Field(max_length=200)]
Word = Annotated[str, Field(max_length=100)]
Line = Annotated[str, Field(max_length=500)]


class WindowBody(Input):
    """When a visit may start on a weekday."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    early: Clock
    late: Clock


class PinBody(Input):
    """An appointment, and how firmly it stands."""

    level: PinLevel
    day: date
    start: Clock | None = None
    rep_id: Key | None = None


class CustomerIn(Input):
    """A place to be visited."""

    customer_id: Key = Field(examples=["C0001"])
    name: Annotated[str, Field(min_length=1, max_length=500)]
    lat: Lat
    lon: Lon
    visit_frequency: Annotated[str, Field(min_length=1, max_length=300)] = Field(
        description="How often, in any notation that the import reads.", examples=["2 per 4 weeks; on Mon,Thu"]
    )
    service_duration: Seconds = Field(description="Time on site, seconds.", examples=[1800])
    setup_duration: Seconds = Field(default=0, description="Parking and entry, seconds.")
    grade: Word = Field(default="", examples=["A"])
    channel: Word = Field(default="", examples=["pharmacy"])
    windows: list[WindowBody] = Field(default=[], max_length=28, description="None means any time on any day.")
    window_covers_visit: bool = False
    same_time: bool = Field(default=False, description="Visits should start at about the same time of day.")
    sales: Money | None = None
    potential: Money | None = None
    skills: Keys = Field(default=[])
    preferred_reps: Keys = Field(default=[])
    excluded_reps: Keys = Field(default=[])
    rep_id: Key | None = Field(default=None, description="Today's rep.")
    rep_locked: bool = False
    territory: Name | None = None
    priority: int = Field(default=0, ge=-10, le=10)
    pins: list[PinBody] = Field(default=[], max_length=100)
    last_visit: date | None = None
    next_visit: date | None = None
    contact: Line = ""
    post: Line = ""
    phone: Line = ""
    purpose: Prose = ""
    notes: Prose = ""
    extra: dict[Key, Prose] = Field(default={}, max_length=100)

    def to_domain(self, *, active: bool = True) -> Customer:
        """The customer.

        Raises
        ------
        InvalidInput
            If the fields contradict each other, or the frequency is not understood.
        """
        plain = self.model_dump(exclude={"lat", "lon", "visit_frequency", "windows", "pins"})
        for name in ("skills", "preferred_reps", "excluded_reps"):
            plain[name] = frozenset(plain[name])
        windows: dict[int, tuple[TimeWindow, ...]] = {}
        for window in sorted(self.windows, key=lambda w: (w.weekday, seconds_of(w.early))):
            span = TimeWindow(early=seconds_of(window.early), late=seconds_of(window.late))
            windows[window.weekday] = (*windows.get(window.weekday, ()), span)
        pins = tuple(
            Pin(level=p.level, day=p.day, start=seconds_of(p.start) if p.start else None, rep_id=p.rep_id)
            for p in self.pins
        )
        return Customer(
            location=Location(lat=self.lat, lon=self.lon),
            visit_rule=parse_frequency(self.visit_frequency),
            windows=windows,
            pins=pins,
            active=active,
            **plain,
        )


class CustomerOut(Schema):
    """A customer of a project."""

    id: str
    customer_id: str
    name: str
    lat: float
    lon: float
    visit_frequency: str
    service_duration: int
    setup_duration: int
    grade: str
    channel: str
    windows: list[WindowBody]
    window_covers_visit: bool
    same_time: bool
    sales: float | None
    potential: float | None
    skills: list[str]
    preferred_reps: list[str]
    excluded_reps: list[str]
    rep_id: str | None
    rep_locked: bool
    territory: str | None
    priority: int
    pins: list[PinBody]
    last_visit: date | None
    next_visit: date | None
    contact: str
    post: str
    phone: str
    purpose: str
    notes: str
    extra: dict[str, str]
    active: bool
    confirmed_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: CustomerRow) -> Self:
        """From its row."""
        return cls(
            id=row.id,
            confirmed_on=row.confirmed_on,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
            **customer_values(customer_of(row)),
        )


SAME = (
    "customer_id", "name", "service_duration", "setup_duration", "grade", "channel", "window_covers_visit", "same_time",
    "sales", "potential", "rep_id", "rep_locked", "territory", "priority", "last_visit", "next_visit", "contact",
    "post", "phone", "purpose", "notes", "active",
)  # fmt: skip


def customer_values(customer: Customer) -> dict[str, Any]:
    """A customer with the names and units of :class:`CustomerIn`, and whether it is active."""
    return {
        **{name: getattr(customer, name) for name in SAME},
        "lat": customer.location.lat,
        "lon": customer.location.lon,
        "visit_frequency": format_rule(customer.visit_rule),
        "skills": sorted(customer.skills),
        "preferred_reps": sorted(customer.preferred_reps),
        "excluded_reps": sorted(customer.excluded_reps),
        "windows": [
            WindowBody.model_construct(weekday=day, early=clock_of(w.early), late=clock_of(w.late))
            for day, windows in sorted(customer.windows.items())
            for w in windows
        ],
        "pins": [
            PinBody.model_construct(
                level=p.level, day=p.day, start=None if p.start is None else clock_of(p.start), rep_id=p.rep_id
            )
            for p in customer.pins
        ],
        "extra": dict(customer.extra),
    }


def customer_feature(row: CustomerRow) -> dict[str, Any]:
    """A customer as a GeoJSON feature (RFC 7946): longitude first."""
    values = CustomerOut.of(row).model_dump(mode="json")
    lon, lat = values.pop("lon"), values.pop("lat")
    return {
        "type": "Feature",
        "id": values.pop("id"),
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": values,
    }
