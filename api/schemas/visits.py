"""What became of visits, as it travels."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import UUID4, Field, model_validator

from api.schemas.common import Input, Key, Prose, Schema
from api.schemas.customers import Lat, Lon
from api.schemas.follow_ups import FollowUpKind
from api.schemas.times import Clock, clock_of, seconds_of
from api.store.models import VisitRow


class Outcome(StrEnum):
    """What became of a visit."""

    UNDER_WAY = "under_way"
    MADE = "made"
    SKIPPED = "skipped"
    MISSED = "missed"
    MOVED = "moved"


class VisitReport(Input):
    """What the rep writes down: who received, whether they decide, what came of it, what they need, what rivals do."""

    received_by: Annotated[str, Field(max_length=500)] = ""
    post: Annotated[str, Field(max_length=500)] = ""
    decides: bool | None = None
    result: Prose = ""
    needs: Prose = ""
    competitors: Prose = ""
    promises: Prose = ""
    notes: Prose = ""
    satisfaction: int | None = Field(default=None, ge=1, le=5)


class Position(Input):
    """Where the phone was."""

    lat: Lat
    lon: Lon
    accuracy_m: int | None = Field(default=None, ge=0, le=100_000, description="Radius of the uncertainty, metres.")


class VisitBody(Input):
    """What can change in a visit's record."""

    outcome: Outcome
    started: Clock | None = None
    ended: Clock | None = None
    report: VisitReport = Field(default_factory=VisitReport)
    next_visit: date | None = Field(default=None, description="Booked during this visit.")
    next_start: Clock | None = Field(default=None, description="Time of the booked visit.")
    reason: Prose = Field(default="", description="Why it was skipped, missed or moved.")
    position: Position | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.started and self.ended and seconds_of(self.ended) < seconds_of(self.started):
            raise ValueError("the visit ends before it starts")
        if self.next_start and not self.next_visit:
            raise ValueError("the booked visit has a time but no day")
        return self


class VisitIn(VisitBody):
    """A visit that was made, missed or moved."""

    customer_id: Key
    rep_id: Key
    day: date


class FollowUpOfVisit(Input):
    """A promise, a call-back or a complaint that a visit left behind; the phone makes the id."""

    id: UUID4
    kind: FollowUpKind
    text: Annotated[str, Field(min_length=1, max_length=5000)]
    due: date | None = None


class VisitReportIn(VisitIn):
    """All that a phone knows of a visit so far, under an id that the phone made.

    Sent again it changes nothing, and a word that is older than what is known is passed over.
    """

    sequence: int = Field(ge=1, le=1_000_000, description="Counts what the phone says of this visit.")
    follow_ups: list[FollowUpOfVisit] = Field(default=[], max_length=20)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.outcome in (Outcome.UNDER_WAY, Outcome.MADE) and self.started is None:
            raise ValueError("a visit that began says when it started")
        if self.outcome in (Outcome.SKIPPED, Outcome.MOVED) and not self.reason:
            raise ValueError("a visit that is skipped or moved gives a reason")
        if self.next_visit is not None and self.next_visit <= self.day:
            raise ValueError("the next visit lies after this one")
        return self


class VisitOut(Schema):
    """What became of a visit."""

    id: str
    plan_id: str | None
    customer_id: str
    rep_id: str
    day: date
    outcome: Outcome
    started: str | None
    ended: str | None
    report: VisitReport
    next_visit: date | None
    next_start: str | None
    reason: str
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    distance_m: int | None = Field(description="From the phone to the customer's place, metres.")
    sequence: int
    author_id: str
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: VisitRow) -> Self:
        """From its row."""
        special = ("started", "ended", "next_start", "report")
        values = {name: getattr(row, name) for name in cls.model_fields if name not in special}
        return cls(
            started=None if row.started is None else clock_of(row.started),
            ended=None if row.ended is None else clock_of(row.ended),
            next_start=None if row.next_start is None else clock_of(row.next_start),
            report=VisitReport.model_construct(**row.report),
            **values,
        )
