"""From any notation of "how often" to a :class:`routing.domain.VisitRule`."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from routing.domain import WEEKDAY_NAMES, VisitRule
from routing.errors import InvalidInput, Issue
from routing.frequency.canonical import read_canonical
from routing.frequency.phrases import read_phrase, visits_per
from routing.frequency.reading import Reading, every_days
from routing.frequency.rrule import read_rrule
from routing.frequency.units import NUMBER, PERIOD, PERIOD_WEEKS, clean, number, period_weeks, week_list, weekday_set

__all__ = ["parse_frequency"]

_ALL = frozenset(range(7))
_CURE = "Write e.g. '2 per month', 'every 10 days', 'biweekly', 'W1W3', '3/5' or '每两周一次'."
_NEVER = {"0", "0.0", "never", "none", "no", "无", "不拜访", "nil", "-"}


def parse_frequency(
    text: str,
    *,
    unit: str | None = None,
    weekdays: str | None = None,
    weeks: str | None = None,
    min_gap_days: int | None = None,
    max_gap_days: int | None = None,
    same_weekday: bool | None = None,
) -> VisitRule:
    """Read how often a customer is to be visited.

    =============================================  =======================================================
    notation                                       meaning
    =============================================  =======================================================
    ``2 per month``, ``3x/week``, ``6 a year``     visits in a period; fractions and decimals are fine
    ``every 10 days``, ``every 2 weeks``           an interval, calendar days
    ``weekly``, ``biweekly``, ``monthly`` …        names; ``daily`` is each of 5 working days
    ``3/5``                                        3 visits in 5 working days (a week has five)
    ``W1W3``, ``weeks 1,3 of 4``                   one visit in each named week of the rhythm
    ``W1Mon W3Mon``, ``1st and 3rd Monday``        exact days
    ``1x4``                                        visits in a visit week x rhythm in weeks
    ``weekly Mon,Thu``, ``biweekly on Tue``        with weekdays
    ``每周1次``, ``每两周一次``, ``每月2次`` …          the same in Chinese
    ``FREQ=WEEKLY;INTERVAL=2;BYDAY=MO``            RFC 5545
    ``2``                                          visits per `unit`, or per 4-week cycle without one
    =============================================  =======================================================

    A month is the 4 weeks of a call cycle, a quarter 13 weeks, a year 52 weeks. ``4.33``, ``2.17`` and ``1.08`` visits
    a month, what weekly, two-weekly and four-weekly visits come to on a wall calendar, are read as these.

    Parameters
    ----------
    text
        The notation; may be empty when `weekdays` or `weeks` say it all.
    unit
        What a column header says about plain numbers: ``month`` (visits per month), ``every days`` or
        ``interval weeks`` (the number is an interval).
    weekdays
        Weekdays on which visits may fall (``Monday|Wednesday``, ``1,3`` with 1 = Monday). Without `text`, one visit a
        week (or in each of `weeks`) on each.
    weeks
        Weeks of the rhythm in which visits fall (``1,3``, ``W1W3``, ``odd``, ``1,4 of 6``).
    min_gap_days, max_gap_days
        Bounds on the calendar days between two visits; naming one asks for free weekdays unless `same_weekday` says
        otherwise.
    same_weekday
        Whether visits keep one weekday (several a week: the same weekdays each week). None: yes, where the rhythm can.

    Raises
    ------
    InvalidInput
        All faults of the notation at once, each with a cure; ``code`` is ``bad_frequency`` or
        ``contradictory_frequency``.
    """
    issues: list[Issue] = []
    days = _column(weekdays, weekday_set, "weekdays", "Write e.g. 'Mon|Wed' or '1,3' (1 = Monday).", issues)
    named = _column(weeks, week_list, "weeks", "Write e.g. '1,3' or 'W1W3'.", issues)
    rule: VisitRule | None = None
    try:
        if clean(text):
            rule = _rule_of(text, unit)
    except InvalidInput as error:
        issues.extend(error.issues)
    if issues:
        raise InvalidInput(issues)
    rule = _with_columns(rule, text, days, named)
    flexible = min_gap_days is not None or max_gap_days is not None
    rule = replace(
        rule,
        min_gap_days=rule.min_gap_days if min_gap_days is None else min_gap_days,
        max_gap_days=rule.max_gap_days if max_gap_days is None else max_gap_days,
        same_weekday=(rule.same_weekday and not flexible) if same_weekday is None else same_weekday,
    )
    if faults := contradictions(rule):
        shown = text.strip() or "/".join(filter(None, (weekdays, weeks)))
        raise InvalidInput(
            Issue(what=f"Visit frequency '{shown}' {what}.", cure=cure, value=text, code="contradictory_frequency")
            for what, cure in faults
        )
    return rule


def _column[T](
    text: str | None, reader: Callable[[str], T | None], name: str, cure: str, issues: list[Issue]
) -> T | None:
    if text is None or not clean(text):
        return None
    value = reader(text)
    if value is None:
        what = f"'{text}' names no {name}."
        issues.append(Issue(what=what, cure=cure, column=name, value=text, code="bad_frequency"))
    return value


def _rule_of(text: str, unit: str | None) -> VisitRule:
    plain = clean(text)
    if plain in _NEVER:
        raise _bad(text, "asks for no visit", "Set the customer inactive, or give a frequency.")
    if (rule := read_canonical(plain)) is not None:
        return rule
    reading = read_rrule(text) or _plain_number(plain, unit) or read_phrase(plain)
    if reading is None:
        raise _bad(text, "is not understood", _CURE)
    if reading.visits <= 0:
        raise _bad(text, "asks for no visit", "Set the customer inactive, or give a frequency.")
    return _rule(reading)


def _bad(text: str, what: str, cure: str) -> InvalidInput:
    return InvalidInput([Issue(what=f"Visit frequency '{text}' {what}.", cure=cure, value=text, code="bad_frequency")])


def _plain_number(plain: str, unit: str | None) -> Reading | None:
    """A number without words, in the unit of its column; ``3/5`` is one only under a unit."""
    if not re.fullmatch(r"\d+(?:[.,]\d+)?" if unit is None else r"\d+(?:[.,]\d+)?|\d+\s*/\s*\d+", plain):
        return None
    value = number(plain)
    if value is None:
        return None
    digits = len(re.sub(r"^\d+[.,]?", "", plain)) if "/" not in plain else 0
    if unit is None:
        return visits_per(value, digits, Fraction(4))
    said = clean(unit)
    interval = re.search(r"every|interval|between|cadence|gap|rhythm|间隔|每隔", said) is not None
    header = re.sub(r"[()\[\]:]|次", " ", said).strip()
    found = re.search(rf"(?:(?P<m>{NUMBER})\s*个?)?[\s/_-]*(?P<u>{PERIOD})s?\s*$", header)
    weeks = period_weeks(found["u"]) if found else None
    if found is None or weeks is None:
        cure = "Use day, week, month, quarter or year."
        raise InvalidInput([Issue(what=f"'{unit}' is not a period.", cure=cure, value=unit, code="bad_frequency")])
    weeks *= (number(found["m"]) or Fraction(1)) if found["m"] else Fraction(1)
    if not interval:
        if weeks == PERIOD_WEEKS["day"]:
            weeks = PERIOD_WEEKS["workday"]
        return visits_per(value, digits, weeks)
    if not value:
        return Reading(visits=Fraction(0), weeks=weeks)
    if weeks == PERIOD_WEEKS["day"]:
        return every_days(Fraction(1), value)
    return Reading(visits=Fraction(1), weeks=weeks * value)


def _rule(reading: Reading) -> VisitRule:
    visits, period = reading.whole
    if reading.slots is None and reading.named_weeks is None and period.denominator != 1 and period < 1:
        visits, period = visits * period.denominator, Fraction(period.numerator)
    return VisitRule(
        visits=visits,
        period_weeks=period,
        weekdays=_ALL if reading.weekdays is None else reading.weekdays,
        weeks=reading.named_weeks,
        slots=reading.slots,
        same_weekday=reading.keeps_weekday,
    )


def _with_columns(
    rule: VisitRule | None, text: str, days: frozenset[int] | None, named: tuple[tuple[int, ...], int] | None
) -> VisitRule:
    """The rule narrowed to the days and weeks of their own columns, or made of them."""
    if rule is None:
        if days is None and named is None:
            raise _bad(text, "is empty", _CURE)
        if named is None:
            return VisitRule(visits=len(days or ()), period_weeks=Fraction(1), weekdays=days or _ALL)
        weeks, rhythm = named
        if days is None:
            return VisitRule(visits=len(weeks), period_weeks=Fraction(rhythm), weeks=weeks)
        pairs = tuple((week, day) for week in weeks for day in sorted(days))
        return VisitRule(visits=len(pairs), period_weeks=Fraction(rhythm), slots=pairs)
    if days is not None:
        rule = _narrow(rule, text, days)
    if named is not None and rule.slots is None and rule.weeks is None:
        weeks, rhythm = named
        visits = rule.per_week * rhythm
        if visits.denominator != 1:
            rhythm *= visits.denominator
            weeks = tuple(week + step * named[1] for step in range(visits.denominator) for week in named[0])
            visits = rule.per_week * rhythm
        rule = replace(rule, visits=int(visits), period_weeks=Fraction(rhythm), weeks=weeks)
    elif named is not None:
        said = rule.weeks or tuple(sorted({week for week, _ in rule.slots or ()}))
        if set(said) != set(named[0]):
            raise _contradicts(text, f"names weeks {_listed(said)}, the weeks column {_listed(named[0])}")
    return rule


def _narrow(rule: VisitRule, text: str, days: frozenset[int]) -> VisitRule:
    said = rule.weekdays if rule.slots is None else frozenset(day for _, day in rule.slots)
    both = said & days
    if not both or (rule.slots is not None and both != said):
        raise _contradicts(text, f"falls on {_day_names(said)}, the weekdays column says {_day_names(days)}")
    return rule if rule.slots is not None else replace(rule, weekdays=both)


def _contradicts(text: str, what: str) -> InvalidInput:
    issue = Issue(what=f"Visit frequency '{text}' {what}.", cure="Keep one of them.", value=text,
                  code="contradictory_frequency")  # fmt: skip
    return InvalidInput([issue])


def _day_names(days: frozenset[int]) -> str:
    return ", ".join(WEEKDAY_NAMES[day] for day in sorted(days))


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def contradictions(rule: VisitRule) -> list[tuple[str, str]]:
    """What makes a rule impossible whatever the calendar, as (what, cure) pairs."""
    wrong: list[tuple[str, str]] = []
    if rule.visits < 1 or rule.period_weeks <= 0:
        return [("asks for no visit", "Set the customer inactive, or give a frequency.")]
    if rule.per_week > 7:
        cure = "At most one visit a day is planned: lower it."
        wrong.append((f"asks for {float(rule.per_week):g} visits a week", cure))
    elif rule.slots is None:
        busiest = rule.per_week
        if rule.weeks is not None:
            busiest = Fraction(rule.visits, len(rule.weeks)) * rule.period_weeks.denominator
        need = -(-busiest.numerator // busiest.denominator)
        if need > len(rule.weekdays):
            wrong.append(
                (f"needs {need} weekdays in a week; {len(rule.weekdays)} allowed", "Lower it, or allow more weekdays.")
            )
    if rule.weeks is not None and (not rule.weeks or max(rule.weeks) > rule.period_weeks or min(rule.weeks) < 1):
        cure = "Name weeks from 1 to the rhythm."
        wrong.append((f"names weeks outside its rhythm of {rule.period_weeks} weeks", cure))
    low, high = rule.min_gap_days, rule.max_gap_days
    interval = 7 / rule.per_week
    if (low is not None and low < 1) or (high is not None and high < 1):
        wrong.append(("has a gap below 1 day", "Gaps count days from one visit to the next."))
    if low is not None and high is not None and low > high:
        wrong.append((f"has a minimum gap of {low} days above its maximum of {high}", "Exchange them."))
    if rule.weeks is None and rule.slots is None:
        if low is not None and low > interval:
            wrong.append((f"comes every {float(interval):.3g} days, below its minimum gap of {low}", "Lower the gap."))
        if high is not None and high < interval:
            wrong.append((f"comes every {float(interval):.3g} days, above its maximum gap of {high}", "Raise the gap."))
    return wrong
