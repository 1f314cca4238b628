"""Groups of territories solved exactly: against all assignments, within the bands, in one piece."""

import numpy as np
import pytest

from territories.engine.costs import Load, loads, power_costs
from territories.engine.design import assign, design, design_bound, design_cost
from territories.engine.exact import solve_groups
from territories.engine.graph import build_delaunay, stranded
from tests.benchmarks.territories.cases import generated
from tests.territories.test_engine import brute_force, small


@pytest.mark.parametrize("seed", range(6))
def test_a_group_that_is_everything_is_solved_against_all_assignments(seed: int) -> None:
    points, centres, load = small(seed)
    costs = power_costs(points, centres)
    made = assign(costs, load, graph=None, sweeps=4, effort=1)
    assert made.violation == 0
    gap = made.cost - made.bound
    # with this share every pair of a better assignment is let in; three tenths of the gap need not be proven
    labels = solve_groups(costs, load, made.labels, lam=made.lam, gap=3 * gap, graph=None)
    assert design_cost(costs, load, labels) <= min(made.cost, brute_force(points, centres, load) + 0.3 * gap) + 1e-9


def test_exact_groups_come_nearer_to_the_bound_in_one_piece_and_within_the_bands() -> None:
    case = generated(600, 12, seed=4)
    area, graph = case.area(), build_delaunay(case.points)
    plain = design(area, graph=graph, starts=1)
    exact = design(area, graph=graph, starts=1, exact=True)
    assert exact.cost / exact.bound < plain.cost / plain.bound
    assert exact.cost >= exact.bound
    held = loads(exact.labels, area.load.activity, case.count)
    assert (held <= area.load.upper + 1e-6).all()
    assert (held >= area.load.lower - 1e-6).all()
    assert len(stranded(graph, exact.labels)) == 0


def test_centres_end_in_the_middle_of_their_territories() -> None:
    case = generated(600, 12, seed=4)
    made = design(case.area(), graph=build_delaunay(case.points), starts=1)
    for j in range(case.count):
        mine = made.labels == j
        assert made.centres[j] == pytest.approx(np.average(case.points[mine], axis=0, weights=case.weight[mine]))


def test_bands_of_whole_numbers_end_on_their_grid() -> None:
    amount = np.array([[10.0], [15.0], [25.0], [30.0]])
    load = Load(weight=amount[:, 0], activity=amount, lower=np.full((2, 1), 37.2), upper=np.full((2, 1), 43.9))
    assert load.on_grid().lower.tolist() == [[40.0], [40.0]]
    assert load.on_grid().upper.tolist() == [[40.0], [40.0]]
    # nothing fits between two steps: the band is left as it is, and so are fractions
    narrow = Load(weight=amount[:, 0], activity=amount, lower=np.full((2, 1), 41.0), upper=np.full((2, 1), 44.0))
    assert narrow.on_grid().lower.tolist() == [[41.0], [41.0]]
    broken = Load(weight=amount[:, 0], activity=amount + 0.5, lower=load.lower, upper=load.upper)
    assert broken.on_grid().upper.tolist() == load.upper.tolist()


def test_the_grid_raises_the_bound_but_not_above_the_best() -> None:
    raised = 0
    for seed in range(8):
        points, centres, load = small(seed)
        costs = power_costs(points, centres)
        best = brute_force(points, centres, load)
        five = Load(weight=load.weight, activity=5 * load.activity, lower=5 * load.lower, upper=5 * load.upper)
        lam = np.zeros((3, 1))
        assert design_bound(costs, five, lam) <= best + 1e-6
        raised += bool((five.on_grid().upper < five.upper).any())
    assert raised
