"""Sheet *Overview*: what the plan is, its key figures, coverage and the reps."""

from openpyxl.worksheet.worksheet import Worksheet

from routing.export.figures import Figure, Unit, figures
from routing.export.plan_json import short_fingerprint
from routing.export.words import day_name
from routing.export.workbook.style import (
    HOURS,
    KM,
    MONEY,
    SHARE,
    WARNING,
    body_row,
    day_fraction,
    head_row,
    look,
    page,
    put,
    title,
    widths,
)
from routing.kpi import Coverage, Kpis
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["fill_overview"]

_FORMATS = {Unit.COUNT: "#,##0", Unit.SHARE: SHARE, Unit.SECONDS: HOURS, Unit.METRES: KM, Unit.MONEY: MONEY}


def fill_overview(sheet: Worksheet, project: Project, plan: JourneyPlan, kpis: Kpis) -> None:
    """Fill the sheet."""
    calendar = project.calendar
    last = calendar.date_of(calendar.horizon - 1)
    row = title(sheet, "Visit plan", f"{day_name(calendar.start)} to {day_name(last)}, {calendar.weeks} weeks")
    put(sheet.cell(row, 1), "Plan")
    put(sheet.cell(row, 2), short_fingerprint(plan))
    put(sheet.cell(row + 1, 1), "Travel times")
    source = sheet.cell(row + 1, 2)
    put(source, f"{'ESTIMATED, ' if plan.travel_estimated else ''}{plan.travel_source or 'source not named'}")
    if plan.travel_estimated:
        look(source, WARNING)
    row = _figures(sheet, row + 3, figures(kpis))
    row = _coverage(sheet, row + 1, "Grade", kpis.by_grade)
    row = _coverage(sheet, row + 1, "Channel", kpis.by_channel)
    _reps(sheet, row + 1, kpis)
    widths(sheet, [24, 22, 12, 12, 12, 13, 13, 13, 13, 13, 13, 13])
    page(sheet)


def _figures(sheet: Worksheet, row: int, rows: tuple[Figure, ...]) -> int:
    head_row(sheet, row, ("Key figure", "Value", "Meaning"))
    for figure in rows:
        row += 1
        value = figure.value
        if value is not None and figure.unit is Unit.SECONDS:
            value = value / 86_400
        elif value is not None and figure.unit is Unit.METRES:
            value = value / 1000
        body_row(sheet, row, (figure.label, value), (None, _FORMATS[figure.unit]))
        put(sheet.cell(row, 3), figure.definition)
    return row + 1


def _coverage(sheet: Worksheet, row: int, name: str, groups: tuple[Coverage, ...]) -> int:
    head_row(sheet, row, (name, "Customers", "Visits due", "Planned", "Coverage"))
    for group in groups:
        row += 1
        values = (group.group, group.customers, group.due, group.planned, group.share)
        body_row(sheet, row, values, (None, "#,##0", "#,##0", "#,##0", SHARE))
    return row + 1


def _reps(sheet: Worksheet, row: int, kpis: Kpis) -> None:
    head_row(
        sheet,
        row,
        (
            "Rep",
            "Id",
            "Customers",
            "Visits",
            "Days on tour",
            "Days available",
            "Working time",
            "Time available",
            "Utilisation",
            "Travel share",
            "Distance",
            "Cost",
        ),
    )
    for rep in kpis.reps:
        row += 1
        body_row(
            sheet,
            row,
            (
                rep.name,
                rep.rep_id,
                rep.customers,
                rep.visits,
                rep.days_worked,
                rep.days_available,
                day_fraction(rep.work_s),
                day_fraction(rep.available_s),
                rep.utilisation,
                rep.travel_share,
                rep.travel_m / 1000,
                rep.cost,
            ),
            (None, None, "#,##0", "#,##0", "0", "0", HOURS, HOURS, SHARE, SHARE, KM, MONEY),
        )
