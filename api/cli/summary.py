"""What a terminal shows of a finished plan."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.planning import PlannedProject
from routing.export import short_fingerprint
from routing.export.words import kilometres, percent
from routing.kpi import Kpis, measure
from routing.plan import JourneyPlan
from routing.same_time import same_times_kept

SHOWN_UNSERVED = 10


def show_result(console: Console, planned: PlannedProject, out: Path, files: list[Path]) -> None:
    """Key figures per rep, what is unserved and why, and where the files are."""
    kpis = measure(planned.project, planned.plan)
    console.print(_reps_table(kpis, planned))
    console.print(
        f"{kpis.visits} of {kpis.visits_due} visits planned ({percent(kpis.coverage)}), "
        f"{kilometres(kpis.travel_m)}, travel {percent(kpis.travel_share)} of the working time, cost per visit "
        f"{kpis.cost_per_visit or 0:,.2f}. Utilisation within {percent(kpis.utilisation_imbalance, 1)} of the mean.",
        soft_wrap=True,
    )
    _show_unserved(console, planned)
    console.print(str(planned.plan.certificate), soft_wrap=True)
    if nights := sum(route.ends_at is not None for route in planned.plan.routes):
        console.print(f"Nights away from home: {nights}.")
    kept, wished = same_times_kept(planned.project.active_customers, planned.plan.routes)
    if wished:
        console.print(f"Same time of day: kept within half an hour for {kept} of {wished} customers who wish for it.")
    if planned.plan.lower_bound is not None:
        console.print(_bound_words(planned.plan), soft_wrap=True)
    travel = planned.plan.travel_source
    console.print(
        f"Checked: {len(planned.violations)} broken rules. Travel times: {travel}. "
        f"Plan {short_fingerprint(planned.plan)}, seed {planned.plan.seed}"
        + (" (stopped early: another run may differ)." if planned.stopped_early else "."),
        soft_wrap=True,
    )
    console.print(f"{len(files)} files in {out}: open report.html and map.html in a browser.", soft_wrap=True)


def _bound_words(plan: JourneyPlan) -> str:
    cost, bound = plan.cost.travel_time + plan.cost.distance, plan.lower_bound or 0.0
    gap = f", so it is at most {percent(cost / bound - 1, 1)} above the least" if bound else ""
    return f"Travel costs {cost:,.2f}; no routes for these visits of these reps cost less than {bound:,.2f}{gap}."


def _reps_table(kpis: Kpis, planned: PlannedProject) -> Table:
    table = Table(title="Plan per rep", title_justify="left")
    for name in ("rep", "customers", "visits", "days", "hours", "full", "travel", "km"):
        table.add_column(name, justify="left" if name == "rep" else "right")
    for rep in kpis.reps:
        table.add_row(
            f"{rep.rep_id} {rep.name}", str(rep.customers), str(rep.visits), f"{rep.days_worked}/{rep.days_available}",
            f"{rep.work_s / 3600:.1f}", percent(rep.utilisation), percent(rep.travel_share),
            f"{rep.travel_m / 1000:,.0f}",
        )  # fmt: skip
    return table


def _show_unserved(console: Console, planned: PlannedProject) -> None:
    unserved = planned.plan.unserved
    if not unserved:
        return
    names = {c.customer_id: c.name for c in planned.project.customers}
    console.print(f"[bold red]{sum(u.visits for u in unserved)} visits are unserved:[/]")
    for item in unserved[:SHOWN_UNSERVED]:
        cure = f" Would fit with: {item.cure}" if item.cure else ""
        cost = f" (+{item.cost:,.2f})" if item.cost is not None else ""
        console.print(
            f"  {names.get(item.customer_id, '')} ({item.customer_id}), {item.visits}: {item.reason}{cure}{cost}",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if len(unserved) > SHOWN_UNSERVED:
        console.print(f"  … and {len(unserved) - SHOWN_UNSERVED} more customers in report.html and plan.json.")
