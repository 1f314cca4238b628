"""Sheet *Calendar*: per rep a grid of weeks × days with the visits in order."""

from datetime import date

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from routing.domain import WEEKDAY_NAMES, Rep
from routing.export.lookup import Lookup
from routing.export.words import clock, duration
from routing.export.workbook.style import (
    BAND,
    CLOSED,
    body_row,
    head_row,
    look,
    page,
    put,
    title,
    widths,
)
from routing.plan import DayRoute, JourneyPlan
from routing.project import Project

__all__ = ["fill_calendar"]

TEXT_POINTS = 14
TALLEST_ROW = 409.0


def fill_calendar(sheet: Worksheet, project: Project, plan: JourneyPlan, lookup: Lookup) -> None:
    """Fill the sheet; a column per day of the week (starting with the weekday of the first day), a row per week."""
    calendar = project.calendar
    used = [k for k in range(7) if _is_used(project, plan, calendar.weekday(k))]
    row = title(sheet, "Visit calendar", "Time of the visit and customer, per rep, week and day; a page per rep.")
    head_row(sheet, row, ("Rep, week", *(WEEKDAY_NAMES[calendar.weekday(k)] for k in used)))
    routes = plan.routes_of()
    repeat = row
    for rep in project.reps:
        if row > repeat:
            sheet.row_breaks.append(Break(id=row))
        row += 1
        name = sheet.cell(row, 1)
        put(name, rep.name)
        for column in range(1, len(used) + 2):
            look(sheet.cell(row, column), BAND)
        of_day = {route.date: route for route in routes.get(rep.rep_id, ())}
        for week in range(calendar.weeks):
            row += 1
            days = [calendar.date_of(7 * week + k) for k in used]
            texts = [_cell(project, rep, day, of_day.get(day), lookup) for day in days]
            cells = body_row(sheet, row, (f"Week {week + 1}", *texts))
            for cell, day in zip(cells[1:], days, strict=True):
                if day not in of_day and (not rep.works_on(day) or day in calendar.holidays):
                    look(cell, CLOSED)
            lines = max(text.count("\n") + 1 for text in texts)
            sheet.row_dimensions[row].height = min(TALLEST_ROW, TEXT_POINTS * max(2, lines) + 4)
    widths(sheet, [14] + [32] * len(used))
    page(sheet, repeat=f"{repeat}:{repeat}", freeze=f"B{repeat + 1}")


def _is_used(project: Project, plan: JourneyPlan, weekday: int) -> bool:
    works = any(weekday in rep.hours for rep in project.reps)
    return works or any(route.date.weekday() == weekday for route in plan.routes)


def _cell(project: Project, rep: Rep, day: date, route: DayRoute | None, lookup: Lookup) -> str:
    head = f"{day.day} {day:%b}"
    if route is None:
        if day in project.calendar.holidays:
            return f"{head}: {project.calendar.holidays[day]}"
        return f"{head}: free" if rep.works_on(day) else f"{head}: off"
    work = duration(route.work_s)
    lines = [f"{head}: {len(route.stops)} visit{'s' if len(route.stops) != 1 else ''}, {work}"]
    lines += [f"{clock(s.start)} {_short(lookup.customers[s.customer_id].name)}" for s in route.stops]
    return "\n".join(lines)


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"
