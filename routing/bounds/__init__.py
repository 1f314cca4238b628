"""Proven lower bounds on the cost of a plan."""

from routing.bounds.cutting_planes import Bound, lower_bound
from routing.bounds.relaxation import with_visits
from routing.bounds.travel import travel_bound

__all__ = ["Bound", "lower_bound", "travel_bound", "with_visits"]
