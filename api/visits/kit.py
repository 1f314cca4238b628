"""What a visit is for and what to take along: by the standard of its channel, and by the customer's own data."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.models import VisitStandard
from routing.domain import Customer

EVERY_CHANNEL = ""
GOAL_COLUMNS, KIT_COLUMNS, DECIDES_COLUMNS = (
    ("goal", "目标", "拜访目标"),
    ("kit", "物品", "携带物品"),
    ("decides", "决策", "是否决策"),
)
"""Columns of the customer file that rounds keeps as they are, and that say so."""
YES, NO = frozenset({"yes", "y", "true", "1", "是"}), frozenset({"no", "n", "false", "0", "否"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Briefing:
    """What to know before going in."""

    purpose: str
    goal: str
    kit: tuple[str, ...]
    decides: bool | None


def standards_of(session: Session, project_id: str) -> dict[str, VisitStandard]:
    """Channel -> visit standard; the empty channel holds for all."""
    rows = session.scalars(
        select(VisitStandard).where(VisitStandard.project_id == project_id).order_by(VisitStandard.channel)
    )
    return {row.channel: row for row in rows}


def briefing_of(customer: Customer, standards: Mapping[str, VisitStandard]) -> Briefing:
    """The customer's own words first, else those of its channel, else those for all; kit lists add up."""
    named = [standards[key] for key in (customer.channel, EVERY_CHANNEL) if key in standards]
    own = split(_column(customer, KIT_COLUMNS))
    return Briefing(
        purpose=next((text for text in (customer.purpose, *(s.purpose for s in named)) if text), ""),
        goal=next((text for text in (_column(customer, GOAL_COLUMNS), *(s.goal for s in named)) if text), ""),
        kit=once([*own, *(item for s in named if s.channel for item in s.kit)]),
        decides=_yes_or_no(_column(customer, DECIDES_COLUMNS)),
    )


def kit_of_day(briefings: Iterable[Briefing], standards: Mapping[str, VisitStandard]) -> tuple[str, ...]:
    """What to check before leaving: what every day needs, then what its visits need."""
    always = standards[EVERY_CHANNEL].kit if EVERY_CHANNEL in standards else []
    return once([*always, *(item for briefing in briefings for item in briefing.kit)])


def once(items: Iterable[str]) -> tuple[str, ...]:
    """Each item once, in the order of its first mention."""
    return tuple(dict.fromkeys(items))


def split(text: str) -> list[str]:
    """Items of a list in a cell, separated by semicolons, enumeration commas or line breaks."""
    return [item.strip() for item in re.split(r"[;；、\n]", text) if item.strip()]


def _column(customer: Customer, names: Iterable[str]) -> str:
    cells = {key.strip().casefold(): value.strip() for key, value in customer.extra.items()}
    return next((cells[name] for name in names if cells.get(name)), "")


def _yes_or_no(text: str) -> bool | None:
    word = text.casefold()
    return True if word in YES else False if word in NO else None
