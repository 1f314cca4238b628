"""Who makes a request."""

from dataclasses import dataclass

from api.auth.roles import Right, Role
from api.errors import ApiError, forbidden


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A signed-in user, or a program that acts for one.

    Parameters
    ----------
    session_id, token_id
        How this user got in; one of them is None, or both for the service itself.
    rights
        What role and token scopes allow.
    """

    user_id: str
    unit_id: str
    role: Role
    rights: frozenset[Right]
    session_id: str | None = None
    token_id: str | None = None

    @property
    def is_rep(self) -> bool:
        """Whether only own customers and routes are visible."""
        return self.role is Role.REP

    def may(self, right: Right) -> bool:
        """Whether this actor has a right."""
        return right in self.rights

    def need(self, right: Right) -> None:
        """Raise the error for a missing right."""
        if right not in self.rights:
            raise forbidden(f"This needs the right '{right}'; the role '{self.role}' or this token does not have it.")


def sign_in_needed() -> ApiError:
    """The answer to a request without a valid session or token."""
    return ApiError(
        401,
        "Sign in first, or send a valid API token.",
        code="sign_in_needed",
        headers={"WWW-Authenticate": "Bearer"},
    )
