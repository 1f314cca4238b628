"""Reps from a file."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from routing.domain import Location, Rep, TravelMode
from routing.io.cells import BadValue, Cell, plain
from routing.io.customers import skill_set
from routing.io.dates import parse_dates
from routing.io.files import read_table
from routing.io.geography import check_positions
from routing.io.header import make_sheet
from routing.io.numbers import parse_flag, parse_number, parse_whole
from routing.io.options import ReadOptions
from routing.io.places import PlaceFields, read_places
from routing.io.report import DataReport
from routing.io.sheet import Record, Sheet
from routing.io.shifts import read_shifts
from routing.io.table import Table
from routing.io.times import clock

SHEET_NAMES = ("reps", "rep", "业务员", "客户经理", "salespeople", "team")
_HOME = PlaceFields(lat="home_lat", lon="home_lon", pair="home", label="home")
_END = PlaceFields(lat="end_lat", lon="end_lon", pair="end", label="end place", required=False)
_MODES: Final = {
    word: mode
    for mode, words in {
        TravelMode.CAR: "car auto van drive driving coche carro vehicle truck 汽车 开车 驾车 小汽车 货车",
        TravelMode.MOTOR_SCOOTER: "motor_scooter motorscooter scooter motorbike motorcycle moto moped 摩托车 电动车",
        TravelMode.BICYCLE: "bicycle bike cycle cycling e-bike ebike bici bicicleta fahrrad velo vélo 自行车 骑行",
        TravelMode.FOOT: "foot walk walking onfoot pedestrian pie fuss 步行 走路",
    }.items()
    for word in words.split()
}


@dataclass(kw_only=True)
class RepFile:
    """Reps of a file with the rows they came from; ``sheet`` collects further faults until the report is made."""

    sheet: Sheet
    by_row: dict[int, Rep] = field(default_factory=dict)

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The reps whose rows have no error, in file order."""
        return tuple(rep for row, rep in self.by_row.items() if row not in self.sheet.failed_rows)

    @property
    def report(self) -> DataReport:
        """The data report as far as this file goes."""
        return DataReport(files=(self.sheet.report(len(self.reps)),))


def read_reps(path: Path | str, options: ReadOptions | None = None) -> RepFile:
    """Read reps from CSV, XLSX or GeoJSON; faulty rows are set aside and reported.

    Raises
    ------
    InvalidInput
        If the file as a whole cannot be used.
    """
    options = options or ReadOptions()
    return reps_from(read_table(Path(path), encoding=options.encoding, sheet=SHEET_NAMES), options)


def reps_from(table: Table, options: ReadOptions) -> RepFile:
    """Reps of a table that has been read; see :func:`read_reps`."""
    sheet = make_sheet(
        table, "reps", required=(("rep_id", "email", "name"), ("home_lat", "home")), order=options.date_order
    )
    records = [record for record in sheet.records() if _active(record)]
    homes = read_places(sheet, records, _HOME, options)
    ends = read_places(sheet, records, _END, options)
    result = RepFile(sheet=sheet)
    seen: dict[str, int] = {}
    for record in records:
        rep = _rep(record, homes.get(record.row), ends.get(record.row), options)
        if rep is None or record.failed:
            continue
        if rep.rep_id in seen:
            what = f"The id '{rep.rep_id}' is already used in row {seen[rep.rep_id]}."
            record.fault("rep_id", what, "Delete one of the two rows, or give each its own id.", code="duplicate_id")
            continue
        seen[rep.rep_id] = record.row
        result.by_row[record.row] = rep
    if not any(name in sheet.by_field for name in ("hours", "shift_start", "shift_end")):
        shift = (options.defaults.shift_start, options.defaults.shift_end)
        hours = "-".join(map(clock, shift))
        what = f"No column says when reps work; Monday to Friday {hours} is assumed."
        sheet.note(
            what, "Add shift_start and shift_end.", code="default_hours", severity="warning", column="shift_start"
        )
    check_positions(sheet, {row: rep.home_base for row, rep in result.by_row.items()}, "home_lat")
    return result


def _rep(record: Record, home: Location | None, end: Location | None, options: ReadOptions) -> Rep | None:
    key = record.text("rep_id") or record.text("email") or record.text("name")
    if not key:
        record.fault("rep_id", "The rep has no id.", "Give each rep an id.", code="missing_id")
    shifts = read_shifts(record, options)
    days_off = record.value(
        "days_off", lambda cell: parse_dates(cell, order=record.date_order("days_off")), frozenset(), vital=True
    )
    most = record.value("max_visits_per_day", _limit, None, vital=True)
    mode = record.value("mode", _mode, TravelMode.CAR)
    overnight = record.value("overnight", parse_flag, False)
    cost_km = record.value("cost_per_km", _rate, None)
    cost_hour = record.value("cost_per_hour", _rate, None)
    if record.failed or home is None or not key or not shifts:
        return None
    if options.start and options.weeks:
        horizon = {options.start + timedelta(days=n) for n in range(7 * options.weeks)}
        if not any(day.weekday() in shifts and day not in days_off for day in horizon):
            what = "The rep is off on every working day of the plan."
            record.fault(
                "days_off", what, "Correct the days off, or leave the rep out.", code="always_off", severity="warning"
            )
    costs = {name: rate for name, rate in (("cost_per_km", cost_km), ("cost_per_hour", cost_hour)) if rate is not None}
    return Rep(
        rep_id=key,
        name=record.text("name") or key,
        home_base=home,
        hours=shifts,
        end_base=end,
        days_off=days_off,
        skills=skill_set(record.cell("skills")),
        max_visits_per_day=most,
        mode=mode,
        overnight=overnight,
        email=record.text("email"),
        extra=record.extra(),
        **costs,
    )


def _active(record: Record) -> bool:
    if record.value("active", parse_flag, True) and not record.value("deleted", parse_flag, False):
        return True
    what = "The rep is marked as not active and is left out."
    record.fault("active" if record.cell("active") else "deleted", what, "", code="inactive_rep", severity="note")
    return False


def _mode(cell: Cell) -> TravelMode:
    word = plain(cell).casefold()
    for form in (word, word.replace(" ", "_"), word.replace(" ", ""), word.split(" ")[-1], word.split("(")[0].strip()):
        if form in _MODES:
            return _MODES[form]
    known = ", ".join(TravelMode)
    raise BadValue(f"The travel mode '{plain(cell)}' is not known; car is assumed.", f"Choose {known}.", "bad_mode")


def _limit(cell: Cell) -> int:
    number = parse_whole(cell)
    if number < 1:
        raise BadValue(
            f"At most {number} visits a day leave nothing to do.", "Write 1 or more, or leave it empty.", "bad_number"
        )
    return number


def _rate(cell: Cell) -> float:
    rate = parse_number(cell)
    if rate < 0:
        raise BadValue(f"The rate {rate:g} is negative.", "Write a rate of 0 or more.", "bad_number")
    return rate
