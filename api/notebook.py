"""Plans and territories that show themselves in a notebook, a bundled sample to play with, and a bar that moves.

>>> from api.notebook import sample, show
>>> project = sample("la_serena", customers=90, reps=2)  # doctest: +SKIP
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from api.areas import territories_of
from api.planning import OnStep, PlannedProject, Step
from api.scenarios.run import OnProgress, Progress
from routing.calendar import Calendar
from routing.export import short_fingerprint
from routing.export.words import kilometres, percent
from routing.geo.distance import crow_metres
from routing.io import load_project_files
from routing.kpi import measure
from routing.maps import plan_map
from routing.problem import latlon
from routing.project import Project
from territories import Alignment, TerritoryProblem
from territories.maps import territory_map
from territories.shapes import territory_polygons

START = date(2026, 11, 2)


def sample_folder(name: str = "la_serena") -> Path:
    """Folder of a bundled sample."""
    return Path(str(files("data").joinpath(f"samples/{name}")))


def sample(
    name: str = "la_serena", *, customers: int | None = None, reps: int | None = None, weeks: int = 4,
    start: date = START,
) -> Project:  # fmt: skip
    """A bundled sample as a project, or a corner of it.

    Parameters
    ----------
    reps
        Only the first so many reps; for all of them leave it out.
    customers
        Only so many customers, those nearest to a home of these reps.
    """
    folder = sample_folder(name)
    loaded = load_project_files(folder / "customers.csv", folder / "reps.csv", start=start, weeks=weeks)
    people = loaded.reps[:reps]
    served = [
        replace(c, rep_id=None, rep_locked=False, preferred_reps=frozenset())
        for c in loaded.customers
        if any(r.serves(c) for r in people)
    ]
    if customers is not None:
        at, homes = latlon([c.location for c in served]), latlon([r.home_base for r in people])
        away = np.min([crow_metres(at[:, 0], at[:, 1], h[None, 0], h[None, 1]) for h in homes], axis=0)
        keep = set(np.argsort(away, kind="stable")[:customers].tolist())
        served = [c for k, c in enumerate(served) if k in keep]
    return Project(customers=tuple(served), reps=people, calendar=Calendar(start=start, weeks=weeks))


@dataclass(frozen=True, repr=False)
class PlanView:
    """A plan as a table of its reps and a map."""

    planned: PlannedProject

    def __repr__(self) -> str:
        return f"plan {short_fingerprint(self.planned.plan)}, {len(self.planned.plan.routes)} day routes"

    def _repr_html_(self) -> str:
        project, plan = self.planned.project, self.planned.plan
        kpis = measure(project, plan)
        head = "".join(f"<th>{h}</th>" for h in ("rep", "customers", "visits", "days", "hours", "full", "travel", "km"))
        rows = "".join(
            "<tr>" + "".join(
                f"<td>{cell}</td>"
                for cell in (
                    html.escape(r.name), r.customers, r.visits, f"{r.days_worked}/{r.days_available}",
                    f"{r.work_s / 3600:.1f}", percent(r.utilisation), percent(r.travel_share), kilometres(r.travel_m),
                )
            ) + "</tr>"
            for r in kpis.reps
        )  # fmt: skip
        said = (
            f"{kpis.visits} of {kpis.visits_due} visits ({percent(kpis.coverage)}), {kilometres(kpis.travel_m)}, "
            f"{len(self.planned.violations)} broken rules, plan {short_fingerprint(plan)}, "
            f"travel: {plan.travel_source}"
        )
        drawn = plan_map(project, plan, territories=territories_of(self.planned), offline=True)
        return f"<p>{html.escape(said)}</p><table><tr>{head}</tr>{rows}</table>{drawn._repr_html_()}"


@dataclass(frozen=True, repr=False)
class AlignmentView:
    """Territories as a table of deviations and a map."""

    problem: TerritoryProblem
    alignment: Alignment

    def __repr__(self) -> str:
        return f"{len(self.alignment.rep_ids)} territories of {len(self.alignment.territories)} customers"

    def _repr_html_(self) -> str:
        names = {r.rep_id: r.name for r in self.problem.reps}
        measures = list(self.alignment.activity)
        head = "".join(f"<th>{html.escape(m)}</th>" for m in ("rep", "customers", *measures))
        rows = "".join(
            f"<tr><td>{html.escape(names[r])}</td><td>{len(self.alignment.customers_of(r))}</td>"
            + "".join(f"<td>{self.alignment.deviation(m)[r]:+.1%}</td>" for m in measures)
            + "</tr>"
            for r in self.alignment.rep_ids
        )
        shapes = territory_polygons(self.alignment, self.problem.customers)
        drawn = territory_map(self.problem, self.alignment, shapes.polygons)
        gap = f"Gap of the assignment to its proven bound: {self.alignment.gap:.2%}."
        return f"<table><tr>{head}</tr>{rows}</table><p>{gap}</p>{drawn._repr_html_()}"


def show(what: PlannedProject | Alignment, problem: TerritoryProblem | None = None) -> PlanView | AlignmentView:
    """What shows itself in a notebook: a plan, or territories with the problem that they solve."""
    if isinstance(what, Alignment):
        if problem is None:
            raise TypeError("territories are shown together with their problem: show(alignment, problem)")
        return AlignmentView(problem, what)
    return PlanView(what)


@contextmanager
def bar() -> Iterator[Bar]:
    """A progress bar in a notebook cell; a line of text elsewhere, nothing without IPython."""
    made = Bar()
    try:
        yield made
    finally:
        made.close()


class Bar:
    """Shows how far a plan or a comparison is: give ``on_step`` to the planner, ``on_progress`` to scenarios."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        self._handle: Any = None
        self._shown = -1
        try:
            from IPython.core.getipython import get_ipython
            from IPython.display import HTML, display
        except ImportError:
            return
        if get_ipython() is not None:  # type: ignore[no-untyped-call,unused-ignore]
            self._html: Any = HTML
            self._handle = display(HTML(""), display_id=True)  # type: ignore[no-untyped-call,unused-ignore]

    @property
    def on_step(self) -> OnStep:
        """For :func:`api.planning.plan_project`."""

        def tell(step: Step) -> None:
            if step.phase == "routes":
                self._shares[step.name] = step.share
            self._show(sum(self._shares.values()) / max(1, step.of), step.phase)

        return tell

    @property
    def on_progress(self) -> OnProgress:
        """For :func:`api.scenarios.run.run_scenarios`."""

        def tell(step: Progress) -> None:
            self._show(step.share, step.scenario)

        return tell

    def _show(self, share: float, what: str) -> None:
        percent_now = round(100 * share)
        if self._handle is None or percent_now == self._shown:
            return
        self._shown = percent_now
        self._handle.update(
            self._html(f'<progress value="{percent_now}" max="100"></progress> {percent_now} % {html.escape(what)}')
        )

    def close(self) -> None:
        """Take the bar away."""
        if self._handle is not None:
            self._handle.update(self._html(""))
