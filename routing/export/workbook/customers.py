"""Sheets *Customers* and *Not planned*."""

from openpyxl.worksheet.worksheet import Worksheet

from routing.export.lookup import Lookup
from routing.export.words import duration, opening, rhythm
from routing.export.workbook.style import (
    WARNING,
    body_row,
    fit,
    head_row,
    look,
    page,
    title,
    widths,
)
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["fill_customers", "fill_unserved"]

CUSTOMER_COLUMNS = (
    "Id",
    "Customer",
    "Grade",
    "Channel",
    "Rep",
    "Rhythm",
    "Visit takes",
    "Open",
    "Latitude",
    "Longitude",
    "Sales",
    "Visits planned",
    "Not planned",
    "Dates",
)
WIDTHS = (14, 32, 7, 14, 20, 22, 11, 28, 11, 11, 12, 9, 9, 40)
UNSERVED_WIDTHS = (14, 30, 7, 18, 8, 14, 50, 50, 12)


def fill_customers(sheet: Worksheet, project: Project, plan: JourneyPlan, lookup: Lookup) -> None:
    """Every customer in file order with rep, rhythm and visit dates; inactive ones say so."""
    row = title(sheet, "Customers", "Dates are the planned visits. Customers with missing visits are marked.")
    head_row(sheet, row, CUSTOMER_COLUMNS)
    repeat = row
    visits = plan.visits_of()
    missing = {u.customer_id: u.visits for u in plan.unserved}
    formats = (None, None, None, None, None, None, None, None, "0.00000", "0.00000", "#,##0")
    for customer in project.customers:
        row += 1
        key = customer.customer_id
        rep = lookup.reps.get(plan.assignment.get(key, ""))
        cells = body_row(
            sheet,
            row,
            (
                key,
                customer.name,
                customer.grade,
                customer.channel,
                rep.name if rep else ("" if customer.active else "inactive"),
                rhythm(customer.visit_rule),
                duration(customer.service_duration),
                opening(customer),
                customer.location.lat,
                customer.location.lon,
                customer.sales,
                len(visits.get(key, ())),
                missing.get(key, 0),
                ", ".join(f"{day.day} {day:%b}" for day, _ in visits.get(key, ())),
            ),
            formats,
        )
        fit(sheet, row, WIDTHS)
        if key in missing:
            look(cells[12], WARNING)
    sheet.auto_filter.ref = f"A{repeat}:N{max(row, repeat)}"
    widths(sheet, WIDTHS)
    page(sheet, repeat=f"{repeat}:{repeat}", freeze=f"C{repeat + 1}")


def fill_unserved(sheet: Worksheet, plan: JourneyPlan, lookup: Lookup) -> None:
    """Every visit left out with its reason and the cheapest cure."""
    count = sum(u.visits for u in plan.unserved)
    note = f"{count} visit{'s' if count != 1 else ''} left out." if count else "Nothing is left out."
    row = title(sheet, "Visits not planned", note)
    head_row(
        sheet, row, ("Id", "Customer", "Grade", "Rep", "Visits", "Cause", "Reason", "What would help", "Extra cost")
    )
    repeat = row
    for unserved in plan.unserved:
        row += 1
        customer = lookup.customers[unserved.customer_id]
        rep = lookup.reps.get(plan.assignment.get(unserved.customer_id, ""))
        body_row(
            sheet,
            row,
            (
                customer.customer_id,
                customer.name,
                customer.grade,
                rep.name if rep else "",
                unserved.visits,
                unserved.cause.replace("_", " "),
                unserved.reason,
                unserved.cure,
                unserved.cost,
            ),
            (None, None, None, None, "0", None, None, None, "#,##0.00"),
        )
        fit(sheet, row, UNSERVED_WIDTHS)
    widths(sheet, UNSERVED_WIDTHS)
    page(sheet, repeat=f"{repeat}:{repeat}", freeze=f"A{repeat + 1}")
