"""Made-up geography: clusters of towns, customers dense in the centres and thin on the roads between."""

from dataclasses import dataclass
from math import cos, pi, radians, sin

import numpy as np
import numpy.typing as npt

KM_PER_DEGREE = 111.195
CLUSTER_SPACING_KM = 70.0
TOWN_RANGE_KM = (7.0, 28.0)
RURAL_SHARE = 0.05
TOWNS_APART_KM = 7.0

_HEADS = ("Alder", "Birch", "Clay", "Dun", "Elm", "Fern", "Glen", "Hazel", "Ivy", "Kings", "Lark", "Mill", "Nether",
          "Oak", "Peat", "Quarry", "Raven", "Stone", "Thorn", "Upper", "Vale", "Wester", "Yew")  # fmt: skip
_TAILS = ("brook", "bridge", "bury", "combe", "dale", "field", "ford", "ham", "hill", "ley", "mouth", "side", "stead",
          "ton", "wick", "worth")  # fmt: skip

type _Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Town:
    """A town: position in km east and north of the area's centre, share of its cluster's customers, radius in km."""

    name: str
    east: float
    north: float
    share: float
    radius: float


def make_clusters(n_clusters: int, customers: list[int], rng: np.random.Generator) -> list[list[Town]]:
    """Lay out clusters on a circle and towns around each cluster's main town.

    Parameters
    ----------
    n_clusters
        Number of clusters, at least 1.
    customers
        How many customers each cluster will have; more customers, more and wider towns.
    rng
        Source of chance.

    Returns
    -------
    Towns of each cluster, largest first; shares add up to 1 and fall with rank as 1/rank (Zipf).
    """
    names = [head + tail for head in _HEADS for tail in _TAILS]
    rng.shuffle(names)
    ring = 0.0 if n_clusters == 1 else CLUSTER_SPACING_KM / (2 * sin(pi / n_clusters))
    turn = rng.uniform(0, 2 * pi)
    clusters: list[list[Town]] = []
    for k in range(n_clusters):
        angle = turn + 2 * pi * k / n_clusters
        east, north = ring * cos(angle), ring * sin(angle)
        count = int(np.clip(round(customers[k] / 80), 1, 9))
        places = [(east, north)]
        while len(places) < count:
            away, around = rng.uniform(*TOWN_RANGE_KM), rng.uniform(0, 2 * pi)
            spot = (east + away * cos(around), north + away * sin(around))
            # nine towns cover a seventh of the ring at most, so a free spot is soon found
            if all((spot[0] - x) ** 2 + (spot[1] - y) ** 2 >= TOWNS_APART_KM**2 for x, y in places):
                places.append(spot)
        weights = [1 / rank for rank in range(1, count + 1)]
        towns = []
        for rank, (x, y) in enumerate(places):
            share = weights[rank] / sum(weights)
            radius = 0.22 * (share * customers[k]) ** 0.5 + 0.3
            name = names.pop() if names else f"Town {k + 1}-{rank + 1}"
            towns.append(Town(name=name, east=x, north=y, share=share, radius=radius))
        clusters.append(towns)
    return clusters


def scatter(towns: list[Town], count: int, rng: np.random.Generator) -> tuple[_Floats, list[int]]:
    """Place customers in the towns of one cluster.

    Distance from a town's centre is exponential (dense inside, thin outside); one in twenty lies on the straight road
    from the main town to another one.

    Returns
    -------
    Positions in km, shape (count, 2), rows of ``[east, north]``; index of the town of each.
    """
    town = rng.choice(len(towns), size=count, p=[t.share for t in towns])
    spots = np.empty((count, 2))
    for i, k in enumerate(town.tolist()):
        place = towns[k]
        if k > 0 and rng.random() < RURAL_SHARE * 2:
            along = rng.uniform(0.15, 0.85)
            main = towns[0]
            spots[i] = (main.east + along * (place.east - main.east), main.north + along * (place.north - main.north))
            spots[i] += rng.normal(0, 0.15, 2)
        else:
            away = min(rng.exponential(0.5 * place.radius), 2.2 * place.radius)
            around = rng.uniform(0, 2 * pi)
            spots[i] = (place.east + away * cos(around), place.north + away * sin(around))
    return spots, town.tolist()


def to_degrees(spots: _Floats, centre: tuple[float, float]) -> _Floats:
    """Kilometres east and north of a centre (lat, lon) as rows of ``[lat, lon]``, rounded to about a metre."""
    lat = centre[0] + spots[:, 1] / KM_PER_DEGREE
    lon = centre[1] + spots[:, 0] / (KM_PER_DEGREE * cos(radians(centre[0])))
    return np.round(np.column_stack([lat, (lon + 180) % 360 - 180]), 5)
