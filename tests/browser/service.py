"""The service for browser tests: in a thread of the test, with people who have passwords and a plan to look at."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.auth.accounts import add_user, set_password
from api.auth.roles import Role
from api.jobs.runner import run_jobs
from api.service import Service
from api.settings import Settings
from api.store.models import ProjectRow, Unit, UnitPeriod, new_id
from api.store.plans import add_plan
from api.store.projects import add_customers, add_reps, document
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
        Settings(database_url=database_url, job_workers=1, **settings),  # type: ignore[arg-type]
        clock=lambda: NOW,
        background=[run_jobs],
    )
    project, plan = _fill(app.state.service, customers, reps)
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
        yield Served(f"http://127.0.0.1:{port}", app, project, plan)
    finally:
        server.should_exit = True
        thread.join(30)


def _fill(service: Service, customers: int, reps: int) -> tuple[str, str]:
    project, plan = made(customers=customers, reps=reps)
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
        kept = add_plan(
            session,
            project_id=row.id,
            name="March",
            project=project,
            plan=plan,
            violations=(),
            now=NOW,
            actor_id=people[Role.MANAGER],
        )
        return row.id, kept.id
