"""Matplotlib figures as inline SVG that takes its colours and typeface from the page."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

__all__ = ["INK", "LINE", "PAPER", "PARTS", "WARN", "chart", "labels", "to_svg"]

INK, LINE, WARN, PAPER, PART_1, PART_2, PART_3 = (f"#0102{k:02x}" for k in range(1, 8))
PARTS = (PART_1, PART_2, PART_3)
"""Stand-ins for the page's colours; :func:`to_svg` puts CSS variables in their place."""

_VARIABLES = {
    INK: "--ink",
    LINE: "--line",
    WARN: "--bad",
    PAPER: "--paper",
    PART_1: "--part1",
    PART_2: "--part2",
    PART_3: "--part3",
}
WIDTH_INCHES = 4.4
ROW_INCHES = 0.25
_STYLE = {
    "svg.fonttype": "none",
    "font.size": 9,
    "font.family": "DejaVu Sans",
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "ytick.major.size": 0,
    "xtick.major.size": 0,
}


@contextmanager
def chart(rows: int) -> Iterator[tuple[Figure, Axes]]:
    """Figure and axes for horizontal bars, first row on top."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, ROW_INCHES * rows + 0.75), layout="constrained")
        axes = figure.add_subplot()
        axes.set_ylim(rows - 0.4, -0.6)
        yield figure, axes


def labels(axes: Axes, names: list[str]) -> None:
    """Name the rows; names are plain text, a dollar sign starts no formula."""
    axes.set_yticks(range(len(names)), [name if len(name) <= 22 else f"{name[:21]}…" for name in names])
    for text in axes.get_yticklabels():
        text.set_parse_math(False)


def to_svg(figure: Figure, *, name: str, description: str) -> Markup:
    """SVG element for a page: no size of its own, no clashing ids, colours from CSS.

    Parameters
    ----------
    name
        Unique in the page.
    description
        What a screen reader says.
    """
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    out = StringIO()
    with rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        # the browser draws the words, in a typeface that has the characters which matplotlib's own lacks
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    for stand_in, variable in _VARIABLES.items():
        svg = svg.replace(stand_in, f"var({variable})")
    size = re.compile(r' (?:width|height)="[\d.]+pt"')
    head, rest = svg.split(">", 1)
    said = Markup.escape(description)
    return Markup(f'{size.sub("", head)} role="img" aria-label="{said}">{rest.strip()}')
