"""Visit standards as they travel."""

from typing import Annotated

from pydantic import Field

from api.schemas.common import Input, Prose, Schema


class VisitStandardBody(Input):
    """What visits of a channel are for, and what the rep takes along."""

    channel: Annotated[str, Field(max_length=100)] = Field(default="", description="Empty: for every channel.")
    purpose: Prose = ""
    goal: Prose = ""
    kit: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=100)


class VisitStandardOut(Schema):
    """What visits of a channel are for, and what the rep takes along."""

    channel: str
    purpose: str
    goal: str
    kit: list[str]
