"""Windows of a customer, put together from all columns that say something about hours."""

from routing.domain import DAY_SECONDS, MAX_WINDOWS_PER_DAY, WEEKDAY_NAMES, TimeWindow
from routing.io.cells import BadValue, Cell
from routing.io.columns import Column
from routing.io.hours import Week, parse_day, parse_week, spread, window_pieces
from routing.io.options import ReadOptions
from routing.io.sheet import Record
from routing.io.times import clock, parse_time

type _Pieces = list[tuple[int, TimeWindow]]

_CURE = "Fill in both times, or none."


def read_windows(record: Record, options: ReadOptions) -> Week:
    """Weekday -> windows of a row; faults are noted as errors, since a visit at a closed door is a lost one.

    Sources, in this order: a column per weekday, pairs of open and close columns (per weekday or for all days, several
    slots), the one cell of opening hours. Columns per weekday go before the general ones.
    """
    general = _general(record, options)
    per_day: dict[int, _Pieces] = {}
    anytime: _Pieces = [(0, TimeWindow(early=0, late=DAY_SECONDS))]
    columns = [c for c in record.sheet.by_field.get("opening_hours", ()) if c.weekday is not None]
    for column in columns:
        if record.cell(column) is None or column.weekday is None:
            continue
        found = record.value(column, parse_day, None, vital=True, code="bad_opening_hours")
        if found is None:  # open, but the cell does not say when
            found = [(0, w) for w in general.get(column.weekday, ())] or anytime
        per_day.setdefault(column.weekday, []).extend(found)
    for day, pieces in _paired(record, per_weekday=True).items():
        per_day.setdefault(day, []).extend(pieces)
    if not per_day:
        return general
    days_with_columns = {c.weekday for c in _hour_columns(record) if c.weekday is not None}
    merged = {
        day: [(0, w) for w in windows] for day, windows in general.items() if day not in days_with_columns
    } | per_day
    return _checked(record, merged, next(iter(_hour_columns(record))))


def shortest_complaint(week: Week, service: int) -> str | None:
    """Words for windows that are all shorter than the visit; None when one is long enough."""
    if not week or service == 0 or any(w.late - w.early >= service for windows in week.values() for w in windows):
        return None
    day, window = next((d, w) for d, windows in week.items() for w in windows)
    length = max(w.late - w.early for windows in week.values() for w in windows) // 60
    example = f"{WEEKDAY_NAMES[day]} {_span(window)}"
    return f"No window is as long as the visit of {service // 60} min (longest {length} min, e.g. {example})."


def _general(record: Record, options: ReadOptions) -> Week:
    """Windows that hold for every weekday, from the one cell or the pairs without a weekday."""
    empty: Week = {}
    found = record.value(
        "opening_hours",
        lambda cell: parse_week(cell, reference=options.reference),
        empty,
        vital=True,
        code="bad_opening_hours",
    )
    extra = [c for c in record.sheet.by_field.get("opening_hours", ()) if c.weekday is None and c.slot]
    pieces: dict[int, _Pieces] = {day: [(0, w) for w in windows] for day, windows in found.items()}
    for column in extra:
        more = record.value(column, lambda cell: parse_week(cell, reference=options.reference), empty, vital=True)
        for day, windows in more.items():
            pieces.setdefault(day, []).extend((0, w) for w in windows)
    pairs = _paired(record, per_weekday=False)
    for day, added in pairs.items():
        pieces.setdefault(day, []).extend(added)
    if not extra and not pairs:
        return found
    return _checked(record, pieces, next(iter(_hour_columns(record)))) if pieces else found


def _paired(record: Record, *, per_weekday: bool) -> dict[int, _Pieces]:
    """Pieces per weekday from open/close pairs of columns."""
    pieces: dict[int, _Pieces] = {}
    closes = {(c.weekday, c.slot): c for c in record.sheet.by_field.get("close", ())}
    opens = {(c.weekday, c.slot): c for c in record.sheet.by_field.get("open", ())}
    for key in sorted(opens.keys() | closes.keys(), key=lambda k: (k[0] if k[0] is not None else -1, k[1])):
        if (key[0] is not None) != per_weekday:
            continue
        opening, closing = opens.get(key), closes.get(key)
        cells = record.cell(opening), record.cell(closing)
        if cells == (None, None) or all(_says_closed(cell) for cell in cells if cell is not None):
            continue
        if None in cells:
            present = opening if cells[0] is not None else closing
            record.fault(present, "Only one of opening and closing time is given.", _CURE, code="window_incomplete")
            continue
        early = record.value(opening, parse_time, None, vital=True) if opening else None
        late = record.value(closing, parse_time, None, vital=True) if closing else None
        if early is None or late is None or (early == late == 0):  # 00:00 twice is how systems say "not filled in"
            continue
        try:
            found = window_pieces(early, late, f"{clock(early)}-{clock(late)}")
        except BadValue as fault:
            record.fault(closing, fault.what, fault.cure, code=fault.code)
            continue
        for day in (key[0],) if key[0] is not None else range(7):
            pieces.setdefault(day, []).extend(found)
    return pieces


def _checked(record: Record, pieces: dict[int, _Pieces], column: Column) -> Week:
    try:
        return spread(pieces, f"at most {MAX_WINDOWS_PER_DAY} windows")
    except BadValue as fault:
        what = (
            "The customer is never open."
            if fault.code == "never_open"
            else f"There are more than {MAX_WINDOWS_PER_DAY} windows on a day."
        )
        record.fault(column, what, fault.cure, code=fault.code)
        return {}


def _hour_columns(record: Record) -> list[Column]:
    by_field = record.sheet.by_field
    return [c for name in ("opening_hours", "open", "close") for c in by_field.get(name, ())]


def _says_closed(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in {"closed", "off", "休息", "cerrado", "x"}


def _span(window: TimeWindow) -> str:
    return f"{clock(window.early)}-{clock(window.late)}"
