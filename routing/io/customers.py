"""Customers from a file."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from routing.domain import Customer, Location, Pin
from routing.io.appointments import parse_pins
from routing.io.cells import BadValue, Cell, as_text, plain, shown, split_list
from routing.io.dates import parse_date
from routing.io.files import read_table
from routing.io.geography import check_positions
from routing.io.header import make_sheet
from routing.io.numbers import parse_flag, parse_number, parse_priority
from routing.io.options import ReadOptions
from routing.io.places import PlaceFields, read_places
from routing.io.report import DataReport
from routing.io.sheet import Record, Sheet
from routing.io.table import Table
from routing.io.times import parse_duration
from routing.io.visit_rules import check_fit, read_rule
from routing.io.windows import read_windows
from routing.pins import A_MONDAY, contradictions

SHEET_NAMES = ("customers", "customer", "客户", "accounts", "outlets")
_PLACE = PlaceFields(lat="lat", lon="lon", pair="coordinates", label="customer")


@dataclass(kw_only=True)
class CustomerFile:
    """Customers of a file with the rows they came from; ``sheet`` collects further faults until the report is made."""

    sheet: Sheet
    by_row: dict[int, Customer] = field(default_factory=dict)

    @property
    def customers(self) -> tuple[Customer, ...]:
        """The customers whose rows have no error, in file order."""
        return tuple(c for row, c in self.by_row.items() if row not in self.sheet.failed_rows)

    @property
    def report(self) -> DataReport:
        """The data report as far as this file goes."""
        return DataReport(files=(self.sheet.report(len(self.customers)),))


def read_customers(path: Path | str, options: ReadOptions | None = None) -> CustomerFile:
    """Read customers from CSV, XLSX or GeoJSON.

    Faulty rows are set aside and reported; a faulty cell that no promise to the customer hangs on (phone, sales,
    last visit, …) costs only the cell.

    Parameters
    ----------
    path
        The file.
    options
        Datum, encoding, defaults and the like.

    Raises
    ------
    InvalidInput
        If the file as a whole cannot be used: missing, empty, no table, no header, no coordinates column.
    """
    options = options or ReadOptions()
    return customers_from(read_table(Path(path), encoding=options.encoding, sheet=SHEET_NAMES), options)


def customers_from(table: Table, options: ReadOptions) -> CustomerFile:
    """Customers of a table that has been read; see :func:`read_customers`."""
    sheet = make_sheet(table, "customers", required=(("lat", "coordinates"),), order=options.date_order)
    records = list(sheet.records())
    places = read_places(sheet, records, _PLACE, options)
    ids = _ids(sheet, records)
    result = CustomerFile(sheet=sheet)
    for record in records:
        customer = _customer(record, ids.get(record.row), places.get(record.row), options)
        if customer and not record.failed:
            result.by_row[record.row] = customer
    _note_defaults(sheet, records, options)
    _note_duplicates(result)
    check_positions(sheet, {row: c.location for row, c in result.by_row.items() if row not in sheet.failed_rows}, "lat")
    return result


def _customer(record: Record, key: str | None, place: Location | None, options: ReadOptions) -> Customer | None:
    active = _active(record)
    service = _service(record, options)
    setup = _duration(record, "setup_duration", options.defaults.setup_duration)
    rule = read_rule(record, options, active=active)
    windows = read_windows(record, options)
    whole = record.value("window_covers_visit", parse_flag, False)
    same_time = record.value("same_time", parse_flag, False)
    pins = record.value("pinned", lambda cell: parse_pins(cell, order=record.date_order("pinned")), (), vital=True)
    rep_id = record.text("rep_id") or None
    locked = record.value("rep_locked", parse_flag, False, vital=True)
    if locked and not rep_id:
        record.fault(
            "rep_locked",
            "The customer is locked to a rep but names none.",
            "Name the rep, or unlock.",
            code="missing_rep",
        )
    last_visit = _date(record, "last_visit")
    sales, potential = (_money(record, name) for name in ("sales", "potential"))
    priority = record.value("priority", parse_priority, 0)
    if rule is not None and not record.failed:
        check_fit(record, rule, windows, service, whole=whole)
        _check_dates(record, pins, last_visit, options)
    if rule is None or key is None or place is None or record.failed:
        return None
    customer = Customer(
        customer_id=key,
        name=record.text("name") or key,
        location=place,
        visit_rule=rule,
        service_duration=service,
        setup_duration=setup,
        grade=plain(record.cell("grade")),
        channel=record.text("channel"),
        windows=windows,
        window_covers_visit=whole,
        same_time=same_time,
        sales=sales,
        potential=potential,
        skills=skill_set(record.cell("skills")),
        preferred_reps=frozenset(split_list(record.text("preferred_reps"))),
        excluded_reps=frozenset(split_list(record.text("excluded_reps"))),
        rep_id=rep_id,
        rep_locked=locked,
        territory=record.text("territory") or None,
        priority=priority,
        pins=pins,
        active=active,
        last_visit=last_visit,
        next_visit=_date(record, "next_visit"),
        contact=record.text("contact"),
        post=record.text("post"),
        phone=record.text("phone"),
        purpose=record.text("purpose"),
        notes=record.text("notes"),
        extra=record.extra(),
    )
    if "\ufffd" in customer.name or "Ã" in customer.name or "â€" in customer.name:
        cure = "Export the file again as UTF-8."
        record.fault("name", "The name was damaged by a wrong encoding.", cure, code="garbled_text", severity="warning")
    return customer


def skill_set(cell: Cell) -> frozenset[str]:
    """Skills of a cell, in lower case so that customers and reps agree."""
    return frozenset(skill.casefold() for skill in split_list(as_text(cell)))


def _ids(sheet: Sheet, records: list[Record]) -> dict[int, str]:
    """Row -> customer id. Without an id column names serve if they differ, else row numbers."""
    column = sheet.column("customer_id")
    if column is None:
        names = {r.row: r.text("name") for r in records}
        unique = len(set(names.values())) == len(names) and all(names.values())
        basis = "names" if unique else "row numbers"
        what = f"No column holds a customer id; {basis} are used instead."
        cure = "Add a column customer_id, so that plans can be compared when rows move."
        sheet.note(what, cure, code="missing_id_column", severity="warning", column="customer_id")
        return names if unique else {r.row: f"row {r.row}" for r in records}
    ids: dict[int, str] = {}
    for record in records:
        text = record.value(column, _id, "", vital=True)
        if text:
            ids[record.row] = text
        elif not record.failed:
            record.fault(column, "The customer has no id.", "Give it one of its own.", code="missing_id")
    return ids


def _id(cell: Cell) -> str:
    text = as_text(cell)
    if isinstance(cell, str) and text[:1].isdigit() and "E+" in text.upper() and "," not in text:
        cure = "Format the column as text before saving it as CSV."
        raise BadValue(f"The id '{text}' was shortened by a spreadsheet.", cure, "mangled_id")
    return text


def _active(record: Record) -> bool:
    def flag(cell: Cell) -> bool:
        try:
            return parse_flag(cell)
        except BadValue:
            cure = "Write active or inactive (or yes or no)."
            raise BadValue(
                f"The status '{shown(cell)}' is not known; the customer counts as active.", cure, "bad_status"
            ) from None

    return record.value("active", flag, True) and not record.value("deleted", flag, False)


def _service(record: Record, options: ReadOptions) -> int:
    channel = record.text("channel")
    default = options.defaults.service_by_channel.get(channel, options.defaults.service_duration)
    return _duration(record, "service_duration", default)


def _duration(record: Record, name: str, default: int) -> int:
    column = record.sheet.column(name)
    unit = (column.unit if column else None) or "min"
    return record.value(name, lambda cell: parse_duration(cell, unit=unit), default, vital=True)


def _money(record: Record, name: str) -> float | None:
    column = record.sheet.column(name)
    mark = record.sheet.mark(column) if column else None
    amount = record.value(name, lambda cell: parse_number(cell, mark=mark), None)
    if amount is not None and amount < 0:
        cure = "Correct the amount, or leave the cell empty."
        record.fault(name, f"The amount {amount:g} is negative.", cure, code="bad_number", severity="warning")
        return None
    return amount


def _date(record: Record, name: str) -> date | None:
    return record.value(name, lambda cell: parse_date(cell, order=record.date_order(name)), None)


def _check_dates(record: Record, pins: tuple[Pin, ...], last_visit: date | None, options: ReadOptions) -> None:
    if options.today and last_visit is not None and last_visit > options.today:
        what = f"The last visit, {last_visit}, lies in the future."
        record.fault("last_visit", what, "Correct the date.", code="future_date", severity="warning")
    for what in contradictions(pins, options.start or A_MONDAY):
        record.fault("pinned", f"{what[0].upper()}{what[1:]}.", "Keep one of the two.", code="contradictory_promise")
    if options.start and options.weeks:
        for pin in pins:
            if not 0 <= (pin.day - options.start).days < 7 * options.weeks:
                what = f"The appointment on {pin.day} lies outside the {options.weeks} weeks from {options.start}."
                record.fault(
                    "pinned", what, "It is not part of this plan.", code="date_outside_horizon", severity="note"
                )


def _note_defaults(sheet: Sheet, records: list[Record], options: ReadOptions) -> None:
    """Say once per file for how many rows a default stands in."""
    empty = sum(record.cell("service_duration") is None for record in records)
    if empty:
        minutes = options.defaults.service_duration // 60
        what = f"{empty} of {len(records)} rows have no service duration; {minutes} min are assumed"
        what += " (or the value set for the channel)." if options.defaults.service_by_channel else "."
        sheet.note(
            what,
            "Fill in service_duration in minutes.",
            code="default_duration",
            severity="note",
            column="service_duration",
        )
    unset = sum(record.cell("visit_frequency") is None and not record.text("weekdays") for record in records)
    if unset:
        what = f"{unset} of {len(records)} rows have no visit frequency; it follows from grade and channel."
        sheet.note(
            what,
            "Fill in visit_frequency to say otherwise.",
            code="default_frequency",
            severity="note",
            column="visit_frequency",
        )


def _note_duplicates(result: CustomerFile) -> None:
    """Same id: the first row counts, the others are set aside. Same name and place: all count, with a warning."""
    sheet = result.sheet
    ids: dict[str, int] = {}
    places: dict[tuple[str, float, float], int] = {}
    for row, customer in result.by_row.items():
        if customer.customer_id in ids:
            what = f"The id '{customer.customer_id}' is already used in row {ids[customer.customer_id]}."
            column = sheet.column("customer_id")
            cure = "Delete one of the two rows, or give each its own id."
            header = column.header if column else "customer_id"
            sheet.note(what, cure, code="duplicate_id", row=row, column=header, value=customer.customer_id)
            continue
        ids[customer.customer_id] = row
        key = customer.name.casefold(), round(customer.location.lat, 4), round(customer.location.lon, 4)
        if customer.active and key in places:
            what = (
                f"'{customer.name}' stands at the same place as in row {places[key]} under another id; both are used."
            )
            column = sheet.column("name")
            header = column.header if column else "name"
            sheet.note(
                what,
                "If it is one customer, delete one row.",
                code="duplicate_place",
                severity="warning",
                row=row,
                column=header,
            )
        places.setdefault(key, row)
