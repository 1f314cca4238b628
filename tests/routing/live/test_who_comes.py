"""Who comes to an urgent visit: the local centre, then the region's backup, then anybody; in the toy world.

Ben is Ana's, in the local centre 'north'. Bo, of the same region, lives four blocks north; Eve, of another region, has
her home next door to Ben. It is Tuesday 3 March, 09:00, and somebody has to be there by 15:00.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from routing.live.moment import Moment
from routing.live.urgent import urgent
from routing.project import Project
from tests import four_customers as toy
from tests.four_customers import HOUR, MONDAY
from tests.toy_travel import GridTravel

TUESDAY = MONDAY + timedelta(days=1)


def region(*, unfit: Collection[str] = ()) -> Project:
    """Ana, Bo and Eve with their centres; who is unfit may not come to Ben."""
    ana, bo = toy.reps()
    eve = replace(ana, rep_id="eve", name="Eve", home_base=toy.at("ben"))
    reps = (
        replace(ana, extra={"centre": "north", "region": "coast"}),
        replace(bo, extra={"centre": "harbour", "region": "coast"}),
        replace(eve, extra={"centre": "hills", "region": "inland"}),
    )
    plain = toy.project()
    customers = tuple(
        replace(c, excluded_reps=frozenset(unfit)) if c.customer_id == "ben" else c for c in plain.customers
    )
    return replace(plain, reps=reps, customers=customers)


@pytest.mark.parametrize(
    ("away", "unfit", "who"),
    [
        ((), (), "ana"),  # the local centre, though Eve is nearer
        (("ana",), (), "bo"),  # the region's backup, though Eve is nearer
        (("ana",), ("bo",), "eve"),  # neither can: anybody who may
        (("ana", "eve"), ("bo",), None),  # nobody can
    ],
)
def test_the_region_backs_the_local_centre_up(away: tuple[str, ...], unfit: tuple[str, ...], who: str | None) -> None:
    moment = Moment(day=TUESDAY, time=9 * HOUR, away=frozenset((rep, TUESDAY) for rep in away))
    ways = urgent(
        region(unfit=unfit), toy.plan(), GridTravel(), moment, customer_id="ben", deadline=(TUESDAY, 15 * HOUR)
    )
    came = [
        (route.rep_id, route.date)
        for way in ways[:1]
        for route in way.plan.routes
        for stop in route.stops
        if stop.customer_id == "ben" and route.date == TUESDAY
    ]
    assert came == ([(who, TUESDAY)] if who else [])
