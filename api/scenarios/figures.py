"""The figures that scenarios are compared by, each with one definition."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of a plan.

    Parameters
    ----------
    better
        1 when more is better, -1 when less is, 0 when neither.
    unit
        ``%`` (of a share), ``h``, ``km``, ``money``, or empty for counts.
    """

    name: str
    label: str
    label_zh: str
    unit: str
    better: int
    decimals: int = 1


FIGURES: dict[str, Figure] = {
    f.name: f
    for f in (
        Figure(name="reps", label="Reps", label_zh="客户专员数", unit="", better=0, decimals=0),
        Figure(name="coverage", label="Coverage of visits due", label_zh="拜访完成率", unit="%", better=1),
        Figure(name="visits", label="Visits planned", label_zh="计划拜访次数", unit="", better=0, decimals=0),
        Figure(name="unserved", label="Visits left out", label_zh="未安排拜访", unit="", better=-1, decimals=0),
        Figure(name="work_h", label="Working hours", label_zh="工作小时", unit="h", better=-1),
        Figure(name="service_h", label="Hours on site", label_zh="现场小时", unit="h", better=0),
        Figure(name="travel_h", label="Travel hours", label_zh="路途小时", unit="h", better=-1),
        Figure(name="km", label="Distance", label_zh="行驶里程", unit="km", better=-1, decimals=0),
        Figure(name="overtime_h", label="Hours outside base shifts", label_zh="超出原工作时间", unit="h", better=-1),
        Figure(name="utilisation", label="Utilisation", label_zh="工时利用率", unit="%", better=0),
        Figure(name="imbalance", label="Largest deviation of utilisation", label_zh="工时利用率最大偏差", unit="%",
               better=-1),
        Figure(name="cost", label="Cost", label_zh="成本", unit="money", better=-1, decimals=0),
        Figure(name="cost_per_visit", label="Cost per visit", label_zh="每次拜访成本", unit="money", better=-1,
               decimals=2),
        Figure(name="cost_per_1000_sales", label="Cost per 1,000 of sales", label_zh="每千元销售额成本", unit="money",
               better=-1, decimals=2),
        Figure(name="rep_changed", label="Customers who change rep", label_zh="更换专员的客户", unit="", better=-1,
               decimals=0),
        Figure(name="day_changed", label="Customers who change days", label_zh="更换拜访日的客户", unit="", better=-1,
               decimals=0),
        Figure(name="lower_bound", label="Proven lower bound on travel cost", label_zh="路途成本下界", unit="money",
               better=0, decimals=0),
        Figure(name="gap", label="Gap to the bound", label_zh="与下界差距", unit="%", better=-1),
    )
}  # fmt: skip


def figures(project: Project, plan: JourneyPlan, base_project: Project, base_plan: JourneyPlan) -> dict[str, float]:
    """Figures of one plan, and what changed against the base plan; a figure that has no value is left out.

    Returns
    -------
    dict
        Name -> value; shares as 0 … 1, hours, kilometres, the user's currency. Besides :data:`FIGURES`,
        ``coverage:GRADE``, ``hours:REP`` and ``travel:REP``.
    """
    kpis = measure(project, plan)
    values: dict[str, float | None] = {
        "reps": len(project.reps),
        "coverage": kpis.coverage,
        "visits": kpis.visits,
        "unserved": kpis.unserved,
        "work_h": kpis.work_s / 3600,
        "service_h": sum(r.service_s for r in kpis.reps) / 3600,
        "travel_h": kpis.travel_s / 3600,
        "km": kpis.travel_m / 1000,
        "overtime_h": overtime_seconds(project, plan, base_project) / 3600,
        "utilisation": kpis.utilisation,
        "imbalance": kpis.utilisation_imbalance,
        "cost": kpis.cost,
        "cost_per_visit": kpis.cost_per_visit,
        "cost_per_1000_sales": _per_sales(kpis.cost, project, plan),
        "rep_changed": rep_changed(plan, base_plan),
        "day_changed": day_changed(plan, base_plan),
        "lower_bound": plan.lower_bound,
    }
    if plan.lower_bound:
        travel = plan.cost.travel_time + plan.cost.distance
        values["gap"] = max(0.0, travel / plan.lower_bound - 1)
    values |= {f"coverage:{g.group}": g.share for g in kpis.by_grade}
    values |= {f"hours:{r.rep_id}": r.work_s / 3600 for r in kpis.reps}
    values |= {f"travel:{r.rep_id}": r.travel_s / 3600 for r in kpis.reps}
    return {name: float(value) for name, value in values.items() if value is not None}


def figure_of(name: str) -> Figure:
    """How a figure of :func:`figures` reads."""
    kind, _, group = name.partition(":")
    if not group:
        return FIGURES[name]
    words: Mapping[str, tuple[str, str, str, int]] = {
        "coverage": ("Coverage, grade", "拜访完成率，等级", "%", 1),
        "hours": ("Working hours,", "工作小时，", "h", 0),
        "travel": ("Travel hours,", "路途小时，", "h", -1),
    }
    label, label_zh, unit, better = words[kind]
    return Figure(name=name, label=f"{label} {group}", label_zh=f"{label_zh}{group}", unit=unit, better=better)


def overtime_seconds(project: Project, plan: JourneyPlan, base: Project) -> int:
    """Working time outside the shifts of the base project: before their start, after their end, on days off.

    Reps that the base does not have work their own shifts, so none of their time counts.
    """
    usual = {r.rep_id: r for r in base.reps}
    total = 0
    for route in plan.routes:
        rep = usual.get(route.rep_id)
        if rep is None:
            continue
        hours = rep.hours.get(route.date.weekday()) if rep.works_on(route.date) else None
        if hours is None:
            total += route.work_s
        else:
            total += max(0, hours.start - route.leave) + max(0, route.back - hours.end)
    return total


def rep_changed(plan: JourneyPlan, base: JourneyPlan) -> int:
    """Customers of both plans who have another rep."""
    return sum(base.assignment.get(c, r) != r for c, r in plan.assignment.items())


def day_changed(plan: JourneyPlan, base: JourneyPlan) -> int:
    """Customers visited in both plans on other dates."""
    now = {c: {d for d, _ in visits} for c, visits in plan.visits_of().items()}
    before = {c: {d for d, _ in visits} for c, visits in base.visits_of().items()}
    return sum(days != before[c] for c, days in now.items() if c in before)


def _per_sales(cost: float, project: Project, plan: JourneyPlan) -> float | None:
    """Cost over thousands of sales of the visited customers in the horizon (annual sales by weeks of 52)."""
    visited = plan.visits_of().keys()
    annual = sum(c.sales or 0.0 for c in project.active_customers if c.customer_id in visited)
    sales = annual * project.calendar.weeks / 52
    return 1000 * cost / sales if sales else None
