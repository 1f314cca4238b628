"""Taking customers and reps of files into a project: new ones are added, known ones changed, nobody is deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.models import CustomerRow, ProjectRow, RepRow
from api.store.projects import add_customers, add_reps, customer_of, document, fill_customer, fill_rep, note_versions
from routing.domain import Customer, Rep


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What an import does to the records of one kind; the ids as in the files."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    deactivated: tuple[str, ...] = ()


def take_customers(
    session: Session,
    project: ProjectRow,
    customers: Sequence[Customer],
    *,
    deactivate_missing: bool,
    now: datetime,
    actor_id: str,
) -> Taken:
    """Add and change customers of a project; with `deactivate_missing` those that the files lack leave planning."""
    rows = {
        row.customer_id: row for row in session.scalars(select(CustomerRow).where(CustomerRow.project_id == project.id))
    }
    found = {customer.customer_id: customer for customer in customers}
    new = [customer for key, customer in found.items() if key not in rows]
    changed = []
    for key, customer in found.items():
        if key in rows and rows[key].document != document(customer):
            fill_customer(rows[key], customer)
            changed.append(rows[key])
    gone = [row for key, row in rows.items() if key not in found and row.active] if deactivate_missing else []
    for row in gone:
        row.active, row.document = False, {**row.document, "active": False}
    _note(session, [*changed, *gone], now, actor_id)
    add_customers(session, project, new, now=now, actor_id=actor_id)
    return Taken(
        added=tuple(c.customer_id for c in new),
        changed=tuple(row.customer_id for row in changed),
        unchanged=len(found) - len(new) - len(changed),
        deactivated=tuple(row.customer_id for row in gone),
    )


def take_reps(session: Session, project: ProjectRow, reps: Iterable[Rep], *, now: datetime, actor_id: str) -> Taken:
    """Add and change reps of a project."""
    rows = {row.rep_id: row for row in session.scalars(select(RepRow).where(RepRow.project_id == project.id))}
    found = {rep.rep_id: rep for rep in reps}
    new = [rep for key, rep in found.items() if key not in rows]
    changed = []
    for key, rep in found.items():
        if key in rows and rows[key].document != document(rep):
            fill_rep(rows[key], rep)
            changed.append(rows[key])
    _note(session, changed, now, actor_id)
    add_reps(session, project, new, now=now, actor_id=actor_id)
    return Taken(
        added=tuple(r.rep_id for r in new),
        changed=tuple(row.rep_id for row in changed),
        unchanged=len(found) - len(new) - len(changed),
    )


def keep_what_files_lack(customers: Iterable[Customer], project: ProjectRow, session: Session) -> list[Customer]:
    """Imported customers with what was arranged in the service and a file does not say: appointments."""
    rows = {
        row.customer_id: row for row in session.scalars(select(CustomerRow).where(CustomerRow.project_id == project.id))
    }
    kept = []
    for customer in customers:
        row = rows.get(customer.customer_id)
        if row is not None and not customer.pins and row.document["pins"]:
            customer = replace(customer, pins=customer_of(row).pins)
        kept.append(customer)
    return kept


def _note(session: Session, rows: Sequence[CustomerRow | RepRow], now: datetime, actor_id: str) -> None:
    for row in rows:
        row.updated_at = now
    session.flush()
    note_versions(session, rows, now=now, actor_id=actor_id)
