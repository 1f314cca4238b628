"""What the report says, before it has a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from api.scenarios.comparison import BASE_NAME, Comparison, shown, signed
from api.scenarios.report.bars import CANDIDATES, Panel, change_of, label_of, panels, tone
from api.scenarios.report.changes import scenario_in_words
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
    "day_changed",
)
"""Bounds stand in the annex."""
HEAD = 28
"""Letters of a title that fit over a column; half as many Chinese signs."""
MAPS = 4
"""Maps of the base, and of as many options with other territories as fit beside it."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option in words.

    Parameters
    ----------
    mark
        A letter for tables and pictures.
    name, title
        As it was asked, and as people read it.
    changes
        What is different, empty where the title says it.
    estimate, again
        The first estimate, and who was planned again.
    found
        What came out, a line each: differences larger than the noise, and the others.
    """

    mark: str
    name: str
    title: str
    changes: str
    estimate: str
    again: str
    found: tuple[str, ...]


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
    """The report.

    Parameters
    ----------
    columns
        Heads of the figures: today's plan and the options.
    proven
        Bounds, with ``proven_heads`` above them; empty when there are none.
    """

    language: Language
    title: str
    question: str
    base: str
    options: tuple[Option, ...]
    panels: tuple[Panel, ...]
    legend: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    maps: tuple[Dots, ...]
    decide: tuple[str, ...]
    annex: tuple[str, ...]
    proven_heads: tuple[str, ...]
    proven: tuple[tuple[str, ...], ...]

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
    options = tuple(_option(compared, k, language) for k in range(len(compared.outcomes)))
    today = say("base", language)
    plans = [(today, base.project, base.plan)]
    plans += [(f"{o.mark} · {o.title}", r.project, r.plan) for o, r in zip(options, compared.outcomes, strict=True)]
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
        options=options,
        panels=panels(compared, {BASE_NAME: say("today", language), **{o.name: o.mark for o in options}}, language),
        legend=say("bars_several", language, seeds=len(compared.seeds)) if several else say("bars_one", language),
        columns=(today, *(_head(o, language) for o in options)),
        rows=tuple(_row(compared, name, language) for name in _shown(compared)),
        maps=tuple(_dots(*plan) for plan in [plans[0], *(p for p in plans[1:] if _moves(p, plans[0]))][:MAPS]),
        decide=(say("decide_text", language),) if several else (say("one_seed", language),),
        annex=_annex(compared, language),
        proven_heads=tuple(say(key, language) for key in ("plan", "measure", "reached", "least", "gap")),
        proven=_proven(compared, options, language),
    )


def _moves(option: tuple[str, Project, JourneyPlan], base: tuple[str, Project, JourneyPlan]) -> bool:
    """Whether an option's map would show anything else than the base's."""
    return option[2].assignment != base[2].assignment or [(r.rep_id, r.home_base) for r in option[1].reps] != [
        (r.rep_id, r.home_base) for r in base[1].reps
    ]


def _shown(compared: Comparison) -> list[str]:
    grades = [n for n in compared.names if n.startswith("coverage:")]
    return [n for f in SHOWN for n in ((f, *grades) if f == "coverage" else (f,)) if n in compared.names]


def _option(compared: Comparison, number: int, language: Language) -> Option:
    outcome = compared.outcomes[number]
    verdict = outcome.estimate.verdict
    words = say("verdict", language, demand=f"{verdict.demanded_hours:,.0f}", offer=f"{verdict.offered_hours:,.0f}",
                load=f"{verdict.load:.0%}")  # fmt: skip
    changes = scenario_in_words(outcome.scenario, language) or say("unchanged", language)
    # an option that nobody named is called by its changes, as they were typed
    unnamed = outcome.name == str(outcome.scenario)
    return Option(
        mark=_letter(number),
        name=outcome.name,
        title=changes if unnamed else outcome.name,
        changes="" if unnamed else changes,
        estimate=f"{say('first', language)}: {words}",
        again=say("again", language, reps=", ".join(outcome.solved_again) or say("none", language)),
        found=_found(compared, outcome.name, language),
    )


def _head(option: Option, language: Language) -> str:
    """The head of a column: the letter alone where the title would take many lines."""
    room = HEAD if language is Language.ENGLISH else HEAD // 2
    return f"{option.mark} · {option.title}" if len(option.title) <= room else option.mark


def _letter(number: int) -> str:
    """A, B … Z, AA, AB …"""
    return ("" if number < 26 else _letter(number // 26 - 1)) + chr(ord("A") + number % 26)


def _found(compared: Comparison, scenario: str, language: Language) -> tuple[str, ...]:
    """The differences in words: first those that count, then those within the noise."""
    clear: list[str] = []
    noise: list[str] = []
    for name in CANDIDATES:
        found = compared.difference(scenario, name)
        if found is not None and signed(found.change, name) != "±0":
            words = f"{label_of(name, language)} {change_of(found, language)}"
            (clear if found.clear else noise).append(words)
    comma = "，" if language is Language.CHINESE else ", "
    if len(compared.seeds) < 2:
        return (comma.join(noise) or say("no_difference", language),)
    lines = [say("clear", language, figures=comma.join(clear)) if clear else say("nothing_clear", language)]
    return (*lines, say("noisy", language, figures=comma.join(noise))) if noise else tuple(lines)


def _row(compared: Comparison, name: str, language: Language) -> Row:
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
        cells.append(f"{shown(found.value, name)} ({change_of(found, language)})")
        clear.append(bool(found.clear and signed(found.change, name) != "±0"))
        better.append(tone(compared, outcome.name, name))
    return Row(label=label_of(name, language), cells=tuple(cells), clear=tuple(clear), better=tuple(better))


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
    lines.append(
        say("estimated", language) if plan.travel_estimated else say("travel", language, source=plan.travel_source)
    )
    lines += [
        say("typed", language, name=o.name, words=o.scenario)
        for o in compared.outcomes
        if o.name != str(o.scenario) and o.scenario.changes
    ]
    lines.append(say("repeat", language, base=compared.base.fingerprint[:12], seeds=seeds))
    return tuple(lines)


def _proven(compared: Comparison, options: Sequence[Option], language: Language) -> tuple[tuple[str, ...], ...]:
    """What no plan can be better than: travel of the visits made, balance of new territories, hours on site."""
    found = []
    plans = [(BASE_NAME, say("base", language)), *((o.name, o.mark) for o in options)]
    for name, mark in plans:
        runs = [r for r in compared.values[name] if "lower_bound" in r and "gap" in r]
        if runs:
            least, gap = (sum(r[key] for r in runs) / len(runs) for key in ("lower_bound", "gap"))
            reached = least * (1 + gap)
            cells = (mark, say("travel_cost", language), f"{reached:,.0f}", f"{least:,.0f}", f"{gap:.1%}")
            found.append(cells)
    for option, outcome in zip(options, compared.outcomes, strict=True):
        if outcome.scenario.mode is Territories.KEEP:
            continue  # with everyone staying there is nothing to bound
        for measure, bound in outcome.alignment.certificate.best_deviation.items():
            reached = outcome.alignment.worst_deviation(measure)
            cells = (option.mark, say("deviation", language), f"{reached:.1%}", f"{bound:.1%}",
                     say("points", language, value=f"{100 * (reached - bound):.1f}"))  # fmt: skip
            found.append(cells)
    return tuple(found)


def _day(day: date, language: Language) -> str:
    if language is Language.CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B %Y}"
