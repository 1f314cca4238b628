"""Hours demanded against hours offered, worked out by hand on the toy world."""

from dataclasses import replace

import pytest

from routing.capacity import capacity_verdict
from tests import four_customers


def test_the_toy_world_demands_and_offers_what_a_pencil_says() -> None:
    """Ada 2 × 30 min, Ben 1 h, Cleo 30 min, Dora 2 × 50 min: 4 h 10 min. Ana 9 days × 7 h, Bo 4 × 4 h: 79 h."""
    verdict = capacity_verdict(four_customers.project(), travel_hours=1.0)
    assert verdict.service_hours == pytest.approx(250 / 60)
    assert verdict.demanded_hours == pytest.approx(250 / 60 + 1.0)
    assert verdict.offered_hours == pytest.approx(79.0)
    assert [(d.name, d.customers, d.visits) for d in verdict.by_grade] == [("A", 2, 4), ("B", 1, 1), ("C", 1, 1)]
    assert [(d.name, d.visits) for d in verdict.by_channel] == [("café", 4), ("pharmacy", 1), ("restaurant", 1)]
    assert [(o.rep_id, o.days, o.hours) for o in verdict.offers] == [("ana", 9, 63.0), ("bo", 4, 16.0)]
    assert verdict.fits
    assert verdict.gives_way == ()
    assert "2 reps offer 79 h" in verdict.sentence()


def test_what_gives_way_covers_the_shortage_from_the_lowest_grade_up() -> None:
    """80.17 h demanded: 1.17 h short. C frees 0.5 h + its share of travel (76/6 h): one C visit is enough."""
    verdict = capacity_verdict(four_customers.project(), travel_hours=76.0)
    assert not verdict.fits
    assert verdict.gives_way == (("C", 1, pytest.approx(0.5 + 76 / 6)),)
    assert "grade C: 1 visits" in verdict.sentence()
    assert "--give-way" in verdict.sentence()


def test_the_order_in_which_grades_give_way_is_the_users() -> None:
    project = four_customers.project()
    turned = replace(project, policy=replace(project.policy, grades=("C", "B", "A")))
    verdict = capacity_verdict(turned, travel_hours=100.0)
    assert [grade for grade, _, _ in verdict.gives_way] == ["A"]
    assert verdict.gives_way[0][1] == 2  # 25.17 h are short; an A visit is 160 / 60 / 4 h + 100 / 6 h = 17.3 h


def test_reps_who_offer_nothing_are_no_division_by_zero() -> None:
    project = four_customers.project()
    nobody = replace(project, calendar=replace(project.calendar, holidays=dict.fromkeys(_days(project), "Off")))
    verdict = capacity_verdict(nobody, travel_hours=0.0)
    assert verdict.load == float("inf")
    assert verdict.to_dict()["load"] is None


def _days(project: object) -> list[object]:
    calendar = project.calendar  # type: ignore[attr-defined]
    return [calendar.date_of(d) for d in calendar.days()]
