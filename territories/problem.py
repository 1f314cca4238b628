"""The territory problem: who may serve whom, what is balanced, what must not be torn apart. Validated once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from routing.domain import Customer, Rep
from routing.errors import InvalidInput, Issue
from routing.project import Project
from routing.travel.base import TravelProvider
from territories.measures import WORKLOAD, Measure
from territories.workload import TravelModel


class Present(StrEnum):
    """What today's rep of a customer (``Customer.rep_id``) means to a new alignment."""

    IGNORE = "ignore"
    PREFER = "prefer"
    LOCK = "lock"


class Compactness(StrEnum):
    """What is kept short: squared distance to the centres, or travel time from the provider's matrix."""

    DISTANCE = "distance"
    ROAD_TIME = "road_time"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An administrative unit whose customers go together: the atom of an alignment.

    Parameters
    ----------
    unit_id
        Name of the unit.
    geometry
        Polygon in lon/lat.
    """

    unit_id: str
    geometry: BaseGeometry


@dataclass(frozen=True, kw_only=True)
class TerritoryProblem:
    """Everything an alignment is made from.

    Parameters
    ----------
    customers, reps
        Inactive customers are left out.
    cycle_weeks
        Length of the call cycle, weeks.
    measures
        What is balanced, hard. The first also steers the search.
    offered
        Rep id -> working seconds per cycle; computed from the hours of the reps where missing.
    free_reps
        Reps whose home does not matter (they will live where the territory is).
    home_pull
        Weight of a fixed home against the centre of the territory, 0 … 1. 0.6 was measured to give the least travel.
    present
        What today's rep means; locked customers always stay. Customers that name ``preferred_reps`` are pulled to
        these instead, as softly.
    key_accounts
        Customer id -> rep id: assigned by hand, outside geography.
    keep_together
        Groups of customer ids that go to one rep.
    contiguous
        Whether every territory shall be one piece in the neighbour graph.
    neighbours
        Pairs of customer ids that are neighbours (for example along roads); Delaunay neighbours when not given.
    barriers
        Lines (lon/lat) that no territory may cross: rivers, motorways, borders.
    units
        Administrative units as atoms; a unit above ``split_above`` of a rep is split.
    compactness, provider
        Road time needs a provider; without one, times follow the great circle.
    travel
        Coefficients of the travel estimate.

    Raises
    ------
    InvalidInput
        With every fault at once: unknown ids, customers that no rep may serve, groups torn apart by locks.
    """

    customers: tuple[Customer, ...]
    reps: tuple[Rep, ...]
    cycle_weeks: int = 4
    measures: tuple[Measure, ...] = (Measure(name=WORKLOAD),)
    offered: Mapping[str, float] = field(default_factory=dict)
    free_reps: frozenset[str] = frozenset()
    home_pull: float = 0.6
    present: Present = Present.IGNORE
    key_accounts: Mapping[str, str] = field(default_factory=dict)
    keep_together: tuple[tuple[str, ...], ...] = ()
    contiguous: bool = True
    neighbours: tuple[tuple[str, str], ...] | None = None
    barriers: tuple[BaseGeometry, ...] = ()
    units: tuple[Unit, ...] = ()
    split_above: float = 0.3
    compactness: Compactness = Compactness.DISTANCE
    provider: TravelProvider | None = None
    travel: TravelModel = field(default_factory=TravelModel)

    def __post_init__(self) -> None:
        object.__setattr__(self, "customers", tuple(c for c in self.customers if c.active))
        offered = {r.rep_id: self.offered.get(r.rep_id, working_seconds(r, self.cycle_weeks)) for r in self.reps}
        object.__setattr__(self, "offered", offered)
        issues = self._faults()
        if issues:
            raise InvalidInput(issues)

    @classmethod
    def from_project(cls, project: Project, **options: object) -> TerritoryProblem:
        """Problem of a planning area: offered hours follow the calendar, the workload band follows the policy."""
        days = [project.calendar.start + timedelta(days=d) for d in range(7 * project.calendar.weeks)]
        offered = {
            rep.rep_id: float(
                sum(
                    rep.hours[d.weekday()].working_seconds
                    for d in days
                    if rep.works_on(d) and d not in project.calendar.holidays
                )
            )
            for rep in project.reps
        }
        settings: dict[str, object] = {
            "offered": offered,
            "measures": (Measure(name=WORKLOAD, tolerance=project.policy.balance_tolerance),),
        }
        settings.update(options)
        return cls(
            customers=project.customers,
            reps=project.reps,
            cycle_weeks=project.calendar.weeks,
            **settings,  # type: ignore[arg-type]
        )

    @property
    def rep_ids(self) -> tuple[str, ...]:
        """Rep ids in file order; the index of a rep in every array."""
        return tuple(r.rep_id for r in self.reps)

    def rep_of(self, customer: Customer) -> str | None:
        """Rep that a customer is bound to: key account, lock, or today's rep when those are locked."""
        if customer.customer_id in self.key_accounts:
            return self.key_accounts[customer.customer_id]
        if customer.rep_id in self.rep_ids and (customer.rep_locked or self.present is Present.LOCK):
            return customer.rep_id
        return None

    def may_serve(self, rep: Rep, customer: Customer) -> bool:
        """Whether skills, exclusions and bindings let the rep serve the customer."""
        bound = self.rep_of(customer)
        return rep.rep_id == bound if bound is not None else rep.serves(customer)

    def _faults(self) -> list[Issue]:
        issues: list[Issue] = []
        reps = {r.rep_id for r in self.reps}
        ids = {c.customer_id for c in self.customers}
        if not self.reps:
            issues.append(Issue(what="There is no rep.", cure="Add at least one."))
        if not self.customers:
            issues.append(Issue(what="There is no active customer.", cure="Add customers, or set some active."))
        if not self.measures:
            issues.append(Issue(what="No measure to balance.", cure="Name at least one, for example workload:5."))
        if not 0 <= self.home_pull <= 1:
            issues.append(Issue(what=f"home_pull {self.home_pull:g} is not between 0 and 1.", cure="Choose 0 … 1."))
        issues += [
            Issue(what=f"rep '{r}' offers no working time in the cycle.", cure="Give hours, or leave the rep out.")
            for r, seconds in self.offered.items()
            if seconds <= 0
        ]
        issues += [
            Issue(
                what=f"customer '{c.customer_id}' is locked to rep '{c.rep_id}', who is not there.",
                cure="Add the rep, or unlock the customer.",
            )
            for c in self.customers
            if c.rep_locked and c.rep_id not in reps
        ]
        issues += [
            Issue(what=f"key account '{c}' goes to rep '{r}', who is not there.", cure="Name an existing rep.")
            for c, r in self.key_accounts.items()
            if r not in reps
        ]
        if self.reps:
            issues += [
                Issue(
                    what=f"customer '{c.customer_id}': no rep may serve it (skills {sorted(c.skills) or 'none'}, "
                    f"excluded {sorted(c.excluded_reps) or 'none'}).",
                    cure="Give a rep the skills, or lift the exclusion.",
                    code="no_rep",
                )
                for c in self.customers
                if not any(self.may_serve(r, c) for r in self.reps)
                and not (c.rep_locked and c.rep_id not in reps)
                and self.key_accounts.get(c.customer_id, "") in (reps | {""})
            ]
        by_id = {c.customer_id: c for c in self.customers}
        for group in self.keep_together:
            missing = sorted(set(group) - ids)
            if missing:
                issues.append(
                    Issue(what=f"keep together: no active customer {', '.join(missing)}.", cure="Correct the group.")
                )
            members = [by_id[g] for g in group if g in by_id]
            if members and self.reps and not any(all(self.may_serve(r, c) for c in members) for r in self.reps):
                issues.append(
                    Issue(
                        what=f"keep together: no single rep may serve all of {', '.join(group)}.",
                        cure="Split the group, or lift a lock or skill.",
                    )
                )
        return issues


def working_seconds(rep: Rep, cycle_weeks: int) -> float:
    """Time on duty in a cycle without breaks and without days off, seconds."""
    return float(cycle_weeks * sum(day.working_seconds for day in rep.hours.values()))


def mean_day_seconds(rep: Rep) -> float:
    """Working seconds of an ordinary day of the rep."""
    return sum(d.working_seconds for d in rep.hours.values()) / max(1, len(rep.hours))


def sequence_of_ids(customers: Sequence[Customer]) -> tuple[str, ...]:
    """Customer ids in order."""
    return tuple(c.customer_id for c in customers)
