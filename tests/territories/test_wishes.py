"""Preferred reps pull customers near a border, and neither break bands nor reach across the country."""

from dataclasses import replace

import pytest

from routing.domain import Customer, Rep
from territories import Measure, Present, TerritoryProblem, align
from tests.territories.made_area import customer, rep


def line(count: int = 20) -> tuple[tuple[Customer, ...], tuple[Rep, ...]]:
    """Customers on a straight road from west to east, a rep at each end."""
    customers = tuple(customer(f"C{i:02d}", 45.0, 9.0 + 0.05 * i) for i in range(count))
    return customers, (rep("west", 45.0, 9.0), rep("east", 45.0, 9.0 + 0.05 * (count - 1)))


def with_band(customers: tuple[Customer, ...], reps: tuple[Rep, ...], **more: object) -> TerritoryProblem:
    band = (Measure(name="service", tolerance=0.2),)
    return TerritoryProblem(customers=customers, reps=reps, measures=band, **more)  # type: ignore[arg-type]


def test_a_customer_at_the_border_comes_to_the_rep_it_prefers() -> None:
    customers, reps = line()
    plain = align(with_band(customers, reps)).territories
    for near, far in (("west", "east"), ("east", "west")):
        border = [c for c in customers if plain[c.customer_id] == near]
        asks = border[-1] if near == "west" else border[0]
        wish = tuple(replace(c, preferred_reps=frozenset({far})) if c is asks else c for c in customers)
        found = align(with_band(wish, reps))
        assert found.territories[asks.customer_id] == far
        assert found.feasible


def test_a_far_customer_and_a_full_rep_are_stronger_than_a_wish() -> None:
    customers, reps = line()
    far = tuple(replace(c, preferred_reps=frozenset({"east"})) if i == 0 else c for i, c in enumerate(customers))
    assert align(with_band(far, reps)).territories["C00"] == "west"
    everybody = tuple(replace(c, preferred_reps=frozenset({"east"})) for c in customers)
    found = align(with_band(everybody, reps))
    assert found.feasible
    # a band of a fifth around ten allows twelve
    assert 10 < sum(r == "east" for r in found.territories.values()) <= 12


@pytest.mark.parametrize("present", [Present.IGNORE, Present.PREFER])
def test_todays_rep_is_preferred_only_when_the_problem_says_so(present: Present) -> None:
    customers, reps = line()
    plain = align(with_band(customers, reps)).territories
    border = [c for c in customers if plain[c.customer_id] == "west"][-1]
    today = tuple(replace(c, rep_id="east" if c is border else plain[c.customer_id]) for c in customers)
    found = align(with_band(today, reps, present=present)).territories
    assert found[border.customer_id] == ("east" if present is Present.PREFER else "west")
