"""What a job and its parts can be.

::

    queued ──claimed──▶ running ──▶ done | incomplete | failed | cancelled
      ▲                    │
      └── server stopped ──┘        a running job whose lease ran out is claimed again
"""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands; ``incomplete`` has a plan, but some territories in it could not be solved."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.INCOMPLETE, JobState.FAILED, JobState.CANCELLED})


class PartState(StrEnum):
    """Where a part of a job stands."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class Wish(StrEnum):
    """What somebody asked of a running job."""

    NONE = ""
    STOP = "stop"
    CANCEL = "cancel"


class Phase(StrEnum):
    """What a running job is doing."""

    WAITING = "waiting"
    TERRITORIES = "territories"
    ROUTES = "routes"
    REBALANCING = "rebalancing"
    BOUNDS = "bounds"
    CHECK = "check"
    ENDED = "ended"
