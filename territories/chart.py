"""Bar charts of the balance."""

from __future__ import annotations

import io
import warnings

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from territories.alignment import Alignment
from territories.measures import WORKLOAD
from territories.words import Language, say

_INSIDE, _OUTSIDE, _TRAVEL = "#3d7ea6", "#c2255c", "#d9a441"


def balance_chart(alignment: Alignment, measure: str = WORKLOAD, *, language: Language = "en") -> Figure:
    """Bars of a measure per rep against the target and its band; workload shows travel on top of time on site."""
    names = list(alignment.rep_ids)
    unit = 3600.0 if measure in (WORKLOAD, "service") else 1.0
    values = [alignment.activity[measure][r] / unit for r in names]
    targets = [alignment.target[measure][r] / unit for r in names]
    band = alignment.tolerance[measure]
    figure = Figure(figsize=(max(5.0, 0.45 * len(names) + 2.0), 3.6), layout="constrained")
    axes = figure.add_subplot()
    outside = [abs(v / t - 1) > band + 1e-9 if t > 0 else False for v, t in zip(values, targets, strict=True)]
    title = say(measure, language)
    part = say("on site", language) if unit > 1 else title
    axes.bar(names, values, color=[_OUTSIDE if o else _INSIDE for o in outside], label=part)
    if measure == WORKLOAD:
        travel = [alignment.travel[r] / unit for r in names]
        bottom = [v - t for v, t in zip(values, travel, strict=True)]
        axes.bar(names, travel, bottom=bottom, color=_TRAVEL, label=say("travel (estimated)", language))
    for x, target in enumerate(targets):
        axes.plot([x - 0.45, x + 0.45], [target, target], color="black", linewidth=1.0)
        axes.fill_between([x - 0.45, x + 0.45], target * (1 - band), target * (1 + band), color="black", alpha=0.12)
    axes.set_ylabel(say("{measure}, hours per cycle", language).format(measure=title) if unit > 1 else title)
    axes.set_title(say("Target and its band of ±{band:.0%}", language).format(band=band), fontsize=9, loc="left")
    axes.tick_params(axis="x", rotation=90 if len(names) > 8 else 0, labelsize=8)
    axes.legend(fontsize=8, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncol=2, borderaxespad=0.2)
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def chart_svg(figure: Figure) -> str:
    """The chart as SVG text, the same bytes for the same figures."""
    stream = io.StringIO()
    # the browser draws the words, in a typeface that has the characters which matplotlib's own lacks
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "territories"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None, "Creator": "rounds"})
    text = stream.getvalue()
    return text[text.index("<svg") :]
