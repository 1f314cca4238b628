"""Visit frequency: any notation for "how often" -> ``VisitRule`` -> visits due and visit patterns on a calendar."""

from routing.frequency.canonical import format_rule
from routing.frequency.defaults import DEFAULTS, FrequencyDefaults, default_rule
from routing.frequency.notation import parse_frequency

__all__ = ["DEFAULTS", "FrequencyDefaults", "default_rule", "format_rule", "parse_frequency"]
