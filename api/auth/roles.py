"""Who may do what: five roles, and what scopes of an API token leave of them."""

from enum import StrEnum


class Role(StrEnum):
    """What a user is in the organisation."""

    ADMIN = "admin"
    APPROVER = "approver"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


class Right(StrEnum):
    """Kinds of acts. An object must also lie in the user's own unit or below; see :mod:`api.auth.scope`."""

    READ = "read"
    EDIT = "edit"
    PLAN = "plan"
    APPROVE = "approve"
    REMARK = "remark"
    VISIT = "visit"
    ADMIN = "admin"
    AUDIT = "audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.APPROVER: frozenset({Right.READ, Right.REMARK, Right.APPROVE, Right.AUDIT}),
    Role.MANAGER: frozenset({Right.READ, Right.EDIT, Right.PLAN, Right.REMARK, Right.VISIT, Right.AUDIT}),
    Role.REP: frozenset({Right.READ, Right.REMARK, Right.VISIT}),
    Role.VIEWER: frozenset({Right.READ}),
}


class Scope(StrEnum):
    """What an API token may be used for; never more than its user may do."""

    READ = "read"
    WRITE = "write"
    PLAN = "plan"
    ADMIN = "admin"


SCOPE_RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset({Right.READ}),
    Scope.WRITE: frozenset({Right.READ, Right.EDIT, Right.REMARK, Right.VISIT}),
    Scope.PLAN: frozenset({Right.READ, Right.PLAN, Right.APPROVE}),
    Scope.ADMIN: frozenset({Right.READ, Right.ADMIN, Right.AUDIT}),
}


def rights_of(role: Role, scopes: list[str] | None = None) -> frozenset[Right]:
    """The rights of a role; with the scopes of a token, only those that the scopes name too."""
    own = RIGHTS[role]
    if scopes is None:
        return own
    named: frozenset[Right] = frozenset().union(*(SCOPE_RIGHTS[Scope(s)] for s in scopes))
    return own & named
