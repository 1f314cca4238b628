"""The checker on the hours of a day: one rule broken by one exact amount in the toy world."""

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.check import MatrixTravel, check
from routing.domain import Break, Location, TimeWindow, TravelMode, WorkDay
from routing.errors import InvalidInput
from routing.plan import CostBreakdown, DayRoute, JourneyPlan, Stop
from routing.project import Policy
from routing.travel.matrix import UNREACHABLE
from tests import four_customers as toy
from tests.routing.check_helpers import (
    MONDAY_ANA,
    SECOND_ANA,
    TUESDAY_BO,
    StreetGrid,
    clock,
    customer,
    found,
    rep,
    with_customer,
    with_rep,
    with_route,
    with_stop,
)
from tests.toy_travel import GridTravel


def hours(start: str, end: str, lunch: Break | None = None) -> dict[int, WorkDay]:
    return dict.fromkeys(range(5), WorkDay(start=clock(start), end=clock(end), lunch=lunch))


def open_from(early: str, late: str) -> dict[int, tuple[TimeWindow, ...]]:
    return dict.fromkeys(range(5), (TimeWindow(early=clock(early), late=clock(late)),))


def test_start_after_the_window_closes():
    (violation,) = check(with_customer("cleo", windows=open_from("9:00", "9:22")), toy.plan(), StreetGrid())
    assert (violation.cause, violation.subject, violation.amount) == ("window", "cleo", 840)
    assert str(violation) == "Visit of 'Cleo & Daughters' on 2026-03-02 starts 14 min after its window closes."


def test_start_before_the_window_opens():
    assert found(with_customer("cleo", windows=open_from("10:00", "12:00")), toy.plan()) == [("window", "cleo", 1440)]


def test_the_nearest_of_several_windows_counts():
    windows = dict.fromkeys(
        range(5), (TimeWindow(early=0, late=clock("9:30")), TimeWindow(early=clock("14:00"), late=clock("18:00")))
    )
    assert found(with_customer("cleo", windows=windows), toy.plan()) == [("window", "cleo", 360)]


def test_the_whole_visit_must_fit_where_asked_for():
    project = with_customer("cleo", windows=open_from("9:00", "10:00"))
    assert found(project, toy.plan()) == []
    assert found(with_customer("cleo", project, window_covers_visit=True), toy.plan()) == [("window", "cleo", 360)]


def test_closed_on_that_weekday():
    windows = {1: (TimeWindow(early=0, late=clock("20:00")),)}
    assert found(with_customer("cleo", windows=windows), toy.plan()) == [("closed", "cleo", 1)]


def test_leaving_before_the_shift():
    project = with_rep("bo", hours=hours("8:10", "12:00"))
    assert found(project, toy.plan()) == [("leave_early", "bo", 600)]


def test_back_after_the_shift():
    assert found(with_rep("bo", hours=hours("8:00", "9:00")), toy.plan()) == [("back_late", "bo", 240)]


@pytest.mark.parametrize(
    ("project", "why"),
    [
        (with_rep("bo", days_off=frozenset({toy.MONDAY + timedelta(days=1)})), "a day off"),
        (with_rep("bo", hours={0: WorkDay(start=clock("8:00"), end=clock("12:00"))}), "no working hours"),
        (
            replace(
                toy.project(),
                calendar=replace(toy.project().calendar, holidays={toy.MONDAY + timedelta(days=1): "Toy Day"}),
            ),
            "a public holiday",
        ),
    ],
)
def test_a_route_on_a_day_without_a_shift(project, why):
    (violation,) = check(project, toy.plan(), StreetGrid())
    assert (violation.cause, violation.subject, violation.amount) == ("no_shift", "bo", 1)
    assert str(violation) == f"Rep 'Bo' on 2026-03-03 has {why}, but a route."


def test_a_route_outside_the_horizon():
    # Dora's visit on the day after the last one of the horizon
    plan = with_route(TUESDAY_BO, date=toy.MONDAY + timedelta(days=14))
    assert ("no_shift", "bo", 1) in found(toy.project(), plan)


def test_two_routes_on_a_day():
    idle = DayRoute(rep_id="ana", date=toy.MONDAY, leave=clock("15:00"), back=clock("15:00"), stops=(),
                    return_travel_s=0, return_travel_m=0)  # fmt: skip
    plan = replace(toy.plan(), routes=(*toy.plan().routes, idle))
    assert found(toy.project(), plan) == [("second_route", "ana", 1)]


