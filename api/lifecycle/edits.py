"""Changing a draft by hand: edits are made, the days they touch timed anew, and the checker looks at all of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from api.areas import territory_areas
from api.lifecycle.retime import best_position, retime
from api.planning import check_plan
from routing.check import Violation
from routing.domain import Customer, Pin, PinLevel
from routing.encoding import pattern_options
from routing.errors import InvalidInput, Issue
from routing.export import SavedPlan
from routing.nights import with_nights
from routing.plan import CostBreakdown, DayRoute, JourneyPlan
from routing.problem import PlanningProblem, Shift
from routing.project import Project
from routing.solve import plan_cost
from routing.travel.base import TravelProvider
from routing.travel.factors import corrected
from territories.edits import Draft
from territories.problem import TerritoryProblem


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A visit goes to another day of the same rep, or to another place in its day (`to_day` = `day`).

    Parameters
    ----------
    position
        0-based place in the day; None takes the one that costs least.
    """

    customer_id: str
    day: date
    to_day: date
    position: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Swap:
    """Two visits change places: each takes the other's day and place in it."""

    customer_id: str
    day: date
    other_customer_id: str
    other_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Reassign:
    """A customer goes to another rep, with all visits on the days they have."""

    customer_id: str
    rep_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PinVisit:
    """A visit is not to leave its day any more, whatever is planned later."""

    customer_id: str
    day: date


