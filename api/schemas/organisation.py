"""Units, users, sessions and tokens as they travel."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from api.auth.roles import Role, Scope
from api.schemas.common import Input, Name, Schema

Email = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")
]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=256)]


class UnitIn(Input):
    """A new unit below another one."""

    parent_id: str
    name: Name = Field(examples=["Branch Coquimbo"])
    kind: str = Field(default="", max_length=60, examples=["branch"])


class UnitPatch(Input):
    """What changes; a new `parent_id` moves the unit with everything below it."""

    parent_id: str | None = None
    name: Name | None = None
    kind: str | None = Field(default=None, max_length=60)


class UnitOut(Schema):
    """A unit."""

    id: str
    parent_id: str | None
    name: str
    kind: str
    created_at: datetime
    closed_at: datetime | None
    version: int


class UnitPeriodOut(Schema):
    """Where a unit hung, and under which name, from a moment until the next change."""

    unit_id: str
    parent_id: str | None
    name: str
    kind: str
    valid_from: datetime
    valid_to: datetime | None


class UserIn(Input):
    """A new user; the answer to the request holds a one-time sign-in link token."""

    email: Email = Field(examples=["ana@example.org"])
    name: Name
    unit_id: str
    role: Role
    language: str = Field(default="en", pattern="^(en|es|zh)$")


class UserPatch(Input):
    """What changes."""

    email: Email | None = None
    name: Name | None = None
    unit_id: str | None = None
    role: Role | None = None
    language: str | None = Field(default=None, pattern="^(en|es|zh)$")


class UserOut(Schema):
    """A user."""

    id: str
    email: str
    name: str
    unit_id: str
    role: Role
    language: str
    active: bool
    created_at: datetime
    version: int


class NewUserOut(Schema):
    """A new user, and the token with which that user signs in the first time."""

    user: UserOut
    link_token: str
    link_expires_at: datetime


class LinkOut(Schema):
    """A one-time sign-in link."""

    link_token: str
    link_expires_at: datetime


class UserPeriodOut(Schema):
    """Unit and role of a user from a moment until the next change."""

    user_id: str
    unit_id: str
    role: Role
    active: bool
    valid_from: datetime
    valid_to: datetime | None


class SignIn(Input):
    """Signing in with a password."""

    email: Email
    password: Secret


class SignInByLink(Input):
    """Signing in with a one-time link, and setting a password on the way."""

    token: str = Field(min_length=1, max_length=200)
    password: Secret | None = None


class PasswordChange(Input):
    """A new password; all other sessions of the user end."""

    old: Secret
    new: Secret


class SessionOut(Schema):
    """Who is signed in, and what this user may do. `csrf_token` goes into the header X-CSRF-Token of each write."""

    user: UserOut
    rights: list[str]
    csrf_token: str | None = None
    expires_at: datetime | None = None


class TokenIn(Input):
    """A new API token of one's own."""

    name: Name = Field(examples=["nightly import"])
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: int | None = Field(
        default=None, ge=1, le=3650, description="Good for this many days; for ever when left out."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.scopes)) < len(self.scopes):
            raise ValueError("names a scope twice")
        return self


class TokenOut(Schema):
    """An API token, without the secret itself."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class NewTokenOut(Schema):
    """A new API token; its secret is shown only here."""

    token: TokenOut
    secret: str
