"""Users: added, promoted, moved and closed; never deleted."""

from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy import func, select

from api.audit import difference
from api.auth import accounts
from api.auth.roles import Role
from api.auth.scope import unit_for, units_below, user_for
from api.auth.sessions import end_sessions
from api.deps import Administering, Context, PagingDep, Reading
from api.errors import conflict
from api.etag import IfMatch, check_match, set_etag
from api.once import new_router
from api.schemas.common import Page
from api.schemas.organisation import LinkOut, NewUserOut, UserIn, UserOut, UserPatch, UserPeriodOut
from api.store.models import ApiToken, User, UserPeriod

router = new_router("/users", tag="organisation")


@router.get("")
def list_users(
    ctx: Reading,
    paging: PagingDep,
    unit_id: Annotated[str | None, Query(description="Only users of this unit.")] = None,
    role: Annotated[Role | None, Query()] = None,
    active: Annotated[bool | None, Query()] = None,
) -> Page[UserOut]:
    """Users of the own unit and below; a rep sees only himself."""
    query = select(User).where(
        User.id == ctx.actor.user_id if ctx.actor.is_rep else User.unit_id.in_(units_below(ctx.actor.unit_id))
    )
    if unit_id is not None:
        query = query.where(User.unit_id == unit_id)
    if role is not None:
        query = query.where(User.role == role)
    if active is not None:
        query = query.where(User.active == active)
    total = ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = ctx.session.scalars(query.order_by(User.name, User.id).limit(paging.limit).offset(paging.offset))
    items = [UserOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post("", status_code=201)
def add_user(body: UserIn, response: Response, ctx: Administering) -> NewUserOut:
    """A new user, who signs in with the link token the first time and sets a password."""
    unit = unit_for(ctx.session, ctx.actor, body.unit_id)
    if unit.closed_at is not None:
        raise conflict(f"The unit '{unit.name}' is closed.")
    _free(ctx, body.email)
    user = accounts.add_user(ctx.session, ctx.now, **body.model_dump())
    link = accounts.new_link(ctx.service, ctx.session, user)
    ctx.audit("create", "user", user.id, after=_said(user), unit_id=user.unit_id)
    set_etag(response, user)
    return NewUserOut(user=UserOut.model_validate(user), link_token=link.token, link_expires_at=link.expires_at)


@router.get("/{user_id}")
def get_user(user_id: str, response: Response, ctx: Reading) -> UserOut:
    """One user."""
    user = user_for(ctx.session, ctx.actor, user_id)
    set_etag(response, user)
    return UserOut.model_validate(user)


@router.patch("/{user_id}")
def change_user(user_id: str, body: UserPatch, match: IfMatch, response: Response, ctx: Administering) -> UserOut:
    """Rename, promote or move a user; a changed role or unit ends all sessions of that user."""
    user = user_for(ctx.session, ctx.actor, user_id)
    check_match(user, match)
    before = _said(user)
    wanted = body.model_dump(exclude_unset=True, exclude_none=True)
    moved = {name for name in ("unit_id", "role") if name in wanted and wanted[name] != getattr(user, name)}
    if moved and user.id == ctx.actor.user_id:
        raise conflict("Nobody changes the own role or unit. Ask another administrator.")
    if "unit_id" in moved:
        unit = unit_for(ctx.session, ctx.actor, wanted["unit_id"])
        if unit.closed_at is not None:
            raise conflict(f"The unit '{unit.name}' is closed.")
    if "email" in wanted and wanted["email"] != user.email:
        _free(ctx, wanted["email"])
    for name, value in wanted.items():
        setattr(user, name, value)
    after = _said(user)
    if after != before:
        ctx.session.flush()
        if moved:
            _begin_period(ctx, user)
            end_sessions(ctx.session, user.id)
        old, new = difference(before, after)
        ctx.audit("change", "user", user.id, before=old, after=new, unit_id=user.unit_id)
    set_etag(response, user)
    return UserOut.model_validate(user)


@router.post("/{user_id}/deactivate")
def deactivate_user(user_id: str, match: IfMatch, response: Response, ctx: Administering) -> UserOut:
    """Close an account: sessions end, tokens are revoked, everything that the user did stays."""
    user = user_for(ctx.session, ctx.actor, user_id)
    check_match(user, match)
    if user.id == ctx.actor.user_id:
        raise conflict("Nobody closes the own account. Ask another administrator.")
    if user.active:
        _switch(ctx, user, active=False)
        end_sessions(ctx.session, user.id)
        for token in ctx.session.scalars(
            select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
        ):
            token.revoked_at = ctx.now
    set_etag(response, user)
    return UserOut.model_validate(user)


@router.post("/{user_id}/activate")
def activate_user(user_id: str, match: IfMatch, response: Response, ctx: Administering) -> UserOut:
    """Open an account again."""
    user = user_for(ctx.session, ctx.actor, user_id)
    check_match(user, match)
    if not user.active:
        _switch(ctx, user, active=True)
    set_etag(response, user)
    return UserOut.model_validate(user)


@router.post("/{user_id}/link", status_code=201)
def make_link(user_id: str, ctx: Administering) -> LinkOut:
    """A new one-time sign-in link for a user who has forgotten the password."""
    user = user_for(ctx.session, ctx.actor, user_id)
    if not user.active:
        raise conflict("The account is closed. Activate it first.")
    link = accounts.new_link(ctx.service, ctx.session, user)
    ctx.audit("make_link", "user", user.id, unit_id=user.unit_id)
    return LinkOut(link_token=link.token, link_expires_at=link.expires_at)


@router.get("/{user_id}/history")
def user_history(user_id: str, ctx: Reading) -> list[UserPeriodOut]:
    """Units and roles of a user, oldest first."""
    user = user_for(ctx.session, ctx.actor, user_id)
    rows = ctx.session.scalars(select(UserPeriod).where(UserPeriod.user_id == user.id).order_by(UserPeriod.id))
    return [UserPeriodOut.model_validate(row) for row in rows]


def _free(ctx: Context, email: str) -> None:
    if ctx.session.scalar(select(User.id).where(User.email == email)) is not None:
        raise conflict("Another user has this address.", code="email_taken")


def _said(user: User) -> dict[str, Any]:
    names = ("email", "name", "unit_id", "role", "language", "active")
    return {name: str(getattr(user, name)) if name == "role" else getattr(user, name) for name in names}


def _switch(ctx: Context, user: User, *, active: bool) -> None:
    user.active = active
    ctx.session.flush()
    _begin_period(ctx, user)
    ctx.audit("activate" if active else "deactivate", "user", user.id, unit_id=user.unit_id)


def _begin_period(ctx: Context, user: User) -> None:
    query = select(UserPeriod).where(UserPeriod.user_id == user.id, UserPeriod.valid_to.is_(None))
    for period in ctx.session.scalars(query):
        period.valid_to = ctx.now
    ctx.session.flush()
    ctx.session.add(
        UserPeriod(user_id=user.id, unit_id=user.unit_id, role=str(user.role), active=user.active, valid_from=ctx.now)
    )
