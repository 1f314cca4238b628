"""The numeric core against brute force."""

import itertools

import numpy as np
import pytest

from territories.bounds import best_deviation
from territories.engine.centres import Area
from territories.engine.costs import Load, matrix_costs, power_costs
from territories.engine.design import assign, design
from territories.engine.design_medians import design_medians
from territories.engine.dual import Scaled, dual_value, solve_dual
from territories.engine.graph import build_delaunay, from_edges, parts, stranded
from territories.engine.medians import MedianProblem, centres_of
from territories.engine.seeds import bisect


def small(seed: int, n: int = 9, m: int = 3, tolerance: float = 0.4) -> tuple[np.ndarray, np.ndarray, Load]:
    """Points, centres and loads small enough to enumerate."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 6, n).astype(float)
    mean = weight.sum() / m
    load = Load(
        weight=weight,
        activity=weight[:, None],
        lower=np.full((m, 1), (1 - tolerance) * mean),
        upper=np.full((m, 1), (1 + tolerance) * mean),
    )
    return rng.uniform(0, 10, (n, 2)), rng.uniform(0, 10, (m, 2)), load


def brute_force(points: np.ndarray, centres: np.ndarray, load: Load) -> float:
    """Cheapest balanced assignment, by trying all."""
    away = ((points[:, None] - centres[None]) ** 2).sum(axis=2) * load.weight[:, None]
    best = np.inf
    for labels in itertools.product(range(len(centres)), repeat=len(points)):
        got = np.bincount(labels, load.weight, len(centres))
        if (got >= load.lower[:, 0] - 1e-9).all() and (got <= load.upper[:, 0] + 1e-9).all():
            best = min(best, float(away[np.arange(len(points)), labels].sum()))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_bound_and_assignment_against_all_assignments(seed: int) -> None:
    points, centres, load = small(seed)
    best = brute_force(points, centres, load)
    made = assign(power_costs(points, centres), load, graph=None, sweeps=60, effort=20)
    assert made.violation == 0
    assert made.bound <= best + 1e-6
    assert made.cost == pytest.approx(best, rel=1e-9)


def test_every_multiplier_gives_a_bound() -> None:
    points, centres, load = small(1)
    best = brute_force(points, centres, load)
    costs, data = power_costs(points, centres), Scaled.of(load)
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert dual_value(costs, data, rng.normal(0, 20, (3, 1))) <= best + 1e-6
    found = solve_dual(costs, data)
    assert found.lam.shape == (3, 1)


def test_a_matrix_of_squared_distances_is_the_power_case() -> None:
    points, centres, load = small(2)
    matrix = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    one = assign(power_costs(points, centres), load, graph=None, sweeps=30)
    two = assign(matrix_costs(points, centres, matrix), load, graph=None, sweeps=30)
    assert (one.labels == two.labels).all()
    assert one.bound == pytest.approx(two.bound)


def test_design_is_connected_and_balanced() -> None:
    rng = np.random.default_rng(3)
    n, m = 400, 8
    points, weight = rng.uniform(0, 50, (n, 2)), rng.integers(1, 5, n).astype(float)
    mean = weight.sum() / m
    load = Load(
        weight=weight, activity=weight[:, None], lower=np.full((m, 1), 0.95 * mean), upper=np.full((m, 1), 1.05 * mean)
    )
    area = Area(
        points=points, load=load, homes=np.zeros((m, 2)), pull=np.ones(m),
        mask_of=np.zeros(n, dtype=np.int64), masks=np.ones((1, m), dtype=np.bool_),
    )  # fmt: skip
    graph = build_delaunay(points)
    made = design(area, graph=graph)
    got = np.bincount(made.labels, weight, m)
    assert np.abs(got / mean - 1).max() <= 0.05 + 1e-9
    assert len(stranded(graph, made.labels)) == 0
    assert made.cost <= made.bound * 1.05


def test_pieces_of_a_path() -> None:
    path = from_edges(6, np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]))
    labels = np.array([0, 0, 1, 0, 0, 0])
    assert len(np.unique(parts(path, labels))) == 3
    assert stranded(path, labels).tolist() == [0, 1]


def test_bisection_halves_a_row() -> None:
    points = np.stack([np.arange(20.0), np.zeros(20)], axis=1)
    labels = bisect(points, np.ones(20), np.ones(4))
    assert np.bincount(labels).tolist() == [5, 5, 5, 5]
    assert (np.diff(labels[np.argsort(points[:, 0])]) != 0).sum() == 3


def test_best_deviation_by_hand() -> None:
    # 12 of 20 may only go to the first of two territories of 10 each: 20 % cannot be avoided
    masks = np.array([[True, True], [True, False]])
    activity = np.array([4.0, 4.0, 6.0, 6.0])
    assert best_deviation(activity, np.array([0, 0, 1, 1]), masks, np.full(2, 10.0)) == pytest.approx(0.2)


def test_medians_of_two_clumps() -> None:
    # two clumps of five on a line; the middle of each is its median: 2 * (2 + 1 + 0 + 1 + 2)
    place = np.concatenate([np.arange(5.0), 100 + np.arange(5.0)])
    distance = np.abs(place[:, None] - place[None])
    problem = MedianProblem(
        distance=distance, activity=np.ones((10, 1)), lower=np.zeros(1), upper=np.full(1, np.inf),
        capacity=np.full(10, 5.0), count=2, near=from_edges(10, np.stack([np.arange(9), np.arange(1, 10)], axis=1)),
        contiguous=False,
    )  # fmt: skip
    plan = design_medians(problem, seconds=0.3)
    assert plan.cost == 12.0
    assert sorted(plan.centres.tolist()) == [2, 7]
    assert plan.violation == 0
    assert centres_of(problem, plan.labels).cost == plan.cost


def test_contiguous_medians_stay_in_one_piece() -> None:
    rng = np.random.default_rng(5)
    points = rng.uniform(0, 10, (60, 2))
    graph = build_delaunay(points)
    distance = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    activity = rng.integers(5, 10, (60, 2)).astype(float)
    mean = activity.sum(axis=0) / 4
    problem = MedianProblem(
        distance=distance, activity=activity, lower=0.9 * mean, upper=1.1 * mean, capacity=np.full(60, np.inf),
        count=4, near=graph, contiguous=True,
    )  # fmt: skip
    plan = design_medians(problem, seconds=0.5)
    assert plan.violation == 0
    assert len(np.unique(parts(graph, plan.labels))) == 4
    assert (plan.labels[plan.centres] == np.arange(4)).all()
