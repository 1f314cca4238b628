"""The door of the generator: :func:`generate`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.errors import InvalidInput, Issue
from routing.generate.demand import (
    CHANNELS,
    GRADES,
    LONGEST_VISIT,
    SHORTEST_VISIT,
    apportion,
    draw_exact,
    rhythm,
)
from routing.generate.fit import fit_service, rep_row
from routing.generate.rows import CUSTOMER_COLUMNS, REP_COLUMNS, Row, write_csv
from routing.generate.towns import make_clusters, scatter, to_degrees
from routing.generate.workload import Workload

DEFAULT_CENTRE = (48.9, 9.9)
TOLERANCE = 0.02
_SHIFT_STARTS = (8 * 60, 8 * 60 + 30, 8 * 60 + 30, 9 * 60)

type _Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Area:
    """A generated area; unpacks as ``customers, reps``.

    Parameters
    ----------
    customers, reps
        Rows with the columns :data:`CUSTOMER_COLUMNS` and :data:`REP_COLUMNS`.
    workload
        Estimate of what the customers ask of the reps.
    """

    customers: list[Row]
    reps: list[Row]
    workload: Workload

    def __iter__(self) -> Iterator[list[Row]]:
        return iter((self.customers, self.reps))

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write ``customers.csv`` and ``reps.csv`` into a folder; returns their paths."""
        paths = folder / "customers.csv", folder / "reps.csv"
        write_csv(paths[0], self.customers, CUSTOMER_COLUMNS)
        write_csv(paths[1], self.reps, REP_COLUMNS)
        return paths


def generate(
    n_customers: int,
    n_reps: int,
    *,
    clusters: int = 3,
    weeks: int = 4,
    fill: float = 0.85,
    seed: int = 0,
    centre: tuple[float, float] = DEFAULT_CENTRE,
) -> Area:
    """Make up an area: clusters of towns with customers, and the reps who live in them.

    Clusters get reps first and customers in proportion, so that each can serve itself. Town sizes fall with rank as
    1/rank (Zipf); customers are dense in town centres. Times on site are scaled until service and estimated travel
    take the share `fill` of what the reps offer (480 minutes on five days a week).

    Parameters
    ----------
    n_customers, n_reps
        How many; each cluster needs a rep, each rep a customer.
    clusters
        Number of clusters, about 70 km apart.
    weeks
        Horizon over which the workload is reckoned.
    fill
        Wanted share of the reps' time, above 0 and at most 1.
    seed
        Same arguments and seed, same rows.
    centre
        Latitude and longitude of the middle of the area. Nothing is known of seas: choose one with land around it.

    Raises
    ------
    InvalidInput
        If the figures contradict each other, or no visit length of 5 to 240 minutes gives the wanted fill.
    """
    _validate(n_customers, n_reps, clusters=clusters, weeks=weeks, fill=fill, seed=seed, centre=centre)
    rng = np.random.default_rng(seed)
    reps_of = _spread([float(x) for x in rng.uniform(0.7, 1.3, clusters)], n_reps)
    counts = _spread([float(k) for k in reps_of], n_customers)
    spots, town_of, homes = [], [], []
    for towns, count, reps in zip(make_clusters(clusters, counts, rng), counts, reps_of, strict=True):
        places, town = scatter(towns, count, rng)
        spots.append(places)
        town_of += [towns[k].name for k in town]
        # reps live where the customers are: every (count/reps)-th customer, counted town by town, has one nearby
        by_town = np.argsort(town, kind="stable")
        near = places[by_town[((np.arange(reps) + 0.5) * count / reps).astype(int)]]
        homes.append(near + rng.normal(0, 0.8, (reps, 2)))
    customers = to_degrees(np.vstack(spots), centre)
    home_places = to_degrees(np.vstack(homes), centre)

    channel = draw_exact([c.share for c in CHANNELS], n_customers, rng)
    grade = [""] * n_customers
    for k, kind in enumerate(CHANNELS):
        members = [i for i, c in enumerate(channel) if c == k]
        for i, g in zip(members, draw_exact(kind.grades, len(members), rng), strict=True):
            grade[i] = GRADES[g]
    per_week = [rhythm(CHANNELS[c], g)[0] for c, g in zip(channel, grade, strict=True)]
    base = np.array([CHANNELS[c].minutes for c in channel]) * rng.uniform(0.75, 1.25, n_customers)
    minutes, workload = fit_service(
        customers,
        home_places,
        base,
        per_week=per_week,
        weeks=weeks,
        fill=fill,
        modes=[TravelMode.CAR] * n_reps,
    )
    _refuse_if_off(workload.fill, fill, n_customers, n_reps)
    rows = _customer_rows(customers, town_of, channel, grade, minutes, rng)
    return Area(customers=rows, reps=_rep_rows(home_places, rng), workload=workload)


