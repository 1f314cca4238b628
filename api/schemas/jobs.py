"""Jobs as they travel."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field

from api.jobs.states import JobState, PartState, Phase, Wish
from api.schemas.common import Input, Name, Schema
from api.store.models import JobPart, JobRow
from territories.problem import Present


class PlanRequest(Input):
    """How a project is to be planned; the defaults suit every project."""

    name: Name = Field(default="Plan", description="Name of the plan that is made.", examples=["November"])
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="The same data and seed give the same plan.")
    seconds: float | None = Field(
        default=None, gt=0, le=86_400, description="Search time over all reps; without it, what the size asks for."
    )
    iterations: int | None = Field(
        default=None, ge=1, le=100_000_000, description="Search steps for each territory, instead of a time."
    )
    today_reps: Present | None = Field(
        default=None,
        description="What a customer's present rep means to the new territories; `lock` when a plan is named in "
        "based_on, else `ignore`.",
    )
    based_on: str | None = Field(
        default=None,
        max_length=32,
        description="A plan of the project to start from: its territories count as the present ones, and visit days "
        "stay where they can.",
    )
    rebalance: bool = Field(
        default=True, description="Balance the territories again on the hours that were really routed."
    )


class JobProgressOut(Schema):
    """How far a job is."""

    phase: Phase
    share: float = Field(ge=0, le=1)
    cost: float | None = Field(description="Best cost so far, currency.")
    territories: int
    solved: int
    failed: list[str] = Field(description="Territories that could not be solved.")
    seconds_left: float | None


class JobOut(Schema):
    """A job."""

    id: str
    project_id: str | None
    kind: Literal["plan", "compare"]
    state: JobState
    wish: Wish = Field(description="What was asked of the running job.")
    progress: JobProgressOut
    request: dict[str, Any]
    error: str = Field(description="Why it failed.")
    plan_id: str | None = Field(description="The plan that it made.")
    comparison_id: str | None = Field(description="The comparison that it made.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: JobRow) -> Self:
        """From its row."""
        return cls.model_validate(
            {
                "id": row.id,
                "project_id": row.project_id,
                "kind": row.kind,
                "state": row.state,
                "wish": row.stop_wish,
                "progress": row.progress,
                "request": row.request,
                "error": row.error,
                "plan_id": row.result_id if row.kind == "plan" else None,
                "comparison_id": row.result_id if row.kind == "compare" else None,
                "created_at": row.created_at,
                "started_at": row.started_at,
                "finished_at": row.finished_at,
            }
        )


class JobPartOut(Schema):
    """A part of a job: the territories of a round, or the routes of one rep in it."""

    name: str
    label: str = Field(description="The rep.")
    state: PartState
    attempts: int = Field(description="Attempts that failed.")
    error: str
    updated_at: datetime

    @classmethod
    def of(cls, row: JobPart) -> Self:
        """From its row."""
        return cls.model_validate(row)
