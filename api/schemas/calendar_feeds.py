"""Calendar feeds as they travel."""

from datetime import datetime

from pydantic import Field

from api.schemas.common import Input, Key, Schema


class FeedIn(Input):
    """Whose visits the calendar shall show."""

    rep_id: Key


class FeedOut(Schema):
    """A calendar feed; its address is told once, when it is made."""

    id: str
    rep_id: str
    created_by: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class NewFeed(FeedOut):
    """A new calendar feed with its secret address."""

    path: str = Field(description="Below the service's address. Whoever knows it can read the calendar.")
