"""Proof of optimality of a day's route, or the proven distance from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.errors import InvalidInput
from routing.tours import held_karp, labels
from routing.tours.clock import open_from
from routing.tours.model import DayProblem, DayProof
from routing.tours.timing import schedule

type IntArray = NDArray[np.int64]

RELAXED = 20_000_000
_MAX_STOPS = 62  # stops are bits of one signed 64-bit number


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofLimits:
    """How much work a proof may take; counts, not seconds, so that the outcome is the same on every machine.

    Parameters
    ----------
    labels
        Partial routes kept by the exact labelling.
    rounds
        Rounds of multiplier adjustment, for each memory.
    memory
        Stops that the relaxed labelling remembers around each stop: a small number first, a larger one when the
        first was not enough.
    relaxed_labels
        Labels of the relaxed labelling over all rounds of one memory, after which the adjustment ends; a labelling
        that alone needs more is given up.
    """

    labels: int = 1_000_000
    relaxed_labels: int = RELAXED
    rounds: int = 60
    memory: tuple[int, ...] = (4, 7)


# relative distance at which exact labelling becomes cheaper than more rounds (0.05 beat 0.005 … 0.03 at 15–25 stops)
_CLOSE = 0.05


def prove_day(day: DayProblem, order: Sequence[int], *, limits: ProofLimits | None = None) -> DayProof:
    """Prove a feasible order optimal, find a cheaper one, or bound how much cheaper one could be.

    Held–Karp first: when its order, blind to time, can be timed, or costs no less than the given one, nothing else is
    needed. Otherwise exact labelling with windows and break (:mod:`routing.tours.labels`).

    Raises
    ------
    InvalidInput
        If ``order`` does not name every stop once, or cannot be timed.
    """
    limits = limits or ProofLimits()
    if schedule(day, order) is None:
        raise InvalidInput(f"Day problem: order {list(order)} does not keep windows, shift and break.")
    best, cost = tuple(order), day.cost(order)
    bound = 0
    if day.stops < 2:
        return DayProof(optimal=True, lower_bound=cost, cost=cost, order=best, method="held-karp")
    if day.stops <= held_karp.MAX_STOPS:
        least, free = held_karp.cheapest_order(day.costs)
        if least == cost:
            return DayProof(optimal=True, lower_bound=cost, cost=cost, order=best, method="held-karp")
        free_order = tuple(int(p) for p in free)
        if schedule(day, free_order) is not None:
            return DayProof(optimal=True, lower_bound=int(least), cost=int(least), order=free_order, method="held-karp")
        bound = int(least)
    else:
        bound = min(cost, _assignment_bound(day))
    if day.stops > _MAX_STOPS:
        return DayProof(optimal=False, lower_bound=bound, cost=cost, order=best, method="none")
    relaxed = _Relaxation.of(day)
    for attempt, memory in enumerate(limits.memory):
        relaxed.remember(memory)
        final = attempt == len(limits.memory) - 1
        raised = relaxed.raise_bound(cost, limits)
        if raised < 0:
            break  # too many labels; with a larger memory there would be more
        bound = max(bound, raised)
        if bound < cost:
            most = limits.labels if final else limits.labels // 10
            proved, found, better = relaxed.search(cost, most, relaxed_limit=limits.relaxed_labels)
            bound = max(bound, proved)
            if len(better):
                best, cost = tuple(int(p) for p in better), int(found)
        if bound >= cost:
            break
    bound = min(bound, cost)
    return DayProof(optimal=bound == cost, lower_bound=bound, cost=cost, order=best, method="labels")


def _assignment_bound(day: DayProblem) -> int:
    """Least cost of giving every place but the last another one to go to: any route does that."""
    costs = day.costs[:-1, 1:].astype(np.float64)
    own = np.arange(1, day.places - 1)
    costs[own, own - 1] = costs[0, -1] = 1e15
    rows, columns = linear_sum_assignment(costs)
    return int(day.costs[:-1, 1:][rows, columns].sum())


def find_order(day: DayProblem, *, limit: int = 200_000) -> tuple[int, ...] | None:
    """Some feasible order by exact labelling, the cheapest one if it finds any; None when it ends without one.

    ``limit`` bounds the labels: None proves infeasibility only for days that it can search completely.
    """
    if day.stops > _MAX_STOPS:
        return None
    relaxed = _Relaxation.of(day)
    relaxed.remember(4)
    _, _, order = relaxed.search(int(day.costs.max()) * (day.stops + 1) + 1, limit)
    return tuple(int(p) for p in order) if len(order) else None


@dataclass(kw_only=True)
class _Relaxation:
    """Arrays of the labelling and the best multipliers so far."""

    day: DayProblem
    shift: IntArray
    lunch: IntArray
    soonest: IntArray
    near: IntArray
    reward: IntArray

    @classmethod
    def of(cls, day: DayProblem) -> "_Relaxation":
        lunch = day.lunch
        n = day.places
        reach = _shortest(day.move + day.service[:, None])
        soonest = np.zeros(n, dtype=np.int64)
        for p in range(1, n - 1):
            begin = open_from(day.window_array[p], int(day.window_count[p]), int(day.start + reach[0, p]))
            soonest[p] = begin + day.service[p] if begin >= 0 else labels.FAR
        return cls(
            day=day,
            shift=np.array([day.start, day.end], dtype=np.int64),
            lunch=np.array([lunch.duration, lunch.early, lunch.late] if lunch else [0, 0, 0], dtype=np.int64),
            soonest=soonest,
            near=np.zeros(n, dtype=np.int64),
            reward=np.zeros(n, dtype=np.int64),
        )

    def remember(self, size: int) -> None:
        """Let every stop remember its ``size`` nearest stops (by cost there and back)."""
        day = self.day
        both = day.costs + day.costs.T
        for p in range(1, day.places - 1):
            order = np.argsort(both[p, 1:-1], kind="stable") + 1
            others = [int(q) for q in order if q != p][:size]
            self.near[p] = sum(1 << (q - 1) for q in (p, *others))

    def backward(self, reward: IntArray, limit: int) -> tuple[IntArray, IntArray, int, int]:
        day = self.day
        pool, layers, least, first = labels.backward(
            day.costs, day.move, day.service, day.window_array, day.window_count, self.shift, self.lunch, self.near,
            reward, self.soonest, limit,
        )  # fmt: skip
        return pool, layers, int(least), int(first)

    def raise_bound(self, known: int, limits: ProofLimits) -> int:
        """Subgradient steps on the multipliers; the best bound on any route, at most ``known``."""
        n = self.day.places
        reward = self.reward.copy()
        best, step, stalled = -1, 1.0, 0
        work = 0
        for _ in range(limits.rounds):
            pool, _, least, first = self.backward(reward, limits.relaxed_labels - work)
            work += len(pool)
            if first == labels.GAVE_UP:
                break
            if first < 0:
                return known  # the relaxation holds every route; it has none left
            bound = least + int(reward.sum())
            visits = np.zeros(n, dtype=np.int64)
            at = first
            while at >= 0:
                visits[pool[at, labels.PLACE]] += 1
                at = int(pool[at, labels.BEFORE])
            excess = visits[1:-1] - 1
            stalled += 1
            if bound > best:
                if bound > best + (known - best) // 100:
                    stalled = 0
                best = bound
                self.reward = reward.copy()
            if best >= known * (1 - _CLOSE) or not excess.any() or work > limits.relaxed_labels:
                break
            if stalled >= 4:
                step, stalled = step * 0.6, 0
                reward = self.reward.copy()
                if step < 0.05:
                    break
            reward[1:-1] -= np.rint(step * (known - bound) / float((excess**2).sum()) * excess).astype(np.int64)
        return min(best, known)

    def search(self, known: int, limit: int, *, relaxed_limit: int = RELAXED) -> tuple[int, int, IntArray]:
        """Exact labelling under the best multipliers; proves and finds nothing when the relaxed one is given up."""
        day = self.day
        pool, layers, _, given_up = self.backward(self.reward, relaxed_limit)
        if given_up == labels.GAVE_UP:
            return 0, known, np.zeros(0, dtype=np.int64)
        rest, first = labels.completions(pool, layers, day.places)
        bound, cost, order = labels.forward(
            day.costs, day.move, day.service, day.window_array, day.window_count, self.shift, self.lunch, self.reward,
            rest, first, known, limit,
        )  # fmt: skip
        return int(bound), int(cost), order


def _shortest(times: IntArray) -> IntArray:
    """All-pairs least times (travel need not obey the triangle inequality)."""
    least = times.copy()
    for middle in range(len(least)):
        np.minimum(least, least[:, middle, None] + least[None, middle, :], out=least)
    return least
