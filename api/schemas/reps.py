"""Reps as they travel."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.common import Input, Key, Prose, Schema, Seconds
from api.schemas.customers import Keys, Lat, Lon
from api.schemas.times import Clock, clock_of, seconds_of
from api.store.models import RepRow
from api.store.projects import rep_of
from routing.domain import Break, Location, Rep, TravelMode, WorkDay


class PlaceBody(Input):
    """A place."""

    lat: Lat
    lon: Lon


class BreakBody(Input):
    """A pause that starts between `early` and `late`."""

    duration: Seconds
    early: Clock
    late: Clock


class WorkDayBody(Input):
    """Working time on one weekday."""

    weekday: int = Field(ge=0, le=6, description="0 is Monday.")
    start: Clock
    end: Clock
    lunch: BreakBody | None = None


class RepIn(Input):
    """Who travels."""

    rep_id: Key = Field(examples=["R1"])
    name: Annotated[str, Field(min_length=1, max_length=500)]
    home_base: PlaceBody
    end_base: PlaceBody | None = None
    hours: list[WorkDayBody] = Field(min_length=1, max_length=7)
    days_off: list[date] = Field(default=[], max_length=1000)
    skills: Keys = Field(default=[])
    max_visits_per_day: int | None = Field(default=None, ge=1, le=1000)
    mode: TravelMode = TravelMode.CAR
    cost_per_km: float = Field(default=0.30, ge=0, le=1e6)
    cost_per_hour: float = Field(default=20.0, ge=0, le=1e6)
    overnight: bool = False
    email: Annotated[str, Field(max_length=254)] = ""
    extra: dict[Key, Prose] = Field(default={}, max_length=100)
    user_id: str | None = Field(default=None, max_length=32, description="The account of this rep.")

    def to_domain(self) -> Rep:
        """The rep.

        Raises
        ------
        InvalidInput
            If the fields contradict each other.
        """
        plain = self.model_dump(exclude={"home_base", "end_base", "hours", "days_off", "skills", "user_id"})
        hours = {
            day.weekday: WorkDay(
                start=seconds_of(day.start),
                end=seconds_of(day.end),
                lunch=Break(
                    duration=day.lunch.duration,
                    early=seconds_of(day.lunch.early),
                    late=seconds_of(day.lunch.late),
                )
                if day.lunch
                else None,
            )
            for day in self.hours
        }
        end = self.end_base
        return Rep(
            home_base=Location(lat=self.home_base.lat, lon=self.home_base.lon),
            end_base=Location(lat=end.lat, lon=end.lon) if end else None,
            hours=hours,
            days_off=frozenset(self.days_off),
            skills=frozenset(self.skills),
            **plain,
        )


class RepOut(Schema):
    """A rep of a project."""

    id: str
    rep_id: str
    name: str
    home_base: PlaceBody
    end_base: PlaceBody | None
    hours: list[WorkDayBody]
    days_off: list[date]
    skills: list[str]
    max_visits_per_day: int | None
    mode: TravelMode
    cost_per_km: float
    cost_per_hour: float
    overnight: bool
    email: str
    extra: dict[str, str]
    user_id: str | None
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: RepRow) -> Self:
        """From its row."""
        return cls(
            id=row.id,
            user_id=row.user_id,
            active=row.active,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
            **rep_values(rep_of(row)),
        )


SAME = (
    "rep_id", "name", "max_visits_per_day", "mode", "cost_per_km", "cost_per_hour", "overnight", "email",
)  # fmt: skip


def rep_values(rep: Rep) -> dict[str, Any]:
    """A rep with the names and units of :class:`RepIn`."""
    return {
        **{name: getattr(rep, name) for name in SAME},
        "home_base": _place(rep.home_base),
        "end_base": _place(rep.end_base) if rep.end_base else None,
        "hours": [_work_day(weekday, day) for weekday, day in sorted(rep.hours.items())],
        "days_off": sorted(rep.days_off),
        "skills": sorted(rep.skills),
        "extra": dict(rep.extra),
    }


def _place(place: Location) -> PlaceBody:
    return PlaceBody.model_construct(lat=place.lat, lon=place.lon)


def _work_day(weekday: int, day: WorkDay) -> WorkDayBody:
    lunch = day.lunch
    pause = (
        BreakBody.model_construct(duration=lunch.duration, early=clock_of(lunch.early), late=clock_of(lunch.late))
        if lunch
        else None
    )
    return WorkDayBody.model_construct(weekday=weekday, start=clock_of(day.start), end=clock_of(day.end), lunch=pause)
