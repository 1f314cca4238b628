"""Manual edits as they travel."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field

from api.lifecycle import edits
from api.schemas.common import Input, Key, Schema
from api.schemas.plans import PlanOut, ViolationOut
from api.store.plans import violation_values


class MoveBody(Input):
    """A visit goes to another day of the same rep, or to another place in its day."""

    kind: Literal["move"]
    customer_id: Key
    day: date
    to_day: date
    position: int | None = Field(default=None, ge=0, le=1000, description="Place in the day; the best one if left out.")

    def to_domain(self) -> edits.Edit:
        """The edit."""
        return edits.Move(customer_id=self.customer_id, day=self.day, to_day=self.to_day, position=self.position)


class SwapBody(Input):
    """Two visits of a rep change days and places."""

    kind: Literal["swap"]
    customer_id: Key
    day: date
    other_customer_id: Key
    other_day: date

    def to_domain(self) -> edits.Edit:
        """The edit."""
        return edits.Swap(
            customer_id=self.customer_id,
            day=self.day,
            other_customer_id=self.other_customer_id,
            other_day=self.other_day,
        )


class ReassignBody(Input):
    """A customer goes to another rep, with all visits on the days they have."""

    kind: Literal["reassign"]
    customer_id: Key
    rep_id: Key

    def to_domain(self) -> edits.Edit:
        """The edit."""
        return edits.Reassign(customer_id=self.customer_id, rep_id=self.rep_id)


class PinEdit(Input):
    """A visit is not to leave its day any more."""

    kind: Literal["pin"]
    customer_id: Key
    day: date

    def to_domain(self) -> edits.Edit:
        """The edit."""
        return edits.PinVisit(customer_id=self.customer_id, day=self.day)


EditBody = Annotated[MoveBody | SwapBody | ReassignBody | PinEdit, Field(discriminator="kind")]


class EditsIn(Input):
    """Edits, made one after the other; with `dry_run` only to see what they would break and cost."""

    edits: list[EditBody] = Field(min_length=1, max_length=100)
    dry_run: bool = False


class EditsOut(Schema):
    """What edits break, mend and cost."""

    saved: bool
    plan: PlanOut
    broken: list[ViolationOut] = Field(description="Rules that the edits break.")
    mended: list[ViolationOut] = Field(description="Rules that they no longer break.")
    violations: int = Field(description="Broken rules after the edits.")
    cost_before: dict[str, float]
    cost_after: dict[str, float]
    cost_change: float = Field(description="After minus before, the user's currency.")

    @classmethod
    def of(cls, edited: edits.Edited, plan: PlanOut, *, saved: bool) -> Self:
        """From the result."""
        before, after = edited.cost_before, edited.cost_after
        return cls(
            saved=saved,
            plan=plan,
            broken=[ViolationOut.model_validate(violation_values(v)) for v in edited.broken],
            mended=[ViolationOut.model_validate(violation_values(v)) for v in edited.mended],
            violations=len(edited.violations),
            cost_before={**asdict(before), "total": before.total},
            cost_after={**asdict(after), "total": after.total},
            cost_change=after.total - before.total,
        )
