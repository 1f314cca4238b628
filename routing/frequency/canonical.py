"""The one notation that says everything a rule holds: ``2 per 4 weeks; on Mon,Wed; weeks 1,3; gap 10..18 days``."""

import re
from dataclasses import replace
from fractions import Fraction

from routing.domain import WEEKDAY_NAMES, VisitRule

__all__ = ["format_rule", "read_canonical"]

_HEAD = re.compile(r"(\d+) per (?:(\d+)(?:/(\d+))? )?weeks?")
_ALL = frozenset(range(7))


def format_rule(rule: VisitRule) -> str:
    """Canonical text of a rule; :func:`routing.frequency.parse_frequency` reads it back to the same rule.

    Examples
    --------
    >>> from fractions import Fraction
    >>> format_rule(VisitRule(visits=1, period_weeks=Fraction(2), weekdays=frozenset({0, 3})))
    '1 per 2 weeks; on Mon,Thu'
    """
    period = "week" if rule.period_weeks == 1 else f"{rule.period_weeks} weeks"
    parts = [f"{rule.visits} per {period}"]
    if rule.weekdays != _ALL:
        parts.append("on " + ",".join(WEEKDAY_NAMES[day] for day in sorted(rule.weekdays)))
    if rule.weeks is not None:
        parts.append("weeks " + ",".join(map(str, rule.weeks)))
    if rule.slots is not None:
        parts.append("slots " + ",".join(f"W{week} {WEEKDAY_NAMES[day]}" for week, day in rule.slots))
    if rule.min_gap_days is not None or rule.max_gap_days is not None:
        low = "" if rule.min_gap_days is None else rule.min_gap_days
        high = "" if rule.max_gap_days is None else rule.max_gap_days
        parts.append(f"gap {low}..{high} days")
    if not rule.same_weekday:
        parts.append("any weekday each time")
    return "; ".join(parts)


def read_canonical(text: str) -> VisitRule | None:
    """The rule of a canonical text (cleaned, lower case); None if the text is not canonical."""
    head, *clauses = (part.strip() for part in text.split(";"))
    match = _HEAD.fullmatch(head)
    if match is None or (match[2] and int(match[2]) == 0) or (match[3] and int(match[3]) == 0):
        return None
    rule = VisitRule(visits=int(match[1]), period_weeks=Fraction(int(match[2] or 1), int(match[3] or 1)))
    days = [name.casefold() for name in WEEKDAY_NAMES]
    for clause in clauses:
        if found := re.fullmatch(r"on ((?:[a-z]{3},?)+)", clause):
            names = found[1].strip(",").split(",")
            if not set(names) <= set(days):
                return None
            rule = replace(rule, weekdays=frozenset(days.index(name) for name in names))
        elif found := re.fullmatch(r"weeks (\d+(?:,\d+)*)", clause):
            rule = replace(rule, weeks=tuple(int(week) for week in found[1].split(",")))
        elif found := re.fullmatch(r"slots (w\d+ [a-z]{3}(?:,w\d+ [a-z]{3})*)", clause):
            pairs = [pair.split() for pair in found[1].split(",")]
            if not {day for _, day in pairs} <= set(days):
                return None
            rule = replace(rule, slots=tuple((int(week[1:]), days.index(day)) for week, day in pairs))
        elif found := re.fullmatch(r"gap (\d*)\.\.(\d*) days", clause):
            low, high = (int(bound) if bound else None for bound in found.groups())
            rule = replace(rule, min_gap_days=low, max_gap_days=high)
        elif clause == "any weekday each time":
            rule = replace(rule, same_weekday=False)
        else:
            return None
    return rule
