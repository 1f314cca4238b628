"""One rep's days as a small planning problem, read without the whole plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from api.deps import Context
from api.errors import conflict
from api.lifecycle.acts import plan_in_force
from api.lifecycle.retime import best_position, retime
from api.store.models import CustomerRow, PlanDay, ProjectRow, RepRow
from api.store.projects import customer_of, policy_of, rep_of
from api.visits.bookings import Booking, bookings_of
from routing.calendar import Calendar
from routing.domain import Customer, Pin, PinLevel
from routing.export.convert import from_json_values
from routing.plan import DayRoute
from routing.problem import PlanningProblem, Shift
from routing.project import Project
from routing.timetable import day_problem
from routing.tours import schedule


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A rep and some customers over some weeks.

    Parameters
    ----------
    index
        Customer id -> index in the problem.
    """

    problem: PlanningProblem
    index: Mapping[str, int]

    def shift(self, day: date) -> Shift | None:
        """The working time of a day; None when the rep has the day off."""
        return next((s for s in self.problem.shifts if s.date == day), None)

    def working(self, day: date) -> Shift:
        """The working time of a day; 409 when there is none."""
        found = self.shift(day)
        if found is None:
            raise conflict(f"The rep does not work on {day}. Ask for a working day.", code="no_working_day")
        return found


def customers_of(ctx: Context, project: ProjectRow, ids: Iterable[str]) -> dict[str, Customer]:
    """Customers as they are now, by id."""
    query = select(CustomerRow).where(CustomerRow.project_id == project.id, CustomerRow.customer_id.in_([*ids]))
    return {row.customer_id: customer_of(row) for row in ctx.session.scalars(query.order_by(CustomerRow.position))}


def small_project(
    project: ProjectRow, rep: RepRow, customers: Mapping[str, Customer], first: date, last: date
) -> Project:
    """A project of one rep, of the customers given, over the weeks from one day to another."""
    monday = first - timedelta(days=first.weekday())
    code, _, region = project.country.partition("-")
    weeks = (last - monday).days // 7 + 1
    return Project(
        customers=tuple(replace(c, active=True) for c in customers.values()),
        reps=(rep_of(rep),),
        calendar=Calendar.for_country(start=monday, weeks=weeks, country=code or None, region=region or None),
        policy=policy_of(project),
    )


def setting_of(
    ctx: Context, project: ProjectRow, rep: RepRow, customers: Mapping[str, Customer], first: date, last: date
) -> Setting:
    """The rep's working days from one day to another, with customers."""
    problem = PlanningProblem.build(small_project(project, rep, customers, first, last), ctx.service.travel())
    return Setting(problem=problem, index={c.customer_id: i for i, c in enumerate(problem.customers)})


def planned_routes(ctx: Context, project: ProjectRow, rep_id: str, first: date, last: date) -> dict[date, DayRoute]:
    """Day -> route of the plan that holds on that day."""
    found = {}
    day = first
    while day <= last:
        plan = plan_in_force(ctx.session, project.id, day)
        until = last if plan is None or plan.in_force_until is None else min(last, plan.in_force_until)
        if plan is None:  # another plan may begin later
            day += timedelta(days=1)
            continue
        rows = ctx.session.scalars(
            select(PlanDay).where(
                PlanDay.plan_id == plan.id, PlanDay.rep_id == rep_id, PlanDay.day >= day, PlanDay.day <= until
            )
        )
        for row in rows:
            found[row.day] = from_json_values(row.route, DayRoute, file="database", part="day route")
        day = until + timedelta(days=1)
    return found


def routes_with_bookings(
    ctx: Context, project: ProjectRow, rep: RepRow, first: date, last: date
) -> tuple[dict[date, DayRoute], dict[str, Booking]]:
    """Day -> route with the visits that were booked since the plan was made, and the bookings by customer.

    A booked visit is put where it costs least travel and keeps the rules, if it can; its time stands.
    """
    routes = planned_routes(ctx, project, rep.rep_id, first, last)
    booked = {
        b.customer_id: b
        for b in bookings_of(ctx.session, project.id, first).values()
        if b.rep_id == rep.rep_id and b.day <= last
    }
    for day in sorted({b.day for b in booked.values()}):
        stops = [s.customer_id for s in routes[day].stops] if day in routes else []
        fixed = [b for b in booked.values() if b.day == day]
        if all(b.customer_id in stops and b.start is None for b in fixed):
            continue  # the plan holds them already
        new = [b.customer_id for b in fixed if b.customer_id not in stops]
        known = agreed(customers_of(ctx, project, [*stops, *new]), fixed)
        setting = setting_of(ctx, project, rep, known, day, day)
        shift = setting.shift(day)
        if shift is None:
            continue
        order = [setting.index[c] for c in stops if c in setting.index]
        starts = [s.start for s in routes[day].stops if s.customer_id in setting.index] if day in routes else []
        for booking in (b for b in fixed if b.customer_id in new and b.customer_id in setting.index):
            place = setting.index[booking.customer_id]
            position = _position(setting.problem, shift, order, place, starts, booking.start)
            order.insert(position, place)
            starts.insert(position, booking.start or (starts[position - 1] if position else 0))
        routes[day] = retime(setting.problem, shift, order)
    return routes, booked


def _position(
    problem: PlanningProblem, shift: Shift, order: list[int], place: int, starts: list[int], start: int | None
) -> int:
    """Where a booked visit goes: by its time, so that the others keep theirs, or where it costs least."""
    if start is not None:
        position = sum(other < start for other in starts)
        day = day_problem(problem, shift, [*order[:position], place, *order[position:]])
        if schedule(day, range(1, day.places - 1)) is not None:
            return position
    return best_position(problem, shift, order, place)


def agreed(customers: Mapping[str, Customer], booked: Iterable[Booking]) -> dict[str, Customer]:
    """The customers, each expecting the rep at the time that was booked, if one was."""
    found = dict(customers)
    for booking in booked:
        if booking.start is not None and booking.customer_id in found:
            customer = found[booking.customer_id]
            others = tuple(p for p in customer.pins if p.day != booking.day)
            pin = Pin(level=PinLevel.FIXED_TIME, day=booking.day, start=booking.start)
            found[booking.customer_id] = replace(customer, pins=(*others, pin))
    return found
