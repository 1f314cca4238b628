"""The linear programme over day routes: every customer is visited often enough, no kind of shift is used too often."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from routing.bounds.relaxation import Demand

type Floats = NDArray[np.float64]
type Route = tuple[int, tuple[int, ...]]

_MANY = 5000  # columns that make the programme slow; it is cleaned then
_PARAMETERS = "use_preprocessing: false use_dual_simplex: false"  # keeps the basis when columns are added


class Master:
    """Set covering over the routes found so far, solved by GLOP.

    Rows: visits of each customer ≥ those of its chosen alternative; one alternative per customer; routes of a kind ≤
    its shifts. A missing visit has a price, which keeps the first prices sane and grows when it turns out too low.

    Parameters
    ----------
    counts
        Shifts of each kind.
    missing
        First price of a missing visit of each customer.
    """

    def __init__(self, demands: Sequence[Demand], counts: Sequence[int], missing: Floats) -> None:
        self._demands = demands
        self._counts = counts
        self._missing = np.asarray(missing, dtype=np.float64).copy()
        self._costs: dict[Route, float] = {}
        self._prices = np.zeros(len(demands))
        self._shift_prices = np.zeros(len(counts))
        self._build()

    @property
    def columns(self) -> int:
        """Routes in the programme."""
        return len(self._costs)

    def _build(self) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_PARAMETERS)
        solver, infinity = self._solver, self._solver.infinity()
        self._visits: list[pywraplp.Constraint] = []
        self._absent: list[pywraplp.Variable] = []
        self._column: dict[Route, pywraplp.Variable] = {}
        for demand, price in zip(self._demands, self._missing, strict=True):
            if len(demand.options) == 1:
                row = solver.Constraint(float(demand.options[0][0]), infinity)
            else:
                row = solver.Constraint(0.0, infinity)
                one = solver.Constraint(1.0, 1.0)
                for visits, cost in demand.options:
                    chosen = solver.NumVar(0.0, 1.0, "")
                    row.SetCoefficient(chosen, -float(visits))
                    one.SetCoefficient(chosen, 1.0)
                    solver.Objective().SetCoefficient(chosen, cost)
            absent = solver.NumVar(0.0, infinity, "")
            row.SetCoefficient(absent, 1.0)
            solver.Objective().SetCoefficient(absent, float(price))
            self._absent.append(absent)
            self._visits.append(row)
        self._kinds = [solver.Constraint(-infinity, float(count)) for count in self._counts]
        solver.Objective().SetMinimization()
        for route in self._costs:
            self._enter(route)

    def _enter(self, route: Route) -> None:
        kind, customers = route
        column = self._solver.NumVar(0.0, self._solver.infinity(), "")
        visits: dict[int, int] = {}
        for customer in customers:
            visits[customer] = visits.get(customer, 0) + 1
        for customer, times in visits.items():
            self._visits[customer].SetCoefficient(column, float(times))
        self._kinds[kind].SetCoefficient(column, 1.0)
        self._solver.Objective().SetCoefficient(column, self._costs[route])
        self._column[route] = column

    def add(self, kind: int, customers: Sequence[int] | NDArray[np.int64], cost: float) -> bool:
        """Add a route unless it is there; whether it is new."""
        route = (kind, tuple(int(c) for c in customers))
        if route in self._costs:
            return False
        self._costs[route] = cost
        self._enter(route)
        return True

    def solve(self) -> tuple[float, Floats, Floats]:
        """Objective, price of a visit of each customer (≥ 0), price of a shift of each kind (≥ 0)."""
        if self.columns > _MANY:
            self._clean()
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()  # numerical trouble with the old basis: start afresh
            status = self._solver.Solve()
            if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
                raise ArithmeticError(f"GLOP ended with status {status}")
        self._prices = np.array([max(0.0, row.dual_value()) for row in self._visits])
        self._shift_prices = np.array([max(0.0, -row.dual_value()) for row in self._kinds])
        return float(self._solver.Objective().Value()), self._prices, self._shift_prices

    def _clean(self) -> None:
        """Keep the better half of the routes by reduced cost at the last prices."""
        reduced = {
            route: cost - float(self._prices[list(route[1])].sum()) + float(self._shift_prices[route[0]])
            for route, cost in self._costs.items()
        }
        line = sorted(reduced.values())[_MANY // 2]
        self._costs = {route: cost for route, cost in self._costs.items() if reduced[route] <= line + 1e-9}
        self._build()

    def raise_missing(self) -> bool:
        """Make missing visits of the last solution dearer; False when there are none."""
        short = [i for i, absent in enumerate(self._absent) if absent.solution_value() > 1e-7]
        for i in short:
            self._missing[i] *= 3.0
            self._solver.Objective().SetCoefficient(self._absent[i], float(self._missing[i]))
        return bool(short)

    def used(self) -> list[Route]:
        """Routes of the last solution with a positive share."""
        return [route for route, column in self._column.items() if column.solution_value() > 1e-6]

    def forbid(self, turns_back: Callable[[Sequence[int]], bool]) -> None:
        """Take out the routes that are no longer allowed."""
        gone = [route for route in self._costs if turns_back(route[1])]
        for route in gone:
            del self._costs[route]
        if gone:
            self._build()
