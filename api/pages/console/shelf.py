"""Plans of the console as they say in their newest revision; a revision never changes, so that it is kept ready."""

from dataclasses import dataclass

from fastapi import Request

from api.deps import Context
from api.lifecycle.acts import plan_for
from api.store.models import PlanRow, ProjectRow
from api.store.plans import load_plan
from api.store.shelf import Shelf
from routing.export import SavedPlan
from territories.edits import Draft
from territories.problem import TerritoryProblem


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A plan that the user may see, with what it says."""

    project: ProjectRow
    row: PlanRow
    saved: SavedPlan


def open_plan(request: Request, ctx: Context, project_id: str, plan_id: str) -> Opened:
    """A plan of the console."""
    project, row = plan_for(ctx, project_id, plan_id)
    saved = _shelf(request).get((row.id, row.revision), lambda: load_plan(ctx.session, row.id))
    return Opened(project=project, row=row, saved=saved)


def open_draft(request: Request, opened: Opened) -> Draft:
    """The territories of a plan as a draft to branch from; not to be changed itself."""

    def make() -> Draft:
        return Draft(TerritoryProblem.from_project(opened.saved.project), opened.saved.plan.assignment)

    return _shelf(request).get(("draft", opened.row.id, opened.row.revision), make)


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
