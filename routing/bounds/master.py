"""The linear programme over day routes: every customer is visited often enough, no kind of shift is used too often."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from routing.bounds.relaxation import Demand

type Floats = NDArray[np.float64]


class Master:
    """Set covering over the routes found so far, solved by GLOP.

    Rows: visits of each customer ≥ those of its chosen alternative; one alternative per customer; routes of a kind ≤
    its shifts. Missing visits cost ``dear`` each, so that there always is a solution.

    Parameters
    ----------
    counts
        Shifts of each kind.
    dear
        Price of a missing visit; larger than any price that the final solution may put on a visit.
    """

    def __init__(self, demands: Sequence[Demand], counts: Sequence[int], dear: float) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        solver, infinity = self._solver, self._solver.infinity()
        self._visits = []
        self.columns = 0
        for demand in demands:
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
            missing = solver.NumVar(0.0, infinity, "")
            row.SetCoefficient(missing, 1.0)
            solver.Objective().SetCoefficient(missing, dear)
            self._visits.append(row)
        self._kinds = [solver.Constraint(-infinity, float(count)) for count in counts]
        solver.Objective().SetMinimization()
        self._known: dict[tuple[int, tuple[int, ...]], object] = {}

    def add(self, kind: int, route: Sequence[int], cost: float) -> bool:
        """Add a route unless it is there; whether it is new."""
        key = (kind, tuple(int(c) for c in route))
        if key in self._known:
            return False
        column = self._solver.NumVar(0.0, self._solver.infinity(), "")
        visits: dict[int, int] = {}
        for customer in key[1]:
            visits[customer] = visits.get(customer, 0) + 1
        for customer, times in visits.items():
            self._visits[customer].SetCoefficient(column, float(times))
        self._kinds[kind].SetCoefficient(column, 1.0)
        self._solver.Objective().SetCoefficient(column, cost)
        self._known[key] = column
        self.columns += 1
        return True

    def solve(self) -> tuple[float, Floats, Floats]:
        """Objective, price of a visit of each customer (≥ 0), price of a shift of each kind (≥ 0)."""
        status = self._solver.Solve()
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            raise ArithmeticError(f"GLOP ended with status {status}")
        prices = np.array([max(0.0, row.dual_value()) for row in self._visits])
        shifts = np.array([max(0.0, -row.dual_value()) for row in self._kinds])
        return float(self._solver.Objective().Value()), prices, shifts

    def used(self) -> list[tuple[int, tuple[int, ...]]]:
        """Routes of the last solution with a positive share."""
        return [key for key, column in self._known.items() if column.solution_value() > 1e-6]  # type: ignore[attr-defined]

    def forbid(self, turns_back: Callable[[Sequence[int]], bool]) -> None:
        """Take out the routes that are no longer allowed."""
        for key in [key for key in self._known if turns_back(key[1])]:
            self._known.pop(key).SetUb(0.0)  # type: ignore[attr-defined]
