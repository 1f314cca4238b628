"""Choosing visit days without a search: by angle, or by clusters. The days then go to somebody else's router."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from routing.problem import PlanningProblem
from tests.benchmarks.field.cases import WEEKS, WORKDAYS

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]
type Cut = Callable[[Sequence[int], Floats, int], Ints]
"""Customers, their workload and a number of parts -> the part of each."""


def by_angle(problem: PlanningProblem) -> list[list[int]]:
    """Sweep (Gillett & Miller 1974): sectors of equal work around the home, from the widest empty angle on."""
    at = _plane(problem)
    away = at[:-1] - at[-1]
    angle = np.arctan2(away[:, 0], away[:, 1])
    order = np.argsort(angle)
    widest = int(np.argmax(np.diff(np.append(angle[order], angle[order[0]] + 2 * np.pi))))
    rank = np.empty(len(order), np.int64)
    rank[np.roll(order, -widest - 1)] = np.arange(len(order))

    def cut(customers: Sequence[int], work: Floats, parts: int) -> Ints:
        turn = np.argsort(rank[list(customers)])
        middle = np.cumsum(work[turn]) - work[turn] / 2
        part = np.empty(len(turn), np.int64)
        part[turn] = np.minimum(parts - 1, middle * parts / max(float(work.sum()), 1e-9)).astype(np.int64)
        return part

    return _days(problem, cut, lambda customers, work, cells: cut(customers, work, 2))


def by_clusters(problem: PlanningProblem, *, seed: int, restarts: int = 10) -> list[list[int]]:
    """k-means with equal work in each cluster: weekdays first, then the weeks within each weekday."""
    at = _plane(problem)[:-1]
    rng = np.random.default_rng(seed)

    def cut(customers: Sequence[int], work: Floats, parts: int) -> Ints:
        tries = [_balanced_means(at[list(customers)], work, parts, rng) for _ in range(restarts)]
        return min(tries, key=lambda t: t[1])[0]

    def halves(customers: Sequence[int], work: Floats, cells: Sequence[Sequence[int]]) -> Ints:
        """Fortnightly customers go to the pair of weeks whose four-weekly customers are nearer."""
        pairs = [[*cells[0], *cells[2]], [*cells[1], *cells[3]]]
        if not all(pairs):
            return cut(customers, work, 2)
        return _fill(at[list(customers)], work, np.array([at[p].mean(axis=0) for p in pairs]))

    return _days(problem, cut, halves)


def _days(
    problem: PlanningProblem, cut: Cut, halves: Callable[[Sequence[int], Floats, Sequence[Sequence[int]]], Ints]
) -> list[list[int]]:
    """Customers of each shift: weekdays of equal work; the rarer ones dealt to the weeks of their weekday."""
    due = np.array(problem.due)
    service = np.array([c.service_duration for c in problem.customers], dtype=np.float64)
    everyone = list(range(len(due)))
    weekday = cut(everyone, service * due, WORKDAYS)
    days: list[list[int]] = [[] for _ in range(WEEKS * WORKDAYS)]
    for d in range(WORKDAYS):
        of = {v: [i for i in everyone if weekday[i] == d and due[i] == v] for v in (4, 2, 1)}
        week = cut(of[1], service[of[1]], WEEKS)
        cells = [[i for i, w in zip(of[1], week.tolist(), strict=True) if w == k] for k in range(WEEKS)]
        half = halves(of[2], service[of[2]], cells)
        for k in range(WEEKS):
            turn = [i for i, h in zip(of[2], half.tolist(), strict=True) if h == k % 2]
            days[k * WORKDAYS + d] = [*of[4], *turn, *cells[k]]
    return days


def _plane(problem: PlanningProblem) -> Floats:
    """Kilometres east and north of every place but the second home (start and end are the same)."""
    at = np.array([[p.lat, p.lon] for p in problem.places[:-1]])
    return np.asarray((at - at.mean(axis=0)) * (111.2, 111.2 * np.cos(np.radians(at[:, 0].mean()))))


def _balanced_means(at: Floats, work: Floats, parts: int, rng: np.random.Generator) -> tuple[Ints, float]:
    if len(at) <= parts:
        return np.arange(len(at)) % parts, 0.0
    centres = at[rng.choice(len(at), parts, replace=False)]
    part = _fill(at, work, centres)
    for _ in range(20):
        centres = np.array([at[part == k].mean(axis=0) if (part == k).any() else centres[k] for k in range(parts)])
        again = _fill(at, work, centres)
        if (again == part).all():
            break
        part = again
    return part, float(((at - centres[part]) ** 2).sum())


def _fill(at: Floats, work: Floats, centres: Floats) -> Ints:
    """Nearest centre with room, those with most to lose first."""
    distance = np.hypot(*(at[:, None] - centres[None]).transpose(2, 0, 1))
    ranked = np.sort(distance, axis=1)
    room = np.full(len(centres), work.sum() / len(centres) * 1.02)
    part = np.zeros(len(at), np.int64)
    for i in np.argsort(ranked[:, 0] - ranked[:, 1], kind="stable").tolist():
        fitting = [k for k in np.argsort(distance[i], kind="stable").tolist() if room[k] >= work[i]]
        part[i] = fitting[0] if fitting else int(np.argmax(room))
        room[part[i]] -= work[i]
    return part
