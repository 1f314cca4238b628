"""How many reps? Two bounds that hold for certain, the first number that fits by estimate, the next home."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from routing.domain import Customer, Location, Rep
from routing.errors import InvalidInput, Issue
from routing.travel.great_circle import GreatCircle
from territories.align import align
from territories.engine.costs import Floats
from territories.measures import customer_values, visits_in_cycle
from territories.plane import Plane
from territories.problem import TerritoryProblem, working_seconds


@dataclass(frozen=True, kw_only=True)
class StaffingPoint:
    """What a number of reps gives.

    Parameters
    ----------
    reps
        Number of reps.
    travel_hours, service_hours, offered_hours
        Per cycle, all reps.
    fullest
        Workload of the fullest rep over the hours offered.
    coverage
        Grade -> share of its service hours that fits, lower grades giving way first.
    """

    reps: int
    travel_hours: float
    service_hours: float
    offered_hours: float
    fullest: float
    coverage: dict[str, float]

    @property
    def fits(self) -> bool:
        """Whether every rep can do the work by estimate."""
        return self.fullest <= 1.0


@dataclass(frozen=True, kw_only=True)
class Staffing:
    """Answer to "how many reps".

    Parameters
    ----------
    bound_service
        No fewer reps can even spend the time on site.
    bound_travel
        Nor can they also travel what no order of visits avoids, wherever the reps live.
    by_estimate
        First number whose territories all fit by estimate; None when no number tried did.
    by_routing
        First number from there on that was also routed without overtime; None when it was not asked for.
    curve
        A point per number tried.
    next_home
        Best place for one more rep: the middle of the territory that a new free rep would get.
    """

    bound_service: int
    bound_travel: int
    by_estimate: int | None
    by_routing: int | None
    curve: tuple[StaffingPoint, ...]
    next_home: Location | None


type Routed = Callable[[TerritoryProblem, dict[str, str]], bool]
"""Routes an alignment and says whether all visits fit: given by the layer that owns the planner."""


def staff(
    problem: TerritoryProblem,
    *,
    fill: float = 0.95,
    most: int | None = None,
    seed: int = 0,
    confirm: Routed | None = None,
) -> Staffing:
    """Find the number of reps that a set of customers needs.

    Parameters
    ----------
    problem
        Customers, and at least one rep: his hours and mode are those of every further rep. Existing reps keep their
        homes; reps beyond them live wherever their territory is.
    fill
        Share of the offered hours that may be planned.
    most
        Largest number tried; by default twice the bound, plus five.
    confirm
        Routes an alignment and says whether it fits; without it ``by_routing`` stays None.
    """
    if not 0 < fill <= 1:
        raise InvalidInput([Issue(what=f"fill {fill:g} is not between 0 and 1.", cure="0.95 is usual.")])
    pattern = problem.reps[0]
    hours = fill * working_seconds(pattern, problem.cycle_weeks)
    service = service_seconds(problem.customers, problem.cycle_weeks)
    low = max(1, math.ceil(service / hours - 1e-9))
    halves = half_ways(problem.customers, problem.cycle_weeks, pattern)
    lower = fewest_reps(service, halves, hours, len(pattern.hours) * problem.cycle_weeks)
    last = most or 2 * lower + 5
    curve: list[StaffingPoint] = []
    estimate: int | None = None
    routed: int | None = None
    for count in range(lower, last + 1):
        sized = with_reps(problem, count)
        made = align(sized, seed=seed, starts=2)
        point = _point(sized, sum(made.travel.values()), made.activity_hours(), fill)
        curve.append(point)
        if point.fits and estimate is None:
            estimate = count
        if estimate is not None:
            if confirm is None:
                break
            if confirm(sized, dict(made.territories)):
                routed = count
                break
    return Staffing(
        bound_service=low,
        bound_travel=lower,
        by_estimate=estimate,
        by_routing=routed,
        curve=tuple(curve),
        next_home=next_home(problem, seed=seed),
    )


def service_seconds(customers: Sequence[Customer], cycle_weeks: int) -> float:
    """Seconds on site per cycle."""
    return float(customer_values("service", [c for c in customers if c.active], cycle_weeks).sum())


def half_ways(customers: Sequence[Customer], cycle_weeks: int, rep: Rep) -> Floats:
    """Half the way from every visit to the nearest and to the second nearest other customer, seconds, sorted.

    A visit is reached from somewhere and left for somewhere; unless that is home, its two half ways are on the road.
    """
    active = [c for c in customers if c.active]
    if len(active) < 3:
        return np.zeros(0)
    latlon = np.array([(c.location.lat, c.location.lon) for c in active])
    points = Plane.around(latlon).to_km(latlon)
    law = GreatCircle().law(rep.mode)
    away = np.asarray(cKDTree(points).query(points, k=3)[0])[:, 1:]
    seconds = law.seconds_at_1km * away**law.exponent / 2
    times = np.floor(visits_in_cycle(active, cycle_weeks) + 1e-9).astype(np.int64)
    return np.sort(np.repeat(seconds, times, axis=0).ravel())


def fewest_reps(service: float, halves: Floats, hours: float, days: int) -> int:
    """Smallest number of reps that the bound leaves open.

    Every working day of a rep has at most two ways from or to home, wherever that is; they may stand in for the two
    longest half ways, all others are travelled.

    Parameters
    ----------
    service : float
        Seconds on site per cycle.
    halves : float array
        From :func:`half_ways`.
    hours : float
        Seconds that a rep may plan per cycle.
    days : int
        Working days of a rep per cycle.
    """
    cumulated = np.concatenate([[0.0], np.cumsum(halves)])
    count = max(1, math.ceil(service / hours - 1e-9))
    while service + cumulated[max(0, len(halves) - 2 * days * count)] > count * hours + 1e-6:
        count += 1
    return count


def with_reps(problem: TerritoryProblem, count: int) -> TerritoryProblem:
    """The problem with ``count`` reps: the present ones first, then free ones with the hours of the first."""
    reps = list(problem.reps[:count])
    pattern = problem.reps[0]
    taken = {r.rep_id for r in problem.reps}
    number = 0
    while len(reps) < count:
        number += 1
        name = f"new{number}"
        if name not in taken:
            reps.append(replace(pattern, rep_id=name, name=f"New rep {number}", skills=_all_skills(problem)))
    left = {r.rep_id for r in reps}
    free = frozenset(r.rep_id for r in reps if r.rep_id not in taken) | (problem.free_reps & left)
    customers = tuple(
        c if c.rep_id is None or c.rep_id in left else replace(c, rep_id=None, rep_locked=False)
        for c in problem.customers
    )
    return replace(
        problem,
        customers=customers,
        reps=tuple(reps),
        free_reps=free,
        offered={r: s for r, s in problem.offered.items() if r in left},
        key_accounts={c: r for c, r in problem.key_accounts.items() if r in left},
    )


def next_home(problem: TerritoryProblem, *, seed: int = 0) -> Location | None:
    """Where one more rep would best live: the centre of the territory that a free extra rep gets."""
    count = len(problem.reps) + 1
    if len(problem.customers) < count:
        return None
    sized = with_reps(problem, count)
    made = align(sized, seed=seed, starts=2)
    return made.centres[sized.rep_ids[-1]]


def _all_skills(problem: TerritoryProblem) -> frozenset[str]:
    return frozenset(s for c in problem.customers for s in c.skills)


def _point(problem: TerritoryProblem, travel: float, workload: dict[str, float], fill: float) -> StaffingPoint:
    offered = {r: fill * s for r, s in problem.offered.items()}
    service = customer_values("service", problem.customers, problem.cycle_weeks)
    room = max(0.0, sum(offered.values()) - travel)
    return StaffingPoint(
        reps=len(problem.reps),
        travel_hours=travel / 3600,
        service_hours=float(service.sum()) / 3600,
        offered_hours=sum(offered.values()) / 3600,
        fullest=max(3600 * workload[r] / offered[r] for r in offered),
        coverage=coverage_by_grade(problem.customers, service, room),
    )


def coverage_by_grade(customers: Sequence[Customer], service: Floats, room: float) -> dict[str, float]:
    """Share of every grade's time on site that fits into ``room`` seconds, the first grade (A) served first."""
    out: dict[str, float] = {}
    for grade in sorted({c.grade for c in customers}):
        wanted = float(sum(s for c, s in zip(customers, service, strict=True) if c.grade == grade))
        given = min(wanted, room)
        out[grade] = given / wanted if wanted > 0 else 1.0
        room -= given
    return out
