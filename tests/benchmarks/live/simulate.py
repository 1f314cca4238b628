"""A month day by day: reps drive what the plan says, reality differs, and the plan is mended, or not."""

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf

from routing.check import MatrixTravel, check
from routing.live.moment import Moment
from routing.live.proposal import Proposal, unserved_price
from routing.live.replan import absence, replan
from routing.live.urgent import planned_in_time, urgent
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project
from routing.travel.base import TravelProvider
from tests.benchmarks.live.world import HOUR, MINUTE, MONDAY, WEEKS, Call, Month

MORNING, MIDDAY = 7 * HOUR + 30 * MINUTE, 13 * HOUR
GRACE_S = 15 * MINUTE
"""A rep may be back this much after the end of the shift; a visit that would make it later is not begun."""
NOBODY_S = 5 * MINUTE
LATE_S = 15 * MINUTE


@dataclass
class Tally:
    """What the month came to."""

    made: dict[str, int] = field(default_factory=dict)
    late: int = 0
    missed: int = 0
    urgent_in_time: int = 0
    urgent_asked: int = 0
    travel_s: float = 0.0
    overtime_s: float = 0.0
    moved: int = 0
    answers_s: list[float] = field(default_factory=list)
    violations: int = 0


@dataclass
class _Rep:
    """A rep on the road: where, since when, and what of today's route is behind."""

    place: str | None
    free: int
    behind: set[str] = field(default_factory=set)
    pause: bool = False
    begun: int | None = None