def test_stated_travel_time_and_distance():
    assert found(toy.project(), with_stop(MONDAY_ANA, 1, travel_s=100)) == [("travel_time", "ana", 20)]
    assert found(toy.project(), with_stop(MONDAY_ANA, 1, travel_m=1250)) == [("distance", "ana", 250)]
    assert found(toy.project(), with_route(TUESDAY_BO, return_travel_s=300)) == [("travel_time", "bo", 60)]


def test_arriving_earlier_than_travel_allows():
    early = with_stop(MONDAY_ANA, 1, arrival=clock("8:33"), wait_s=60)
    assert found(toy.project(), early) == [("arrival_early", "ana", 60)]
    assert found(toy.project(), with_route(TUESDAY_BO, back=clock("9:01"))) == [("arrival_early", "bo", 180)]


def test_starting_before_setup_is_over():
    # Dora: arrival 8:04, start 8:15; 15 minutes of setup end at 8:19
    assert found(with_customer("dora", setup_duration=900), toy.plan()) == [("start_early", "dora", 240)]


def test_setup_is_spent_once_at_a_place():
    project = with_customer("ben", with_customer("ada", setup_duration=120), setup_duration=120)
    expected = [("start_early", customer_id, 120) for customer_id in ("ada", "ben", "ada")]
    assert found(project, toy.plan()) == expected
    neighbours = with_customer("ben", setup_duration=300, location=toy.at("ada"))
    at = [clock("8:02"), clock("8:32"), clock("9:34")]  # Ada, Ben next door, Cleo two blocks on: 9:32 + 4 min = 9:36
    stops = toy.plan().routes[MONDAY_ANA].stops
    stops = (
        stops[0],
        replace(stops[1], arrival=at[1], start=at[1], departure=clock("9:32"), travel_s=0, travel_m=0),
        replace(stops[2], travel_s=240, travel_m=2000),
    )
    assert found(neighbours, with_route(MONDAY_ANA, stops=stops)) == []


def test_stated_waiting():
    assert found(toy.project(), with_stop(TUESDAY_BO, 0, wait_s=0)) == [("wait", "dora", 360)]


def test_service_takes_its_time():
    assert found(with_customer("ben", service_duration=3000), toy.plan()) == [("service", "ben", 600)]
    backwards = with_stop(SECOND_ANA, 0, departure=clock("8:00"))
    assert ("service", "ada", 1920) in found(toy.project(), backwards)


EARLY_LUNCH = Break(duration=3600, early=clock("8:00"), late=clock("9:00"))


def lunching(lunch: Break = EARLY_LUNCH):
    """The toy project with an early lunch for Ana."""
    return with_rep("ana", hours=hours("8:00", "16:00", lunch))


def lunch_plan(ben_arrival: str, break_start: str, **changes) -> JourneyPlan:
    """Ana's Monday with everything after Ada an hour later."""
    ada, ben, cleo = toy.plan().routes[MONDAY_ANA].stops
    stops = (
        ada,
        replace(ben, arrival=clock(ben_arrival), start=clock("9:34"), departure=clock("10:34")),
        replace(cleo, arrival=clock("10:36"), start=clock("10:36"), departure=clock("11:06")),
    )
    timing = {"stops": stops, "back": clock("11:08"), "break_start": clock(break_start), "break_duration": 3600}
    return with_route(MONDAY_ANA, **{**timing, **changes})


@pytest.mark.parametrize(
    ("ben_arrival", "break_start"),
    [("9:34", "8:32"), ("9:34", "8:34"), ("8:34", "8:34")],
    ids=["at once", "on the way", "on site"],
)
def test_a_break_on_the_way_or_on_site(ben_arrival, break_start):
    assert found(lunching(), lunch_plan(ben_arrival, break_start)) == []


def test_no_break():
    assert found(lunching(), toy.plan()) == [("break_missing", "ana", 3600)]  # the short second day needs none


def test_a_break_of_another_length():
    assert found(lunching(), lunch_plan("9:34", "8:32", break_duration=1800)) == [("break_length", "ana", 1800)]


def test_a_break_outside_its_window():
    late = Break(duration=3600, early=clock("8:00"), late=clock("8:30"))
    # the second Monday is over at 8:34, too late for a break at home
    expected = [("break_missing", "ana", 3600), ("break_window", "ana", 120)]
    assert found(lunching(late), lunch_plan("9:34", "8:32")) == expected
    early = Break(duration=3600, early=clock("8:33"), late=clock("9:00"))
    assert found(lunching(early), lunch_plan("9:34", "8:32")) == [("break_window", "ana", 60)]


def test_a_break_during_a_service():
    assert found(lunching(), lunch_plan("9:34", "8:22")) == [("break_in_service", "ana", 600)]


def test_a_break_across_an_arrival():
    plan = lunch_plan("9:20", "8:34")  # 8:34 to 9:34, arriving at 9:20
    assert ("break_split", "ana", 840) in found(lunching(), plan)


