"""Plans in the database: each act that changes one adds a revision, nothing is overwritten."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.store.models import PlanAssignment, PlanDay, PlanRevision, PlanRow, new_id
from api.store.projects import document
from api.store.shelf import Kind, recall
from routing.check import Violation
from routing.export import SavedPlan, fingerprint
from routing.export.convert import from_json_values, to_json_values
from routing.kpi import measure
from routing.plan import JourneyPlan
from routing.project import Project

DRAFT = "draft"


def add_plan(
    session: Session,
    *,
    project_id: str,
    name: str,
    project: Project,
    plan: JourneyPlan,
    violations: Sequence[Violation],
    now: datetime,
    actor_id: str | None,
    extras: Mapping[str, Any] | None = None,
    based_on: str | None = None,
    job_id: str | None = None,
    what: str = "planned",
) -> PlanRow:
    """Keep a new plan as a draft.

    Parameters
    ----------
    violations
        What the checker found; a plan with any cannot be submitted.
    extras
        Plain JSON values to keep with it: ``territories``, ``capacity``, ``data_report``.
    what
        How it came about, in words.
    """
    row = PlanRow(
        id=new_id(),
        project_id=project_id,
        name=name,
        state=DRAFT,
        revision=0,
        fingerprint="",
        figures={},
        violations=0,
        based_on=based_on,
        job_id=job_id,
        created_by=actor_id,
        created_at=now,
        updated_at=now,
    )
    _fill(row, project, plan, violations)
    session.add(row)
    session.flush()
    _add_revision(session, row, project, plan, dict(extras or {}), violations, now, actor_id, what)
    return row


def revise(
    session: Session,
    row: PlanRow,
    saved: SavedPlan,
    *,
    violations: Sequence[Violation],
    now: datetime,
    actor_id: str | None,
    what: str,
) -> None:
    """Give a plan a new revision."""
    _fill(row, saved.project, saved.plan, violations)
    row.updated_at = now
    session.flush()
    _add_revision(session, row, saved.project, saved.plan, dict(saved.extras), violations, now, actor_id, what)


def load_plan(session: Session, plan_id: str, *, revision: int | None = None) -> SavedPlan:
    """What a plan says in a revision, the newest when left out.

    Raises
    ------
    LookupError
        If there is no such revision.
    """
    if revision is None:
        revision = session.scalar(select(func.max(PlanRevision.revision)).where(PlanRevision.plan_id == plan_id))

    def read() -> SavedPlan:
        query = select(PlanRevision.content).where(PlanRevision.plan_id == plan_id, PlanRevision.revision == revision)
        content = session.scalar(query)
        if content is None:
            raise LookupError(f"plan {plan_id} has no revision {revision}")
        whole = json.loads(zlib.decompress(content))
        return SavedPlan(
            project=from_json_values(whole["project"], Project, file="database", part="project"),
            plan=from_json_values(whole["plan"], JourneyPlan, file="database", part="plan"),
            extras=whole["extras"],
        )

    return recall(session, Kind.PLAN, (plan_id, revision), read)


def figures_of(project: Project, plan: JourneyPlan) -> dict[str, Any]:
    """Key figures of a plan as plain values: seconds, metres and the user's currency."""
    kpis = measure(project, plan)
    names = (
        "customers",
        "customers_visited",
        "visits",
        "visits_due",
        "unserved",
        "coverage",
        "work_s",
        "available_s",
        "travel_s",
        "travel_m",
        "wait_s",
        "utilisation",
        "travel_share",
        "cost",
        "cost_per_visit",
        "utilisation_imbalance",
    )
    return {name: getattr(kpis, name) for name in names}


def _fill(row: PlanRow, project: Project, plan: JourneyPlan, violations: Sequence[Violation]) -> None:
    row.revision += 1
    row.fingerprint = fingerprint(plan)
    row.figures = figures_of(project, plan)
    row.violations = len(violations)


def _add_revision(
    session: Session,
    row: PlanRow,
    project: Project,
    plan: JourneyPlan,
    extras: dict[str, Any],
    violations: Sequence[Violation],
    now: datetime,
    actor_id: str | None,
    what: str,
) -> None:
    extras["check"] = {"violations": [violation_values(v) for v in violations]}
    whole = {"project": to_json_values(project), "plan": to_json_values(plan), "extras": extras}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    session.add(
        PlanRevision(
            plan_id=row.id,
            revision=row.revision,
            fingerprint=row.fingerprint,
            what=what,
            actor_id=actor_id,
            at=now,
            content=zlib.compress(text.encode(), 6),
        )
    )
    session.execute(delete(PlanAssignment).where(PlanAssignment.plan_id == row.id))
    session.add_all(
        PlanAssignment(plan_id=row.id, customer_id=customer_id, rep_id=rep_id)
        for customer_id, rep_id in plan.assignment.items()
    )
    session.execute(delete(PlanDay).where(PlanDay.plan_id == row.id))
    session.add_all(
        PlanDay(plan_id=row.id, rep_id=route.rep_id, day=route.date, route=document(route)) for route in plan.routes
    )
    session.flush()


def violation_values(violation: Violation) -> dict[str, Any]:
    """A broken rule as plain JSON values."""
    return {
        "cause": violation.cause,
        "subject": violation.subject,
        "amount": violation.amount,
        "unit": violation.unit,
        "text": violation.text,
        "day": violation.day.isoformat() if violation.day else None,
    }
