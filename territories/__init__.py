"""Territories: balanced, compact, gap-free, explained, and stable when they change.

>>> from territories import TerritoryProblem, align
>>> alignment = align(TerritoryProblem(customers=customers, reps=reps))  # doctest: +SKIP
>>> alignment.territories["C0001"]  # doctest: +SKIP
'ada'
"""

from territories.align import Progress, align
from territories.alignment import Alignment, BandViolation, Certificate
from territories.measures import Measure
from territories.problem import Compactness, Present, TerritoryProblem, Unit
from territories.realign import MoveLimits, Realignment, realign
from territories.workload import TravelModel

__all__ = [
    "Alignment",
    "BandViolation",
    "Certificate",
    "Compactness",
    "Measure",
    "MoveLimits",
    "Present",
    "Progress",
    "Realignment",
    "TerritoryProblem",
    "TravelModel",
    "Unit",
    "align",
    "realign",
]
