"""What the report says, before it has a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from api.scenarios.comparison import BASE_NAME, Comparison, shown, signed
from api.scenarios.figures import figure_of
from api.scenarios.report.texts import Language, say
from routing.domain import Location
from routing.maps.colours import rep_colours
from routing.plan import JourneyPlan
from routing.project import Project
from routing.scenario import Territories

SHOWN = (
    "coverage",
    "visits",
    "unserved",
    "work_h",
    "service_h",
    "travel_h",
    "km",
    "overtime_h",
    "utilisation",
    "imbalance",
    "cost",
    "cost_per_visit",
    "cost_per_1000_sales",
    "rep_changed",
    "lower_bound",
    "gap",
)
MAPS = 4
"""Maps of the base, and of as many options with other territories as fit beside it."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option in words: its changes, the first estimate, who was planned again."""

    name: str
    changes: str
    estimate: str
    again: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure of the base and of every option; ``clear`` says where to put the mark."""

    label: str
    cells: tuple[str, ...]
    clear: tuple[bool, ...]
    better: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Dots:
    """A map as coloured dots in the unit square, north up: (x, y, colour, whether it is a home)."""

    title: str
    dots: tuple[tuple[float, float, str, bool], ...]
    height: float


@dataclass(frozen=True, kw_only=True)
class Content:
    """The report."""

    language: Language
    title: str
    question: str
    base: str
    options: tuple[Option, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    maps: tuple[Dots, ...]
    decide: tuple[str, ...]
    annex: tuple[str, ...]

    def say(self, key: str) -> str:
        """A heading."""
        return say(key, self.language)


def report_content(
    compared: Comparison, *, language: Language = Language.ENGLISH, question: str = "", title: str = ""
) -> Content:
    """Put a comparison into words.

    Parameters
    ----------
    question
        What is to be decided; the questions of the scenarios when empty.
    """
    base = compared.base
    asked = question or " ".join(dict.fromkeys(o.scenario.question for o in compared.outcomes if o.scenario.question))
    several = len(compared.seeds) > 1
    plans = [(say("base", language), base.project, base.plan)]
    plans += [(o.name, o.project, o.plan) for o in compared.outcomes]
    return Content(
        language=language,
        title=title or say("title", language),
        question=asked,
        base=say(
            "base_text",
            language,
            customers=len(base.project.active_customers),
            reps=len(base.project.reps),
            weeks=base.project.calendar.weeks,
            start=_day(base.project.calendar.start, language),
        ),
        options=tuple(_option(compared, o.name, language) for o in compared.outcomes),
        columns=tuple(name for name, _, _ in plans),
        rows=tuple(_row(compared, name, language) for name in _shown(compared)),
        maps=tuple(_dots(*plan) for plan in [plans[0], *(p for p in plans[1:] if _moves(p, plans[0]))][:MAPS]),
        decide=(say("decide_text", language),) if several else (say("one_seed", language),),
        annex=_annex(compared, language),
    )


def _moves(option: tuple[str, Project, JourneyPlan], base: tuple[str, Project, JourneyPlan]) -> bool:
    """Whether an option's map would show anything else than the base's."""
    return option[2].assignment != base[2].assignment or [(r.rep_id, r.home_base) for r in option[1].reps] != [
        (r.rep_id, r.home_base) for r in base[1].reps
    ]


def _shown(compared: Comparison) -> list[str]:
    grades = [n for n in compared.names if n.startswith("coverage:")]
    return [n for f in SHOWN for n in ((f, *grades) if f == "coverage" else (f,)) if n in compared.names]


def _option(compared: Comparison, name: str, language: Language) -> Option:
    outcome = compared[name]
    verdict = outcome.estimate.verdict
    words = say("verdict", language, demand=f"{verdict.demanded_hours:,.0f}", offer=f"{verdict.offered_hours:,.0f}",
                load=f"{verdict.load:.0%}")  # fmt: skip
    return Option(
        name=name,
        changes=str(outcome.scenario) if outcome.scenario.changes else say("unchanged", language),
        estimate=f"{say('first', language)}: {words}",
        again=say("again", language, reps=", ".join(outcome.solved_again) or say("none", language)),
    )


def _row(compared: Comparison, name: str, language: Language) -> Row:
    figure = figure_of(name)
    label = figure.label_zh if language is Language.CHINESE else figure.label
    base = [run[name] for run in compared.values[BASE_NAME] if name in run]
    cells = [shown(sum(base) / len(base), name) if base else "–"]
    clear, better = [False], [0]
    for outcome in compared.outcomes:
        found = compared.difference(outcome.name, name)
        if found is None:
            cells.append("–")
            clear.append(False)
            better.append(0)
            continue
        cells.append(f"{shown(found.value, name)} ({signed(found.change, name)})")
        marked = bool(found.clear and signed(found.change, name) != "±0")
        clear.append(marked)
        better.append((1 if found.change * figure.better > 0 else -1) if marked and figure.better else 0)
    unit = f" ({figure.unit})" if figure.unit in ("h", "km") and language is Language.ENGLISH else ""
    return Row(label=label + unit, cells=tuple(cells), clear=tuple(clear), better=tuple(better))


def _dots(title: str, project: Project, plan: JourneyPlan) -> Dots:
    customers = [c for c in project.active_customers if c.customer_id in plan.assignment]
    places = [*((c.location, plan.assignment[c.customer_id], False) for c in customers),
              *((r.home_base, r.rep_id, True) for r in project.reps)]  # fmt: skip
    lats, lons = [p.lat for p, _, _ in places], [p.lon for p, _, _ in places]
    narrow = cos(radians(sum(lats) / len(lats)))
    wide, tall = (max(lons) - min(lons)) * narrow, max(lats) - min(lats)
    size = max(wide, tall) or 1.0
    colours = rep_colours({r.rep_id: _middle([p for p, rep, _ in places if rep == r.rep_id]) for r in project.reps})
    return Dots(
        title=title,
        dots=tuple(
            (((p.lon - min(lons)) * narrow + (size - wide) / 2) / size, (max(lats) - p.lat) / size,
             colours.get(rep, "#888888"), home)
            for p, rep, home in places
        ),
        height=tall / size,
    )  # fmt: skip


def _middle(places: Sequence[Location]) -> tuple[float, float]:
    points = [(p.lat, p.lon) for p in places]
    return sum(a for a, _ in points) / len(points), sum(b for _, b in points) / len(points)


def _annex(compared: Comparison, language: Language) -> tuple[str, ...]:
    seeds = ", ".join(map(str, compared.seeds))
    plan = compared.base.plan
    lines = [say("method", language)]
    if len(compared.seeds) > 1:
        lines.append(say("noise", language, seeds=seeds))
    lines.append(say("bounds", language))
    if "lower_bound" in compared.names:
        lines.append(say("bound_travel", language))
    for outcome in compared.outcomes:
        if outcome.scenario.mode is Territories.KEEP:
            continue  # with everyone staying there is nothing to bound
        for measure, bound in outcome.alignment.certificate.best_deviation.items():
            lines.append(
                say("bound_row", language, name=outcome.name, bound=f"{bound:.1%}",
                    deviation=f"{outcome.alignment.worst_deviation(measure):.1%}")
            )  # fmt: skip
    travel = say("travel", language, source=plan.travel_source)
    lines.append(f"{travel} {say('estimated', language)}" if plan.travel_estimated else travel)
    lines.append(say("repeat", language, base=compared.base.fingerprint[:12], seeds=seeds))
    return tuple(lines)


def _day(day: date, language: Language) -> str:
    if language is Language.CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
