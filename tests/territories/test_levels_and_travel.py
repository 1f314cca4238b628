"""Hierarchy, the travel estimate and the second round."""

import numpy as np
import pytest
import shapely

from routing.errors import InvalidInput
from routing.travel.great_circle import PowerLaw
from territories import TerritoryProblem, TravelModel, align
from territories.hierarchy import group_districts, group_territories
from territories.second_round import recalibrated, second_round
from territories.shapes import territory_polygons
from territories.workload import Visits, estimate_travel
from tests.territories.made_area import area

LAW = PowerLaw(seconds_at_1km=100.0, exponent=1.0, circuity=1.0)


def test_travel_estimate_by_hand() -> None:
    # four visits a week at the corners of a 2 km square, home in the middle: r = sqrt 2 km = 141.42 s
    points = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    data = Visits(
        points=points, visits=np.ones(4), service=np.full(4, 900.0), homes=np.array([[1.0, 1.0]]),
        day_seconds=np.array([28800.0]), weeks=1, laws=[LAW],
    )  # fmt: skip
    found = estimate_travel(data, np.zeros(4, dtype=np.int64), TravelModel(stem=2.0, tour=0.5))
    tour = 4 * 100 * 0.5 * np.sqrt(4.0 / 4)
    # days = (3600 + 2 * 141.42 * days + tour) / 28800
    days = (3600 + tour) / (28800 - 2 * 141.4214)
    assert found.area_km2[0] == pytest.approx(4.0)
    assert found.tour[0] == pytest.approx(tour)
    assert found.days[0] == pytest.approx(days, rel=1e-5)
    assert found.seconds[0] == pytest.approx(2 * 141.4214 * days + tour, rel=1e-5)


def test_recalibration_meets_the_routed_travel() -> None:
    customers, reps = area(200, 8, seed=1)
    problem = TerritoryProblem(customers=customers, reps=reps)
    first = align(problem)
    routed = {r: first.travel[r] * (1.2 + 0.05 * j) for j, r in enumerate(first.rep_ids)}
    fitted = recalibrated(problem, first, routed)
    again = align(fitted).travel
    assert sum(again.values()) == pytest.approx(sum(routed.values()), rel=0.1)
    second = second_round(problem, first, routed)
    assert second.feasible


def test_nothing_routed_leaves_the_estimate_alone() -> None:
    customers, reps = area(60, 2, seed=2)
    problem = TerritoryProblem(customers=customers, reps=reps)
    assert recalibrated(problem, align(problem), {}).travel == problem.travel


def test_districts_and_regions_nest() -> None:
    customers, reps = area(300, 12, seed=3)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    polygons = territory_polygons(found, customers).polygons
    districts = group_territories(found, 4, polygons=polygons)
    regions = group_districts(districts, found, 2)
    assert set(districts.groups) == set(found.rep_ids)
    assert set(regions.groups) == set(districts.workload)
    assert sum(districts.workload.values()) == pytest.approx(sum(found.activity_hours().values()))
    whole = shapely.union_all(list(polygons.values()))
    assert shapely.union_all(list(regions.polygons.values())).symmetric_difference(whole).area < 1e-12
    for rep, district in districts.groups.items():
        assert districts.polygons[district].buffer(1e-9).covers(polygons[rep])


def test_more_groups_than_territories_is_refused() -> None:
    customers, reps = area(40, 2)
    found = align(TerritoryProblem(customers=customers, reps=reps))
    with pytest.raises(InvalidInput, match="3 groups"):
        group_territories(found, 3)
