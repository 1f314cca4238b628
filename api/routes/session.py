"""Signing in and out."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from api.auth import accounts, throttle
from api.auth.roles import Role, rights_of
from api.auth.secrets import check_password
from api.auth.sessions import COOKIE, CSRF_COOKIE, NewSession, end_sessions, set_cookies, start_session
from api.deps import Reading, SelfService, ServiceDep, WriteSession
from api.errors import ApiError
from api.schemas.organisation import PasswordChange, SessionOut, SignIn, SignInByLink, UserOut
from api.service import Service
from api.store.models import User

router = APIRouter(prefix="/session", tags=["session"])


@router.post("", status_code=201)
def sign_in(request: Request, response: Response, body: SignIn, service: ServiceDep) -> SessionOut:
    """Sign in with a password; sets the session cookie."""
    host = request.client.host if request.client else ""
    throttle.refuse_if_waiting(service, body.email, host)
    with service.store.reading() as session:
        user = session.scalar(select(User).where(User.email == body.email, User.active))
    right, better_hash = check_password(body.password.get_secret_value(), user.password_hash if user else None)
    if user is None or not right:
        throttle.count_failure(service, body.email, host)
        raise ApiError(401, "The address or the password is wrong.", code="wrong_password")
    throttle.forget(service, body.email)
    with service.store.writing() as session:
        user = session.get_one(User, user.id)
        if better_hash:
            user.password_hash = better_hash
        accounts.note_sign_in(service, session, user, "password", request.state.request_id)
        return _signed_in(service, response, user, start_session(service, session, user))


@router.post("/link", status_code=201)
def sign_in_by_link(
    request: Request, response: Response, body: SignInByLink, service: ServiceDep, session: WriteSession
) -> SessionOut:
    """Sign in with a one-time link, and set a password on the way; sets the session cookie."""
    user = accounts.use_link(service, session, body.token)
    if body.password is not None:
        accounts.set_password(service, user, body.password.get_secret_value())
        end_sessions(session, user.id)
    accounts.note_sign_in(service, session, user, "link", request.state.request_id)
    return _signed_in(service, response, user, start_session(service, session, user))


@router.get("")
def who_am_i(ctx: Reading) -> SessionOut:
    """The signed-in user and this user's rights."""
    user = ctx.session.get_one(User, ctx.actor.user_id)
    return SessionOut(user=UserOut.model_validate(user), rights=sorted(ctx.actor.rights))


@router.post("/password", status_code=204)
def change_password(body: PasswordChange, ctx: SelfService) -> None:
    """Change one's own password; all other sessions end. Programs cannot do this."""
    if ctx.actor.session_id is None:
        raise ApiError(403, "A password is changed by its user, not by a token.", code="forbidden")
    user = ctx.session.get_one(User, ctx.actor.user_id)
    right, _ = check_password(body.old.get_secret_value(), user.password_hash)
    if not right:
        raise ApiError(403, "The old password is wrong.", code="wrong_password")
    accounts.set_password(ctx.service, user, body.new.get_secret_value())
    end_sessions(ctx.session, user.id, but=ctx.actor.session_id)
    ctx.audit("change_password", "user", user.id)


@router.delete("", status_code=204)
def sign_out(response: Response, ctx: SelfService) -> None:
    """End the session."""
    if ctx.actor.session_id is not None:
        end_sessions(ctx.session, ctx.actor.user_id, only=ctx.actor.session_id)
        ctx.audit("sign_out", "user", ctx.actor.user_id)
    response.delete_cookie(COOKIE)
    response.delete_cookie(CSRF_COOKIE)


def _signed_in(service: Service, response: Response, user: User, new: NewSession) -> SessionOut:
    set_cookies(service, response, new)
    return SessionOut(
        user=UserOut.model_validate(user),
        rights=sorted(rights_of(Role(user.role))),
        csrf_token=new.csrf_token,
        expires_at=new.expires_at,
    )
