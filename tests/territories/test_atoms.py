"""Administrative units as atoms, neighbours, and road time."""

import itertools

import shapely

from routing.travel.great_circle import GreatCircle
from territories import Compactness, Measure, TerritoryProblem, Unit, align
from tests.territories.made_area import area


def test_a_unit_goes_to_one_rep_unless_it_is_too_large() -> None:
    customers, reps = area(300, 3, seed=1, spread=0.3)
    columns = [shapely.box(8 + 0.05 * i, 44, 8.05 + 0.05 * i, 46) for i in range(40)]
    units = tuple(Unit(unit_id=str(i), geometry=g) for i, g in enumerate(columns))
    wide = TerritoryProblem(
        customers=customers,
        reps=reps,
        units=units,
        split_above=10.0,
        measures=(Measure(name="customers", tolerance=0.9),),
    )
    found = align(wide)
    for column in columns:
        inside = {
            found.territories[c.customer_id]
            for c in customers
            if column.contains(shapely.Point(c.location.lon, c.location.lat))
        }
        assert len(inside) <= 1
    # one unit over everybody must be split, or two reps would have nothing
    whole = (Unit(unit_id="all", geometry=shapely.box(8, 44, 10, 46)),)
    split = align(TerritoryProblem(customers=customers, reps=reps, units=whole, split_above=0.05))
    assert len(set(split.territories.values())) == 3


def test_road_time_serves_everyone_within_the_bands() -> None:
    customers, reps = area(150, 3, seed=2)
    found = align(
        TerritoryProblem(customers=customers, reps=reps, compactness=Compactness.ROAD_TIME, provider=GreatCircle())
    )
    assert found.feasible
    assert found.diagram is None
    assert found.gap < 0.2


def test_given_neighbours_are_the_ones_that_count() -> None:
    customers, reps = area(40, 2, seed=3)
    ids = [c.customer_id for c in sorted(customers, key=lambda c: c.location.lon)]
    chain = tuple(itertools.pairwise(ids))
    found = align(
        TerritoryProblem(
            customers=customers, reps=reps, neighbours=chain, measures=(Measure(name="customers", tolerance=0.3),)
        )
    )
    changes = sum(found.territories[a] != found.territories[b] for a, b in chain)
    assert changes == 1