type Edit = Move | Swap | Reassign | PinVisit


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A draft after edits.

    Parameters
    ----------
    broken, mended
        Rules that the edits break, and that they no longer break.
    """

    saved: SavedPlan
    violations: tuple[Violation, ...]
    broken: tuple[Violation, ...]
    mended: tuple[Violation, ...]
    cost_before: CostBreakdown
    cost_after: CostBreakdown


def edit_plan(saved: SavedPlan, edits: Sequence[Edit], provider: TravelProvider, before: Iterable[Violation]) -> Edited:
    """Make edits, one after the other.

    Parameters
    ----------
    before
        What the checker found in the plan as it is.

    Raises
    ------
    InvalidInput
        If an edit names a visit, customer, rep or working day that is not there, or the travel source is another one.
    """
    if corrected(provider, saved.project.policy.travel_factors).source != saved.plan.travel_source:
        raise InvalidInput(
            [
                Issue(
                    what=f"The plan's travel times come from '{saved.plan.travel_source}', those of the service from "
                    f"'{provider.source}'.",
                    cure="Plan again, then edit.",
                    code="travel_source",
                )
            ]
        )
    desk = _Desk(saved, provider)
    for edit in edits:
        desk.do(edit)
    project, plan = desk.result()
    violations = check_plan(project, plan, provider)
    old, new = {*before}, {*violations}
    return Edited(
        saved=SavedPlan(project=project, plan=plan, extras=_extras(saved, project, plan)),
        violations=violations,
        broken=tuple(v for v in violations if v not in old),
        mended=tuple(v for v in before if v not in new),
        cost_before=saved.plan.cost,
        cost_after=plan.cost,
    )


class _Desk:
    """A plan being worked on: customer ids per rep and day, and what has been touched."""

    def __init__(self, saved: SavedPlan, provider: TravelProvider) -> None:
        self._saved = saved
        self._provider = provider
        self._customers = {c.customer_id: c for c in saved.project.customers}
        self._assignment = dict(saved.plan.assignment)
        self._days = {(r.rep_id, r.date): [s.customer_id for s in r.stops] for r in saved.plan.routes}
        self._touched: set[tuple[str, date]] = set()
        self._reps: set[str] = set()
        self._problems: dict[str, PlanningProblem] = {}

    def do(self, edit: Edit) -> None:
        """Make one edit."""
        match edit:
            case Move():
                self._move(edit)
            case Swap():
                self._swap(edit)
            case Reassign():
                self._reassign(edit)
            case PinVisit():
                self._visit(edit.customer_id, edit.day)
                self._pin(edit.customer_id, edit.day)

    def _move(self, edit: Move) -> None:
        rep_id, place = self._visit(edit.customer_id, edit.day)
        self._shift(rep_id, edit.to_day)
        if edit.to_day != edit.day and edit.customer_id in self._days.get((rep_id, edit.to_day), []):
            raise _fault(f"'{edit.customer_id}' has a visit on {edit.to_day} already.")
        del self._days[rep_id, edit.day][place]
        self._touched.add((rep_id, edit.day))
        self._insert(rep_id, edit.to_day, edit.customer_id, edit.position)

    def _swap(self, edit: Swap) -> None:
        rep_id, place = self._visit(edit.customer_id, edit.day)
        other_rep, other_place = self._visit(edit.other_customer_id, edit.other_day)
        if rep_id != other_rep:
            raise _fault("Visits of two reps cannot change places: reassign the customers instead.")
        self._days[rep_id, edit.day][place] = edit.other_customer_id
        self._days[rep_id, edit.other_day][other_place] = edit.customer_id
        for day in (edit.day, edit.other_day):
            if len(set(self._days[rep_id, day])) < len(self._days[rep_id, day]):
                raise _fault(f"After this change a customer would be visited twice on {day}.")
            self._touched.add((rep_id, day))

    def _reassign(self, edit: Reassign) -> None:
        if edit.customer_id not in self._assignment:
            raise _fault(f"The plan has no customer '{edit.customer_id}'.")
        if edit.rep_id not in {rep.rep_id for rep in self._saved.project.reps}:
            raise _fault(f"The plan has no rep '{edit.rep_id}'.")
        old = self._assignment[edit.customer_id]
        if old == edit.rep_id:
            return
        days = [day for (rep, day), ids in self._days.items() if rep == old and edit.customer_id in ids]
        self._assignment[edit.customer_id] = edit.rep_id
        self._problems.pop(old, None)
        self._problems.pop(edit.rep_id, None)
        for day in days:
            self._shift(edit.rep_id, day)
            self._days[old, day].remove(edit.customer_id)
            self._touched.add((old, day))
            self._insert(edit.rep_id, day, edit.customer_id, None)
        self._reps |= {old, edit.rep_id}

    def _pin(self, customer_id: str, day: date) -> None:
        customer = self._customers[customer_id]
        self._customers[customer_id] = pinned(customer, day)

    def _insert(self, rep_id: str, day: date, customer_id: str, position: int | None) -> None:
        others = self._days.setdefault((rep_id, day), [])
        if position is None:
            problem = self._problem(rep_id)
            index = _indices(problem)
            position = best_position(problem, self._shift(rep_id, day), [index[c] for c in others], index[customer_id])
        others.insert(min(position, len(others)), customer_id)
        self._touched.add((rep_id, day))

    def _visit(self, customer_id: str, day: date) -> tuple[str, int]:
        for (rep_id, on), ids in self._days.items():
            if on == day and customer_id in ids:
                return rep_id, ids.index(customer_id)
        raise _fault(f"The plan has no visit of '{customer_id}' on {day}.")

    def _shift(self, rep_id: str, day: date) -> Shift:
        for shift in self._problem(rep_id).shifts:
            if shift.date == day:
                return shift
        raise _fault(f"Rep '{rep_id}' does not work on {day}.")

    def _problem(self, rep_id: str) -> PlanningProblem:
        if rep_id not in self._problems:
            mine = [c for c, rep in self._assignment.items() if rep == rep_id]
            problem = PlanningProblem.build(self._saved.project, self._provider, rep_ids=[rep_id], customer_ids=mine)
            routes = [route for route in self._saved.plan.routes if route.rep_id == rep_id]
            self._problems[rep_id] = with_nights(problem, routes)
        return self._problems[rep_id]

    def result(self) -> tuple[Project, JourneyPlan]:
        """Project and plan after the edits."""
        plan = self._saved.plan
        kept = [r for r in plan.routes if (r.rep_id, r.date) not in self._touched]
        new = [self._timed(rep, day) for rep, day in sorted(self._touched) if self._days.get((rep, day))]
        routes = [*kept, *new]
        reps = {rep for rep, _ in self._touched} | self._reps
        cost = plan.cost
        for rep_id in sorted(reps):
            cost = _sum(cost, self._cost(rep_id, routes), lambda a, b: a + b)
        before = _Desk(self._saved, self._provider)
        for rep_id in sorted(reps):
            cost = _sum(cost, before._cost(rep_id, plan.routes), lambda a, b: a - b)
        project = replace(
            self._saved.project, customers=tuple(self._customers[c.customer_id] for c in self._saved.project.customers)
        )
        return project, replace(plan, assignment=self._assignment, routes=tuple(routes), cost=cost, lower_bound=None)

    def _timed(self, rep_id: str, day: date) -> DayRoute:
        problem = self._problem(rep_id)
        index = _indices(problem)
        return retime(problem, self._shift(rep_id, day), [index[c] for c in self._days[rep_id, day]])

    def _cost(self, rep_id: str, routes: Iterable[DayRoute]) -> CostBreakdown:
        problem = self._problem(rep_id)
        weights = self._saved.project.policy.weights
        options = pattern_options(problem, weights)
        return plan_cost(problem, options, [r for r in routes if r.rep_id == rep_id], weights)


def _extras(before: SavedPlan, project: Project, plan: JourneyPlan) -> dict[str, object]:
    """What is kept with the plan; the polygons are drawn again once a customer has changed rep."""
    extras = dict(before.extras)
    if "territories" in extras and plan.assignment != before.plan.assignment:
        given = {c.customer_id: plan.assignment[c.customer_id] for c in project.active_customers}
        alignment = Draft(TerritoryProblem.from_project(project), given).alignment()
        extras["territories"] = territory_areas(project, plan, alignment)
    return extras


def pinned(customer: Customer, day: date) -> Customer:
    """The customer with a fixed appointment on a day."""
    others = tuple(p for p in customer.pins if p.day != day)
    return replace(customer, pins=(*others, Pin(level=PinLevel.FIXED_DAY, day=day)))


def _indices(problem: PlanningProblem) -> dict[str, int]:
    return {c.customer_id: i for i, c in enumerate(problem.customers)}


def _sum(a: CostBreakdown, b: CostBreakdown, both: Callable[[float, float], float]) -> CostBreakdown:
    return CostBreakdown(**{f.name: both(getattr(a, f.name), getattr(b, f.name)) for f in fields(CostBreakdown)})


def _fault(what: str) -> InvalidInput:
    return InvalidInput([Issue(what=what, cure="Look at the newest revision of the plan.", code="bad_edit")])
