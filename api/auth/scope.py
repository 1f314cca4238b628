"""Whose objects a user may see: the own unit and below; a rep only own customers and routes.

What lies outside does not exist for that user: the answer is always 404, never 403.
"""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from api.auth.actor import Actor
from api.errors import not_found
from api.store.models import CustomerRow, PlanAssignment, PlanRow, ProjectRow, RepRow, Unit, User

SUPERSEDED = "superseded"


def units_below(root: str) -> Select[str]:
    """The ids of a unit and of all units below it, closed ones too."""
    tree = select(Unit.id).where(Unit.id == root).cte("tree", recursive=True)
    child = aliased(Unit)
    tree = tree.union(select(child.id).join(tree, child.parent_id == tree.c.id))
    return select(tree.c.id)


def unit_for(session: Session, actor: Actor, unit_id: str) -> Unit:
    """A unit that the actor may see."""
    unit = session.scalar(select(Unit).where(Unit.id == unit_id, Unit.id.in_(units_below(actor.unit_id))))
    if unit is None or (actor.is_rep and unit.id != actor.unit_id):
        raise not_found("unit")
    return unit


def user_for(session: Session, actor: Actor, user_id: str) -> User:
    """A user in the actor's unit or below; a rep sees only himself."""
    user = session.scalar(select(User).where(User.id == user_id, User.unit_id.in_(units_below(actor.unit_id))))
    if user is None or (actor.is_rep and user.id != actor.user_id):
        raise not_found("user")
    return user


def projects_seen(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``ProjectRow``: the actor may see it."""
    if actor.is_rep:
        mine = select(RepRow.project_id).where(RepRow.user_id == actor.user_id, RepRow.active)
        return ProjectRow.id.in_(mine)
    return ProjectRow.unit_id.in_(units_below(actor.unit_id))


def project_for(session: Session, actor: Actor, project_id: str) -> ProjectRow:
    """A project that the actor may see."""
    project = session.scalar(select(ProjectRow).where(ProjectRow.id == project_id, projects_seen(actor)))
    if project is None:
        raise not_found("project")
    return project


def own_reps(session: Session, actor: Actor, project_id: str) -> frozenset[str] | None:
    """The rep ids under which a rep travels in a project; None for everybody who sees all reps."""
    if not actor.is_rep:
        return None
    query = select(RepRow.rep_id).where(RepRow.project_id == project_id, RepRow.user_id == actor.user_id, RepRow.active)
    return frozenset(session.scalars(query))


def customers_seen(project_id: str, own: frozenset[str] | None) -> ColumnElement[bool]:
    """Condition on ``CustomerRow``: in the project, and for a rep: today's own, or given to him by a plan."""
    inside = CustomerRow.project_id == project_id
    if own is None:
        return inside
    plans = select(PlanRow.id).where(PlanRow.project_id == project_id, PlanRow.state != SUPERSEDED)
    given = select(PlanAssignment.customer_id).where(PlanAssignment.plan_id.in_(plans), PlanAssignment.rep_id.in_(own))
    return inside & or_(CustomerRow.rep_id.in_(own), CustomerRow.customer_id.in_(given))
