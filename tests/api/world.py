"""An organisation with two branches, people in every role, and the toy world as a project in each branch.

Head office ── North ── Harbour
           └── South

Everybody exists twice: in the north, whose project the tests act on, and in the south, to whom it is foreign.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.auth.accounts import add_user
from api.auth.roles import Role
from api.auth.secrets import TOKEN_PREFIX, hash_token, new_token
from api.service import Service
from api.settings import Settings
from api.store.models import ApiToken, ProjectRow, Unit, UnitPeriod, new_id
from api.store.plans import add_plan
from api.store.projects import add_customers, add_reps, document
from tests import four_customers
from tests.toy_travel import GridTravel

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The Monday on which the toy world's plan begins."""
V1 = "/api/v1"


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """The present moment."""
        return self.now

    def pass_time(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)


@dataclass
class World:
    """A service with the organisation in it.

    Parameters
    ----------
    units, users, tokens
        By name, such as ``north`` and ``manager north``.
    projects, plans
        Ids by branch.
    """

    app: FastAPI
    clock: Clock
    units: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)

    @property
    def service(self) -> Service:
        """The service behind the app."""
        service: Service = self.app.state.service
        return service

    def client(self, who: str | None = None) -> TestClient:
        """A client that acts as a user, by API token; without a name, as a stranger."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def project(self, branch: str = "north") -> str:
        """Address of a branch's project."""
        return f"{V1}/projects/{self.projects[branch]}"

    def plan(self, branch: str = "north") -> str:
        """Address of a branch's plan."""
        return f"{self.project(branch)}/plans/{self.plans[branch]}"

    def customer(self, customer_id: str, branch: str = "north") -> dict[str, Any]:
        """A customer as the admin sees it."""
        found = self.client("admin").get(f"{self.project(branch)}/customers", params={"customer_id": customer_id})
        item: dict[str, Any] = found.json()["items"][0]
        return item


def build(database_url: str, **settings: Any) -> World:
    """A new world in an empty database."""
    clock = Clock()
    app = create_app(Settings(database_url=database_url, **settings), clock=clock, provider=GridTravel())
    world = World(app, clock)
    with world.service.store.writing() as session:
        for name, parent in (("head", None), ("north", "head"), ("harbour", "north"), ("south", "head")):
            unit = Unit(
                id=new_id(), parent_id=world.units.get(parent or ""), name=name.title(), kind="", created_at=NOON
            )
            session.add(unit)
            session.flush()
            session.add(UnitPeriod(unit_id=unit.id, parent_id=unit.parent_id, name=unit.name, kind="", valid_from=NOON))
            world.units[name] = unit.id
        people = [("admin", "head", Role.ADMIN)] + [
            (f"{role} {branch}", branch, role) for branch in ("north", "south") for role in Role
        ]
        people += [("second rep north", "north", Role.REP)]
        people += [(f"somebody {branch}", branch, Role.VIEWER) for branch in ("north", "south")]
        for name, unit, role in people:
            user = add_user(
                session,
                NOON,
                email=f"{name.replace(' ', '.')}@example.org",
                name=name,
                unit_id=world.units[unit],
                role=role,
            )
            world.users[name] = user.id
            world.tokens[name] = _token(session, user.id)
        for branch in ("north", "south"):
            _project(world, session, branch)
    return world


def _token(session: Any, user_id: str) -> str:
    secret = new_token(TOKEN_PREFIX)
    session.add(
        ApiToken(
            token_hash=hash_token(secret),
            user_id=user_id,
            name="test",
            scopes=["read", "write", "plan", "admin"],
            created_at=NOON,
        )
    )
    return secret


def _project(world: World, session: Any, branch: str) -> None:
    project = four_customers.project()
    row = ProjectRow(
        id=new_id(),
        unit_id=world.units[branch],
        name=f"Toy world {branch}",
        start=project.calendar.start,
        weeks=project.calendar.weeks,
        country="",
        policy=document(project.policy),
        active=True,
        created_at=NOON,
        updated_at=NOON,
    )
    session.add(row)
    session.flush()
    add_customers(session, row, project.customers, now=NOON, actor_id=None)
    accounts = {"ana": f"rep {branch}", "bo": "second rep north" if branch == "north" else None}
    for rep in add_reps(session, row, project.reps, now=NOON, actor_id=None):
        account = accounts[rep.rep_id]
        rep.user_id = world.users[account] if account else None
    plan = add_plan(
        session,
        project_id=row.id,
        name="Spring",
        project=project,
        plan=four_customers.plan(),
        violations=(),
        extras={"territories": _areas()},
        now=NOON,
        actor_id=world.users[f"manager {branch}"],
    )
    world.projects[branch], world.plans[branch] = row.id, plan.id


def _areas() -> dict[str, Any]:
    def box(rep: str, south: float, north: float) -> dict[str, Any]:
        ring = [[8.9, south], [9.1, south], [9.1, north], [8.9, north], [8.9, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"rep_id": rep}, "geometry": shape}

    return {"type": "FeatureCollection", "features": [box("ana", 44.9, 45.015), box("bo", 45.015, 45.1)]}
