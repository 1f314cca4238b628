"""The standard visit form: a block per customer to take along, fill in and hand back; a sheet per rep (XLSX)."""

from datetime import date
from pathlib import Path

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from routing.domain import Customer, Rep
from routing.export.cells import sheet_names
from routing.export.lookup import Lookup
from routing.export.words import clock, day_name, duration, opening, rhythm
from routing.export.workbook.style import (
    LABEL,
    LINE_POINTS,
    body_row,
    fit,
    head_row,
    look,
    new_workbook,
    page,
    put,
    title,
    widths,
)
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["write_visit_forms"]

type _Visit = tuple[date, int, int, int]
"""Date, start of service, place in the day's order, stops of the day."""

_NEVER: _Visit = (date.max, 0, 0, 0)
PAGE_POINTS = 880.0
"""Height of an A4 page at the scale that fits the four columns into its width."""
WIDTHS = (20, 42, 20, 44)
TO_FILL_IN = ("Visited on, by", "Met (name, post)", "Result", "Needs and complaints", "Promised, next visit")


def write_visit_forms(project: Project, plan: JourneyPlan, path: Path) -> Path:
    """Write the forms of all customers in the territory of a rep, in the order of their first visit.

    A form holds the basic data, the purpose, the area, every planned date with its order in the day, and lines to
    fill in at the visit. It holds contact data: treat the file as confidential.
    """
    lookup = Lookup.of(project, plan)
    visits: dict[str, list[_Visit]] = {}
    for route in sorted(plan.routes, key=lambda r: r.date):
        for k, stop in enumerate(route.stops, start=1):
            visits.setdefault(stop.customer_id, []).append((route.date, stop.start, k, len(route.stops)))
    missing = {u.customer_id: u.visits for u in plan.unserved}
    workbook = new_workbook()
    names = sheet_names(rep.rep_id for rep in project.reps)
    for rep in project.reps:
        own = [c for c, r in plan.assignment.items() if r == rep.rep_id]
        own.sort(key=lambda c: (visits[c][0] if c in visits else _NEVER, c))
        sheet = workbook.create_sheet(names[rep.rep_id])
        row = title(sheet, f"Visit forms of {rep.name}", "Confidential: customer data.")
        used = LINE_POINTS * row
        for key in own:
            first = row
            row = _form(sheet, first, lookup.customers[key], rep, visits.get(key, []), missing.get(key, 0))
            height = sum(sheet.row_dimensions[k].height or LINE_POINTS for k in range(first, row))
            if used + height > PAGE_POINTS:
                sheet.row_breaks.append(Break(id=first - 1))
                used = 0.0
            used += height
        widths(sheet, WIDTHS)
        page(sheet, landscape=False)
    workbook.save(path)
    return path


def _form(sheet: Worksheet, row: int, customer: Customer, rep: Rep, visits: list[_Visit], missing: int) -> int:
    dates = [f"{day_name(day)} {clock(start)}, stop {k} of {stops}" for day, start, k, stops in visits]
    contact = ", ".join(filter(None, (customer.contact, customer.post)))
    head_row(sheet, row, (customer.name, "", customer.customer_id, ""))
    fit(sheet, row, WIDTHS)
    pairs = (
        ("Grade, channel", ", ".join(filter(None, (customer.grade, customer.channel))), "Area", _area(customer, rep)),
        ("Contact", contact, "Phone", customer.phone),
        ("Open", opening(customer), "Visit takes", duration(customer.service_duration)),
        (
            "Rhythm",
            rhythm(customer.visit_rule),
            "Last visit",
            customer.last_visit.isoformat() if customer.last_visit else "",
        ),
        ("Place", f"{customer.location.lat:.5f}, {customer.location.lon:.5f}", "Notes", customer.notes),
        ("Purpose", customer.purpose, "Dates and order", "\n".join(dates) or "none planned"),
    )
    for values in pairs:
        row += 1
        cells = body_row(sheet, row, values)
        look(cells[0], LABEL)
        look(cells[2], LABEL)
        fit(sheet, row, WIDTHS)
    if missing:
        row += 1
        put(sheet.cell(row, 1), f"{missing} visit{'s' if missing > 1 else ''} due could not be planned.")
    for label in TO_FILL_IN:
        row += 1
        cells = body_row(sheet, row, (label, "", "", ""))
        look(cells[0], LABEL)
        sheet.row_dimensions[row].height = 24
    return row + 2


def _area(customer: Customer, rep: Rep) -> str:
    return f"{customer.territory} ({rep.name})" if customer.territory else f"Territory of {rep.name}"
