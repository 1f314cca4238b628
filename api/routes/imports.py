"""Bulk import of customers and reps, with the data report."""

from typing import Annotated, Any

from fastapi import File, Form, UploadFile
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from api.deps import Context, Editing, Reading
from api.errors import ApiError
from api.once import new_router
from api.schemas.common import Schema
from api.store.imports import Taken, keep_what_files_lack, take_customers, take_reps
from api.store.models import ProjectRow, RepRow
from api.store.projects import rep_of
from api.uploads import stored
from routing.domain import TravelMode
from routing.geo.datum import Datum
from routing.io import DataReport, Loaded, ReadOptions, load_files

router = new_router("/projects/{project_id}/imports", tag="customers")

Files = Annotated[
    list[UploadFile], File(min_length=1, max_length=4, description="CSV, XLSX or GeoJSON of customers or reps.")
]


class TakenOut(Schema):
    """What an import does to the records of one kind."""

    added: list[str]
    changed: list[str]
    unchanged: int
    deactivated: list[str]


class ImportOut(Schema):
    """What an import does, and the report on the files."""

    saved: bool
    customers: TakenOut
    reps: TakenOut
    report: dict[str, Any]


@router.post("")
def import_files(
    project_id: str,
    files: Files,
    ctx: Editing,
    datum: Annotated[Datum, Form(description="Datum of the coordinates in the files.")] = Datum.WGS84,
    strict: Annotated[bool, Form(description="Refuse files with faulty rows.")] = False,
    dry_run: Annotated[bool, Form(description="Only report what would happen.")] = False,
    deactivate_missing: Annotated[
        bool, Form(description="Customers that the files lack leave planning; they are not deleted.")
    ] = False,
) -> ImportOut:
    """Read customers and reps from files, add the new ones and change the known ones, all or nothing.

    Faulty rows are set aside and listed in the report.
    """
    project = ctx.project(project_id)
    loaded = read_files(ctx, project, files, datum)
    loaded.report.raise_if(strict=strict)
    with ctx.session.begin_nested() as attempt:
        customers = keep_what_files_lack(loaded.customers, project, ctx.session)
        taken = take_customers(
            ctx.session,
            project,
            customers,
            deactivate_missing=deactivate_missing and bool(customers),
            now=ctx.now,
            actor_id=ctx.actor.user_id,
        )
        reps = take_reps(ctx.session, project, loaded.reps, now=ctx.now, actor_id=ctx.actor.user_id)
        if dry_run:
            attempt.rollback()
    if not dry_run:
        ctx.audit("import", "project", project.id, after=_said(taken, reps), project=project)
    return ImportOut(
        saved=not dry_run,
        customers=TakenOut.model_validate(taken),
        reps=TakenOut.model_validate(reps),
        report=loaded.report.to_dict(),
    )


@router.post("/report", response_class=HTMLResponse)
def report_on_files(
    project_id: str, files: Files, ctx: Reading, datum: Annotated[Datum, Form()] = Datum.WGS84
) -> HTMLResponse:
    """The data report on files as a page; nothing is taken over."""
    report: DataReport = read_files(ctx, ctx.project(project_id), files, datum).report
    return HTMLResponse(report.to_html())


def read_files(ctx: Context, project: ProjectRow, files: list[UploadFile], datum: Datum) -> Loaded:
    """What files hold, faulty rows set aside; nothing is taken over."""
    options = ReadOptions(datum=datum, today=ctx.service.today(), start=project.start, weeks=project.weeks)
    with stored(files, ctx.service.settings) as paths:
        try:
            return load_files(paths, options, travel=ctx.service.travel(), modes=_modes(ctx, project))
        except (RecursionError, MemoryError):
            raise ApiError(422, "A file is nested too deeply to be read.", code="bad_upload") from None


def _modes(ctx: Context, project: ProjectRow) -> set[TravelMode]:
    """How the project's reps travel: their roads must reach the customers of a file that has no reps."""
    reps = ctx.session.scalars(select(RepRow).where(RepRow.project_id == project.id, RepRow.active))
    return {rep_of(row).mode for row in reps}


def _said(customers: Taken, reps: Taken) -> dict[str, Any]:
    return {
        "customers": {
            "added": len(customers.added),
            "changed": list(customers.changed),
            "deactivated": list(customers.deactivated),
        },
        "reps": {"added": len(reps.added), "changed": list(reps.changed)},
    }
