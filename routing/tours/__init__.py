"""Day routes: the order of one shift's stops, its exact timing, and what is proved about it."""

from routing.tours.improve import TourLimits, route_day
from routing.tours.model import DayProblem, DayProof, DaySolution, Schedule
from routing.tours.prove import ProofLimits, prove_day
from routing.tours.timing import schedule

__all__ = [
    "DayProblem",
    "DayProof",
    "DaySolution",
    "ProofLimits",
    "Schedule",
    "TourLimits",
    "prove_day",
    "route_day",
    "schedule",
]
