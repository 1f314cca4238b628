"""The report of a plan as one HTML page: key figures, charts, what is left out and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined

from routing.domain import WEEKDAY_NAMES
from routing.export.figures import figures
from routing.export.lookup import Lookup
from routing.export.plan_json import short_fingerprint
from routing.export.words import clock, day_name, duration, kilometres, percent
from routing.kpi import DayLoad, Kpis, measure
from routing.plan import JourneyPlan, Unserved
from routing.project import Project
from routing.report.charts import balance_chart, coverage_chart, distance_chart, hours_chart, travel_share_chart

__all__ = ["render_report", "write_report"]

HEADLINE = (
    "Coverage",
    "Visits not planned",
    "Customers visited",
    "Utilisation",
    "Travel share",
    "Distance",
    "Utilisation balance",
    "Cost per visit",
)


class Described(Protocol):
    """What can tell itself as plain JSON values, such as a capacity verdict or a data report."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        ...


def write_report(
    project: Project,
    plan: JourneyPlan,
    path: Path,
    *,
    verdict: Described | Mapping[str, Any] | None = None,
    data_report: Described | Mapping[str, Any] | None = None,
    violations: Sequence[object] | None = None,
) -> Path:
    """Write :func:`render_report` to a file; missing folders are made."""
    page = render_report(project, plan, verdict=verdict, data_report=data_report, violations=violations)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")
    return path


def render_report(
    project: Project,
    plan: JourneyPlan,
    *,
    verdict: Described | Mapping[str, Any] | None = None,
    data_report: Described | Mapping[str, Any] | None = None,
    violations: Sequence[object] | None = None,
) -> str:
    """HTML page that stands alone, is readable by day and night and on paper.

    Parameters
    ----------
    verdict
        The capacity verdict, or what its ``to_dict`` gave (as ``plan.json`` keeps it under ``capacity``).
    data_report
        The data report, or what its ``to_dict`` gave.
    violations
        What the checker found: empty when every rule is kept, None when the plan was not checked.

    Raises
    ------
    InvalidInput
        If the plan names customers or reps that the project does not have.
    """
    lookup = Lookup.of(project, plan)
    kpis = measure(project, plan)
    calendar = project.calendar
    environment = Environment(
        loader=PackageLoader("routing.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(duration=duration, kilometres=kilometres, percent=percent, clock=clock)
    rows = figures(kpis)
    return environment.get_template("report.html").render(
        first=day_name(calendar.start),
        last=day_name(calendar.date_of(calendar.horizon - 1)),
        weeks=calendar.weeks,
        fingerprint=short_fingerprint(plan),
        estimated=plan.travel_estimated,
        source=plan.travel_source,
        violations=None if violations is None else [str(violation) for violation in violations],
        verdict=_plain(verdict),
        data=_plain(data_report),
        kpis=kpis,
        figures=rows,
        headline=[figure for figure in rows if figure.label in HEADLINE],
        charts={
            "grade": coverage_chart(kpis.by_grade, name="grade", what="grade"),
            "channel": coverage_chart(kpis.by_channel, name="channel", what="channel"),
            "hours": hours_chart(kpis),
            "travel": travel_share_chart(kpis),
            "distance": distance_chart(kpis),
            "balance": balance_chart(kpis, tolerance=project.policy.balance_tolerance),
        },
        days=_days_used(kpis.days),
        day_heads=_day_heads(_days_used(kpis.days)),
        loads=_loads(kpis),
        holidays=calendar.holidays,
        unserved=[
            (u, lookup.customers[u.customer_id], lookup.reps.get(plan.assignment.get(u.customer_id, "")))
            for u in _worst_first(plan, project)
        ],
        tolerance=project.policy.balance_tolerance,
        lower_bound=plan.lower_bound,
        cost=plan.cost,
    )


def _plain(value: Described | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if value is None or isinstance(value, Mapping):
        return value
    return value.to_dict()


def _days_used(loads: Iterable[DayLoad]) -> list[date]:
    return sorted({load.date for load in loads})


def _day_heads(days: Sequence[date]) -> list[tuple[str, str]]:
    return [(WEEKDAY_NAMES[day.weekday()], f"{day.day} {day:%b}") for day in days]


def _loads(kpis: Kpis) -> dict[str, dict[date, DayLoad]]:
    table: dict[str, dict[date, DayLoad]] = {}
    for load in kpis.days:
        table.setdefault(load.rep_id, {})[load.date] = load
    return table


def _worst_first(plan: JourneyPlan, project: Project) -> list[Unserved]:
    grade = {c.customer_id: c.grade for c in project.customers}
    return sorted(plan.unserved, key=lambda u: (-project.policy.grade_rank(grade[u.customer_id]), u.customer_id))
