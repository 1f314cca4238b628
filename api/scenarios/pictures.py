"""Comparisons, curves and sensitivities as matplotlib figures."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from api.scenarios.comparison import BASE_NAME, Comparison, signed
from api.scenarios.curves import Curve, Floats
from api.scenarios.figures import figure_of
from api.scenarios.sensitivity import Effect
from routing.domain import Rep
from routing.maps.colours import rep_colours
from routing.plan import JourneyPlan
from routing.project import Project

INK, QUIET, GOOD, BAD = "#1d2730", "#8fa3ad", "#1c7446", "#b3352b"
MOST_TICKS = 8
LEAST_RANGE = 0.05
DEFAULT = ("coverage", "travel_h", "km", "cost", "imbalance", "rep_changed")


class Picture(Figure):
    """A figure that shows itself in a notebook, whatever its settings are."""

    def _repr_png_(self) -> bytes:
        out = BytesIO()
        self.savefig(out, format="png", dpi=110)
        return out.getvalue()


def comparison_picture(compared: Comparison, figures: Sequence[str] = DEFAULT) -> Picture:
    """Small multiples: one panel per figure, a bar per scenario, whiskers over the seeds.

    Bars are green or red where a difference is larger than the noise, grey where it is not or cannot be told.
    """
    names = [BASE_NAME, *(o.name for o in compared.outcomes)]
    shown = [f for f in figures if f in compared.names]
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    picture = Picture(figsize=(4.0 * columns, rows * (0.9 + 0.32 * len(names))), layout="constrained")
    grid = picture.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    for axes, figure in zip(grid.flat, shown, strict=False):
        _panel(axes, compared, figure, names)
    return picture


def _panel(axes: Axes, compared: Comparison, figure: str, names: Sequence[str]) -> None:
    about = figure_of(figure)
    scale = 100.0 if about.unit == "%" else 1.0
    for row, name in enumerate(names):
        values = scale * np.array([run[figure] for run in compared.values[name] if figure in run])
        if not values.size:
            continue
        axes.barh(row, values.mean(), 0.62, color=_colour(compared, name, figure))
        if len(values) > 1:
            axes.plot([values.min(), values.max()], [row, row], color=INK, linewidth=1.4, solid_capstyle="butt")
        if name != BASE_NAME and (found := compared.difference(name, figure)) is not None:
            axes.annotate(signed(found.change, figure), (values.max(), row), (4, 0), textcoords="offset points",
                          va="center", fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(names)), [n if len(n) <= 24 else f"{n[:23]}…" for n in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.margins(x=0.25)
    if about.unit == "%" and figure.startswith("coverage"):
        axes.set_xticks([0, 50, 100])
    axes.set_title(f"{about.label}" + (f", {about.unit}" if about.unit in ("%", "h", "km") else ""), fontsize=10)
    _plain(axes)


def _colour(compared: Comparison, name: str, figure: str) -> str:
    found = compared.difference(name, figure) if name != BASE_NAME else None
    better = figure_of(figure).better
    if found is None or not found.clear or not better or not found.change:
        return QUIET
    return GOOD if found.change * better > 0 else BAD


def curve_picture(curve: Curve, figures: Sequence[str] | None = None) -> Picture:
    """A panel per figure: mean, band over the seeds, and proven bounds as a dashed line."""
    names = list(figures or curve.figures)
    picture = Picture(figsize=(3.6 * len(names), 2.9), layout="constrained")
    grid = picture.subplots(1, len(names), squeeze=False)
    for axes, name in zip(grid.flat, names, strict=True):
        x, low, middle, high = curve.band(name)
        axes.fill_between(x, low, high, color=QUIET, alpha=0.4, linewidth=0)
        axes.plot(x, middle, marker="o", color=INK)
        bounds = [(p.x, p.bounds[name]) for p in curve.points if name in p.bounds]
        if bounds:
            axes.plot(*zip(*bounds, strict=True), linestyle="--", color=BAD, label="proven bound")
            axes.legend(frameon=False, fontsize=8)
        axes.set_xlabel(curve.x_label)
        if len(x) <= MOST_TICKS and np.ptp(x) and np.diff(np.sort(x)).min() > np.ptp(x) / MOST_TICKS / 2:
            axes.set_xticks(x, [f"{at:g}" for at in x])
        _not_steeper(axes, low, high)
        axes.set_title(curve.labels.get(name, name), fontsize=10)
        _plain(axes)
    return picture


def effects_picture(effects: Sequence[Effect]) -> Picture:
    """A bar per relaxation: money saved, with its 95 % confidence interval; grey where it is within the noise.

    Visits gained stand beside the bar, because they count before money.
    """
    picture = Picture(figsize=(7.0, 0.9 + 0.32 * len(effects)), layout="constrained")
    axes = picture.subplots()
    for row, effect in enumerate(effects):
        colour = QUIET if not effect.clear else GOOD if effect.saved > 0 else BAD
        axes.barh(row, effect.saved, 0.62, color=colour, xerr=effect.margin, ecolor=INK)
        if round(effect.gained, 1):
            axes.annotate(f"{effect.gained:+.1f} visits", (effect.saved + (effect.margin or 0.0), row), (6, 0),
                          textcoords="offset points", va="center", fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(effects)), [e.scenario.name for e in effects])
    axes.set_ylim(len(effects) - 0.4, -0.6)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_xlabel("cost saved")
    _plain(axes)
    return picture


def _not_steeper(axes: Axes, low: Floats, high: Floats) -> None:
    """Give the figure's axis a twentieth of its value at least: what hardly changes shall look like it."""
    least = LEAST_RANGE * max(abs(float(low.min())), abs(float(high.max())))
    bottom, top = axes.get_ylim()
    if top - bottom < least:
        middle = (bottom + top) / 2
        axes.set_ylim(middle - least / 2, middle + least / 2)


def territory_picture(project: Project, plan: JourneyPlan, *, title: str = "") -> Picture:
    """Customers coloured by rep, homes as squares; equal scale in both directions."""
    picture = Picture(figsize=(4.2, 4.2), layout="constrained")
    axes = picture.add_subplot()
    colours = rep_colours({r.rep_id: _middle(project, plan, r) for r in project.reps})
    for rep in project.reps:
        mine = [c.location for c in project.active_customers if plan.assignment.get(c.customer_id) == rep.rep_id]
        axes.scatter([p.lon for p in mine], [p.lat for p in mine], s=12, color=colours[rep.rep_id], label=rep.name)
        home = rep.home_base
        axes.scatter([home.lon], [home.lat], s=60, marker="s", color=colours[rep.rep_id], edgecolor=INK)
    middle = np.mean([c.location.lat for c in project.active_customers])
    axes.set_aspect(1 / np.cos(np.radians(middle)))
    axes.set_axis_off()
    axes.set_title(title, fontsize=10)
    return picture


def _middle(project: Project, plan: JourneyPlan, rep: Rep) -> tuple[float, float]:
    mine = [c.location for c in project.active_customers if plan.assignment.get(c.customer_id) == rep.rep_id]
    points = mine or [rep.home_base]
    return float(np.mean([p.lat for p in points])), float(np.mean([p.lon for p in points]))


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
