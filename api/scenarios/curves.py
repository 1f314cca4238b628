"""One question asked along a scale: how many reps, how often, how much balance, how much stays as it is.

Curves come from territories designed anew for every point and the travel estimate that goes with them, fitted to the
routed base plan; seconds, not minutes. The band is the spread over seeds of the design, or over what the travel
estimate leaves open; the curve's note says which. Bounds are proven.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np
import pandas as pd

from api.scenarios.assign import assign, travel_factors
from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project
from routing.scenario import ChangeFrequency, Customers, Setting, Territories
from routing.travel.base import TravelProvider
from territories import Alignment, Measure, TerritoryProblem, TravelModel, align
from territories.proposals import LEVELS, price_of_stability
from territories.staffing import half_ways, service_seconds, with_reps

type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One place on a curve.

    Parameters
    ----------
    values
        Figure -> one value per seed, or per view of what is uncertain.
    bounds
        Figure -> a proven bound.
    """

    x: float
    values: Mapping[str, tuple[float, ...]]
    bounds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, repr=False)
class Curve:
    """A question along a scale.

    Parameters
    ----------
    labels
        Figure -> what it is, with its unit.
    note
        What the bounds are, and where the figures come from.
    """

    name: str
    x_label: str
    labels: Mapping[str, str]
    points: tuple[Point, ...]
    note: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        """Figures in the order of display."""
        return tuple(self.labels)

    def band(self, figure: str) -> tuple[Floats, Floats, Floats, Floats]:
        """x, least, middle (median) and largest value, arrays of the number of points."""
        values = [p.values[figure] for p in self.points]
        return (
            np.array([p.x for p in self.points]), np.array([min(v) for v in values]),
            np.array([median(v) for v in values]), np.array([max(v) for v in values]),
        )  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Tidy: x, figure, low, middle, high, bound."""
        rows = [
            {"x": p.x, "figure": f, "low": min(v), "middle": median(v), "high": max(v), "bound": p.bounds.get(f)}
            for p in self.points
            for f, v in p.values.items()
        ]
        return pd.DataFrame(rows, columns=["x", "figure", "low", "middle", "high", "bound"])

    def __repr__(self) -> str:
        return self.frame().to_string(index=False)

    def _repr_html_(self) -> str:
        cells = {self.x_label: [f"{p.x:g}" for p in self.points]}
        for figure, label in self.labels.items():
            cells[label] = [_spread(p.values[figure]) for p in self.points]
            if any(figure in p.bounds for p in self.points):
                cells[f"{label}: proven bound"] = [
                    f"{p.bounds[figure]:,.1f}" if figure in p.bounds else "" for p in self.points
                ]
        return f"{pd.DataFrame(cells).to_html(index=False)}<p>{self.note}</p>"


def fitted(project: Project, plan: JourneyPlan, provider: TravelProvider) -> TerritoryProblem:
    """Territory problem whose travel estimate meets the routed plan, rep by rep on average."""
    factors = travel_factors(project, plan.assignment, measure(project, plan), provider)
    usual = float(np.mean(list(factors.values()))) if factors else 1.0
    # one factor for everyone: new territories have nothing in common with a rep's old one but the town
    travel = TravelModel(factor={r.rep_id: usual for r in project.reps})
    return TerritoryProblem.from_project(project, provider=provider, travel=travel)


def staffing_curve(problem: TerritoryProblem, counts: Sequence[int], *, seeds: Sequence[int] = (0, 1, 2)) -> Curve:
    """Number of reps against hours that find a place, travel and cost.

    Further reps live wherever their territory is. Skills and exclusions are left aside: with another number of reps,
    they would be other people. The bound on the share of work done is the time on site alone; the bound on travel is
    what no order of visits avoids (half ways to the nearest neighbours).
    """
    usual = float(np.mean(list(problem.travel.factor.values()))) if problem.travel.factor else 1.0
    points = []
    rep = problem.reps[0]
    customers = tuple(replace(c, skills=frozenset(), excluded_reps=frozenset()) for c in problem.customers)
    problem = replace(problem, customers=customers)
    ways = half_ways(problem.customers, problem.cycle_weeks, rep)
    service = service_seconds(problem.customers, problem.cycle_weeks)
    for count in counts:
        sized = with_reps(problem, count)
        sized = replace(sized, travel=replace(sized.travel, factor={r.rep_id: usual for r in sized.reps}))
        made = [_figures(sized, align(sized, seed=s, starts=2)) for s in seeds]
        offered = sum(sized.offered.values())
        days = len(rep.hours) * problem.cycle_weeks * count
        points.append(
            Point(
                x=count,
                values={name: tuple(m[name] for m in made) for name in ("done", "travel_h", "cost")},
                bounds={
                    "done": 100 * min(1.0, offered / service) if service else 100.0,
                    "travel_h": float(ways[: max(0, len(ways) - 2 * days)].sum()) / 3600,
                },
            )
        )
    return Curve(
        name="staffing", x_label="reps", points=tuple(points),
        labels={"done": "work that fits the hours, %", "travel_h": "travel, h per cycle", "cost": "cost per cycle"},
        note="Bounds: more than the hours offered allow on site cannot be done; less travel than the half ways between "
        "nearest neighbours is impossible, wherever reps live. Band: seeds.",
    )  # fmt: skip


def stability_curve(
    problem: TerritoryProblem,
    current: Mapping[str, str],
    *,
    levels: Sequence[float] = LEVELS,
    seeds: Sequence[int] = (0, 1, 2),
) -> Curve:
    """What it costs to leave customers with their rep: workload moved and travel, per weight of stability.

    The bound is the least share of workload that has to move for the balance that is asked for.
    """
    runs = [price_of_stability(problem, current, levels=levels, seed=s) for s in seeds]
    points = [
        Point(
            x=proposals[0].stability,
            values={
                "moved": tuple(100 * p.moved_workload for p in proposals),
                "travel_h": tuple(p.travel_hours for p in proposals),
            },
            bounds={"moved": 100 * max(p.realignment.bound_any for p in proposals)},
        )
        for proposals in zip(*runs, strict=True)
    ]
    return Curve(
        name="stability", x_label="weight of stability", points=tuple(points),
        labels={"moved": "workload that changes rep, %", "travel_h": "travel, h per cycle"},
        note="Bound: the least share that must move between any two reps for the balance asked for. Band: seeds.",
    )  # fmt: skip


def frequency_curve(
    project: Project, plan: JourneyPlan, provider: TravelProvider, grade: str, weeks: Sequence[float]
) -> Curve:
    """Hours against the interval of one grade, territories kept: time on site exactly, travel by estimate.

    Travel is the routed travel of the plan plus what the estimate adds or takes away, in proportion to how routed
    travel compares with the estimate: on average, for the rep with the least, and for the one with the most.
    """
    factors = travel_factors(project, plan.assignment, measure(project, plan), provider) or {"": 1.0}
    views = (float(np.mean(list(factors.values()))), min(factors.values()), max(factors.values()))
    today = _kept_travel(project, plan, provider)
    points = []
    for interval in weeks:
        change = ChangeFrequency(who=Customers(grades=(grade,)), every=f"every {round(7 * interval)} days")
        changed = change.apply(Setting(project=project, assignment=plan.assignment)).project
        more = _kept_travel(changed, plan, provider) - today
        travel = tuple((plan.travel_s + view * more) / 3600 for view in views)
        site = service_seconds(changed.customers, project.calendar.weeks) / 3600
        points.append(
            Point(
                x=interval,
                values={"hours": tuple(site + t for t in travel), "travel_h": travel},
                bounds={"hours": site},
            )
        )
    return Curve(
        name="frequency", x_label=f"weeks between visits, grade {grade}", points=tuple(points),
        labels={"hours": "hours on site and on the way, per cycle", "travel_h": "travel, h per cycle"},
        note="Bound: time on site, the sum of frequency times duration. Band: travel that changes, at the lowest and "
        "the highest ratio of routed to estimated travel among the reps.",
    )  # fmt: skip


def _kept_travel(project: Project, plan: JourneyPlan, provider: TravelProvider) -> float:
    """Estimated travel in the territories of a plan, seconds, not fitted to what was routed."""
    setting = Setting(project=project, assignment=plan.assignment)
    return sum(assign(setting, Territories.KEEP, provider).alignment.travel.values())


def _spread(values: Sequence[float]) -> str:
    middle, low, high = median(values), min(values), max(values)
    return f"{middle:,.1f}" if high - low < 0.05 else f"{middle:,.1f} ({low:,.1f} … {high:,.1f})"


def tolerance_curve(
    problem: TerritoryProblem, tolerances: Sequence[float], *, seeds: Sequence[int] = (0, 1, 2)
) -> Curve:
    """Travel against how far workloads may differ."""
    points = []
    for tolerance in tolerances:
        banded = replace(problem, measures=tuple(Measure(name=m.name, tolerance=tolerance) for m in problem.measures))
        made = [align(banded, seed=s, starts=2) for s in seeds]
        points.append(
            Point(
                x=100 * tolerance,
                values={
                    "travel_h": tuple(sum(a.travel.values()) / 3600 for a in made),
                    "deviation": tuple(100 * a.worst_deviation(problem.measures[0].name) for a in made),
                },
                bounds={"deviation": 100 * min(a.certificate.best_deviation[problem.measures[0].name] for a in made)},
            )
        )
    return Curve(
        name="tolerance", x_label="allowed deviation, %", points=tuple(points),
        labels={"travel_h": "travel, h per cycle", "deviation": "largest deviation, %"},
        note="Bound: no assignment of whole customers has a smaller largest deviation. Band: seeds.",
    )  # fmt: skip


def _figures(problem: TerritoryProblem, made: Alignment) -> dict[str, float]:
    reps = {r.rep_id: r for r in problem.reps}
    work = {r: made.service[r] + made.travel[r] for r in made.rep_ids}
    done = sum(min(work[r], problem.offered[r]) for r in work)
    return {
        "done": 100 * done / sum(work.values()) if work else 100.0,
        "travel_h": sum(made.travel.values()) / 3600,
        "cost": sum(seconds / 3600 * reps[r].cost_per_hour for r, seconds in work.items()),
    }
