"""Working time of a rep, put together from all columns that say something about it."""

from collections.abc import Mapping

from routing.domain import WEEKDAY_NAMES, Break, WorkDay
from routing.io.cells import BadValue, Cell, as_text, plain
from routing.io.hours import Week, parse_day, parse_week, spans_of
from routing.io.options import ReadOptions
from routing.io.sheet import Record
from routing.io.times import clock, parse_duration, parse_time
from routing.io.weekdays import parse_weekdays

type _Shift = tuple[int, int, Break | None]

_WORKWEEK = frozenset(range(5))
_SHORT_DAY = 6 * 3600
"""Days shorter than this may go without the break."""
_LUNCH = (11 * 3600, 14 * 3600)


def read_shifts(record: Record, options: ReadOptions) -> Mapping[int, WorkDay]:
    """Weekday -> working time of a row; empty when it is faulty (noted as errors).

    Sources, the first that a weekday has: a column per weekday, start and end per weekday, the one cell of hours, shift
    start and end on the days of the weekdays column (Monday to Friday without one). The gap between two spans of
    one day is its break, unless break columns say otherwise.
    """
    weekdays = record.value("weekdays", parse_weekdays, None, vital=True)
    shifts = _general(record, options, weekdays)
    own = _per_weekday(record)
    if own or any(
        c.weekday is not None
        for c in (*record.sheet.by_field.get("hours", ()), *record.sheet.by_field.get("shift_start", ()))
    ):
        named = {c.weekday for name in ("hours", "shift_start") for c in record.sheet.by_field.get(name, ())} - {None}
        shifts = {day: shift for day, shift in shifts.items() if day not in named} | own
        if weekdays is not None:
            shifts = {day: shift for day, shift in shifts.items() if day in weekdays}
    pause = _pause(record)
    if record.failed:
        return {}
    if not shifts:
        record.fault(
            "hours",
            "The rep works on no weekday.",
            "Give working hours, such as Mo-Fr 08:00-17:00.",
            code="never_works",
        )
        return {}
    week = {day: _workday(record, day, shift, pause) for day, shift in sorted(shifts.items())}
    return {day: work for day, work in week.items() if work is not None}


def _general(record: Record, options: ReadOptions, weekdays: frozenset[int] | None) -> dict[int, _Shift]:
    """Shifts that no weekday has a column of its own for."""
    if record.cell("hours") is not None:
        empty: Week = {}
        week = record.value(
            "hours", lambda cell: parse_week(cell, reference=options.reference), empty, vital=True, code="bad_hours"
        )
        every_day = spans_of(plain(record.cell("hours"))) is not None
        days = weekdays if weekdays is not None else _WORKWEEK if every_day else frozenset(week)
        return {day: _from_spans([(w.early, w.late) for w in week[day]]) for day in sorted(days) if day in week}
    start = record.value("shift_start", parse_time, None, vital=True)
    end = record.value("shift_end", parse_time, None, vital=True)
    columns = [record.sheet.column(name) for name in ("shift_start", "shift_end")]
    if start is None and end is None and record.failed:
        return {}
    if (start is None) != (end is None) and all(columns):
        missing = "shift_start" if start is None else "shift_end"
        if record.cell(missing) is None:
            record.fault(missing, f"There is no {missing}.", "Fill in both, or none.", code="shift_incomplete")
        return {}
    own_columns = any(c.weekday is not None for c in record.sheet.by_field.get("hours", ()))
    if (
        start is None
        and end is None
        and (own_columns or any(c.weekday is not None for c in record.sheet.by_field.get("shift_start", ())))
    ):
        return {}
    start = options.defaults.shift_start if start is None else start
    end = options.defaults.shift_end if end is None else end
    if end <= start:
        what = f"The shift ends ({clock(end)}) before it starts ({clock(start)})."
        record.fault("shift_end", what, "Swap or correct the two times.", code="shift_ends_before_start")
        return {}
    return dict.fromkeys(weekdays if weekdays is not None else _WORKWEEK, (start, end, None))


