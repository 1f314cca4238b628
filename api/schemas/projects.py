"""Projects as they travel."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from api.schemas.common import Input, Name, Schema
from api.store.models import ProjectRow
from api.store.projects import policy_of
from routing.domain import Location, TravelMode
from routing.errors import InvalidInput, Issue
from routing.export.convert import from_json_values
from routing.io.traffic import hour_factors, hours_text
from routing.objective import Weights
from routing.project import AreaFactor, Nights, Policy

Amount = Annotated[float, Field(ge=0, le=1e9)]
Start = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31), examples=["2026-11-02"])]


class AreaFactorBody(Input):
    """Travel around a place takes this many times as long as the travel provider says."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    factor: float = Field(ge=0.2, le=5)


class HourFactorBody(Input):
    """Travel takes this many times as long at these hours; factors that hold at once multiply."""

    hours: str = Field(max_length=200, examples=["Mo-Fr 07:00-09:00,16:00-18:30"])
    factor: float = Field(ge=0.2, le=5)
    modes: list[TravelMode] = Field(default_factory=list, description="Means of transport; all of them when empty.")


class NightsBody(Input):
    """Limits for reps who may stay out overnight."""

    max_in_a_row: int = Field(default=Nights().max_in_a_row, ge=0, le=31)
    max_per_week: int = Field(default=Nights().max_per_week, ge=0, le=7)
    least_saving: int = Field(
        default=Nights().least_saving, ge=0, le=86_400, description="A night must spare more travel than this, seconds."
    )
    cost: Amount = Nights().cost


class PolicyBody(Input):
    """Rules of the house: see :class:`routing.project.Policy`."""

    daily_standards: dict[str, Annotated[int, Field(ge=1, le=1000)]] = Field(
        default_factory=dict,
        max_length=50,
        description="Channel -> visits of that channel that fill a day.",
        examples=[{"hypermarket": 8, "chain store": 24}],
    )
    grades: list[Name] = Field(
        default=["A", "B", "C"], min_length=1, max_length=20, description="The grade that gives way first at the end."
    )
    balance_tolerance: float = Field(default=0.05, ge=0, le=10)
    weights: dict[str, Amount] = Field(default_factory=dict, description="Prices of cost terms that replace defaults.")
    travel_factors: list[AreaFactorBody] = Field(
        default_factory=list, max_length=500, description="Corrections of travel times, learnt from visits."
    )
    hour_factors: list[HourFactorBody] = Field(
        default_factory=list, max_length=50, description="Hours at which travel takes longer, or shorter."
    )
    nights: NightsBody = Field(default_factory=NightsBody)

    def to_domain(self) -> Policy:
        """The policy.

        Raises
        ------
        InvalidInput
            If a weight is unknown.
        """
        values = {**asdict(Weights()), **self.weights}
        if unknown := sorted(set(values) - set(asdict(Weights()))):
            known = ", ".join(asdict(Weights()))
            raise InvalidInput(
                [Issue(what=f"There is no weight '{name}'.", cure=f"Known are {known}.") for name in unknown]
            )
        return Policy(
            daily_standards=self.daily_standards,
            grades=tuple(self.grades),
            balance_tolerance=self.balance_tolerance,
            weights=from_json_values(values, Weights, file="request", part="policy.weights"),
            travel_factors=tuple(
                AreaFactor(centre=Location(lat=a.lat, lon=a.lon), factor=a.factor) for a in self.travel_factors
            ),
            nights=Nights(**self.nights.model_dump()),
            hour_factors=tuple(
                band
                for h in self.hour_factors
                for band in hour_factors(h.hours, h.factor, frozenset(h.modes or TravelMode))
            ),
        )

    @classmethod
    def from_domain(cls, policy: Policy) -> Self:
        """As it travels; only weights that differ from the defaults."""
        plain, usual = asdict(policy.weights), asdict(Weights())
        return cls(
            daily_standards=dict(policy.daily_standards),
            grades=list(policy.grades),
            balance_tolerance=policy.balance_tolerance,
            weights={name: value for name, value in plain.items() if value != usual[name]},
            travel_factors=[
                AreaFactorBody(lat=a.centre.lat, lon=a.centre.lon, factor=a.factor) for a in policy.travel_factors
            ],
            nights=NightsBody(**asdict(policy.nights)),
            hour_factors=[
                HourFactorBody(
                    hours=hours_text(h),
                    factor=h.factor,
                    modes=[] if len(h.modes) == len(TravelMode) else sorted(h.modes),
                )
                for h in policy.hour_factors
            ],
        )


class ProjectIn(Input):
    """A new planning area."""

    unit_id: str
    name: Name = Field(examples=["La Serena-Coquimbo"])
    start: Start
    weeks: int = Field(default=4, ge=1, le=53)
    country: str = Field(
        default="", pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,5})?)?$", description="Public holidays: CL, DE-BY …"
    )
    policy: PolicyBody = Field(default_factory=PolicyBody)


class ProjectPatch(Input):
    """What changes."""

    unit_id: str | None = None
    name: Name | None = None
    start: Start | None = None
    weeks: int | None = Field(default=None, ge=1, le=53)
    country: str | None = Field(default=None, pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,5})?)?$")
    policy: PolicyBody | None = None
    active: bool | None = None


class ProjectOut(Schema):
    """A planning area."""

    id: str
    unit_id: str
    name: str
    start: date
    weeks: int
    country: str
    policy: PolicyBody
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: ProjectRow) -> Self:
        """From its row."""
        return cls(
            id=row.id,
            unit_id=row.unit_id,
            name=row.name,
            start=row.start,
            weeks=row.weeks,
            country=row.country,
            policy=PolicyBody.from_domain(policy_of(row)),
            active=row.active,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )
