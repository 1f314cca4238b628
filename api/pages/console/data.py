"""Customers and reps of a planning area: upload, report, fix in place, and single records by hand."""

import csv
import io
from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from sqlalchemy import func, or_, select
from starlette.datastructures import FormData

from api.deps import Context, Editing
from api.errors import not_found
from api.etag import ANY
from api.pages.console.access import Looking
from api.pages.console.repairs import Repairs, repairs_of
from api.pages.shell.render import render
from api.pages.shell.route import page_router
from api.paging import like
from api.routes import customers as customer_routes
from api.routes.imports import import_files, read_files
from api.schemas.customers import CustomerIn, CustomerOut, customer_values
from api.store.models import CustomerRow, ProjectRow, RepRow
from api.store.projects import customer_of, rep_of
from routing.geo.datum import Datum

PAGE = 50

router = page_router("/console/{project_id}")


async def _form(request: Request) -> FormData:
    """All fields, whatever their names."""
    return await request.form()


@router.get("/data")
def data_page(
    request: Request, project_id: str, ctx: Looking, q: str = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """What the planning area holds, and the way to bring more in."""
    project = ctx.project(project_id)
    reps = ctx.session.scalars(
        select(RepRow).where(RepRow.project_id == project.id).order_by(RepRow.position, RepRow.id)
    ).all()
    return render(
        request,
        "console/data.html",
        ctx=ctx,
        project=project,
        reps=[(row, rep_of(row)) for row in reps],
        datums=list(Datum),
        **_customers(ctx, project, q, page),
    )


@router.get("/customers")
def customers_part(
    request: Request, project_id: str, ctx: Looking, q: str = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """A page of the list of customers."""
    project = ctx.project(project_id)
    return render(request, "console/customers.html", ctx=ctx, project=project, **_customers(ctx, project, q, page))


@router.get("/customers/{id}/edit")
def edit_customer_part(request: Request, project_id: str, id: str, ctx: Editing) -> HTMLResponse:
    """A customer's row as a form."""
    project, row = _customer(ctx, project_id, id)
    ctx.read_archive(project, "record", 1, row.customer_id)
    return render(request, "console/customer_form.html", ctx=ctx, project=project, row=row, c=CustomerOut.of(row))


@router.post("/customers/{id}")
def change_customer(
    request: Request,
    project_id: str,
    id: str,
    ctx: Editing,
    version: Annotated[int, Form()],
    name: Annotated[str, Form()],
    visit_frequency: Annotated[str, Form()],
    minutes: Annotated[float, Form(ge=0, le=1440)],
    grade: Annotated[str, Form()] = "",
    channel: Annotated[str, Form()] = "",
    lat: Annotated[float, Form()] = 0.0,
    lon: Annotated[float, Form()] = 0.0,
    active: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Take over what was typed into a customer's row."""
    project, row = _customer(ctx, project_id, id)
    values = {k: v for k, v in customer_values(customer_of(row)).items() if k != "active"}
    values |= {"name": name, "visit_frequency": visit_frequency, "service_duration": round(60 * minutes)}
    values |= {"grade": grade, "channel": channel, "lat": lat, "lon": lon}
    customer_routes.replace_customer(project.id, row.id, CustomerIn(**values), version, Response(), ctx)
    if active != row.active:
        switch = customer_routes.activate_customer if active else customer_routes.deactivate_customer
        switch(project.id, row.id, ANY, Response(), ctx)
    return render(request, "console/customer_row.html", ctx=ctx, project=project, row=row, c=CustomerOut.of(row))


@router.get("/customers/{id}")
def customer_part(request: Request, project_id: str, id: str, ctx: Looking) -> HTMLResponse:
    """A customer's row as it is."""
    project, row = _customer(ctx, project_id, id)
    return render(request, "console/customer_row.html", ctx=ctx, project=project, row=row, c=CustomerOut.of(row))


@router.post("/imports")
def upload(
    request: Request,
    project_id: str,
    ctx: Editing,
    files: list[UploadFile],
    form: Annotated[FormData, Depends(_form)],
    act: Annotated[str, Form()] = "check",
    datum: Annotated[Datum, Form()] = Datum.WGS84,
    deactivate_missing: Annotated[bool, Form()] = False,
) -> HTMLResponse:
    """Check files, with the rows corrected on the page; or take over what is right.

    The files stay in the browser's form, so nothing is kept here between the two.
    """
    repairs = repairs_of(form)
    contents = {file.filename or "upload.csv": file.file.read() for file in files if file.size}
    if not contents:
        return render(request, "console/report.html", ctx=ctx, project=ctx.project(project_id), report=None, done=None)
    return _uploaded(request, ctx, ctx.project(project_id), contents, repairs, act == "take", datum, deactivate_missing)


def _uploaded(
    request: Request,
    ctx: Context,
    project: ProjectRow,
    contents: dict[str, bytes],
    repairs: Repairs,
    take: bool,
    datum: Datum,
    deactivate_missing: bool,
) -> HTMLResponse:
    originals = [UploadFile(io.BytesIO(content), filename=name) for name, content in contents.items()]
    corrected = [UploadFile(io.BytesIO(_csv(rows)), filename=repairs.name_of(name)) for name, rows in repairs.rows()]
    report = read_files(ctx, project, [*originals, *corrected], datum).report
    outcome = repairs.outcome(report)
    done = None
    if take:
        good = [UploadFile(io.BytesIO(content), filename=name) for name, content in contents.items()]
        good += [
            UploadFile(io.BytesIO(_csv(rows)), filename=repairs.name_of(name)) for name, rows in outcome.good_rows()
        ]
        done = import_files(project.id, good, ctx, datum=datum, deactivate_missing=deactivate_missing)
    return render(request, "console/report.html", ctx=ctx, project=project, report=outcome, done=done)


def _csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _customers(ctx: Context, project: ProjectRow, q: str, page: int) -> dict[str, Any]:
    query = select(CustomerRow).where(CustomerRow.project_id == project.id)
    if q:
        part = like(q)
        query = query.where(
            or_(CustomerRow.name.ilike(part, escape="/"), CustomerRow.customer_id.ilike(part, escape="/"))
        )
    total = ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = ctx.session.scalars(
        query.order_by(CustomerRow.position, CustomerRow.id).limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    if rows:
        ctx.read_archive(project, "list", len(rows))
    return {
        "rows": [(row, CustomerOut.of(row)) for row in rows],
        "q": q,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "total": total,
    }


def _customer(ctx: Context, project_id: str, id: str) -> tuple[ProjectRow, CustomerRow]:
    project = ctx.project(project_id)
    row = ctx.session.scalar(select(CustomerRow).where(CustomerRow.id == id, CustomerRow.project_id == project.id))
    if row is None:
        raise not_found("customer")
    return project, row
