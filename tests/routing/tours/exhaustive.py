"""The optimum of a small day by trying every order."""

from itertools import permutations

from routing.tours import DayProblem, schedule


def cheapest(day: DayProblem) -> int | None:
    """Least travel cost over all orders that can be timed; None when none can."""
    costs = [day.cost(o) for o in permutations(range(1, day.stops + 1)) if schedule(day, o) is not None]
    return min(costs, default=None)
