"""Which act leads from which state of a plan to which.

::

    draft ──submit──▶ submitted ──approve──▶ approved ──publish──▶ published ──(its successor)──▶ superseded
      ▲                  │                      │
      │               return (reason)        return (reason)
      └── edits ── returned ◀──────────────────┘        a returned plan is edited and submitted again
"""

from enum import StrEnum


class State(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Act(StrEnum):
    """What moves a plan from one state to another."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"


NEXT: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.APPROVE): State.APPROVED,
    (State.SUBMITTED, Act.RETURN): State.RETURNED,
    (State.APPROVED, Act.RETURN): State.RETURNED,
    (State.APPROVED, Act.PUBLISH): State.PUBLISHED,
}

EDITABLE = frozenset({State.DRAFT, State.RETURNED})
"""States in which a plan may still be changed by hand."""


def possible(state: State) -> list[Act]:
    """The acts that a plan in this state can undergo."""
    return [act for (start, act) in NEXT if start is state]
