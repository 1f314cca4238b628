"""How often a customer is visited: the visit rule of a row, and whether it agrees with hours and duration."""

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from routing.domain import VisitRule
from routing.errors import InvalidInput
from routing.frequency import format_rule, parse_frequency
from routing.io.cells import BadValue, Cell, as_text, plain
from routing.io.hours import Week
from routing.io.numbers import parse_flag, parse_whole
from routing.io.options import ReadOptions
from routing.io.sheet import Record
from routing.io.windows import shortest_complaint

_NEVER: Final = VisitRule(visits=0, period_weeks=Fraction(4))

_parsed = lru_cache(maxsize=4096)(parse_frequency)  # thousands of customers share a few dozen notations


def read_rule(record: Record, options: ReadOptions, *, active: bool) -> VisitRule | None:
    """The visit rule of a row; None when there is none to be had (noted). Customers that are not active need none."""
    column = record.sheet.column("visit_frequency")
    gaps = [record.value(name, _days, None, vital=True) for name in ("min_gap", "max_gap", "tolerance")]
    same = record.value("same_weekday", parse_flag, None)
    days, weeks = (record.text(name) or None for name in ("weekdays", "weeks"))
    cell = record.cell(column)
    text = as_text(cell)
    if record.failed and not active:
        return None
    if cell is not None and not isinstance(cell, str | int | float):
        cure = "Format the column as text and write 3/5, or 3 per week."
        record.fault(
            column, f"A spreadsheet turned the frequency into the date or time {text}.", cure, code="bad_frequency"
        )
        return None
    if not active and (not text or plain(cell) in ("0", "0.0")):
        return _NEVER
    if not text and not (days and weeks):
        text = options.defaults.frequency.notation(record.text("grade"), record.text("channel")) or ""
        if not text and not days and not weeks:
            grade = record.text("grade")
            what = (
                f"There is no visit frequency, and none is set for grade '{grade}'."
                if grade
                else "There is neither a visit frequency nor a grade."
            )
            cure = "Fill in visit_frequency (such as weekly or 2 per month), or a grade A, B or C."
            record.fault("visit_frequency", what, cure, code="missing_frequency")
            return None
    unit = column.unit if column and column.unit != "cycle" else None
    try:
        rule = _parsed(
            text, unit=unit, weekdays=days, weeks=weeks, min_gap_days=gaps[0], max_gap_days=gaps[1], same_weekday=same
        )
    except InvalidInput as error:
        for issue in error.issues:
            named = issue.column if issue.column in ("weekdays", "weeks") else "visit_frequency"
            code = "bad_frequency" if issue.code == "invalid" else issue.code
            record.fault(named, issue.what, issue.cure, code=code)
        return None
    return _with_tolerance(rule, gaps[2]) if gaps[2] is not None and gaps[0] is None and gaps[1] is None else rule


def _with_tolerance(rule: VisitRule, days: int) -> VisitRule:
    """The rule with gaps of its rhythm plus or minus some days."""
    rhythm = 7 / rule.per_week if rule.visits else Fraction(0)
    return replace(
        rule, min_gap_days=max(1, int(rhythm) - days), max_gap_days=-int(-rhythm // 1) + days, same_weekday=False
    )


def _days(cell: Cell) -> int:
    days = parse_whole(cell)
    if not 0 <= days <= 366:
        raise BadValue(f"{days} days is no gap between visits.", "Write a number of days from 0 to 366.", "bad_number")
    return days


def check_fit(record: Record, rule: VisitRule, windows: Week, service: int, *, whole: bool) -> None:
    """Contradictions between frequency, hours and duration."""
    allowed = {day for _, day in rule.slots} if rule.slots else set(rule.weekdays)
    open_days = allowed & set(windows) if windows else allowed
    if rule.visits and not open_days:
        what = "The customer is closed on every day on which a visit may fall."
        cure = "Change the weekdays, or the opening hours."
        record.fault(
            "weekdays" if record.text("weekdays") else "opening_hours", what, cure, code="closed_on_visit_days"
        )
    elif rule.per_week > len(open_days):
        needs = f"The frequency ({format_rule(rule)}) needs {float(rule.per_week):g} days a week"
        what = f"{needs}; {len(open_days)} are open to visits."
        record.fault("visit_frequency", what, "Lower it, or open more days.", code="contradictory_frequency")
    complaint = shortest_complaint(windows, service)
    if complaint:
        name = "opening_hours" if record.sheet.column("opening_hours") else "close"
        cure = (
            "Widen the window or shorten the visit."
            if whole
            else "The visit will run past closing time; widen the window or shorten the visit."
        )
        record.fault(name, complaint, cure, code="window_shorter_than_visit", severity="error" if whole else "warning")
