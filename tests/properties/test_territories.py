"""Whatever the area: a partition, bands, containment, and names that do not matter."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.domain import Customer
from territories import Alignment, TerritoryProblem, align
from territories.shapes import check_shapes, territory_polygons
from tests.territories.made_area import area

SIZES = st.tuples(st.integers(12, 120), st.integers(1, 6), st.integers(0, 10_000), st.floats(0.02, 1.0))


@settings(max_examples=25, deadline=None)
@given(SIZES)
def test_partition_bounds_and_containment(size: tuple[int, int, int, float]) -> None:
    n, m, seed, spread = size
    customers, reps = area(n, m, seed=seed, spread=spread)
    found = align(TerritoryProblem(customers=customers, reps=reps), seed=seed)
    assert set(found.territories) == {c.customer_id for c in customers}
    assert set(found.territories.values()) <= {r.rep_id for r in reps}
    worst = found.worst_deviation("workload")
    assert found.feasible == (worst <= 0.05 + 1e-9)
    assert even_deviation(found, customers) >= found.certificate.best_deviation["workload"] - 1e-9
    assert found.certificate.cost >= found.bound * (1 - 1e-9)
    made = territory_polygons(found, customers)
    assert check_shapes(made.polygons, found.territories, customers, region=made.region).clean


def even_deviation(found: Alignment, customers: tuple[Customer, ...]) -> float:
    """Largest deviation of the workload when every visit carries the mean travel time."""
    visits = dict.fromkeys(found.rep_ids, 0)
    for c in customers:
        visits[found.territories[c.customer_id]] += c.visit_rule.visits
    per_visit = sum(found.travel.values()) / sum(visits.values())
    work = [found.service[r] + per_visit * visits[r] for r in found.rep_ids]
    mean = sum(work) / len(work)
    return max(abs(w / mean - 1) for w in work)


@settings(max_examples=10, deadline=None)
@given(SIZES)
def test_names_do_not_matter(size: tuple[int, int, int, float]) -> None:
    n, m, seed, spread = size
    customers, reps = area(n, m, seed=seed, spread=spread)
    plain = align(TerritoryProblem(customers=customers, reps=reps))
    renamed = align(
        TerritoryProblem(
            customers=tuple(replace(c, customer_id=f"x{c.customer_id}") for c in customers),
            reps=tuple(replace(r, rep_id=f"y{r.rep_id}") for r in reps),
        )
    )
    assert renamed.territories == {f"x{c}": f"y{r}" for c, r in plain.territories.items()}
