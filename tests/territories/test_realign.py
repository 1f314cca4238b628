"""Changing an alignment: stability, limits, bounds, proposals."""

from dataclasses import replace

import numpy as np
import pytest

from routing.errors import InvalidInput
from territories import TerritoryProblem, align
from territories.disruption import overflow_bound
from territories.problem import TerritoryProblem as Problem
from territories.proposals import pareto_proposals, price_of_stability
from territories.realign import MoveLimits, realign
from tests.territories.made_area import area
from tests.territories.made_area import rep as made_rep


def drifted(seed: int = 1, n: int = 300, m: int = 6) -> tuple[Problem, dict[str, str]]:
    """Yesterday's alignment on today's workload, which has grown in the north."""
    customers, reps = area(n, m, seed=seed)
    problem = TerritoryProblem(customers=customers, reps=reps)
    today = dict(align(problem).territories)
    grown = tuple(
        replace(c, service_duration=int(c.service_duration * (1.3 if c.location.lat > 45 else 0.8))) for c in customers
    )
    return replace(problem, customers=grown), today


def test_nothing_moves_when_nothing_has_to() -> None:
    customers, reps = area(200, 4, seed=5)
    problem = TerritoryProblem(customers=customers, reps=reps)
    today = align(problem).territories
    found = realign(problem, today, stability=50)
    assert found.bound_neighbours == 0
    assert found.moved == {}
    assert found.alignment.territories == today


def test_bands_hold_again_and_moves_are_counted_right() -> None:
    problem, today = drifted()
    found = realign(problem, today, stability=1)
    assert found.before.worst_deviation("workload") > 0.05
    assert found.alignment.feasible
    after = found.alignment.territories
    assert found.moved == {c: (today[c], after[c]) for c in today if today[c] != after[c]}
    share = sum(found.before.workload_of[c] for c in found.moved) / sum(found.before.workload_of.values())
    assert found.moved_workload == pytest.approx(share)
    assert found.bound_any <= found.bound_neighbours + 1e-12


def test_more_stability_moves_less() -> None:
    problem, today = drifted(seed=2)
    loose, firm = realign(problem, today, stability=0.0), realign(problem, today, stability=20.0)
    assert firm.moved_workload <= loose.moved_workload
    assert firm.alignment.feasible


def test_hard_limits_are_hard() -> None:
    problem, today = drifted(seed=3)
    found = realign(problem, today, stability=0.1, limits=MoveLimits(customers=0.02))
    assert len(found.moved) <= 0.02 * len(today)
    per_rep = realign(problem, today, stability=0.1, limits=MoveLimits(per_rep=0.05))
    for rep in problem.rep_ids:
        mine = [c for c in today if today[c] == rep]
        gone = sum(per_rep.before.workload_of[c] for c in mine if c in per_rep.moved)
        assert gone <= (0.05 + 1e-9) * sum(per_rep.before.workload_of[c] for c in mine)


def test_customers_that_never_move_do_not() -> None:
    problem, today = drifted(seed=1)
    free = realign(problem, today, stability=0.0)
    kept = frozenset(list(free.moved)[:5])
    found = realign(problem, today, stability=0.2, never_move=kept)
    assert kept
    assert all(found.alignment.territories[c] == today[c] for c in kept)


@pytest.mark.parametrize("free", [False, True])
def test_one_more_rep_gets_a_balanced_territory(free: bool) -> None:
    customers, reps = area(200, 4, seed=8)
    today = align(TerritoryProblem(customers=customers, reps=reps)).territories
    more = (*reps, made_rep("NEW", 45.1, 9.1))
    problem = TerritoryProblem(customers=customers, reps=more, free_reps=frozenset({"NEW"} if free else ()))
    found = realign(problem, today)
    assert found.alignment.feasible
    assert not found.alignment.stranded
    # a fifth of the work belongs to the newcomer, less the band and the travel saved; nobody gives it away twice
    assert 0.17 <= found.moved_workload <= 0.35
    # within a hard limit the newcomer gets what may move, and no more does
    tight = realign(problem, today, limits=MoveLimits(workload=0.1))
    assert 0.08 <= tight.moved_workload <= 0.1 + 1e-9
    assert sum(r == "NEW" for r in tight.alignment.territories.values()) > 5


def test_new_customers_and_a_rep_who_left() -> None:
    problem, today = drifted(seed=6)
    gone = problem.rep_ids[-1]
    fewer = replace(problem, reps=problem.reps[:-1], offered={})
    for c in list(today)[:3]:
        del today[c]
    found = realign(fewer, today, stability=0.5)
    assert set(found.new) >= {c for c, r in today.items() if r == gone}
    assert gone not in set(found.alignment.territories.values())
    assert set(found.alignment.territories) == {c.customer_id for c in problem.customers}


def test_overflow_bound_by_hand() -> None:
    # two territories of 100; 130 and 70 with a band of ten per cent: 20 of 200 must leave the full one
    workload = np.array([130.0, 70.0])
    assert overflow_bound(workload, np.array([0, 1]), np.array([0.5, 0.5]), 0.1) == pytest.approx(0.1)


def test_price_of_stability_runs_from_little_to_much_change() -> None:
    problem, today = drifted(seed=7, n=150, m=4)
    curve = price_of_stability(problem, today, levels=(10.0, 0.0))
    assert len(curve) == 2
    assert curve[0].moved_workload <= curve[1].moved_workload


def test_no_proposal_of_a_pareto_set_beats_another() -> None:
    problem, today = drifted(seed=8, n=150, m=4)
    found = pareto_proposals(problem, today, levels=(5.0, 0.5, 0.0))
    assert 1 <= len(found) <= 7
    for p in found:
        for q in found:
            better = (q.travel_hours, q.deviation, q.moved_workload)
            mine = (p.travel_hours, p.deviation, p.moved_workload)
            assert p is q or not (all(x <= y for x, y in zip(better, mine, strict=True)) and better != mine)


def test_faults_of_a_realignment() -> None:
    problem, _ = drifted(seed=9, n=60, m=2)
    with pytest.raises(InvalidInput, match="names none of the customers"):
        realign(problem, {"stranger": "R0"})
    with pytest.raises(InvalidInput, match="share"):
        MoveLimits(workload=10)
