"""A rep's day as it travels: the route with its cards and kit, what the rep reports of it, slots, new times."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from api.schemas.common import Input, Key, Prose, Schema
from api.schemas.follow_ups import FollowUpOut
from api.schemas.times import Clock, clock_of, seconds_of
from api.schemas.visits import VisitOut
from api.store.models import RepDay

Item = Annotated[str, Field(min_length=1, max_length=200)]


class KitItem(Input):
    """Something to take along: whether it was packed, and whether it came back or was handed over."""

    item: Item
    packed: bool = False
    back: bool = False


class RepDayBody(Input):
    """What a rep says of the own day; all of it each time."""

    sequence: int = Field(ge=1, le=1_000_000, description="Counts what the phone says; an older word changes nothing.")
    started: Clock | None = None
    ended: Clock | None = None
    kit: list[KitItem] = Field(default=[], max_length=200)
    summary: Prose = Field(default="", description="The day's report.")
    documents: bool = Field(default=False, description="Whether the papers of the day are handed in.")
    urgent: Prose = Field(default="", description="Urgent matters for the supervisor.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.started and self.ended and seconds_of(self.ended) < seconds_of(self.started):
            raise ValueError("the day ends before it starts")
        return self


class RepDayReport(Schema):
    """What a rep said of a day, and whether a supervisor has seen the urgent matters."""

    rep_id: str
    day: date
    sequence: int
    started: str | None
    ended: str | None
    kit: list[KitItem]
    summary: str
    documents: bool
    urgent: str
    seen_by: str | None
    seen_at: datetime | None
    author_id: str
    updated_at: datetime

    @classmethod
    def of(cls, row: RepDay) -> Self:
        """From its row."""
        values: dict[str, Any] = {name: getattr(row, name) for name in cls.model_fields}
        for name in ("started", "ended"):
            values[name] = None if values[name] is None else clock_of(values[name])
        return cls.model_validate(values)


class Span(Schema):
    """From a time of day to another."""

    early: str
    late: str


class LastVisit(Schema):
    """What came of the visit before."""

    day: date
    result: str
    needs: str
    competitors: str
    satisfaction: int | None


class StopCard(Schema):
    """A stop with all that the rep wants to know before going in.

    ``booked`` is the time that was agreed with the customer, ``windows`` when a visit may start.
    """

    customer_id: str
    name: str
    lat: float
    lon: float
    arrival: str
    start: str
    departure: str
    travel_s: int
    travel_m: int
    wait_s: int
    service_s: int
    windows: list[Span]
    booked: str | None
    grade: str
    channel: str
    contact: str
    post: str
    phone: str
    decides: bool | None
    purpose: str
    goal: str
    kit: list[str]
    notes: str
    follow_ups: list[FollowUpOut]
    last_visit: LastVisit | None
    links: dict[str, str]
    visit: VisitOut | None


class WeekDay(Schema):
    """A day of the week at a glance."""

    day: date
    leave: str | None
    back: str | None
    travel_s: int
    travel_m: int
    stops: list["WeekStop"]


class WeekStop(Schema):
    """A visit in the week."""

    customer_id: str
    name: str
    start: str
    booked: bool


class RepDayOut(Schema):
    """A rep's day and the week around it, enough to work a day without a network."""

    project_id: str
    rep_id: str
    rep_name: str
    day: date
    now: datetime
    timezone: str
    shift: Span | None
    lunch: Span | None
    lunch_s: int
    leave: str | None
    back: str | None
    break_start: str | None
    travel_s: int
    travel_m: int
    start: tuple[float, float]
    end: tuple[float, float]
    stops: list[StopCard]
    kit: list[str]
    report: RepDayReport | None
    visits: list[VisitOut] = Field(description="Everything recorded on this day, also visits that no plan holds.")
    week: list[WeekDay]


class SlotOut(Schema):
    """A time at which a visit fits."""

    day: date
    start: str
    detour_s: int
    detour_m: int


class RetimeIn(Input):
    """Where a rep is in the day."""

    now: Clock = Field(description="When the rep drives on: now, or when the visit under way will be over.")
    at: Key | None = Field(default=None, description="Customer at whose place the rep is; none: where the day starts.")
    left: list[Key] = Field(max_length=200, description="Customers still to be visited, in order.")
    break_taken: bool = False


class NewTime(Schema):
    """New times of a stop."""

    customer_id: str
    arrival: str
    start: str
    departure: str
    travel_s: int
    wait_s: int


class MissedWindow(Schema):
    """A visit that will start after its last window has closed."""

    customer_id: str
    closes: str
    late_s: int


class RetimeOut(Schema):
    """What is left of a day, timed anew."""

    holds: bool = Field(description="Whether all windows, the shift and the break are kept.")
    stops: list[NewTime]
    back: str
    break_start: str | None
    missed: list[MissedWindow]
    overtime_s: int
    break_late_s: int
