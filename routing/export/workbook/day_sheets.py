"""One sheet per rep with the days one below the other: what a rep takes along."""

from openpyxl.worksheet.worksheet import Worksheet

from routing.domain import Rep
from routing.export.lookup import Lookup
from routing.export.words import clock, day_name, duration, kilometres, opening_on
from routing.export.workbook.style import (
    BAND,
    CLOCK,
    KM,
    MINUTES,
    body_row,
    day_fraction,
    fit,
    head_row,
    look,
    page,
    put,
    title,
    widths,
)
from routing.plan import DayRoute, JourneyPlan

__all__ = ["fill_days"]

COLUMNS = (
    "Stop",
    "Arrive",
    "Start",
    "End",
    "Customer",
    "Id",
    "Grade",
    "Channel",
    "Purpose",
    "Open",
    "Travel",
    "km",
    "Wait",
    "Done",
)
WIDTHS = (6, 8, 8, 8, 34, 14, 7, 14, 30, 15, 9, 10, 9, 6)


def fill_days(sheet: Worksheet, rep: Rep, routes: tuple[DayRoute, ...], plan: JourneyPlan, lookup: Lookup) -> None:
    """Fill the sheet of one rep."""
    note = f"Travel times are estimated ({plan.travel_source})." if plan.travel_estimated else plan.travel_source
    row = title(sheet, rep.name, note)
    head_row(sheet, row, COLUMNS)
    repeat = row
    formats = (None, CLOCK, CLOCK, CLOCK, None, None, None, None, None, None, MINUTES, KM, MINUTES)
    for route in routes:
        row += 1
        for column in range(1, len(COLUMNS) + 1):
            look(sheet.cell(row, column), BAND)
        put(sheet.cell(row, 1), _headline(route))
        for sequence, stop in enumerate(route.stops, start=1):
            row += 1
            customer = lookup.customers[stop.customer_id]
            body_row(
                sheet,
                row,
                (
                    sequence,
                    day_fraction(stop.arrival),
                    day_fraction(stop.start),
                    day_fraction(stop.departure),
                    customer.name,
                    customer.customer_id,
                    customer.grade,
                    customer.channel,
                    customer.purpose,
                    opening_on(customer, route.date.weekday()),
                    round(stop.travel_s / 60),
                    stop.travel_m / 1000,
                    round(stop.wait_s / 60),
                    "☐",
                ),
                formats,
            )
            fit(sheet, row, WIDTHS)
    widths(sheet, WIDTHS)
    page(sheet, repeat=f"{repeat}:{repeat}", freeze=f"A{repeat + 1}")


def _headline(route: DayRoute) -> str:
    parts = [
        f"leave {clock(route.leave)}",
        f"back {clock(route.back)}",
        f"{len(route.stops)} visit{'s' if len(route.stops) != 1 else ''}",
        f"travel {duration(route.travel_s)}, {kilometres(route.travel_m)}",
    ]
    if route.break_start is not None:
        parts.insert(1, f"break {clock(route.break_start)}–{clock(route.break_start + route.break_duration)}")
    return f"{day_name(route.date)}: {', '.join(parts)}"
