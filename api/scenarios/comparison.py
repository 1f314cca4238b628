"""Scenarios held against their base: tidy figures, differences, and which differences are larger than the noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from scipy import stats

from api.scenarios.figures import FIGURES, Figure, figure_of, figures
from api.scenarios.outcome import Base, Outcome
from routing.errors import PlanRejected

BASE_NAME = "base"
CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure of a scenario against the base, paired by seed.

    Parameters
    ----------
    base, value
        Means over the seeds.
    low, high
        Smallest and largest value of the scenario over the seeds.
    change
        Mean of the paired differences.
    margin
        Half the width of its 95 % confidence interval (Student); None with a single seed.
    """

    scenario: str
    figure: str
    base: float
    value: float
    low: float
    high: float
    change: float
    margin: float | None

    @property
    def clear(self) -> bool | None:
        """Whether the difference is larger than the noise of the search; None with a single seed, which cannot say."""
        if self.margin is None:
            return None
        return abs(self.change) > self.margin + 1e-9


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison:
    """The base and what the scenarios came to."""

    base: Base
    outcomes: tuple[Outcome, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the runs."""
        return tuple(run.seed for run in self.outcomes[0].runs) if self.outcomes else ()

    def __getitem__(self, name: str) -> Outcome:
        return next(o for o in self.outcomes if o.name == name)

    def require_clean(self) -> None:
        """Refuse to hand out plans in which the checker found a broken rule.

        Raises
        ------
        PlanRejected
            With the first broken rules.
        """
        found = [f"  {o.name}: {v}" for o in self.outcomes for run in o.runs for v in run.violations]
        if found:
            raise PlanRejected(
                f"The checker found {len(found)} broken rules; nothing is kept.\n" + "\n".join(found[:20]) + "\n"
                "This is a defect of rounds: please report it with the plan and the changes."
            )

    @cached_property
    def values(self) -> dict[str, list[dict[str, float]]]:
        """Scenario -> one set of figures per seed; the base under its own name."""
        base = self.base
        found = {BASE_NAME: [figures(base.project, plan, base.project, base.plan) for plan in base.plans]}
        for outcome in self.outcomes:
            found[outcome.name] = [figures(outcome.project, r.plan, base.project, base.plan) for r in outcome.runs]
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Figures that at least one plan has, in the order of display."""
        seen = {name for runs in self.values.values() for run in runs for name in run}
        plain = [n for n in FIGURES if n in seen]
        at = plain.index("coverage") + 1 if "coverage" in plain else 0
        grades = sorted(n for n in seen if n.startswith("coverage:"))
        per_rep = sorted(n for n in seen if n.startswith(("hours:", "travel:")))
        return (*plain[:at], *grades, *plain[at:], *per_rep)

    def frame(self) -> pd.DataFrame:
        """Tidy: one row per scenario, seed and figure, with the columns scenario, seed, figure, group, unit, value."""
        seeds = self.seeds or (self.base.plan.seed,)
        rows = [
            {"scenario": scenario, "seed": seed, "figure": name.partition(":")[0], "group": name.partition(":")[2],
             "unit": figure_of(name).unit, "value": run[name]}
            for scenario, runs in self.values.items()
            for seed, run in zip(seeds, runs, strict=False)
            for name in self.names
            if name in run
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["scenario", "seed", "figure", "group", "unit", "value"])

    def difference(self, scenario: str, figure: str) -> Difference | None:
        """One figure of one scenario against the base; None when either has none."""
        pairs = [
            (before[figure], after[figure])
            for before, after in zip(self.values[BASE_NAME], self.values[scenario], strict=True)
            if figure in before and figure in after
        ]
        if not pairs:
            return None
        changes = [after - before for before, after in pairs]
        values = [after for _, after in pairs]
        return Difference(
            scenario=scenario, figure=figure, base=_mean([b for b, _ in pairs]), value=_mean(values), low=min(values),
            high=max(values), change=_mean(changes), margin=margin(changes),
        )  # fmt: skip

    def differences(self) -> pd.DataFrame:
        """One row per scenario and figure: base, value, low, high, change, margin, clear."""
        found = [self.difference(o.name, name) for o in self.outcomes for name in self.names]
        return pd.DataFrame(
            [{**{f: getattr(d, f) for f in ("scenario", "figure", "base", "value", "low", "high", "change", "margin")},
              "clear": d.clear} for d in found if d]
        )  # fmt: skip

    def table(self, figures: Sequence[str] | None = None) -> pd.DataFrame:
        """For reading: a row per figure, a column per scenario, differences with a mark where they are clear."""
        chosen = list(figures or [n for n in self.names if not n.startswith(("hours:", "travel:"))])
        rows: dict[str, dict[str, str]] = {}
        for name in chosen:
            figure = figure_of(name)
            base = [run[name] for run in self.values[BASE_NAME] if name in run]
            row = {BASE_NAME: _shown(base, name) if base else "–"}
            for outcome in self.outcomes:
                row[outcome.name] = self._cell(outcome.name, name)
            rows[f"{figure.label} ({figure.unit})" if figure.unit in ("h", "km") else figure.label] = row
        return pd.DataFrame.from_dict(rows, orient="index")

    def _cell(self, scenario: str, name: str) -> str:
        difference = self.difference(scenario, name)
        if difference is None:
            own = [run[name] for run in self.values[scenario] if name in run]
            return _shown(own, name) if own else "–"
        text = f"{shown(difference.value, name)} ({signed(difference.change, name)})"
        return f"{text} *" if difference.clear and signed(difference.change, name) != "±0" else text

    def __repr__(self) -> str:
        return self.table().to_string()

    def _repr_html_(self) -> str:
        note = (
            f"Mean of {len(self.seeds)} seeds; in brackets the change against the base; * larger than the noise of the "
            f"search ({CONFIDENCE:.0%} confidence)."
            if len(self.seeds) > 1
            else "One seed: small differences may be noise of the search. Repeat with several seeds before acting."
        )
        return f"{self.table().to_html()}<p>{note}</p>"


def shown(value: float, name: str) -> str:
    """A figure as people read it."""
    figure = figure_of(name)
    if figure.unit == "%":
        return f"{100 * value:,.{figure.decimals}f} %"
    return _number(value, figure)


def signed(value: float, name: str) -> str:
    """A difference with its sign; shares in percentage points."""
    figure = figure_of(name)
    text = f"{100 * value:+,.{figure.decimals}f}" if figure.unit == "%" else _number(value, figure, sign="+")
    if float(text.replace(",", "")) == 0:
        return "±0"
    return f"{text} pp" if figure.unit == "%" else text


def _number(value: float, figure: Figure, *, sign: str = "") -> str:
    """With the decimals of the figure; small amounts of money, as in currencies of great value, get more of them."""
    small = figure.unit == "money" and figure.decimals and 1e-4 < abs(value) < 0.1
    return f"{value:{sign}.2g}" if small else f"{value:{sign},.{figure.decimals}f}"


def _shown(values: Sequence[float], name: str) -> str:
    text = shown(_mean(values), name)
    half = signed((max(values) - min(values)) / 2, name)
    return text if half == "±0" else f"{text} ± {half.lstrip('+').removesuffix(' pp')}"


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def margin(changes: Sequence[float]) -> float | None:
    """Half the width of the Student confidence interval of the mean change; None for a single value."""
    n = len(changes)
    if n < 2:
        return None
    middle = _mean(changes)
    deviation = math.sqrt(math.fsum((c - middle) ** 2 for c in changes) / (n - 1))
    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1)) * deviation / math.sqrt(n)
