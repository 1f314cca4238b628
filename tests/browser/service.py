"""The service for browser tests: in a thread of the test, with people who have passwords and a plan to look at."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import Session

from api.app import create_app
from api.auth.accounts import add_user, set_password
from api.auth.roles import Role
from api.jobs.runner import run_jobs
from api.lifecycle.states import State
from api.service import Service
from api.settings import Settings
from api.store.models import PlanRow, ProjectRow, Unit, UnitPeriod, VisitRow, new_id
from api.store.plans import add_plan
from api.store.projects import add_customers, add_reps, document
from routing.plan import JourneyPlan
from routing.project import Project
from routing.travel.great_circle import GreatCircle
from tests.made_plan import made

PASSWORD = "correct horse battery"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The first morning of the plan of :mod:`tests.made_plan`."""


@dataclass(frozen=True)
class Served:
    """A running service and what is in it."""

    address: str
    app: FastAPI
    project: str
    plan: str


@contextmanager
def served(
    database_url: str = "sqlite://", *, customers: int = 200, reps: int = 5, **settings: object
) -> Iterator[Served]:
    """Serve on a free loopback port; the accounts are ``manager@``, ``approver@`` and ``rep@example.org``."""
    app = create_app(
        Settings(database_url=database_url, job_workers=1, **settings),
        clock=lambda: NOW,
        background=[run_jobs],
    )
    project, plan = _fill(app.state.service, customers, reps)
    with running(app) as address:
        yield Served(address, app, project, plan)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free loopback port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def _fill(service: Service, customers: int, reps: int) -> tuple[str, str]:
    project, plan = made(customers=customers, reps=reps)
    plan = replace(plan, travel_source=GreatCircle().source)
    with service.store.writing() as session:
        unit = Unit(id=new_id(), parent_id=None, name="Coast", kind="", created_at=NOW)
        session.add(unit)
        session.flush()
        session.add(UnitPeriod(unit_id=unit.id, parent_id=None, name="Coast", kind="", valid_from=NOW))
        people = {}
        for name, role in (("Mai Lin", Role.MANAGER), ("Ada Ho", Role.APPROVER), ("Rui Wang", Role.REP)):
            user = add_user(session, NOW, email=f"{role}@example.org", name=name, unit_id=unit.id, role=role)
            set_password(service, user, PASSWORD)
            people[role] = user.id
        row = ProjectRow(
            id=new_id(),
            unit_id=unit.id,
            name="North coast",
            start=project.calendar.start,
            weeks=project.calendar.weeks,
            country="",
            policy=document(project.policy),
            active=True,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(row)
        session.flush()
        add_customers(session, row, project.customers, now=NOW, actor_id=None)
        add_reps(session, row, project.reps, now=NOW, actor_id=None)[0].user_id = people[Role.REP]
        kept = [
            add_plan(
                session,
                project_id=row.id,
                name=name,
                project=project,
                plan=plan,
                violations=(),
                extras={"territories": _squares(project, plan)},
                now=NOW,
                actor_id=people[Role.MANAGER],
            )
            for name in ("In force", "March")
        ]
        kept[0].state, kept[0].in_force_from = State.PUBLISHED, project.calendar.start
        _morning(session, row, kept[0], plan, people[Role.REP])
        return row.id, kept[1].id


def _morning(session: Session, row: ProjectRow, kept: PlanRow, plan: JourneyPlan, author: str) -> None:
    """What has happened until :data:`NOW`: visits made in time and late, one missed, one rep who is silent."""
    today = sorted((r for r in plan.routes if r.date == NOW.date()), key=lambda r: r.rep_id)
    for number, route in enumerate(today[:-1]):
        for place, stop in enumerate(route.stops[:2]):
            missed = number == 1 and place == 1
            begun = stop.start + 1200 * number
            session.add(
                VisitRow(
                    id=new_id(),
                    project_id=row.id,
                    plan_id=kept.id,
                    customer_id=stop.customer_id,
                    rep_id=route.rep_id,
                    day=route.date,
                    outcome="missed" if missed else "made",
                    started=None if missed else begun,
                    ended=None if missed else begun + 1500,
                    report={} if missed else {"satisfaction": 4 - number},
                    next_visit=None,
                    author_id=author,
                    created_at=NOW,
                    updated_at=NOW,
                )
            )


def _squares(project: Project, plan: JourneyPlan) -> dict[str, Any]:
    """A box around the customers of each rep."""
    features = []
    for rep in project.reps:
        mine = [c.location for c in project.customers if plan.assignment[c.customer_id] == rep.rep_id]
        west, east = min(p.lon for p in mine), max(p.lon for p in mine)
        south, north = min(p.lat for p in mine), max(p.lat for p in mine)
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"rep_id": rep.rep_id}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}
