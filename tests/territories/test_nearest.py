"""Sites skipped by the search for the cheapest territories are never among them."""

import numpy as np
import pytest

from territories.engine.costs import power_costs
from territories.engine.nearest import nearest


@pytest.mark.parametrize(("n", "m", "k", "measures"), [(1, 3, 2, 1), (40, 3, 3, 1), (500, 60, 12, 1), (300, 40, 5, 2)])
def test_same_as_looking_at_every_territory(n: int, m: int, k: int, measures: int) -> None:
    rng = np.random.default_rng(n)
    towns = rng.uniform(0, 100, (5, 2))
    points = towns[rng.integers(5, size=n)] + rng.normal(size=(n, 2)) * 3
    sites, offset = rng.uniform(0, 100, (m, 2)), rng.uniform(0, 50, m)
    ratio, lam = rng.uniform(0.2, 3, (n, measures)), rng.normal(size=(m, measures)) * 100
    masks = np.ones((2, m), dtype=np.bool_)
    masks[1, : m // 2] = False
    mask_of = (rng.random(n) < 0.2).astype(np.int64)
    stay = np.where(rng.random(n) < 0.3, rng.integers(m, size=n), -1)
    bonus = np.full(n, 400.0)
    costs = power_costs(points, sites, offset=offset, stay=stay, bonus=bonus, mask_of=mask_of, masks=masks)
    index, cost, reduced = nearest(costs, ratio, lam, k)

    full = ((points[:, None, :] - sites[None]) ** 2).sum(axis=2) + offset
    full += np.where((stay[:, None] >= 0) & (stay[:, None] != np.arange(m)), 400.0, 0.0)
    full[~masks[mask_of]] = np.inf
    priced = full - ratio @ lam.T
    expected = np.sort(priced, axis=1)[:, :k]
    assert np.allclose(reduced, expected)
    sure = np.isfinite(expected)
    assert np.allclose(np.take_along_axis(priced, index, axis=1)[sure], expected[sure])
    assert np.allclose(np.take_along_axis(full, index, axis=1)[sure], cost[sure])