def test_a_break_lengthens_the_way():
    plan = lunch_plan("9:33", "8:32")
    plan = with_stop(MONDAY_ANA, 1, plan, wait_s=60)
    assert found(lunching(), plan) == [("arrival_early", "ana", 60)]


def test_a_break_at_home_need_not_be_stated():
    noon = Break(duration=3600, early=clock("10:00"), late=clock("10:08"))
    assert found(lunching(noon), toy.plan()) == []  # back at 10:08
    noon = replace(noon, late=clock("10:07"))
    assert found(lunching(noon), toy.plan()) == [("break_missing", "ana", 3600)]


def test_too_many_visits_a_day():
    assert found(with_rep("ana", max_visits_per_day=2), toy.plan()) == [("max_visits", "ana", 1)]


def test_more_than_a_daily_work_standard():
    # one café of 8 a day and one restaurant of 1 a day: 1/8 + 1
    project = replace(toy.project(), policy=Policy(daily_standards={"café": 8, "restaurant": 1}))
    assert found(project, toy.plan()) == [("daily_standard", "ana", 0.125)]
    exact = replace(toy.project(), policy=Policy(daily_standards={"café": 2, "restaurant": 2}))
    assert found(exact, toy.plan()) == []


def test_stated_travel_cost():
    # ten blocks: Ana six (720 s at 30 an hour, 6 km at 0.50), Bo four (480 s at 15, 4 km at 0.25)
    plan = replace(toy.plan(), cost=CostBreakdown(travel_time=9.0, distance=4.0))
    assert found(toy.project(), plan) == [("travel_cost", "plan", 1.0)]
    plan = replace(toy.plan(), cost=CostBreakdown(travel_time=8.0, distance=3.5))
    assert found(toy.project(), plan) == [("travel_cost", "plan", 0.5)]


def test_places_that_no_road_reaches():
    class Island(StreetGrid):
        def leg(self, origin: Location, destination: Location, mode: TravelMode) -> tuple[int, int]:
            if destination == toy.at("dora"):
                return UNREACHABLE, UNREACHABLE
            return super().leg(origin, destination, mode)

    causes = [(cause, subject) for cause, subject, _ in found(toy.project(), toy.plan(), Island())]
    assert ("unreachable", "bo") in causes


def test_end_place_other_than_home():
    project = with_rep("bo", end_base=toy.at("dora"))
    assert ("travel_time", "bo", 240) in found(project, toy.plan())
    plan = with_route(TUESDAY_BO, return_travel_s=0, return_travel_m=0, back=clock("9:00"))
    # two blocks fewer for Bo: 240 s at 15 an hour = 1.00, 2 km at 0.25 = 0.50
    plan = replace(plan, cost=CostBreakdown(travel_time=7.0, distance=3.5))
    assert found(project, plan) == []


def test_travel_from_a_matrix():
    places = [rep("ana").home_base, rep("bo").home_base, *(c.location for c in toy.customers())]
    matrix = GridTravel().matrix(places, profile=TravelMode.CAR)
    travel = MatrixTravel([(matrix, places)])
    assert travel.leg(rep("ana").home_base, customer("ben").location, TravelMode.CAR) == (240, 2000)
    assert check(toy.project(), toy.plan(), travel) == ()
    with pytest.raises(InvalidInput, match="No travel matrix by foot"):
        travel.leg(rep("ana").home_base, customer("ben").location, TravelMode.FOOT)
    with pytest.raises(InvalidInput, match="does not fit"):
        MatrixTravel([(matrix, places[:2])])


def test_travel_of_a_plan_that_was_edited_by_hand():
    stop = Stop(customer_id="zoe", arrival=0, start=0, departure=0, travel_s=0, travel_m=0)
    route = toy.plan().routes[TUESDAY_BO]
    edited = with_route(TUESDAY_BO, stops=(*toy.plan().routes[MONDAY_ANA].stops[1:2], *route.stops, stop))
    travel = MatrixTravel.of_plan(toy.project(), edited, GridTravel())
    assert travel.leg(rep("bo").home_base, customer("ben").location, TravelMode.CAR) == (480, 4000)
    assert ("other_rep", "ben", 1) in found(toy.project(), edited, travel)


def test_times_that_run_backwards():
    stop = Stop(customer_id="ada", arrival=clock("8:02"), start=clock("8:02"), departure=clock("8:32"), travel_s=120,
                travel_m=1000)  # fmt: skip
    plan = with_route(SECOND_ANA, leave=clock("8:01"), stops=(stop,))
    assert found(toy.project(), plan) == [("arrival_early", "ana", 60)]
