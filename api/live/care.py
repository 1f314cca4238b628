"""How well customers are cared for: overdue in four states, coverage by grade against the standard, rounds of reps.

Everything is counted from recorded visits against the visit rhythm of each customer. Pages and routes call
:func:`care_of` once and read its lines and sums.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.lifecycle.acts import plan_in_force
from api.live.records import MADE, People, assignment_of, last_visits, people_of, visits_between
from api.store.models import PlanDay, ProjectRow
from api.store.projects import calendar_of, policy_of
from routing.frequency import visits_due
from routing.live.contact import Contact, contact_state, due_so_far, interval_days


@dataclass(frozen=True, kw_only=True)
class CareLine:
    """One customer.

    Parameters
    ----------
    standard
        Visits that its rhythm asks for from the start of the project until today; may be a fraction.
    made
        Visits made in that time.
    next_due, next_planned
        When the rhythm asks for the next visit, and when the plan in force has it.
    """

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
    standard: Fraction
    made: int

    @property
    def counted(self) -> Fraction:
        """Visits that count towards the standard: nobody's surplus makes up for another's neglect."""
        return min(Fraction(self.made), self.standard)

    @property
    def neglected(self) -> bool:
        """At least one visit was due, and none was made."""
        return self.standard >= 1 and self.made == 0

    @property
    def surplus(self) -> int:
        """Visits beyond the standard, rounded up."""
        return max(0, self.made - ceil(self.standard))


@dataclass(frozen=True, kw_only=True)
class GradeCoverage:
    """Visits of a grade against the standard."""

    grade: str
    customers: int
    standard: float
    made: int
    counted: float
    states: dict[Contact, int]

    @property
    def coverage(self) -> float | None:
        """Share of the standard that was kept, 0…1; None while nothing is due."""
        return self.counted / self.standard if self.standard else None


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """Whether a rep goes on rounds: everybody in turn, no favourites.

    Parameters
    ----------
    evenness
        Share of the rep's visits that were needed to keep somebody's standard; None without visits.
    favourites
        Customers visited more often than their standard asks, while others were neglected.
    """

    rep_id: str
    customers: int
    visited: int
    visits: int
    evenness: float | None
    favourites: tuple[str, ...]
    neglected: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Care:
    """All customers on a day, in the order of their import."""

    day: date
    grades: tuple[str, ...]
    lines: tuple[CareLine, ...]

    def states(self) -> dict[Contact, int]:
        """Customers in each state."""
        return _states(self.lines)

    def by_grade(self) -> tuple[GradeCoverage, ...]:
        """Coverage of each grade in the order of the policy, unknown grades last."""
        known = [g for g in self.grades if any(line.grade == g for line in self.lines)]
        others = sorted({line.grade for line in self.lines} - {*self.grades})
        return tuple(
            _coverage(grade, [line for line in self.lines if line.grade == grade]) for grade in (*known, *others)
        )

    def rounds(self) -> tuple[Rounds, ...]:
        """The rounds of each rep, by id."""
        reps = sorted({line.rep_id for line in self.lines if line.rep_id is not None})
        return tuple(_rounds(rep, [line for line in self.lines if line.rep_id == rep]) for rep in reps)


def care_of(
    session: Session,
    project: ProjectRow,
    day: date,
    *,
    own: frozenset[str] | None = None,
    people: People | None = None,
) -> Care:
    """The state of every active customer on a day.

    Parameters
    ----------
    own
        Only customers of these reps; None for all.
    people
        All people of the project, where they were read already.
    """
    people = people or people_of(session, project)
    calendar = calendar_of(project)
    plan = plan_in_force(session, project.id, day)
    reps = assignment_of(session, plan, people)
    last = last_visits(session, project, day)
    made = Counter(v.customer_id for v in visits_between(session, project, project.start, day) if v.outcome == MADE)
    ahead: dict[str, date] = {}
    if plan is not None:
        # the last route read wins, so that the nearest day is kept
        days = session.scalars(
            select(PlanDay).where(PlanDay.plan_id == plan.id, PlanDay.day > day).order_by(PlanDay.day.desc())
        )
        ahead = {stop["customer_id"]: row.day for row in days for stop in row.route["stops"]}
    elapsed = (day - project.start).days + 1
    lines = []
    for customer in people.customers.values():
        rep_id = reps.get(customer.customer_id)
        if own is not None and rep_id not in own:
            continue
        rule = customer.visit_rule
        seen = max((d for d in (last.get(customer.customer_id), customer.last_visit) if d is not None), default=None)
        due = visits_due(rule, calendar, last_visit=customer.last_visit)
        lines.append(
            CareLine(
                customer_id=customer.customer_id,
                name=customer.name,
                grade=customer.grade,
                channel=customer.channel,
                rep_id=rep_id,
                lat=customer.location.lat,
                lon=customer.location.lon,
                state=contact_state(rule, seen, day),
                last_visit=seen,
                next_due=seen + timedelta(days=floor(interval_days(rule))) if seen and rule.visits else None,
                next_planned=ahead.get(customer.customer_id),
                standard=due_so_far(due, elapsed, calendar.horizon),
                made=made[customer.customer_id],
            )
        )
    return Care(day=day, grades=policy_of(project).grades, lines=tuple(lines))


def _states(lines: Iterable[CareLine]) -> dict[Contact, int]:
    found = Counter(line.state for line in lines)
    return {state: found[state] for state in Contact}


def _coverage(grade: str, lines: list[CareLine]) -> GradeCoverage:
    return GradeCoverage(
        grade=grade,
        customers=len(lines),
        standard=float(sum((line.standard for line in lines), Fraction(0))),
        made=sum(line.made for line in lines),
        counted=float(sum((line.counted for line in lines), Fraction(0))),
        states=_states(lines),
    )


def _rounds(rep_id: str, lines: list[CareLine]) -> Rounds:
    visits, surplus = sum(line.made for line in lines), sum(line.surplus for line in lines)
    neglected = _ids(lines, lambda line: line.neglected)
    return Rounds(
        rep_id=rep_id,
        customers=len(lines),
        visited=sum(line.made > 0 for line in lines),
        visits=visits,
        evenness=(visits - surplus) / visits if visits else None,
        favourites=_ids(lines, lambda line: line.surplus > 0) if neglected else (),
        neglected=neglected,
    )


def _ids(lines: list[CareLine], wanted: Callable[[CareLine], bool]) -> tuple[str, ...]:
    return tuple(line.customer_id for line in lines if wanted(line))
