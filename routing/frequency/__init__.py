"""Visit frequency: any notation for "how often" -> ``VisitRule`` -> visits due and visit patterns on a calendar."""

from routing.frequency.canonical import format_rule
from routing.frequency.defaults import DEFAULTS, FrequencyDefaults, default_rule
from routing.frequency.notation import parse_frequency
from routing.frequency.patterns import VisitPattern, visit_patterns
from routing.frequency.rhythm import gap_bounds, visits_due

__all__ = [
    "DEFAULTS",
    "FrequencyDefaults",
    "VisitPattern",
    "default_rule",
    "format_rule",
    "gap_bounds",
    "parse_frequency",
    "visit_patterns",
    "visits_due",
]