def _per_weekday(record: Record) -> dict[int, _Shift]:
    """Shifts from columns of single weekdays."""
    shifts: dict[int, _Shift] = {}
    for column in record.sheet.by_field.get("hours", ()):
        if column.weekday is None or record.cell(column) is None:
            continue
        windows = record.value(column, _spans, None, vital=True, code="bad_hours")
        if windows:
            shifts[column.weekday] = _from_spans(windows)
    ends = {c.weekday: c for c in record.sheet.by_field.get("shift_end", ()) if c.weekday is not None}
    for column in record.sheet.by_field.get("shift_start", ()):
        closing = ends.get(column.weekday) if column.weekday is not None else None
        if column.weekday is None or record.cell(column) is None or closing is None or record.cell(closing) is None:
            continue
        start = record.value(column, parse_time, None, vital=True)
        end = record.value(closing, parse_time, None, vital=True)
        if start is not None and end is not None and end <= start:
            what = f"The shift ends ({clock(end)}) before it starts ({clock(start)})."
            record.fault(closing, what, "Swap or correct the two times.", code="shift_ends_before_start")
        elif start is not None and end is not None:
            shifts[column.weekday] = (start, end, None)
    return shifts


def _spans(cell: Cell) -> list[tuple[int, int]]:
    found = parse_day(cell)
    if found is None or any(later for later, _ in found):
        raise BadValue(
            f"'{plain(cell)}' is no working time.",
            "Write 08:00-17:00, or leave the cell empty for a day off.",
            "bad_hours",
        )
    return sorted((window.early, window.late) for _, window in found)


def _from_spans(spans: list[tuple[int, int]]) -> _Shift:
    """One shift from the spans of a day; the gap between two is a break at a fixed time."""
    start, end = spans[0][0], spans[-1][1]
    if len(spans) != 2:
        return start, end, None
    return start, end, Break(duration=spans[1][0] - spans[0][1], early=spans[0][1], late=spans[0][1])


def _pause(record: Record) -> Break | None:
    """The break that the columns ask for; None without one or when it is faulty (noted)."""
    spans = spans_of(as_text(record.cell("break_duration"))) if isinstance(record.cell("break_duration"), str) else None
    start: int | None = None
    end: int | None = None
    duration: int | None = None
    if spans and len(spans) == 1:
        start, end = spans[0]
    else:
        column = record.sheet.column("break_duration")
        unit = (column.unit if column else None) or "min"
        start = record.value("break_start", parse_time, None, vital=True)
        end = record.value("break_end", parse_time, None, vital=True)
        duration = record.value("break_duration", lambda cell: parse_duration(cell, unit=unit), None, vital=True)
    early = record.value("break_earliest", parse_time, None, vital=True)
    late = record.value("break_latest", parse_time, None, vital=True)
    if record.failed or duration == 0 or (start is None and end is None and duration is None):
        return None
    if start is not None and end is not None:
        if end <= start or (duration is not None and duration > end - start):
            what = f"The break of {clock(start)}-{clock(end)} cannot be."
            record.fault("break_end", what, "Correct the times of the break.", code="bad_break")
            return None
        length = duration if duration is not None else end - start
        return Break(duration=length, early=start, late=end - length)
    if duration is None:
        missing = "break_end" if end is None else "break_start"
        record.fault(
            missing,
            "The break has no length.",
            "Fill in break_start and break_end, or break_duration.",
            code="bad_break",
        )
        return None
    if start is not None:
        return Break(duration=duration, early=start, late=start)
    early = early if early is not None else min(_LUNCH[0], late if late is not None else _LUNCH[0])
    late = late if late is not None else max(_LUNCH[1] - duration, early)
    if late < early:
        what = f"The break must start by {clock(late)} but not before {clock(early)}."
        record.fault("break_latest", what, "Swap or correct the two times.", code="bad_break")
        return None
    return Break(duration=duration, early=early, late=late)


def _workday(record: Record, day: int, shift: _Shift, pause: Break | None) -> WorkDay | None:
    """A shift with its break, the break's window cut to the shift; short days that it misses go without."""
    start, end, own = shift
    lunch = pause or own
    if lunch is None:
        return WorkDay(start=start, end=end)
    early, late = max(lunch.early, start), min(lunch.late, end - lunch.duration)
    if early <= late:
        return WorkDay(start=start, end=end, lunch=Break(duration=lunch.duration, early=early, late=late))
    if end - start < _SHORT_DAY:
        return WorkDay(start=start, end=end)
    name = next(
        (n for n in ("break_start", "break_earliest", "break_duration") if record.cell(n) is not None), "break_duration"
    )
    shift_text = f"{WEEKDAY_NAMES[day]} {clock(start)}-{clock(end)}"
    what = f"The break ({clock(lunch.early)}, {lunch.duration // 60} min) does not fit into the shift of {shift_text}."
    record.fault(name, what, "Move the break into the shift.", code="break_outside_shift")
    return None