class Simulation:
    """One month.

    Parameters
    ----------
    live
        Whether the plan is mended: every morning and at midday, at each call, and when somebody is ill.
    """

    def __init__(
        self, project: Project, plan: JourneyPlan, provider: TravelProvider, month: Month, *, live: bool
    ) -> None:
        self.project, self.plan, self.provider, self.month, self.live = project, plan, provider, month, live
        self.tally = Tally()
        self.travel = MatrixTravel.of_plan(project, plan, provider)
        self.customers = {c.customer_id: c for c in project.customers}
        self.reps = {r.rep_id: r for r in project.reps}
        self.missed: set[tuple[str, date]] = set()
        self.deadlines: dict[str, tuple[date, int]] = {}
        self.waiting: list[tuple[Call, tuple[date, int]]] = []
        self.extra: set[tuple[str, date]] = set()
        self.reported: dict[tuple[str, str], int | None] = {}
        self.on_road: dict[str, _Rep] = {}
        self.broken: set[tuple[str, str, date | None]] = set()

    def run(self) -> Tally:
        """All days."""
        for day in (MONDAY + timedelta(days=7 * w + d) for w in range(WEEKS) for d in range(5)):
            self._day(day)
        return self.tally

    def _day(self, day: date) -> None:
        self.reported = {}
        self.on_road = {r: _Rep(place=None, free=8 * HOUR) for r in self.reps if (r, day) not in self.month.ill}
        if self.live:
            first = min((d for _, d in self.month.ill), default=None)
            if day == first:
                for rep_id in sorted({r for r, _ in self.month.ill}):
                    days = sorted(d for r, d in self.month.ill if r == rep_id)
                    self._ask(
                        lambda rep=rep_id, days=days: [
                            absence(
                                self.project,
                                self.plan,
                                self.provider,
                                self._moment(day, MORNING),
                                rep_id=rep,
                                days=days,
                            )
                        ]
                    )
            self._ask(lambda: [replan(self.project, self.plan, self.provider, self._moment(day, MORNING))])
        events: list[tuple[int, Call | None]] = [(c.time, c) for c in self.month.calls if c.day == day]
        if self.live:
            events.append((MIDDAY, None))
        for when, call in sorted(events, key=lambda e: e[0]):
            self._drive(day, when)
            if call is not None:
                self._called(day, call)
            else:
                self._ask(lambda: [replan(self.project, self.plan, self.provider, self._moment(day, MIDDAY))])
        self._drive(day, None)
        for rep_id, rep in self.on_road.items():
            self._end_of_day(day, rep_id, rep)
        for route in self.plan.routes:
            if route.date == day:
                for stop in route.stops:
                    if (route.rep_id, stop.customer_id) not in self.reported and (
                        stop.customer_id,
                        day,
                    ) not in self.missed:
                        self.missed.add((stop.customer_id, day))
                        self.tally.missed += 1

    def _called(self, day: date, call: Call) -> None:
        self.tally.urgent_asked += 1
        deadline = (day + timedelta(days=1), call.time)
        if deadline[0].weekday() > 4:
            deadline = (deadline[0] + timedelta(days=2), call.time)  # a working day: the weekend does not count
        if not self.live:
            self.waiting.append((call, deadline))
            return
        moment = self._moment(day, call.time)
        if planned_in_time(self.plan, moment, call.customer_id, deadline) is None:
            had = {d for d, _ in self.plan.visits_of().get(call.customer_id, [])}
            if not self._ask(
                lambda: list(
                    urgent(
                        self.project, self.plan, self.provider, moment, customer_id=call.customer_id, deadline=deadline
                    )
                )
            ):
                return
            now = {d for d, _ in self.plan.visits_of()[call.customer_id]}
            if len(now) > len(had):  # else the regular visit itself comes sooner
                self.extra |= {(call.customer_id, d) for d in now - had}
        self.deadlines[call.customer_id] = deadline

    def _moment(self, day: date, when: int) -> Moment:
        away = (
            frozenset(p for p in self.month.ill if p[1] >= day)
            if day >= min(d for _, d in self.month.ill)
            else frozenset()
        )
        return Moment(
            day=day, time=when, reported=dict(self.reported), missed=frozenset(self.missed), away=away,
            deadlines=dict(self.deadlines),
        )  # fmt: skip

    def _ask(self, question) -> bool:  # type: ignore[no-untyped-def]
        """Ask for proposals, and accept the first."""
        begin = time.process_time()
        proposals: list[Proposal] = question()
        for p in proposals[:1]:
            found = check(p.project, p.plan, MatrixTravel.of_plan(p.project, p.plan, self.provider))
            self.broken |= {(v.cause, v.subject, v.day) for v in found}
        self.tally.answers_s.append(time.process_time() - begin)
        if not proposals:
            return False
        self.tally.violations = len(self.broken)
        self.tally.moved += proposals[0].price.moved
        for change in proposals[0].changes:
            if change.before and change.after and (change.customer_id, change.before[0]) in self.extra:
                self.extra.add((change.customer_id, change.after[0]))
        self.project, self.plan = proposals[0].project, proposals[0].plan
        return True

    def _drive(self, day: date, until: int | None) -> None:
        """Let every rep go on with the day until a time; a stop that is driven to is carried through."""
        routes = {r.rep_id: r for r in self.plan.routes if r.date == day}
        for rep_id, rep in self.on_road.items():
            route = routes.get(rep_id)
            while route is not None:
                stop = next((s for s in route.stops if s.customer_id not in rep.behind), None)
                if stop is None:
                    break
                free = rep.free
                if not rep.pause and route.break_start is not None and route.break_start < stop.arrival:
                    lunch = self.reps[rep_id].hours[day.weekday()].lunch
                    assert lunch is not None
                    free = max(free, lunch.early) + lunch.duration
                begin = max(free, stop.arrival - stop.travel_s)
                if until is not None and begin > until:
                    break
                rep.pause = rep.pause or free != rep.free
                self._visit(day, rep_id, rep, route, stop.customer_id, begin)

    def _visit(self, day: date, rep_id: str, rep: _Rep, route: DayRoute, customer_id: str, begin: int) -> None:
        rep.behind.add(customer_id)
        who, ends = self.customers[customer_id], self.reps[rep_id].hours[day.weekday()].end
        seconds = self._leg(rep_id, rep.place, customer_id) * self.month.traffic[rep_id, day]
        service = who.service_duration * self.month.service[customer_id, day]
        arrival = begin + seconds + who.setup_duration
        windows = who.windows_on(day.weekday())
        start = min((max(arrival, w.early) for w in windows if w.late >= arrival), default=inf) if windows else arrival
        home = self._leg(rep_id, customer_id, None) * self.month.traffic[rep_id, day]
        if start + service + home > ends + GRACE_S:
            self._lost(customer_id, day)
            return
        self.tally.travel_s += seconds
        rep.begun = rep.begun or begin
        rep.place = customer_id
        if (customer_id, day) in self.month.closed and customer_id not in self.deadlines:
            rep.free = round(start + NOBODY_S)
            self._lost(customer_id, day)
            return
        rep.free = round(start + service)
        self.reported[rep_id, customer_id] = rep.free
        planned = next((s.start for s in route.stops if s.customer_id == customer_id), None)
        self.tally.late += planned is not None and start > planned + LATE_S
        deadline = self.deadlines.pop(customer_id, None)
        if deadline is not None:
            self.tally.urgent_in_time += (day, start) <= deadline
        if (customer_id, day) not in self.extra:
            self.tally.made[customer_id] = self.tally.made.get(customer_id, 0) + 1
        for call, last in list(self.waiting):  # the regular visit settles it
            if call.customer_id == customer_id and (call.day, call.time) <= (day, start):
                self.tally.urgent_in_time += (day, start) <= last
                self.waiting.remove((call, last))

    def _lost(self, customer_id: str, day: date) -> None:
        self.missed.add((customer_id, day))
        self.tally.missed += 1

    def _end_of_day(self, day: date, rep_id: str, rep: _Rep) -> None:
        """Without live planning a rep goes to own urgent customers after the last stop, as far as there is time."""
        ends = self.reps[rep_id].hours[day.weekday()].end
        for call, deadline in list(self.waiting):
            if self.plan.assignment[call.customer_id] != rep_id or deadline[0] < day:
                continue
            who = self.customers[call.customer_id]
            seconds = self._leg(rep_id, rep.place, call.customer_id) * self.month.traffic[rep_id, day]
            start = max(rep.free, call.time if call.day == day else 0) + seconds + who.setup_duration
            service = who.service_duration * self.month.service[call.customer_id, day]
            home = self._leg(rep_id, call.customer_id, None) * self.month.traffic[rep_id, day]
            if start + service + home <= ends + GRACE_S:
                self.tally.travel_s += seconds
                rep.place, rep.free = call.customer_id, round(start + service)
                self.tally.urgent_in_time += (day, start) <= deadline
                self.waiting.remove((call, deadline))
        if rep.place is not None:
            home = self._leg(rep_id, rep.place, None) * self.month.traffic[rep_id, day]
            self.tally.travel_s += home
            self.tally.overtime_s += max(0.0, rep.free + home - ends)

    def _leg(self, rep_id: str, origin: str | None, destination: str | None) -> int:
        rep = self.reps[rep_id]
        places = [rep.home_base if p is None else self.customers[p].location for p in (origin, destination)]
        figures = self.provider.matrix(places, profile=rep.mode)
        return int(figures.durations[0, 1])


def coverage(project: Project, made: dict[str, int], due: dict[str, int]) -> dict[str, float]:
    """Grade -> share of the visits due that were made; a customer's surplus does not count."""
    grades = sorted({c.grade for c in project.customers})
    found = {}
    for grade in grades:
        mine = [c.customer_id for c in project.customers if c.grade == grade]
        found[grade] = sum(min(made.get(c, 0), due[c]) for c in mine) / sum(due[c] for c in mine)
    return found


def worth(project: Project, made: dict[str, int], due: dict[str, int]) -> float:
    """Share of the visits due that were made, each counted at what the policy says it is worth."""
    price = {c.customer_id: unserved_price(project, c) for c in project.customers}
    got = sum(price[c] * min(made.get(c, 0), due[c]) for c in price)
    return got / sum(price[c] * due[c] for c in price)
