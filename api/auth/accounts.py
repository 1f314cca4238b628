"""The first user, one-time links and passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api import audit
from api.auth.openid import Identity
from api.auth.roles import Role
from api.auth.secrets import hash_password, hash_token, new_token
from api.auth.sessions import KEY_NAME
from api.errors import ApiError
from api.service import Service
from api.store.models import Secret, SignInLink, Unit, UnitPeriod, User, UserPeriod, new_id
from routing.errors import InvalidInput, Issue

FIRST_EMAIL = "admin@localhost"
FIRST_UNIT = "Head office"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A token that signs a user in once."""

    token: str
    expires_at: datetime


def prepare(session: Session, now: datetime) -> None:
    """Make the key that signs cookies, once in the life of a database."""
    if session.get(Secret, KEY_NAME) is None:
        try:
            with session.begin_nested():
                session.add(Secret(name=KEY_NAME, value=new_token(), created_at=now))
        except IntegrityError:
            session.expire_all()  # another server that starts at the same time was first


def first_link(service: Service) -> Link | None:
    """A sign-in link for the first administrator, made with the first unit; None once somebody has a password."""
    with service.store.writing() as session:
        if session.scalar(select(func.count()).select_from(User).where(User.password_hash.is_not(None))):
            return None
        user = session.scalar(select(User).where(User.email == FIRST_EMAIL))
        if user is None:
            if session.scalar(select(func.count()).select_from(User)):
                return None
            user = _first_user(session, service.clock())
        return new_link(service, session, user)


def link_for(service: Service, email: str | None) -> tuple[User, Link]:
    """A sign-in link for somebody who is locked out, made beside the service by whoever runs it.

    Parameters
    ----------
    email
        Whose; None for the administrator when there is only one.

    Raises
    ------
    InvalidInput
        If there is no such open account, or more than one administrator.
    """
    whose = User.role == Role.ADMIN if email is None else User.email == email.strip().lower()
    with service.store.writing() as session:
        found = session.scalars(select(User).where(whose, User.active).order_by(User.email)).all()
        if len(found) != 1:
            names = f" Administrators: {', '.join(user.email for user in found)}." if found else ""
            raise InvalidInput(
                [
                    Issue(
                        what=f"There is {'more than one' if found else 'no'} open account to make a link for.{names}",
                        cure="Give the e-mail address of an account.",
                    )
                ]
            )
        (user,) = found
        audit.record(
            session, None, at=service.clock(), act="make_link", kind="user", object_id=user.id, unit_id=user.unit_id
        )
        return user, new_link(service, session, user)


def _first_user(session: Session, now: datetime) -> User:
    unit = Unit(id=new_id(), parent_id=None, name=FIRST_UNIT, kind="head office", created_at=now)
    session.add(unit)
    session.flush()
    session.add(UnitPeriod(unit_id=unit.id, parent_id=None, name=unit.name, kind=unit.kind, valid_from=now))
    return add_user(session, now, email=FIRST_EMAIL, name="Administrator", unit_id=unit.id, role=Role.ADMIN)


def add_user(
    session: Session, now: datetime, *, email: str, name: str, unit_id: str, role: Role, language: str = "en"
) -> User:
    """A new user with the first period of its history."""
    user = User(
        id=new_id(), unit_id=unit_id, email=email, name=name, role=role, language=language, active=True, created_at=now
    )
    session.add(user)
    session.flush()
    session.add(UserPeriod(user_id=user.id, unit_id=unit_id, role=role, active=True, valid_from=now))
    return user


def new_link(service: Service, session: Session, user: User) -> Link:
    """A link that signs a user in once; it stands beside earlier ones."""
    now = service.clock()
    token, expires = new_token(), now + timedelta(seconds=service.settings.link_seconds)
    session.add(SignInLink(token_hash=hash_token(token), user_id=user.id, created_at=now, expires_at=expires))
    return Link(token=token, expires_at=expires)


def use_link(service: Service, session: Session, token: str) -> User:
    """The user of a link, which is used up by this."""
    now = service.clock()
    link = session.scalar(select(SignInLink).where(SignInLink.token_hash == hash_token(token)).with_for_update())
    user = session.get(User, link.user_id) if link else None
    if link is None or user is None or link.used_at is not None or link.expires_at <= now or not user.active:
        raise ApiError(
            401, "This link has been used, is too old, or was never given. Ask for a new one.", code="bad_link"
        )
    link.used_at = now
    return user


def user_of_identity(service: Service, session: Session, identity: Identity, request_id: str) -> User:
    """The account of somebody whom the provider has named; at the first time it is found by its address.

    Raises
    ------
    ApiError
        403 for somebody without an open account here.
    """
    user = session.scalar(select(User).where(User.oidc_subject == identity.subject))
    if user is None and identity.email is not None:
        query = select(User).where(User.email == identity.email, User.oidc_subject.is_(None), User.active)
        user = session.scalar(query.with_for_update())
        if user is not None:
            user.oidc_subject = identity.subject
            audit.record(
                session,
                None,
                at=service.clock(),
                act="link_openid",
                kind="user",
                object_id=user.id,
                unit_id=user.unit_id,
                request_id=request_id,
            )
    if user is None or not user.active:
        raise ApiError(
            403,
            "You have no account in rounds under this address. Ask its administrator for one.",
            code="no_account",
        )
    return user


def set_password(service: Service, user: User, password: str) -> None:
    """Give a user a new password.

    Raises
    ------
    InvalidInput
        If the password is too short or is the user's own name or address.
    """
    least = service.settings.password_length
    if len(password) < least:
        raise InvalidInput(
            [
                Issue(
                    what=f"The password is shorter than {least} characters.",
                    cure="Choose a longer one.",
                    column="password",
                    code="bad_password",
                )
            ]
        )
    if password.casefold() in (user.email.casefold(), user.name.casefold()) or len(set(password)) < 4:
        raise InvalidInput(
            [
                Issue(
                    what="The password is easy to guess.",
                    cure="Choose another one.",
                    column="password",
                    code="bad_password",
                )
            ]
        )
    user.password_hash = hash_password(password)


def note_sign_in(service: Service, session: Session, user: User, way: str, request_id: str) -> None:
    """Write down that a user signed in."""
    audit.record(
        session,
        None,
        at=service.clock(),
        act="sign_in",
        kind="user",
        object_id=user.id,
        unit_id=user.unit_id,
        after={"way": way},
        request_id=request_id,
    )
