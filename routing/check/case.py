"""Plan and project side by side, looked up once for all rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from routing.check.hours import seconds_on_the_way
from routing.check.travel import Travel
from routing.domain import Customer, Location, PinLevel, Rep, WorkDay
from routing.plan import DayRoute, JourneyPlan, Stop
from routing.project import Project
from routing.travel.matrix import UNREACHABLE

__all__ = ["HARD_DAY_PINS", "Case", "Visit"]

HARD_DAY_PINS = (PinLevel.FIXED_TIME, PinLevel.FIXED_DAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One stop of the plan with whom and when; ``day`` is the day index in the horizon."""

    customer: Customer
    route: DayRoute
    stop: Stop
    day: int

    @property
    def date(self) -> date:
        """Date of the visit."""
        return self.route.date

    @property
    def rep_id(self) -> str:
        """Who visits."""
        return self.route.rep_id


@dataclass(frozen=True, kw_only=True)
class Case:
    """What every rule is asked about."""

    project: Project
    plan: JourneyPlan
    travel: Travel

    @cached_property
    def customers(self) -> dict[str, Customer]:
        """Customers by id, inactive ones too."""
        return {c.customer_id: c for c in self.project.customers}

    @cached_property
    def reps(self) -> dict[str, Rep]:
        """Reps by id."""
        return {r.rep_id: r for r in self.project.reps}

    @cached_property
    def visits(self) -> dict[str, list[Visit]]:
        """Visits of each active customer in order of date; unknown and inactive customers are other rules' business."""
        found: dict[str, list[Visit]] = {c.customer_id: [] for c in self.project.active_customers}
        for route in sorted(self.plan.routes, key=lambda r: (r.date, r.rep_id, r.leave)):
            for stop in route.stops:
                if stop.customer_id in found:
                    customer = self.customers[stop.customer_id]
                    day = self.project.calendar.day_of(route.date)
                    found[stop.customer_id].append(Visit(customer=customer, route=route, stop=stop, day=day))
        return found

    @cached_property
    def unserved(self) -> dict[str, int]:
        """Visits that the plan says it leaves out, by customer."""
        found: dict[str, int] = {}
        for entry in self.plan.unserved:
            found[entry.customer_id] = found.get(entry.customer_id, 0) + entry.visits
        return found

    @cached_property
    def routes(self) -> list[tuple[Rep, DayRoute]]:
        """Day routes of known reps."""
        return [(self.reps[r.rep_id], r) for r in self.plan.routes if r.rep_id in self.reps]

    def hours(self, rep: Rep, day: date) -> WorkDay | None:
        """Working time of a rep on a date; None when there is no shift."""
        calendar = self.project.calendar
        if not 0 <= calendar.day_of(day) < calendar.horizon or day in calendar.holidays or day in rep.days_off:
            return None
        return rep.hours.get(day.weekday())

    def stops(self, route: DayRoute) -> Iterator[tuple[Stop, Customer, Location, int]]:
        """Stops of a route with customer, place before, and when the rep left that place; unknown customers end it."""
        place, free = self.starts(route), route.leave
        for stop in route.stops:
            customer = self.customers.get(stop.customer_id)
            if customer is None:
                return
            yield stop, customer, place, free
            place, free = customer.location, stop.departure

    def starts(self, route: DayRoute) -> Location:
        """Where the rep starts: at home, or where the night was spent."""
        return self._bed(route.starts_at) or self.reps[route.rep_id].home_base

    def ends(self, route: DayRoute) -> Location:
        """Where the rep ends the day: at the end place, or where the night is spent."""
        rep = self.reps[route.rep_id]
        return self._bed(route.ends_at) or rep.end_base or rep.home_base

    def _bed(self, customer_id: str | None) -> Location | None:
        customer = self.customers.get(customer_id or "")
        return customer.location if customer else None

    def way(self, rep: Rep, route: DayRoute, origin: Location, destination: Location, gone: int) -> tuple[int, int]:
        """Seconds (without the break) and metres from place to place at the hour at which the rep leaves."""
        seconds, metres = self.travel.leg(origin, destination, rep.mode)
        if self.project.policy.hour_factors and seconds < UNREACHABLE:
            seconds = seconds_on_the_way(seconds, route, gone, rep.mode, self.project.policy.hour_factors)
        return seconds, metres

    def hard_pinned(self, visit: Visit) -> bool:
        """Whether a firm appointment put this visit on its day or into its week."""
        return self.pinned_to_day(visit) or any(
            pin.level is PinLevel.FIXED_WEEK and self._week_of(pin.day) == visit.day // 7 for pin in visit.customer.pins
        )

    def pinned_to_day(self, visit: Visit) -> bool:
        """Whether a firm appointment put this visit on its day."""
        return any(pin.level in HARD_DAY_PINS and pin.day == visit.date for pin in visit.customer.pins)

    def firm_dates(self, customer: Customer) -> tuple[set[int], set[int]]:
        """Days of the horizon with a firm appointment, and weeks with one that no such day covers."""
        calendar = self.project.calendar
        inside = [(p.level, calendar.day_of(p.day)) for p in customer.pins]
        inside = [(level, day) for level, day in inside if 0 <= day < calendar.horizon]
        days = {day for level, day in inside if level in HARD_DAY_PINS}
        weeks = {day // 7 for level, day in inside if level is PinLevel.FIXED_WEEK}
        return days, weeks - {day // 7 for day in days}

    def _week_of(self, day: date) -> int:
        return self.project.calendar.day_of(day) // 7