def _refuse_if_off(found: float, wanted: float, n_customers: int, n_reps: int) -> None:
    if abs(found - wanted) <= TOLERANCE:
        return
    raise InvalidInput(
        [
            Issue(
                what=f"{n_customers} customers for {n_reps} reps cannot fill {wanted:.0%} of their time with visits "
                f"of {SHORTEST_VISIT} to {LONGEST_VISIT} minutes; the nearest is {found:.0%}.",
                cure="Choose fewer reps." if found < wanted else "Choose more reps, or a higher fill.",
                code="fill_out_of_reach",
            )
        ]
    )


def _spread(weights: list[float], count: int) -> list[int]:
    """Split a count by weights so that nobody goes without."""
    return [1 + k for k in apportion(weights, count - len(weights))]


def _customer_rows(
    places: _Floats, towns: list[str], channel: list[int], grade: list[str], minutes: _Floats, rng: np.random.Generator
) -> list[Row]:
    rows: list[Row] = []
    width = len(str(len(places)))
    factor = {"A": 1.6, "B": 1.0, "C": 0.6}
    for i, (lat, lon) in enumerate(places.tolist()):
        kind = CHANNELS[channel[i]]
        sales = round(kind.sales * factor[grade[i]] * float(rng.lognormal(0, 0.35)), -2)
        rows.append(
            {
                "customer_id": f"C{i + 1:0{width}d}",
                "name": f"{towns[i]} {kind.name.replace('_', ' ')} {i + 1}",
                "lat": f"{lat:.5f}",
                "lon": f"{lon:.5f}",
                "grade": grade[i],
                "channel": kind.name,
                "visit_frequency": rhythm(kind, grade[i])[1],
                "service_duration": f"{minutes[i]:.0f}",
                "opening_hours": kind.hours[int(rng.integers(len(kind.hours)))],
                "sales": f"{sales:.0f}",
                "potential": f"{round(sales * float(rng.uniform(1.0, 1.6)), -2):.0f}",
                "priority": "0",
                "active": "yes",
                "contact": "front desk",
                "post": kind.post,
                "purpose": kind.purpose,
            }
        )
    return rows


def _rep_rows(homes: _Floats, rng: np.random.Generator) -> list[Row]:
    width = max(2, len(str(len(homes))))
    starts = rng.choice(_SHIFT_STARTS, size=len(homes)).tolist()
    return [
        rep_row(f"R{i + 1:0{width}d}", f"Rep {i + 1}", home, start=start)
        for i, (home, start) in enumerate(zip(homes.tolist(), starts, strict=True))
    ]


def _validate(
    n_customers: int, n_reps: int, *, clusters: int, weeks: int, fill: float, seed: int, centre: tuple[float, float]
) -> None:
    checks = [
        (clusters >= 1, f"clusters is {clusters}.", "Choose 1 or more."),
        (n_reps >= clusters, f"{n_reps} reps are too few for {clusters} clusters.", "Choose fewer clusters."),
        (n_customers >= n_reps, f"{n_customers} customers are too few for {n_reps} reps.", "Choose more customers."),
        (1 <= weeks <= 53, f"weeks is {weeks}.", "Choose 1 to 53."),
        (0 < fill <= 1, f"fill is {fill}.", "Choose a share above 0 and at most 1, such as 0.85."),
        (seed >= 0, f"seed is {seed}.", "Choose 0 or more."),
        (
            -80 <= centre[0] <= 80 and -180 <= centre[1] <= 180,
            f"centre {centre[0]:g}, {centre[1]:g} is no place for towns.",
            "Give latitude (-80 to 80) and longitude (-180 to 180).",
        ),
    ]
    issues = [Issue(what=what, cure=cure, code="bad_argument") for fine, what, cure in checks if not fine]
    if issues:
        raise InvalidInput(issues)
