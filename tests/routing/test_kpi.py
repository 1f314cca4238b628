"""Key figures of the toy world, worked out by hand (see the comments)."""

from dataclasses import replace
from datetime import date

import pytest

from routing.kpi import Coverage, DayLoad, measure
from routing.plan import JourneyPlan
from tests.four_customers import plan, project


def test_coverage_counts_visits_planned_of_visits_due() -> None:
    kpis = measure(project(), plan())
    # Ada 2 of 2 and Dora 1 of 2; Ben and Cleo 1 of 1.
    assert kpis.by_grade == (
        Coverage(group="A", customers=2, due=4, planned=3),
        Coverage(group="B", customers=1, due=1, planned=1),
        Coverage(group="C", customers=1, due=1, planned=1),
    )
    assert [(c.group, c.due, c.planned) for c in kpis.by_channel] == [
        ("café", 4, 3),
        ("pharmacy", 1, 1),
        ("restaurant", 1, 1),
    ]
    assert (kpis.visits_due, kpis.visits, kpis.unserved) == (6, 5, 1)
    assert kpis.coverage == pytest.approx(5 / 6)
    assert (kpis.customers, kpis.customers_visited) == (4, 4)


def test_working_time_and_cost_of_each_rep() -> None:
    ana, bo = measure(project(), plan()).reps
    # Ana: 2 h 08 min and 34 min; nine working days of 7 h (the tenth is a holiday).
    assert (ana.work_s, ana.available_s) == (7680 + 2040, 9 * 7 * 3600)
    assert (ana.travel_s, ana.travel_m, ana.service_s, ana.wait_s) == (720, 6000, 9000, 0)
    assert (ana.visits, ana.customers, ana.days_worked, ana.days_available) == (4, 3, 2, 9)
    assert ana.cost == pytest.approx(2.7 * 30 + 6 * 0.5)
    assert ana.travel_share == pytest.approx(2 / 27)
    # Bo: 1 h 04 min of which 5 min are set-up; four days of 4 h (holiday, then a week off).
    assert (bo.work_s, bo.available_s) == (3840, 4 * 4 * 3600)
    assert (bo.travel_s, bo.service_s, bo.wait_s) == (480, 2700, 360)
    assert bo.cost == pytest.approx(16 + 1)
    assert bo.utilisation == pytest.approx(1 / 15)


def test_team_figures_and_balance() -> None:
    kpis = measure(project(), plan())
    assert kpis.cost_per_visit == pytest.approx((84 + 17) / 5)
    assert kpis.utilisation == pytest.approx(13_560 / 284_400)
    assert kpis.travel_share == pytest.approx(1200 / 13_560)
    # Hours 9720 and 3840 s, mean 6780 s.
    assert kpis.hours_imbalance == pytest.approx(2940 / 6780)
    # Bo is the farther one: (1/15) / (113/2370) - 1 = 45/113.
    assert kpis.utilisation_imbalance == pytest.approx(45 / 113)


def test_days_without_a_route_count_as_available_but_holidays_and_leave_do_not() -> None:
    days = [d for d in measure(project(), plan()).days if d.rep_id == "bo"]
    assert [d.date.day for d in days] == [2, 3, 4, 5]
    assert days[0] == DayLoad(rep_id="bo", date=date(2026, 3, 2), available_s=4 * 3600)
    assert (days[1].work_s, days[1].travel_m, days[1].visits) == (3840, 4000, 1)


def test_a_break_is_no_working_time() -> None:
    old = plan()
    ana = old.routes[0]
    longer = replace(ana, back=ana.back + 3600, break_start=ana.stops[-1].departure, break_duration=3600)
    changed = replace(old, routes=(longer, *old.routes[1:]))
    assert measure(project(), changed).reps[0].work_s == 9720


def test_a_route_on_a_day_off_is_shown_with_nothing_available() -> None:
    old = plan()
    late = replace(old.routes[2], date=date(2026, 3, 10))
    kpis = measure(project(), replace(old, routes=(*old.routes[:2], late)))
    assert [d for d in kpis.days if d.rep_id == "bo"][-1].available_s == 0


def test_an_empty_plan_divides_by_nothing() -> None:
    kpis = measure(project(), JourneyPlan(assignment={}, routes=()))
    assert (kpis.coverage, kpis.cost_per_visit, kpis.travel_share, kpis.hours_imbalance) == (None, None, None, None)
    assert kpis.utilisation == 0
    assert kpis.utilisation_imbalance is None


def test_a_break_after_coming_home_is_no_working_time() -> None:
    day = plan().routes[0]  # Ana, 08:00 to 10:08
    assert day.work_s == 2 * 3600 + 8 * 60
    assert replace(day, break_start=day.back, break_duration=3600).work_s == 2 * 3600 + 8 * 60
    assert replace(day, break_start=9 * 3600, break_duration=600).work_s == 3600 + 58 * 60
