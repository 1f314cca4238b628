"""Key accounts: who they are, how attractive, how strong we are there, and how they are looked after.

Key customers are managed separately. They are sorted by attractiveness (potential) and our position (the share of the
potential that is sold to them), each against the median of the key accounts: *star* and *question* get frequent, good
visits, a *cash cow* is maintained, the *rest* economised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.live.care import Care, CareLine
from api.live.records import MADE, People, people_of
from api.store.models import ProjectRow, VisitRow
from routing.domain import Customer


class AccountClass(StrEnum):
    """Attractiveness × position; unknown without sales or potential."""

    STAR = "star"
    QUESTION = "question"
    CASH_COW = "cash_cow"
    REST = "rest"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class KeyAccount:
    """A key account with what its page shows.

    Parameters
    ----------
    share
        Sales over potential; None when either is unknown.
    satisfaction
        Last scores, newest first, 1…5.
    visits
        Last recorded visits, newest first.
    """

    customer: Customer
    care: CareLine
    kind: AccountClass
    share: float | None
    satisfaction: tuple[int, ...]
    visits: tuple[VisitRow, ...]


SHOWN_VISITS = 12


def key_accounts(
    session: Session,
    project: ProjectRow,
    care: Care,
    *,
    people: People | None = None,
    grades: Sequence[str] | None = None,
) -> tuple[KeyAccount, ...]:
    """The key accounts of a project, the largest potential first.

    Parameters
    ----------
    care
        From :func:`api.live.care.care_of`; its lines decide who may be seen.
    people
        All people of the project, where they were read already.
    grades
        Grades that are key accounts; the first one of the policy when left out. A customer whose file has a column
        ``key_account`` with yes, true, 1 or 是 is one whatever its grade.
    """
    wanted = {*(grades if grades is not None else care.grades[:1])}
    known = (people or people_of(session, project)).customers
    lines = {line.customer_id: line for line in care.lines}
    chosen = [c for i, c in known.items() if i in lines and (c.grade in wanted or _marked(c))]
    kinds = classify(chosen)
    rows: dict[str, list[VisitRow]] = {c.customer_id: [] for c in chosen}
    query = select(VisitRow).where(VisitRow.project_id == project.id, VisitRow.customer_id.in_(rows))
    for row in session.scalars(query.order_by(VisitRow.day.desc(), VisitRow.created_at.desc(), VisitRow.id)):
        rows[row.customer_id].append(row)
    found = [
        KeyAccount(
            customer=c,
            care=lines[c.customer_id],
            kind=kinds[c.customer_id],
            share=_share(c),
            satisfaction=tuple(
                score
                for v in rows[c.customer_id]
                if v.outcome == MADE and isinstance(score := v.report.get("satisfaction"), int)
            )[:SHOWN_VISITS],
            visits=tuple(rows[c.customer_id][:SHOWN_VISITS]),
        )
        for c in chosen
    ]
    return tuple(sorted(found, key=lambda a: (-(a.customer.potential or a.customer.sales or 0.0), a.care.customer_id)))


def classify(customers: Sequence[Customer]) -> dict[str, AccountClass]:
    """Class of each customer by id, against the medians of those of which both figures are known."""
    known = [(c.potential, share) for c in customers if c.potential is not None and (share := _share(c)) is not None]
    if not known:
        return {c.customer_id: AccountClass.UNKNOWN for c in customers}
    attractive, strong = median(p for p, _ in known), median(s for _, s in known)
    found = {}
    for c in customers:
        share = _share(c)
        if c.potential is None or share is None:
            found[c.customer_id] = AccountClass.UNKNOWN
        elif c.potential >= attractive:
            found[c.customer_id] = AccountClass.STAR if share >= strong else AccountClass.QUESTION
        else:
            found[c.customer_id] = AccountClass.CASH_COW if share >= strong else AccountClass.REST
    return found


def _share(customer: Customer) -> float | None:
    if customer.sales is None or not customer.potential:
        return None
    return customer.sales / customer.potential


def _marked(customer: Customer) -> bool:
    return customer.extra.get("key_account", "").strip().lower() in ("yes", "true", "1", "是")
