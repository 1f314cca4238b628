"""Proof of optimality of a day's route, or the proven distance from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from routing.errors import InvalidInput
from routing.tours import held_karp, labels
from routing.tours.clock import least_travel, lunch_array, money, open_from
from routing.tours.model import DayProblem, DayProof
from routing.tours.timing import schedule
from routing.travel.hours import USUAL_SPEED

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

    Where travel depends on the hour, an order costs what it costs as it is timed, and the bound holds for every timing
    of every order: also for those that wait for a better hour, so that days across a rush hour may stay unproved.

    Raises
    ------
    InvalidInput
        If ``order`` does not name every stop once, or cannot be timed.
    """
    limits = limits or ProofLimits()
    timing = schedule(day, order)
    if timing is None:
        raise InvalidInput(f"Day problem: order {list(order)} does not keep windows, shift and break.")
    best, cost = tuple(order), day.cost(order, timing)
    bound = 0
    if day.stops < 2:
        return DayProof(optimal=True, lower_bound=cost, cost=cost, order=best, method="held-karp")
    relaxed = _Relaxation.of(day)
    if day.stops <= held_karp.MAX_STOPS:
        least, free = held_karp.cheapest_order(relaxed.cheapest)
        if least == cost:
            return DayProof(optimal=True, lower_bound=cost, cost=cost, order=best, method="held-karp")
        free_order = tuple(int(p) for p in free)
        best, cost = _cheaper(day, best, cost, free_order)
        bound = int(least)
        if cost == bound:
            return DayProof(optimal=True, lower_bound=bound, cost=cost, order=best, method="held-karp")
    else:
        bound = min(cost, _assignment_bound(relaxed.cheapest))
    if day.stops > _MAX_STOPS:
        return DayProof(optimal=False, lower_bound=bound, cost=cost, order=best, method="none")
    for attempt, memory in enumerate(limits.memory):
        relaxed.remember(memory)
        final = attempt == len(limits.memory) - 1
        raised = relaxed.raise_bound(cost, limits)
        if raised < 0:
            break  # too many labels; with a larger memory there would be more
        bound = max(bound, raised)
        if bound < cost:
            most = limits.labels if final else limits.labels // 10
            proved, better = relaxed.search(cost, most, relaxed_limit=limits.relaxed_labels)
            bound = max(bound, proved)
            if len(better):
                best, cost = _cheaper(day, best, cost, tuple(int(p) for p in better))
        if bound >= cost:
            break
    bound = min(bound, cost)
    return DayProof(optimal=bound == cost, lower_bound=bound, cost=cost, order=best, method="labels")


def _cheaper(day: DayProblem, best: tuple[int, ...], cost: int, order: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The better of the best order known and another one, by what they cost as they are timed."""
    timing = schedule(day, order)
    found = cost if timing is None else day.cost(order, timing)
    return (order, found) if found < cost else (best, cost)


def _assignment_bound(arcs: IntArray) -> int:
    """Least cost of giving every place but the last another one to go to: any route does that."""
    costs = arcs[:-1, 1:].astype(np.float64)
    own = np.arange(1, len(arcs) - 1)
    costs[own, own - 1] = costs[0, -1] = 1e15
    rows, columns = linear_sum_assignment(costs)
    return int(arcs[:-1, 1:][rows, columns].sum())


def find_order(day: DayProblem, *, limit: int = 200_000) -> tuple[int, ...] | None:
    """Some feasible order by exact labelling, the cheapest one if it finds any; None when it ends without one.

    ``limit`` bounds the labels: None proves infeasibility only for days that it can search completely.
    """
    if day.stops > _MAX_STOPS:
        return None
    relaxed = _Relaxation.of(day)
    relaxed.remember(4)
    _, order = relaxed.search((int(day.costs.max()) + _most_extra(day)) * (day.stops + 1) + 1, limit)
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
    cheapest: IntArray
    setup: IntArray
    latest: IntArray

    @classmethod
    def of(cls, day: DayProblem) -> "_Relaxation":
        n = day.places
        setup = day.move - day.durations
        reach = _shortest(_least_durations(day) + setup + day.service[:, None])
        soonest = np.zeros(n, dtype=np.int64)
        for p in range(1, n - 1):
            begin = open_from(day.window_array[p], int(day.window_count[p]), int(day.start + reach[0, p]))
            soonest[p] = begin + day.service[p] if begin >= 0 else labels.FAR
        latest = day.end - reach[:, n - 1] + day.service
        cheapest = day.costs if not len(day.clock) else _cheapest(day, np.maximum(soonest, day.start), latest)
        return cls(
            day=day,
            shift=np.array([day.start, day.end], dtype=np.int64),
            lunch=lunch_array(day.lunch),
            soonest=soonest,
            near=np.zeros(n, dtype=np.int64),
            reward=np.zeros(n, dtype=np.int64),
            cheapest=cheapest,
            setup=setup,
            latest=latest,
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
            self.cheapest, day.durations, self.setup, day.clock, day.service, day.window_array, day.window_count,
            self.shift, self.lunch, self.near, reward, self.soonest, limit,
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

    def search(self, known: int, limit: int, *, relaxed_limit: int = RELAXED) -> tuple[int, IntArray]:
        """Exact labelling under the best multipliers; proves and finds nothing when the relaxed one is given up.

        Returns
        -------
        bound, order
            Valid for every order, at most ``known``; the order that has it, if that is below ``known``.
        """
        day = self.day
        pool, layers, _, given_up = self.backward(self.reward, relaxed_limit)
        if given_up == labels.GAVE_UP:
            return 0, np.zeros(0, dtype=np.int64)
        rest, first = labels.completions(pool, layers, day.places)
        bound, _, order = labels.forward(
            day.costs, day.durations, self.setup, day.clock, self.latest, day.extra_price, day.service,
            day.window_array, day.window_count, self.shift, self.lunch, self.reward, rest, first, known, limit,
        )  # fmt: skip
        return int(bound), order


def _least_durations(day: DayProblem) -> IntArray:
    """Travel times that no hour undercuts."""
    if not len(day.clock):
        return day.durations
    fastest = int(day.clock[:, 2].max())
    return -(-day.durations * USUAL_SPEED // fastest)


def _cheapest(day: DayProblem, soonest: IntArray, latest: IntArray) -> IntArray:
    """Least price of each way over all departures at which it can be made."""
    costs = day.costs.copy()
    for i in range(day.places):
        for j in range(day.places):
            drive = int(day.durations[i, j])
            least = least_travel(day.clock, int(soonest[i]), int(latest[i]), drive)
            costs[i, j] += money(least - drive, day.extra_price)
    return costs


def _most_extra(day: DayProblem) -> int:
    """Price that the hour adds to the longest way at most."""
    if not len(day.clock):
        return 0
    slowest = int(day.clock[:, 2].min())
    longest = int(day.durations.max())
    return int(money(max(0, -(-longest * USUAL_SPEED // slowest) - longest), day.extra_price))


def _shortest(times: IntArray) -> IntArray:
    """All-pairs least times (travel need not obey the triangle inequality)."""
    least = times.copy()
    for middle in range(len(least)):
        np.minimum(least, least[:, middle, None] + least[None, middle, :], out=least)
    return least
