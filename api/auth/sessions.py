"""Sessions of browsers and API tokens of programs: made, recognised, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth.actor import Actor
from api.auth.roles import Role, rights_of
from api.auth.secrets import hash_token, new_token, same
from api.service import Service
from api.store.models import ApiToken, Secret, User, UserSession

COOKIE = "rounds_session"
CSRF_COOKIE = "rounds_csrf"
CSRF_HEADER = "X-CSRF-Token"
USE_IS_NOTED_EVERY = timedelta(seconds=60)
KEY_NAME = "cookie_key"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSession:
    """What the browser gets: the signed cookie, the CSRF token, and until when both are good."""

    cookie: str
    csrf_token: str
    expires_at: datetime


def start_session(service: Service, session: Session, user: User) -> NewSession:
    """Sign a user in; expired sessions are forgotten on the way."""
    now = service.clock()
    session.execute(delete(UserSession).where(UserSession.expires_at < now))
    token, csrf = new_token(), new_token()
    expires = now + timedelta(seconds=service.settings.session_seconds)
    session.add(
        UserSession(
            token_hash=hash_token(token),
            csrf_hash=hash_token(csrf),
            user_id=user.id,
            created_at=now,
            used_at=now,
            expires_at=expires,
        )
    )
    return NewSession(cookie=_signer(service, session).dumps(token), csrf_token=csrf, expires_at=expires)


def actor_of_cookie(service: Service, cookie: str) -> tuple[Actor, str] | None:
    """The user of a signed cookie, and the hash of the session's CSRF token; None when it is not good (any more)."""
    now, settings = service.clock(), service.settings
    with service.store.reading() as session:
        try:
            token = _signer(service, session).loads(cookie)
        except BadSignature:
            return None
        found = session.execute(
            select(UserSession, User)
            .join(User, User.id == UserSession.user_id)
            .where(UserSession.token_hash == hash_token(str(token)), UserSession.expires_at > now, User.active)
        ).first()
    if found is None:
        return None
    row, user = found
    if row.used_at + timedelta(seconds=settings.session_idle_seconds) < now:
        return None
    if row.used_at + USE_IS_NOTED_EVERY < now:
        with service.store.writing() as session:
            session.merge(row).used_at = now
    role = Role(user.role)
    actor = Actor(user_id=user.id, unit_id=user.unit_id, role=role, rights=rights_of(role), session_id=row.id)
    return actor, row.csrf_hash


def actor_of_token(service: Service, token: str) -> Actor | None:
    """The user for whom a program acts; None when the token is unknown, revoked or expired."""
    now = service.clock()
    with service.store.reading() as session:
        found = session.execute(
            select(ApiToken, User)
            .join(User, User.id == ApiToken.user_id)
            .where(
                ApiToken.token_hash == hash_token(token),
                ApiToken.revoked_at.is_(None),
                or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
                User.active,
            )
        ).first()
    if found is None:
        return None
    row, user = found
    if row.used_at is None or row.used_at + USE_IS_NOTED_EVERY < now:
        with service.store.writing() as session:
            session.merge(row).used_at = now
    role = Role(user.role)
    return Actor(user_id=user.id, unit_id=user.unit_id, role=role, rights=rights_of(role, row.scopes), token_id=row.id)


def csrf_is_right(given: str, csrf_hash: str) -> bool:
    """Whether the token in the header is that of the session."""
    return same(hash_token(given), csrf_hash)


def end_sessions(session: Session, user_id: str, *, only: str | None = None, but: str | None = None) -> None:
    """Sign a user out everywhere, or end only one session, or all but one."""
    query = delete(UserSession).where(UserSession.user_id == user_id)
    if only is not None:
        query = query.where(UserSession.id == only)
    if but is not None:
        query = query.where(UserSession.id != but)
    session.execute(query)


def set_cookies(service: Service, response: Response, new: NewSession) -> None:
    """Give the browser its session, and the CSRF token that its own pages may read."""
    seconds, secure = service.settings.session_seconds, service.settings.cookie_secure
    response.set_cookie(COOKIE, new.cookie, max_age=seconds, httponly=True, secure=secure, samesite="lax")
    response.set_cookie(CSRF_COOKIE, new.csrf_token, max_age=seconds, secure=secure, samesite="strict")


def signing_key(service: Service, session: Session) -> str:
    """What signs the service's cookies."""
    configured = service.settings.secret_key
    return configured.get_secret_value() if configured else session.get_one(Secret, KEY_NAME).value


def _signer(service: Service, session: Session) -> URLSafeSerializer:
    return URLSafeSerializer(signing_key(service, session), salt="rounds.session")
