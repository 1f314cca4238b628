"""The live day as it travels. Times of day are ``HH:MM``, lengths of time minutes or seconds as the names say."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from api.live.alerts import Alert, Severity
from api.live.care import Care, CareLine, GradeCoverage, Rounds
from api.live.day_board import DayBoard, Progress, RepDayLine, VisitLine, Whereabouts
from api.live.feedback import Learnt
from api.live.key_accounts import AccountClass, KeyAccount
from api.schemas.common import Input, Key, Prose, Schema
from api.schemas.plans import ViolationOut
from api.schemas.times import clock_of
from api.store.models import ProposalRow
from routing.live.contact import Contact
from routing.live.feedback import Estimate, Verdict
from routing.live.slots import Colour, Slot


def _clock(seconds: int | None) -> str | None:
    return None if seconds is None else clock_of(seconds)


class VisitLineOut(Schema):
    """A visit of the day."""

    customer_id: str
    name: str
    grade: str
    lat: float
    lon: float
    progress: Progress
    planned_start: str | None
    planned_end: str | None
    started: str | None
    ended: str | None
    late_min: int
    reason: str

    @classmethod
    def of(cls, line: VisitLine) -> Self:
        """From its line."""
        return cls(
            customer_id=line.customer_id,
            name=line.name,
            grade=line.grade,
            lat=line.lat,
            lon=line.lon,
            progress=line.progress,
            planned_start=_clock(line.planned_start),
            planned_end=_clock(line.planned_end),
            started=_clock(line.started),
            ended=_clock(line.ended),
            late_min=line.late_s // 60,
            reason=line.reason,
        )


class RepDayOut(Schema):
    """A rep's day so far."""

    rep_id: str
    name: str
    whereabouts: Whereabouts
    lat: float
    lon: float
    at_customer: str | None
    delay_min: int
    leave: str | None
    back: str | None
    planned: int
    done: int
    late: int
    missed: int
    adherence: float | None = Field(description="Share of planned visits due by now that were made in time.")
    visits: list[VisitLineOut]

    @classmethod
    def of(cls, rep: RepDayLine) -> Self:
        """From its line."""
        return cls(
            rep_id=rep.rep_id,
            name=rep.name,
            whereabouts=rep.whereabouts,
            lat=rep.lat,
            lon=rep.lon,
            at_customer=rep.at_customer,
            delay_min=rep.delay_s // 60,
            leave=_clock(rep.leave),
            back=_clock(rep.back),
            planned=rep.planned,
            done=rep.count(Progress.DONE),
            late=rep.count(Progress.LATE),
            missed=rep.count(Progress.MISSED),
            adherence=rep.adherence,
            visits=[VisitLineOut.of(v) for v in rep.visits],
        )


class DayBoardOut(Schema):
    """Who is where in the day."""

    day: date
    plan_id: str | None
    planned: int
    adherence: float | None
    reps: list[RepDayOut]

    @classmethod
    def of(cls, board: DayBoard) -> Self:
        """From the board."""
        return cls(
            day=board.day,
            plan_id=board.plan_id,
            planned=board.planned,
            adherence=board.adherence,
            reps=[RepDayOut.of(rep) for rep in board.reps],
        )


class CareLineOut(Schema):
    """Where a customer stands."""

    customer_id: str
    name: str
    grade: str
    channel: str
    rep_id: str | None
    lat: float
    lon: float
    state: Contact
    last_visit: date | None
    next_due: date | None
    next_planned: date | None
    standard: float = Field(description="Visits that its rhythm asks for until today.")
    made: int

    @classmethod
    def of(cls, line: CareLine) -> Self:
        """From its line."""
        return cls(
            **{name: getattr(line, name) for name in cls.model_fields if name != "standard"},
            standard=float(line.standard),
        )


class GradeOut(Schema):
    """Visits of a grade against the standard."""

    grade: str
    customers: int
    standard: float
    made: int
    counted: float = Field(description="Visits that count: nobody's surplus makes up for another's neglect.")
    coverage: float | None
    states: dict[Contact, int]

    @classmethod
    def of(cls, grade: GradeCoverage) -> Self:
        """From the sum."""
        return cls.model_validate(grade)


class RoundsOut(Schema):
    """Whether a rep goes on rounds."""

    rep_id: str
    customers: int
    visited: int
    visits: int
    evenness: float | None
    favourites: list[str]
    neglected: list[str]

    @classmethod
    def of(cls, rounds: Rounds) -> Self:
        """From the sum."""
        return cls.model_validate(rounds)


