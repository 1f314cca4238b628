"""The request as VROOM documents it; keys that it does not name are ignored, as VROOM does."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_TIME = 10**12
Number = Annotated[int, Field(ge=0, le=MOST_TIME)]
Id = Annotated[int, Field(ge=0, le=2**63 - 1)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Coordinates = tuple[Lon, Lat]
Window = tuple[Number, Number]
Amount = Annotated[list[Annotated[int, Field(ge=0, le=10**9)]], Field(max_length=20)]
Skills = Annotated[list[Annotated[int, Field(ge=0, le=2**32 - 1)]], Field(max_length=1000)]
Priority = Annotated[int, Field(ge=0, le=100)]
Text = Annotated[str, Field(max_length=2000)]


class Lenient(BaseModel):
    """Unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore")


class Visit(Lenient):
    """What jobs and the two steps of a shipment share."""

    id: Id
    description: Text | None = None
    location: Coordinates | None = None
    location_index: Annotated[int, Field(ge=0)] | None = None
    setup: Number = 0
    service: Number = 0
    time_windows: list[Window] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _windows(self) -> "Visit":
        if any(end < start for start, end in self.time_windows):
            raise ValueError("a time window ends before it starts")
        return self


class Job(Visit):
    """A place to be visited once."""

    delivery: Amount = Field(default_factory=list)
    pickup: Amount = Field(default_factory=list)
    skills: Skills = Field(default_factory=list)
    priority: Priority = 0

    @model_validator(mode="before")
    @classmethod
    def _amount(cls, value: Any) -> Any:
        """``amount`` is the old name of ``delivery``."""
        if isinstance(value, dict) and "amount" in value and "delivery" not in value:
            return {**value, "delivery": value["amount"]}
        return value


class Shipment(Lenient):
    """Something to be brought from one place to another."""

    pickup: Visit
    delivery: Visit
    amount: Amount = Field(default_factory=list)
    skills: Skills = Field(default_factory=list)
    priority: Priority = 0


class BreakIn(Lenient):
    """A pause of a vehicle."""

    id: Id
    time_windows: list[Window] = Field(default_factory=list, max_length=50)
    service: Number = 0
    description: Text | None = None
    max_load: Amount | None = None


class Costs(Lenient):
    """Prices of a vehicle."""

    fixed: Annotated[int, Field(ge=0, le=10**9)] = 0
    per_hour: Annotated[int, Field(ge=0, le=10**6)] = 3600
    per_km: Annotated[int, Field(ge=0, le=10**6)] = 0


class StepIn(Lenient):
    """A step of a route that the client gives (plan mode)."""

    type: Literal["start", "job", "pickup", "delivery", "break", "end"]
    id: Id | None = None


class Vehicle(Lenient):
    """Who travels."""

    id: Id
    profile: Annotated[str, Field(max_length=100)] = "car"
    description: Text | None = None
    start: Coordinates | None = None
    start_index: Annotated[int, Field(ge=0)] | None = None
    end: Coordinates | None = None
    end_index: Annotated[int, Field(ge=0)] | None = None
    capacity: Amount = Field(default_factory=list)
    costs: Costs = Field(default_factory=Costs)
    skills: Skills = Field(default_factory=list)
    time_window: Window | None = None
    breaks: list[BreakIn] = Field(default_factory=list, max_length=20)
    speed_factor: Annotated[float, Field(ge=0.05, le=5)] = 1.0
    max_tasks: Annotated[int, Field(ge=0, le=10**6)] | None = None
    max_travel_time: Number | None = None
    max_distance: Number | None = None
    steps: list[StepIn] = Field(default_factory=list, max_length=20_000)


Matrix = list[list[Annotated[int, Field(ge=0, le=10**9)]]]


class Matrices(Lenient):
    """Travel between all places for one profile."""

    durations: Matrix
    distances: Matrix | None = None
    costs: Matrix | None = None


class Options(Lenient):
    """What VROOM takes from its command line."""

    g: bool = False
    c: bool = Field(default=False, description="Plan mode: keep the given steps, and say what they break.")


class VroomRequest(Lenient):
    """A problem."""

    jobs: list[Job] = Field(default_factory=list)
    shipments: list[Shipment] = Field(default_factory=list)
    vehicles: list[Vehicle] = Field(min_length=1, max_length=200)
    matrices: dict[str, Matrices] | None = None
    options: Options = Field(default_factory=Options)

    @model_validator(mode="before")
    @classmethod
    def _matrix(cls, value: Any) -> Any:
        """``matrix`` is the old way to give durations, from before there were profiles: it is for every vehicle."""
        if isinstance(value, dict) and "matrix" in value and "matrices" not in value:
            vehicles = value.get("vehicles")
            named = [v.get("profile") for v in vehicles if isinstance(v, dict)] if isinstance(vehicles, list) else []
            profiles = {name for name in named if isinstance(name, str)} | {"car"}
            return {**value, "matrices": {name: {"durations": value["matrix"]} for name in sorted(profiles)}}
        return value
