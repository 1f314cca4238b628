"""What customers are owed after a visit, as it travels."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.schemas.common import Input, Key, Prose, Schema


class FollowUpKind(StrEnum):
    """What it is: something promised, a second look whether all is well, or the answer to a complaint."""

    PROMISE = "promise"
    CALL_BACK = "call_back"
    COMPLAINT = "complaint"


class FollowUpState(StrEnum):
    """How far it is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class FollowUpIn(Input):
    """A promise, call-back or complaint that did not come up during a visit."""

    customer_id: Key
    rep_id: Key = Field(description="Who sees to it.")
    kind: FollowUpKind
    text: Annotated[str, Field(min_length=1, max_length=5000)]
    due: date | None = None


class FollowUpBody(Input):
    """How far it is; the same again changes nothing."""

    state: FollowUpState
    outcome: Prose = Field(default="", description="What was done, or why it was dropped.")


class FollowUpOut(Schema):
    """A promise, a call-back or a complaint."""

    id: str
    customer_id: str
    rep_id: str
    visit_id: str | None
    kind: FollowUpKind
    state: FollowUpState
    text: str
    due: date | None
    outcome: str
    author_id: str
    closed_by: str | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