class CareOut(Schema):
    """How customers are cared for."""

    day: date
    states: dict[Contact, int]
    grades: list[GradeOut]
    rounds: list[RoundsOut]
    customers: list[CareLineOut]

    @classmethod
    def of(cls, care: Care) -> Self:
        """From all lines."""
        return cls(
            day=care.day,
            states=care.states(),
            grades=[GradeOut.of(g) for g in care.by_grade()],
            rounds=[RoundsOut.of(r) for r in care.rounds()],
            customers=[CareLineOut.of(line) for line in care.lines],
        )


class AlertOut(Schema):
    """Something to look at."""

    code: str
    severity: Severity
    rep_id: str | None
    customer_id: str | None
    values: dict[str, Any]

    @classmethod
    def of(cls, alert: Alert) -> Self:
        """From the alert."""
        return cls.model_validate({**alert.__dict__, "values": dict(alert.values)})


class KeyAccountOut(Schema):
    """A key account."""

    kind: AccountClass
    sales: float | None
    potential: float | None
    share: float | None = Field(description="Sales over potential.")
    satisfaction: list[int] = Field(description="Last scores, newest first.")
    care: CareLineOut

    @classmethod
    def of(cls, account: KeyAccount) -> Self:
        """From the account."""
        return cls(
            kind=account.kind,
            sales=account.customer.sales,
            potential=account.customer.potential,
            share=account.share,
            satisfaction=list(account.satisfaction),
            care=CareLineOut.of(account.care),
        )


class SlotOut(Schema):
    """A part of a day for a visit."""

    rep_id: str
    date: date
    begin: str
    end: str
    detour_min: float | None = Field(description="Extra travel; null when the visit does not fit.")
    start: str | None
    colour: Colour

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """From the slot."""
        return cls(
            rep_id=slot.rep_id,
            date=slot.date,
            begin=clock_of(slot.begin),
            end=clock_of(slot.end),
            detour_min=None if slot.fit is None else round(slot.fit.extra_s / 60, 1),
            start=None if slot.fit is None else clock_of(slot.fit.start),
            colour=slot.colour,
        )


class UrgentIn(Input):
    """Somebody has to be at a customer within some hours."""

    customer_id: Key
    hours: float = Field(default=24, gt=0, le=336)
    purpose: Prose = ""


class AbsenceIn(Input):
    """A rep is away."""

    rep_id: Key
    days: Annotated[list[date], Field(min_length=1, max_length=31)]


class PriceOut(Schema):
    """What a proposal costs: the plan as it would be minus the plan as it is, from today on."""

    travel_s: int
    travel_m: int
    money: float
    moved: int
    days_changed: int
    other_day: int
    other_rep: int
    lost: int
    added: int


class SpotOut(Schema):
    """Where a visit is: day, rep, and start in seconds after midnight."""

    day: date
    rep_id: str
    start: int | None


class MoveOut(Schema):
    """A visit that is not where it was."""

    customer_id: str
    before: SpotOut | None
    after: SpotOut | None


class WishOut(Schema):
    """A wish or promise that a proposal breaks."""

    customer_id: str
    kind: str
    text: str


class ProposalOut(Schema):
    """A change of the running day, to be accepted or declined."""

    id: str
    kind: str
    state: str
    day: date
    plan_id: str
    new_plan_id: str | None
    question: dict[str, Any]
    price: PriceOut
    changes: list[MoveOut]
    wishes: list[WishOut]
    broken: list[ViolationOut] = Field(description="Rules that it breaks and the plan in force keeps; empty as a rule.")
    created_by: str
    created_at: datetime
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: ProposalRow) -> Self:
        """From its row."""
        read = ("price", "changes", "wishes", "broken")
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in read}
        return cls.model_validate({**plain, **{name: row.answer[name] for name in read}})


class ReplanOut(Schema):
    """The proposal that brings the plan back to what can be done; null when it can be done as it is."""

    proposal: ProposalOut | None


class EstimateOut(Schema):
    """How much longer something takes than planned."""

    group: list[str] = Field(description="Channel; rep; or rep and hour.")
    records: int
    left_out: int
    factor: float | None
    low: float | None
    high: float | None
    planned_s: int
    actual_s: int
    verdict: Verdict

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """From the estimate."""
        return cls.model_validate(estimate)


class FeedbackOut(Schema):
    """Planned against actual."""

    first: date
    last: date
    advised: bool
    durations: list[EstimateOut]
    areas: list[EstimateOut]
    hours: list[EstimateOut]

    @classmethod
    def of(cls, found: Learnt) -> Self:
        """From the estimates."""
        return cls(
            first=found.first,
            last=found.last,
            advised=found.advised,
            durations=[EstimateOut.of(e) for e in found.durations],
            areas=[EstimateOut.of(e) for e in found.areas],
            hours=[EstimateOut.of(e) for e in found.hours],
        )
