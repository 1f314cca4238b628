"""Between rows and domain objects: projects with their customers and reps, and the history of each."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from api.store.models import CustomerRow, ProjectRow, RecordVersion, RepRow, new_id
from api.store.shelf import Kind, recall
from routing.calendar import Calendar
from routing.domain import Customer, Rep
from routing.export.convert import from_json_values, to_json_values
from routing.project import Policy, Project


def document(value: object) -> Any:
    """A domain object as it comes back from the database: keys are texts, as JSON has them."""
    return json.loads(json.dumps(to_json_values(value), allow_nan=False))


def customer_of(row: CustomerRow) -> Customer:
    """The customer that a row holds."""

    def read() -> Customer:
        return from_json_values(row.document, Customer, file="database", part=f"customer {row.customer_id}")

    return recall(object_session(row), Kind.CUSTOMER, (row.id, row.version), read)


def rep_of(row: RepRow) -> Rep:
    """The rep that a row holds."""
    return from_json_values(row.document, Rep, file="database", part=f"rep {row.rep_id}")


def policy_of(row: ProjectRow) -> Policy:
    """The policy that a project row holds."""
    return from_json_values(row.policy, Policy, file="database", part="policy")


def calendar_of(row: ProjectRow) -> Calendar:
    """The calendar of a project, with the public holidays of its country."""
    code, _, region = row.country.partition("-")
    return Calendar.for_country(start=row.start, weeks=row.weeks, country=code or None, region=region or None)


def project_of(session: Session, row: ProjectRow) -> Project:
    """Everything that a plan is made from: all customers and the active reps, in the order of their import.

    Raises
    ------
    InvalidInput
        If there is no active rep or customer yet.
    """
    customers = session.scalars(
        select(CustomerRow).where(CustomerRow.project_id == row.id).order_by(CustomerRow.position, CustomerRow.id)
    )
    reps = session.scalars(
        select(RepRow).where(RepRow.project_id == row.id, RepRow.active).order_by(RepRow.position, RepRow.id)
    )
    return Project(
        customers=tuple(customer_of(c) for c in customers),
        reps=tuple(rep_of(r) for r in reps),
        calendar=calendar_of(row),
        policy=policy_of(row),
    )


def fill_customer(row: CustomerRow, customer: Customer) -> None:
    """Put a customer into a row."""
    row.customer_id, row.name = customer.customer_id, customer.name
    row.grade, row.channel, row.rep_id = customer.grade, customer.channel, customer.rep_id
    row.lat, row.lon, row.active = customer.location.lat, customer.location.lon, customer.active
    row.document = document(customer)


def fill_rep(row: RepRow, rep: Rep) -> None:
    """Put a rep into a row."""
    row.rep_id, row.name, row.document = rep.rep_id, rep.name, document(rep)


def add_customers(
    session: Session, project: ProjectRow, customers: Iterable[Customer], *, now: datetime, actor_id: str | None
) -> list[CustomerRow]:
    """New customers at the end of a project; their ids must be new there."""
    last = session.scalar(select(func.max(CustomerRow.position)).where(CustomerRow.project_id == project.id)) or 0
    rows = []
    for position, customer in enumerate(customers, start=last + 1):
        row = CustomerRow(
            id=new_id(), project_id=project.id, position=position, confirmed_on=None, created_at=now, updated_at=now
        )
        fill_customer(row, customer)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    note_versions(session, rows, now=now, actor_id=actor_id)
    return rows


def add_reps(
    session: Session, project: ProjectRow, reps: Iterable[Rep], *, now: datetime, actor_id: str | None
) -> list[RepRow]:
    """New reps at the end of a project; their ids must be new there."""
    last = session.scalar(select(func.max(RepRow.position)).where(RepRow.project_id == project.id)) or 0
    rows = []
    for position, rep in enumerate(reps, start=last + 1):
        row = RepRow(
            id=new_id(),
            project_id=project.id,
            position=position,
            user_id=None,
            active=True,
            created_at=now,
            updated_at=now,
        )
        fill_rep(row, rep)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    note_versions(session, rows, now=now, actor_id=actor_id)
    return rows


def note_versions(
    session: Session, rows: Sequence[CustomerRow | RepRow], *, now: datetime, actor_id: str | None
) -> None:
    """Write down what records are like now, after a flush gave them their new versions."""
    session.add_all(
        RecordVersion(
            record_id=row.id,
            version=row.version,
            at=now,
            actor_id=actor_id,
            active=row.active,
            document=_with_user(row),
        )
        for row in rows
    )


def _with_user(row: CustomerRow | RepRow) -> dict[str, Any]:
    if isinstance(row, RepRow) and row.user_id is not None:
        return {**row.document, "user_id": row.user_id}
    return row.document
