"""The linear programme over arcs: routes enter and leave every customer often enough; solved by GLOP."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from routing.bounds.inequalities import Family, Inequality
from routing.bounds.relaxation import Floats, Ints, Network

_PARAMETERS = "use_preprocessing: false use_scaling: false use_dual_simplex: true"  # or GLOP forgets its basis
_ROOM = 400  # inequalities that do not bind are kept until they are so many more than those that do
_NEAREST = 8  # arcs out of and into each customer at first
_NEGATIVE = -1e-9


@dataclass(frozen=True, kw_only=True)
class Prices:
    """A dual solution: price of a visit of each customer, of passing each node, of a shift, of each inequality."""

    visit: Floats
    passing: Floats
    shift: Floats
    inequality: Floats


class Programme:
    """Arcs and inequalities found so far, of a network.

    Parameters
    ----------
    family
        The inequalities of the network.
    arcs, inequalities
        To begin with; without arcs, those from and to homes and the cheapest.
    """

    def __init__(self, family: Family, *, arcs: Ints | None = None, inequalities: Sequence[Inequality] = ()) -> None:
        self.family, self.network = family, family.network
        self.arcs = _first_arcs(self.network) if arcs is None else arcs
        self.inequalities = list(inequalities)
        self._known = {i.key for i in self.inequalities}
        self._build()

    def _build(self) -> None:
        network = self.network
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_PARAMETERS)
        solver, infinity = self._solver, self._solver.infinity()
        self._visits: list[pywraplp.Constraint] = []
        for demand in network.demands:
            if len(demand.options) == 1:
                self._visits.append(solver.Constraint(float(demand.options[0][0]), infinity))
                continue
            row, one = solver.Constraint(0.0, infinity), solver.Constraint(1.0, 1.0)
            for visits, cost in demand.options:
                chosen = solver.NumVar(0.0, 1.0, "")
                row.SetCoefficient(chosen, -float(visits))
                one.SetCoefficient(chosen, 1.0)
                solver.Objective().SetCoefficient(chosen, cost)
            self._visits.append(row)
        self._passing = [solver.Constraint(0.0, 0.0) for _ in range(network.n + len(network.counts))]
        self._shifts = [solver.Constraint(-infinity, float(count)) for count in network.counts]
        self._rows = [solver.Constraint(i.least, infinity) for i in self.inequalities]
        solver.Objective().SetMinimization()
        self._flows: list[pywraplp.Variable] = []
        self._enter(self.arcs)
        for row, inequality in zip(self._rows, self.inequalities, strict=True):
            self._weigh(row, inequality, self.arcs, self._flows)

    def _enter(self, arcs: Ints) -> None:
        network, n = self.network, self.network.n
        for arc in arcs.tolist():
            tail, head = int(network.tail[arc]), int(network.head[arc])
            flow = self._solver.NumVar(0.0, float(network.most[arc]), "")
            self._solver.Objective().SetCoefficient(flow, float(network.cost[arc]))
            self._passing[tail].SetCoefficient(flow, 1.0)
            self._passing[head].SetCoefficient(flow, -1.0)
            if tail < n:
                self._visits[tail].SetCoefficient(flow, 1.0)
            else:
                self._shifts[tail - n].SetCoefficient(flow, 1.0)
            self._flows.append(flow)

    def _weigh(
        self, row: pywraplp.Constraint, inequality: Inequality, arcs: Ints, flows: Sequence[pywraplp.Variable]
    ) -> None:
        weights = self.family.weights(inequality, arcs)
        for k in np.flatnonzero(weights).tolist():
            row.SetCoefficient(flows[k], float(weights[k]))

    def add_arcs(self, arcs: Ints) -> None:
        """Let more arcs be used."""
        begin = len(self.arcs)
        self.arcs = np.concatenate([self.arcs, arcs])
        self._enter(arcs)
        for row, inequality in zip(self._rows, self.inequalities, strict=True):
            self._weigh(row, inequality, arcs, self._flows[begin:])

    def add(self, found: Sequence[Inequality]) -> int:
        """Add inequalities that are not there yet; their number."""
        new = 0
        for inequality in found:
            if inequality.key in self._known:
                continue
            self._known.add(inequality.key)
            row = self._solver.Constraint(inequality.least, self._solver.infinity())
            self._weigh(row, inequality, self.arcs, self._flows)
            self._rows.append(row)
            self.inequalities.append(inequality)
            new += 1
        return new

    def solve(self) -> tuple[Floats, Prices] | None:
        """Flow on every arc of the network and prices; None where no flow satisfies everything."""
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()  # numerical trouble with the old basis: start afresh
            if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
                return None
        flow = np.zeros(len(self.network.tail))
        flow[self.arcs] = [max(0.0, variable.solution_value()) for variable in self._flows]
        flow[flow < 1e-9] = 0.0
        prices = Prices(
            visit=np.array([max(0.0, row.dual_value()) for row in self._visits]),
            passing=np.array([row.dual_value() for row in self._passing]),
            shift=np.array([max(0.0, -row.dual_value()) for row in self._shifts]),
            inequality=np.array([max(0.0, row.dual_value()) for row in self._rows]),
        )
        return flow, prices

    def tidy(self, prices: Prices) -> None:
        """Drop the inequalities that do not bind when they are many."""
        binding = prices.inequality > 0.0
        if len(self.inequalities) - 2 * int(binding.sum()) < _ROOM:
            return
        self.inequalities = [i for i, keep in zip(self.inequalities, binding, strict=True) if keep]
        self._known = {i.key for i in self.inequalities}
        self._build()

    def proven(self, prices: Prices) -> tuple[float, Ints]:
        """Bound that any prices prove (Lagrangian value over all arcs), and the arcs missing that would lower cost."""
        network, n, counts = self.network, self.network.n, self.network.counts
        visit = np.append(prices.visit, -prices.shift)
        reduced = network.cost - visit[network.tail] - prices.passing[network.tail] + prices.passing[network.head]
        every = np.arange(len(network.tail))
        for inequality, price in zip(self.inequalities, prices.inequality, strict=True):
            if price > 0.0:
                reduced -= price * self.family.weights(inequality, every)
        value = sum(
            min(cost + visits * price for visits, cost in demand.options)
            for demand, price in zip(network.demands, prices.visit.tolist(), strict=True)
        )
        value -= float(counts @ prices.shift)
        value += sum(i.least * float(p) for i, p in zip(self.inequalities, prices.inequality, strict=True))
        value += float((np.minimum(reduced, 0.0) * network.most).sum())
        reduced[self.arcs] = np.inf
        short = np.flatnonzero(reduced < _NEGATIVE * max(1.0, float(network.cost.max(initial=0.0))))
        return value, short[np.argsort(reduced[short], kind="stable")][: 4 * n]


def _first_arcs(network: Network) -> Ints:
    """All between customers and homes; of the others the cheapest out of and into each customer."""
    n = network.n
    wanted = (network.tail >= n) | (network.head >= n)
    between = np.flatnonzero(~wanted)
    for end in (network.tail, network.head):
        order = between[np.lexsort((network.cost[between], end[between]))]
        node = end[order]
        rank = np.arange(len(order)) - np.searchsorted(node, node)
        wanted[order[rank < _NEAREST]] = True
    return np.flatnonzero(wanted)
