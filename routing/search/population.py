"""A subpopulation with biased fitness: good plans survive, so do different ones (Vidal et al. 2012)."""

from __future__ import annotations

import numpy as np

from routing.search.anneal import Compact
from routing.search.encode import Encoded
from routing.search.kernels.distance import Links, distances, link
from routing.search.model import Floats, Ints
from routing.search.params import SearchParams


class Subpopulation:
    """Plans, their pairwise distances and fitness ranks. Storage grows on demand."""

    def __init__(self, encoded: Encoded, params: SearchParams, capacity: int = 64) -> None:
        self.encoded, self.params = encoded, params
        self.members: list[Compact] = []
        self.links, self.patterns, self.costs, self.between = self._room(capacity)

    def _room(self, capacity: int) -> tuple[Links, Ints, Floats, Floats]:
        days, n = len(self.encoded.problem.day_start) - 1, len(self.encoded.problem.pattern_start) - 1
        links = np.full((capacity, days, n, 2), -2, np.int32)
        patterns = np.zeros((capacity, n), np.int64)
        costs = np.zeros((capacity, 1 + len(self.encoded.penalty)))
        return links, patterns, costs, np.full((capacity, capacity), 9.0)

    def _grow(self) -> None:
        k = len(self.members)
        old = self.links, self.patterns, self.costs, self.between
        self.links, self.patterns, self.costs, self.between = self._room(2 * k)
        self.links[:k], self.patterns[:k], self.costs[:k], self.between[:k, :k] = old

    def add(self, plan: Compact) -> None:
        """Take in a plan (not copied)."""
        k = len(self.members)
        if k == len(self.costs):
            self._grow()
        self.members.append(plan)
        link(self.encoded.problem, plan.flat, plan.start, self.links[k])
        self.patterns[k] = plan.pattern
        self.costs[k, 0], self.costs[k, 1:] = plan.cost, plan.violation
        if k:
            row = np.zeros(k)
            distances(self.links, self.patterns, k, k, row)
            self.between[k, :k] = row
            self.between[:k, k] = row
        self.between[k, k] = 9.0

    def remove(self, k: int) -> None:
        """Drop a plan; the last takes its place."""
        last = len(self.members) - 1
        if k != last:
            self.members[k] = self.members[last]
            self.links[k], self.patterns[k], self.costs[k] = self.links[last], self.patterns[last], self.costs[last]
            self.between[k, :] = self.between[last, :]
            self.between[:, k] = self.between[:, last]
            self.between[k, k] = 9.0
        self.members.pop()

    def fitness(self, penalty: Floats) -> tuple[Floats, Floats]:
        """Biased fitness (small is good) and penalised cost of every member."""
        size = len(self.members)
        cost = self.costs[:size, 0] + self.costs[:size, 1:] @ penalty
        if size == 1:
            return np.zeros(1), cost
        closest = min(self.params.closest, size - 1)
        diversity = -np.partition(self.between[:size, :size], closest - 1, axis=1)[:, :closest].mean(axis=1)
        rank_cost, rank_diversity = np.empty(size), np.empty(size)
        rank_cost[np.argsort(cost, kind="stable")] = np.arange(size)
        rank_diversity[np.argsort(diversity, kind="stable")] = np.arange(size)
        return (rank_cost + (1.0 - min(self.params.elite, size) / size) * rank_diversity) / (size - 1), cost

    def survivors(self, keep: int, penalty: Floats) -> None:
        """Shrink to `keep`: clones first, then the worst biased fitness; the best plan always stays."""
        while len(self.members) > max(1, keep):
            fitness, cost = self.fitness(penalty)
            size = len(self.members)
            fitness = fitness + 10.0 * (self.between[:size, :size].min(axis=1) < 1e-9)
            fitness[int(np.argmin(cost))] = -1.0
            self.remove(int(np.argmax(fitness)))
