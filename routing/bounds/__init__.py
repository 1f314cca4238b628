"""Proven lower bounds on the cost of a plan."""

from routing.bounds.column_generation import Bound, lower_bound
from routing.bounds.relaxation import with_visits

__all__ = ["Bound", "lower_bound", "with_visits"]
