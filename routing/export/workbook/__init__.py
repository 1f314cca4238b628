"""The plan as an Excel workbook: overview, calendar, a sheet per rep, customers, visits not planned."""

from pathlib import Path

from routing.export.cells import sheet_names
from routing.export.lookup import Lookup
from routing.export.workbook.customers import fill_customers, fill_unserved
from routing.export.workbook.day_sheets import fill_days
from routing.export.workbook.overview import fill_overview
from routing.export.workbook.style import new_workbook
from routing.export.workbook.visit_calendar import fill_calendar
from routing.kpi import Kpis, measure
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["write_workbook"]

FIXED_SHEETS = ("Overview", "Calendar", "Customers", "Not planned")


def write_workbook(project: Project, plan: JourneyPlan, path: Path, *, kpis: Kpis | None = None) -> Path:
    """Write the workbook (XLSX).

    Parameters
    ----------
    kpis
        Measured already, or None.
    """
    lookup = Lookup.of(project, plan)
    workbook = new_workbook()
    fill_overview(workbook.create_sheet("Overview"), project, plan, kpis or measure(project, plan))
    fill_calendar(workbook.create_sheet("Calendar"), project, plan, lookup)
    names = sheet_names((rep.rep_id for rep in project.reps), taken=FIXED_SHEETS)
    for rep_id, routes in plan.routes_of().items():
        fill_days(workbook.create_sheet(names[rep_id]), lookup.reps[rep_id], routes, plan, lookup)
    fill_customers(workbook.create_sheet("Customers"), project, plan, lookup)
    fill_unserved(workbook.create_sheet("Not planned"), plan, lookup)
    workbook.save(path)
    return path
