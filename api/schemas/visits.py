"""What became of visits, as it travels."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.schemas.common import Input, Key, Prose, Schema
from api.schemas.times import Clock, clock_of, seconds_of
from api.store.models import VisitRow


class Outcome(StrEnum):
    """What became of a visit."""

    MADE = "made"
    MISSED = "missed"
    MOVED = "moved"


class VisitReport(Input):
    """What the rep writes down: who received, whether they decide, what they need, what was promised."""

    received_by: Annotated[str, Field(max_length=500)] = ""
    post: Annotated[str, Field(max_length=500)] = ""
    decides: bool | None = None
    needs: Prose = ""
    promises: Prose = ""
    notes: Prose = ""
    satisfaction: int | None = Field(default=None, ge=1, le=5)


class VisitBody(Input):
    """What can change in a visit's record."""

    outcome: Outcome
    started: Clock | None = None
    ended: Clock | None = None
    report: VisitReport = Field(default_factory=VisitReport)
    next_visit: date | None = Field(default=None, description="Booked during this visit.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.started and self.ended and seconds_of(self.ended) < seconds_of(self.started):
            raise ValueError("the visit ends before it starts")
        return self


class VisitIn(VisitBody):
    """A visit that was made, missed or moved."""

    customer_id: Key
    rep_id: Key
    day: date


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
    author_id: str
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: VisitRow) -> Self:
        """From its row."""
        special = ("started", "ended", "report")
        values = {name: getattr(row, name) for name in cls.model_fields if name not in special}
        return cls(
            started=None if row.started is None else clock_of(row.started),
            ended=None if row.ended is None else clock_of(row.ended),
            report=VisitReport.model_construct(**row.report),
            **values,
        )
