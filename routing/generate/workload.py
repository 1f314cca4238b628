"""How much of the reps' time a made-up area asks for: service, and travel from a rough schedule.

The schedule is the one a careful clerk would draw by hand: customers go to the nearest rep who has room, a rep's
customers are put in one round tour, the tour is cut into five weekday zones of equal work, and customers with fewer
than one visit a week take turns over the weeks. It is an estimate that a solver should beat, never a plan.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from routing.domain import TravelMode
from routing.geo.distance import crow_matrix
from routing.travel.great_circle import GreatCircle

WORKDAYS = 5
IMPROVE_UP_TO = 250
"""Larger tours stay as nearest neighbour left them: each 2-opt move looks at all pairs."""

type _Floats = npt.NDArray[np.float64]
type _Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Time asked for and offered over the whole horizon, seconds.

    Parameters
    ----------
    service, travel
        Time on site and on the way.
    offered
        Working time of all reps without breaks.
    fullest_rep
        Largest share of own working time that any rep of the rough schedule needs.
    visits
        Visits over the horizon.
    """

    service: float
    travel: float
    offered: float
    fullest_rep: float
    visits: float

    @property
    def fill(self) -> float:
        """Share of the offered time that is needed."""
        return (self.service + self.travel) / self.offered

    @property
    def travel_share(self) -> float:
        """Share of the needed time that is spent on the way."""
        return self.travel / (self.service + self.travel)


def estimate_workload(
    customers: _Floats,
    homes: _Floats,
    *,
    per_week: list[Fraction],
    service: _Floats,
    day_seconds: float,
    weeks: int,
    modes: list[TravelMode],
) -> Workload:
    """Estimate service and travel time by a rough schedule.

    Parameters
    ----------
    customers, homes : float array, shape (n, 2) and (r, 2)
        Rows of ``[lat, lon]``.
    per_week
        Visits a week of each customer.
    service : float array, shape (n,)
        Seconds of one visit.
    day_seconds
        Working time of a rep on one of the five weekdays, seconds.
    weeks
        Length of the horizon.
    modes
        How each rep travels.
    """
    frequency = np.array([float(f) for f in per_week])
    load = frequency * service
    owner = assign_reps(customers, homes, load)
    offered = day_seconds * WORKDAYS * weeks
    travel = np.zeros(len(homes))
    for rep, home in enumerate(homes):
        own = np.flatnonzero(owner == rep)
        if own.size == 0:
            continue
        places = np.vstack([home[None, :], customers[own]])
        seconds = GreatCircle().matrix(places, profile=modes[rep]).durations.astype(np.float64)
        travel[rep] = _rep_travel(seconds, load[own], [per_week[i] for i in own.tolist()], weeks)
    own_service = np.bincount(owner, weights=load, minlength=len(homes)) * weeks
    return Workload(
        service=float(own_service.sum()),
        travel=float(travel.sum()),
        offered=offered * len(homes),
        fullest_rep=float(((own_service + travel) / offered).max()),
        visits=float(frequency.sum() * weeks),
    )


def assign_reps(customers: _Floats, homes: _Floats, load: _Floats) -> _Ints:
    """Give each customer to the nearest rep who has room, those with most to lose first.

    Parameters
    ----------
    customers, homes : float array, shape (n, 2) and (r, 2)
        Rows of ``[lat, lon]``.
    load : float array, shape (n,)
        Work of each customer, any unit; every rep gets about the mean.

    Returns
    -------
    int array, shape (n,): index of the rep.
    """
    distance = crow_matrix(customers, homes)
    ranked = np.argsort(distance, axis=1, kind="stable")
    nearest = np.take_along_axis(distance, ranked, axis=1)
    regret = nearest[:, 1] - nearest[:, 0] if len(homes) > 1 else np.zeros(len(customers))
    room = np.full(len(homes), load.sum() / len(homes) * 1.02)
    owner = np.zeros(len(customers), np.int64)
    for i in np.argsort(-regret, kind="stable").tolist():
        fitting = [rep for rep in ranked[i].tolist() if room[rep] >= load[i]]
        owner[i] = fitting[0] if fitting else int(np.argmax(room))
        room[owner[i]] -= load[i]
    return owner


def _rep_travel(seconds: _Floats, load: _Floats, per_week: list[Fraction], weeks: int) -> float:
    """Travel seconds of one rep over the horizon; node 0 is the home."""
    order = [node - 1 for node in round_tour(seconds)[1:]]
    middle = np.cumsum(load[order]) - load[order] / 2
    zone = np.zeros(len(load), np.int64)
    zone[order] = np.minimum(WORKDAYS - 1, middle * WORKDAYS / max(float(load.sum()), 1e-9)).astype(np.int64)
    total = 0.0
    due: list[list[int]] = [[] for _ in range(WORKDAYS * weeks)]
    turn = dict.fromkeys(sorted(set(per_week)), 0)
    for i in order:
        # several visits a week: spread over the week from the zone's day; fewer than one: take turns over the weeks
        times, every = (ceil(per_week[i]), 1) if per_week[i] >= 1 else (1, max(1, round(1 / per_week[i])))
        first = turn[per_week[i]] % every
        turn[per_week[i]] += 1
        for week in range(first, weeks, every):
            for k in range(min(times, WORKDAYS)):
                due[week * WORKDAYS + (int(zone[i]) + k * WORKDAYS // times) % WORKDAYS].append(i)
    for day in due:
        if day:
            nodes = np.array([0, *(i + 1 for i in day)])
            sub = seconds[np.ix_(nodes, nodes)]
            tour = round_tour(sub)
            total += float(sub[tour, np.roll(tour, -1)].sum())
    return total


def round_tour(seconds: _Floats) -> list[int]:
    """Short closed tour from node 0 through all nodes: nearest neighbour, then best 2-opt moves (Croes 1958).

    Parameters
    ----------
    seconds : float array, shape (n, n)
        Symmetric travel times.

    Returns
    -------
    Node indices in order, beginning with 0.
    """
    n = len(seconds)
    tour = [0]
    free = np.ones(n, bool)
    free[0] = False
    while len(tour) < n:
        step = int(np.argmin(np.where(free, seconds[tour[-1]], np.inf)))
        free[step] = False
        tour.append(step)
    path = np.array(tour)
    while 3 < n <= IMPROVE_UP_TO:
        after = np.roll(path, -1)
        leg = seconds[path, after]
        gain = leg[:, None] + leg[None, :] - seconds[np.ix_(path, path)] - seconds[np.ix_(after, after)]
        i, j = divmod(int(np.argmax(np.triu(gain, 1))), n)
        if gain[i, j] <= 1e-6 or i >= j:
            break
        path[i + 1 : j + 1] = path[i + 1 : j + 1][::-1].copy()
    return [int(node) for node in path]
