"""A legal plan made by simple simulation passes the checker; any single false figure in it is caught."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.calendar import Calendar
from routing.check import check
from routing.domain import Break, Customer, Location, Rep, TimeWindow, TravelMode, VisitRule, WorkDay
from routing.plan import CostBreakdown, DayRoute, JourneyPlan, Stop
from routing.project import Project

MONDAY = date(2026, 3, 2)
SHIFT = WorkDay(start=8 * 3600, end=20 * 3600, lunch=Break(duration=1800, early=11 * 3600, late=14 * 3600))


@dataclass(frozen=True)
class OneWayGrid:
    """Travel on a grid, dearer to the east and north, so that direction matters."""

    def leg(self, origin: Location, destination: Location, mode: TravelMode) -> tuple[int, int]:
        """Seconds and metres."""
        north = round((destination.lat - origin.lat) * 100)
        east = round((destination.lon - origin.lon) * 100)
        metres = abs(north) * 900 + abs(east) * 1100
        return metres // 10 + 30 * max(north, 0) + 20 * max(east, 0), metres


@st.composite
def legal_plans(draw: st.DrawFn) -> tuple[Project, JourneyPlan]:
    """Weekly customers, all visited on the same weekday of two weeks, in file order."""
    cells = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6))
    home = Location(lat=0.03, lon=0.03)
    customers = []
    for k, (north, east) in enumerate(cells):
        early = draw(st.integers(0, 10)) * 3600
        customers.append(
            Customer(
                customer_id=f"c{k}", name=f"Shop {k}", location=Location(lat=north / 100, lon=east / 100),
                visit_rule=VisitRule(visits=1, period_weeks=Fraction(1)),
                service_duration=60 * draw(st.integers(5, 45)),
                setup_duration=60 * draw(st.integers(0, 5)),
                windows=dict.fromkeys(range(5), (TimeWindow(early=early, late=19 * 3600),)),
            )
        )  # fmt: skip
    rep = Rep(rep_id="r", name="Rita", home_base=home, hours=dict.fromkeys(range(5), SHIFT), cost_per_hour=18.0)
    project = Project(customers=tuple(customers), reps=(rep,), calendar=Calendar(start=MONDAY, weeks=2))
    weekday = draw(st.integers(0, 4))
    routes = tuple(_drive(customers, home, MONDAY + timedelta(days=weekday + 7 * week)) for week in range(2))
    assume(routes[0].back <= SHIFT.end)
    cost = CostBreakdown(
        travel_time=sum(r.travel_s for r in routes) / 3600 * 18.0, distance=sum(r.travel_m for r in routes) / 1000 * 0.3
    )
    return project, JourneyPlan(assignment={c.customer_id: "r" for c in customers}, routes=routes, cost=cost)


def _drive(customers: list[Customer], home: Location, day: date) -> DayRoute:
    """Everything as early as possible; the break as soon as its window is open and the rep is between services."""
    lunch = SHIFT.lunch
    assert lunch is not None
    travel = OneWayGrid()
    now, place, pause, stops = SHIFT.start, home, None, []
    for customer in customers:
        seconds, metres = travel.leg(place, customer.location, TravelMode.CAR)
        if pause is None and now >= lunch.early:
            pause, now = now, now + lunch.duration
        arrival = now + seconds
        ready = arrival + (0 if customer.location == place else customer.setup_duration)
        (window,) = customer.windows_on(day.weekday())
        if pause is None and (arrival >= lunch.early or max(ready, window.early) > lunch.late):
            pause = max(arrival, lunch.early)
            ready = max(ready + lunch.duration, pause + lunch.duration)
        start = max(ready, window.early)
        on_site = lunch.duration if pause is not None and pause >= arrival else 0
        setup = 0 if customer.location == place else customer.setup_duration
        now, place = start + customer.service_duration, customer.location
        stops.append(
            Stop(customer_id=customer.customer_id, arrival=arrival, start=start, departure=now, travel_s=seconds,
                 travel_m=metres, wait_s=start - arrival - setup - on_site)
        )  # fmt: skip
    seconds, metres = travel.leg(place, home, TravelMode.CAR)
    if pause is None and now + seconds > lunch.late:
        pause = max(now, lunch.early)
        now = pause + lunch.duration
    return DayRoute(
        rep_id="r", date=day, leave=SHIFT.start, back=now + seconds, stops=tuple(stops), return_travel_s=seconds,
        return_travel_m=metres, break_start=pause, break_duration=lunch.duration if pause is not None else 0,
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(legal_plans())
def test_a_simulated_plan_passes(case):
    project, plan = case
    assert [str(v) for v in check(project, plan, OneWayGrid())] == []


@settings(max_examples=250, deadline=None)
@given(legal_plans(), st.data())
def test_every_false_figure_is_caught(case, data):
    project, plan = case
    number = data.draw(st.integers(0, 1), label="route")
    route = plan.routes[number]
    place = data.draw(st.integers(0, len(route.stops) - 1), label="stop")
    stop = route.stops[place]
    off = data.draw(st.integers(1, 7200), label="seconds")
    days = data.draw(st.sampled_from([1, 5, 6, 14]), label="days")
    kinds = {
        "travel_s": lambda: _stop(plan, number, place, travel_s=stop.travel_s + off),
        "travel_m": lambda: _stop(plan, number, place, travel_m=stop.travel_m + off),
        "departure": lambda: _stop(plan, number, place, departure=stop.departure - off),
        "start": lambda: _stop(plan, number, place, start=stop.start - off),
        "arrival": lambda: _stop(plan, number, place, arrival=stop.arrival - off),
        "wait": lambda: _stop(plan, number, place, wait_s=stop.wait_s + off),
        "leave": lambda: _route(plan, number, leave=route.leave + off),
        "leave_early": lambda: _route(plan, number, leave=route.leave - off),
        "back": lambda: _route(plan, number, back=route.back - off),
        "back_late": lambda: _route(plan, number, back=SHIFT.end + off),
        "return": lambda: _route(plan, number, return_travel_s=route.return_travel_s + off),
        "date": lambda: _route(plan, number, date=route.date + timedelta(days=days)),
        "rep": lambda: _route(plan, number, rep_id="nobody"),
        "drop": lambda: _route(plan, number, stops=route.stops[:place] + route.stops[place + 1 :]),
        "twice": lambda: _route(plan, number, stops=(*route.stops, stop)),
        "route": lambda: replace(plan, routes=(plan.routes[1 - number],)),
        "assignment": lambda: replace(plan, assignment={}),
        "cost": lambda: replace(plan, cost=replace(plan.cost, travel_time=plan.cost.travel_time + off)),
    }
    if route.break_start is not None:
        kinds["break_length"] = lambda: _route(plan, number, break_duration=route.break_duration + off)
        kinds["break_late"] = lambda: _route(plan, number, break_start=SHIFT.lunch.late + off)
        kinds["no_break"] = lambda: _route(plan, number, break_start=None, break_duration=0)
    kind = data.draw(st.sampled_from(sorted(kinds)), label="kind")
    # a rep who is back before the break must start may take it at home, and need not state it
    assume(kind != "no_break" or route.back > SHIFT.lunch.late)
    changed = kinds[kind]()
    assert changed != plan
    assert check(project, changed, OneWayGrid()), kind


def _route(plan: JourneyPlan, number: int, **changes) -> JourneyPlan:
    routes = list(plan.routes)
    routes[number] = replace(routes[number], **changes)
    return replace(plan, routes=tuple(routes))


def _stop(plan: JourneyPlan, number: int, place: int, **changes) -> JourneyPlan:
    stops = list(plan.routes[number].stops)
    stops[place] = replace(stops[place], **changes)
    return _route(plan, number, stops=tuple(stops))
