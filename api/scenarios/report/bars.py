"""The main figures as bars, a panel each, whatever draws them."""

from dataclasses import dataclass

from api.scenarios.comparison import BASE_NAME, Comparison, Difference, shown, signed
from api.scenarios.figures import figure_of
from api.scenarios.report.texts import Language

PANELS = 6
CANDIDATES = (
    "cost",
    "work_h",
    "travel_h",
    "unserved",
    "overtime_h",
    "rep_changed",
    "visits",
    "km",
    "utilisation",
    "imbalance",
    "day_changed",
)
"""In the order in which they matter to whoever pays."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One plan in one panel, as shares of the panel's width.

    Parameters
    ----------
    low, high
        Smallest and largest value over the seeds.
    better
        1 or -1 where the plan is better or worse than the base by more than the noise; 0 elsewhere.
    """

    mark: str
    mean: float
    low: float
    high: float
    better: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One figure of all plans."""

    label: str
    bars: tuple[Bar, ...]


def panels(compared: Comparison, marks: dict[str, str], language: Language) -> tuple[Panel, ...]:
    """The figures in which the plans differ, at most :data:`PANELS`.

    Parameters
    ----------
    marks
        What each plan is called at its bar.
    """
    names = [n for n in CANDIDATES if n in compared.names and _differs(compared, n)]
    return tuple(_panel(compared, name, marks, language) for name in names[:PANELS])


def label_of(figure: str, language: Language) -> str:
    """What a figure is called, with its unit."""
    about = figure_of(figure)
    if language is Language.CHINESE:
        return about.label_zh + {"km": "（公里）"}.get(about.unit, "")
    return about.label + (f" ({about.unit})" if about.unit in ("h", "km") else "")


def change_of(found: Difference, language: Language) -> str:
    """A difference with its sign."""
    text = signed(found.change, found.figure)
    return text.replace(" pp", " 百分点") if language is Language.CHINESE else text


def tone(compared: Comparison, scenario: str, figure: str) -> int:
    """1 or -1 where a scenario is better or worse by more than the noise; 0 where it is not or cannot be told."""
    found = compared.difference(scenario, figure)
    if found is None or not found.clear or signed(found.change, figure) == "±0":
        return 0
    better = found.change * figure_of(figure).better
    return (better > 0) - (better < 0)


def _differs(compared: Comparison, figure: str) -> bool:
    found = [compared.difference(o.name, figure) for o in compared.outcomes]
    return any(d is not None and signed(d.change, figure) != "±0" for d in found)


def _panel(compared: Comparison, figure: str, marks: dict[str, str], language: Language) -> Panel:
    runs = {name: [run[figure] for run in compared.values[name] if figure in run] for name in marks}
    most = max((v for values in runs.values() for v in values), default=0.0) or 1.0
    bars = []
    for name, values in runs.items():
        if not values:
            continue
        mean = sum(values) / len(values)
        found = None if name == BASE_NAME else compared.difference(name, figure)
        changed = found is not None and signed(found.change, figure) != "±0"
        change = f" ({change_of(found, language)})" if found and changed else ""
        bars.append(
            Bar(
                mark=marks[name], mean=max(0.0, mean / most), low=max(0.0, min(values) / most),
                high=max(0.0, max(values) / most), better=0 if found is None else tone(compared, name, figure),
                text=shown(mean, figure) + change + (" *" if change and found and found.clear else ""),
            )
        )  # fmt: skip
    return Panel(label=label_of(figure, language), bars=tuple(bars))
