"""Plans as they travel."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import Field

from api.lifecycle.acts import state_on
from api.lifecycle.diff import PlanDiff
from api.lifecycle.states import State
from api.schemas.common import Input, Name, Prose, Schema
from api.schemas.times import clock_of
from api.store.models import PlanRow
from routing.plan import DayRoute


class PlanCopy(Input):
    """A new draft that begins as a copy of another plan of the project."""

    name: Name
    based_on: str = Field(description="The plan that is copied.")


class PlanOut(Schema):
    """A plan and where it stands."""

    id: str
    project_id: str
    name: str
    state: State
    revision: int
    fingerprint: str
    figures: dict[str, Any] | None = Field(description="Key figures: seconds, metres, currency. None for reps.")
    violations: int = Field(description="Broken rules; a plan with any cannot be submitted.")
    based_on: str | None
    job_id: str | None
    created_by: str | None
    submitted_by: str | None
    decided_by: str | None
    reason: str = Field(description="Why it was returned.")
    in_force_from: date | None
    in_force_until: date | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: PlanRow, today: date, *, with_figures: bool) -> Self:
        """From its row, as it stands today."""
        names = [name for name in cls.model_fields if name not in ("state", "figures")]
        values = {name: getattr(row, name) for name in names}
        return cls(state=state_on(row, today), figures=row.figures if with_figures else None, **values)


class Reason(Input):
    """Why."""

    reason: str = Field(min_length=1, max_length=5000)


class Publication(Input):
    """From when a plan holds."""

    in_force_from: date = Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))


class ViolationOut(Schema):
    """A rule that a plan breaks."""

    cause: str
    subject: str
    amount: float
    unit: str
    text: str
    day: date | None


class UnservedOut(Schema):
    """Visits that a plan leaves out, with the tested reason."""

    customer_id: str
    visits: int
    cause: str
    reason: str
    cure: str
    cost: float | None
    overtime_min: int = Field(
        default=0, description="Overtime that would let it in, minutes; 0: another rule gives way."
    )


class StopOut(Schema):
    """A visit in a day route; times of day, durations in seconds, distances in metres."""

    customer_id: str
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    contact: str = ""
    phone: str = ""
    purpose: str = ""
    arrival: str
    start: str
    departure: str
    travel_s: int
    travel_m: int
    wait_s: int


class DayRouteOut(Schema):
    """One rep's ordered stops of one day."""

    plan_id: str
    rep_id: str
    day: date
    leave: str
    back: str
    break_start: str | None
    break_duration: int
    travel_s: int
    travel_m: int
    return_travel_s: int
    return_travel_m: int
    stops: list[StopOut]

    @classmethod
    def of(cls, plan_id: str, route: DayRoute, customers: dict[str, dict[str, Any]]) -> Self:
        """From the route and what is known of its customers, by customer id."""
        return cls(
            plan_id=plan_id,
            rep_id=route.rep_id,
            day=route.date,
            leave=clock_of(route.leave),
            back=clock_of(route.back),
            break_start=None if route.break_start is None else clock_of(route.break_start),
            break_duration=route.break_duration,
            travel_s=route.travel_s,
            travel_m=route.travel_m,
            return_travel_s=route.return_travel_s,
            return_travel_m=route.return_travel_m,
            stops=[
                StopOut(
                    customer_id=stop.customer_id,
                    arrival=clock_of(stop.arrival),
                    start=clock_of(stop.start),
                    departure=clock_of(stop.departure),
                    travel_s=stop.travel_s,
                    travel_m=stop.travel_m,
                    wait_s=stop.wait_s,
                    **customers.get(stop.customer_id, {}),
                )
                for stop in route.stops
            ],
        )


class RevisionOut(Schema):
    """What an act made of a plan."""

    revision: int
    fingerprint: str
    what: str
    actor_id: str | None
    at: datetime


class CustomerChangeOut(Schema):
    """A customer whose rep or visit days differ."""

    customer_id: str
    rep_before: str | None
    rep_after: str | None
    days_gone: list[date]
    days_new: list[date]


class DiffOut(Schema):
    """What differs between two plans."""

    customers: list[CustomerChangeOut]
    changed_rep: int
    changed_day: int
    before: dict[str, Any]
    after: dict[str, Any]
    change: dict[str, float]

    @classmethod
    def of(cls, found: PlanDiff) -> Self:
        """From the comparison."""
        return cls(
            customers=[CustomerChangeOut.model_validate(c) for c in found.customers],
            changed_rep=found.changed_rep,
            changed_day=found.changed_day,
            before=dict(found.before),
            after=dict(found.after),
            change=found.change,
        )


class RemarkIn(Input):
    """A comment; or a challenge, which names what it wants changed."""

    kind: str = Field(pattern="^(comment|challenge)$", examples=["challenge"])
    text: str = Field(min_length=1, max_length=5000)
    customer_id: str | None = Field(default=None, max_length=200)
    rep_id: str | None = Field(default=None, max_length=200, description="Whose day; for a rep his own.")
    day: date | None = None
    wish: "Wish | None" = None


class Wish(Input):
    """What a challenge asks for: the customer's visit on another day, or by another rep."""

    day: date | None = None
    rep_id: str | None = Field(default=None, max_length=200)


class Answer(Input):
    """What the manager says to a remark."""

    text: Prose = ""


class RemarkOut(Schema):
    """A comment or challenge, and what became of it."""

    id: str
    plan_id: str
    kind: str
    state: str = Field(description="open, answered or accepted")
    author_id: str
    rep_id: str | None
    customer_id: str | None
    day: date | None
    wish: dict[str, Any] | None
    text: str
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    created_at: datetime
    version: int
