"""What a route asks for by the type of its argument: a right, and with it a session, the user and the clock.

What touches the database is a plain function, which runs in a thread; what only hands things on is ``async``, which
spares every request the way there and back.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from api import audit
from api.auth import scope
from api.auth.actor import Actor, sign_in_needed
from api.auth.roles import Right
from api.auth.sessions import COOKIE, CSRF_HEADER, actor_of_cookie, actor_of_token, csrf_is_right
from api.errors import ApiError
from api.service import Service
from api.store.models import ProjectRow

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, description="An API token.")
_cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, description=f"Session of a browser; acts that write also need {CSRF_HEADER}."
)


def service_of(request: Request) -> Service:
    """The service that this request belongs to."""
    service: Service = request.app.state.service
    return service


async def _service(request: Request) -> Service:
    return service_of(request)


ServiceDep = Annotated[Service, Depends(_service)]


def current_actor(
    request: Request,
    service: ServiceDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Actor:
    """Who asks, by API token or by session; a session must prove with each write that its own page asks."""
    if bearer is not None:
        actor = actor_of_token(service, bearer.credentials)
        if actor is None:
            raise sign_in_needed()
    else:
        found = actor_of_cookie(service, cookie) if cookie else None
        if found is None:
            raise sign_in_needed()
        actor, csrf_hash = found
        if request.method not in SAFE_METHODS and not csrf_is_right(request.headers.get(CSRF_HEADER, ""), csrf_hash):
            raise ApiError(403, f"The header {CSRF_HEADER} is missing or wrong. Load the page again.", code="csrf")
    request.state.actor = actor
    return actor


ActorDep = Annotated[Actor, Depends(current_actor)]


@dataclass(frozen=True, kw_only=True)
class Context:
    """One request of one user, within one transaction.

    Parameters
    ----------
    session
        Committed after the route has returned, before the answer is sent; rolled back when it raises.
    writes
        Whether the session may write.
    """

    service: Service
    session: Session
    actor: Actor
    request_id: str = ""
    writes: bool = False
    now: datetime = field(kw_only=True)

    def project(self, project_id: str) -> ProjectRow:
        """A project that the user may see; 404 otherwise."""
        return scope.project_for(self.session, self.actor, project_id)

    def own_reps(self, project_id: str) -> frozenset[str] | None:
        """For a rep: own rep ids in a project; None for everybody else."""
        return scope.own_reps(self.session, self.actor, project_id)

    def audit(
        self,
        act: str,
        kind: str,
        object_id: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        project: ProjectRow | None = None,
        unit_id: str | None = None,
    ) -> None:
        """Write an entry of the audit log."""
        audit.record(
            self.session,
            self.actor,
            at=self.now,
            act=act,
            kind=kind,
            object_id=object_id,
            before=before,
            after=after,
            unit_id=project.unit_id if project else unit_id,
            project_id=project.id if project else None,
            request_id=self.request_id,
        )

    def read_archive(self, project: ProjectRow, way: str, customers: int, customer_id: str | None = None) -> None:
        """Write down that data of customers are read.

        For a request that only reads at once, in a commit shared with others; a request that writes does it in its own
        transaction, because SQLite has one writer at a time.

        Parameters
        ----------
        way
            ``record``, ``list``, ``route``, ``file`` or ``map``.
        """
        entry = audit.archive_read(
            self.actor,
            at=self.now,
            unit_id=project.unit_id,
            project_id=project.id,
            way=way,
            customers=customers,
            customer_id=customer_id,
        )
        if self.writes:
            self.session.add(entry)
        else:
            self.service.archive_log.add(entry)


def _write_session(request: Request, service: ServiceDep) -> Iterator[Session]:
    with service.store.session(write=True) as session:
        request.state.session = session
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        session.commit()


def _read_session(service: ServiceDep) -> Iterator[Session]:
    with service.store.session(write=False) as session:
        yield session


WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]


def _context(request: Request, service: Service, session: Session, actor: Actor, *, writes: bool) -> Context:
    return Context(
        service=service,
        session=session,
        actor=actor,
        request_id=getattr(request.state, "request_id", ""),
        writes=writes,
        now=service.clock(),
    )


def writing(right: Right) -> Callable[..., Awaitable[Context]]:
    """A dependency: a context that may write, for users with a right."""

    async def allowed(actor: ActorDep) -> Actor:
        actor.need(right)
        return actor

    async def context(
        request: Request, service: ServiceDep, actor: Annotated[Actor, Depends(allowed)], session: WriteSession
    ) -> Context:
        return _context(request, service, session, actor, writes=True)

    return context


def reading(right: Right) -> Callable[..., Awaitable[Context]]:
    """A dependency: a context that only reads, for users with a right."""

    async def allowed(actor: ActorDep) -> Actor:
        actor.need(right)
        return actor

    async def context(
        request: Request, service: ServiceDep, actor: Annotated[Actor, Depends(allowed)], session: ReadSession
    ) -> Context:
        return _context(request, service, session, actor, writes=False)

    return context


Reading = Annotated[Context, Depends(reading(Right.READ), scope="function")]
SelfService = Annotated[Context, Depends(writing(Right.READ), scope="function")]
"""Writing what is one's own: password, session, tokens."""
Editing = Annotated[Context, Depends(writing(Right.EDIT), scope="function")]
Planning = Annotated[Context, Depends(writing(Right.PLAN), scope="function")]
Approving = Annotated[Context, Depends(writing(Right.APPROVE), scope="function")]
Remarking = Annotated[Context, Depends(writing(Right.REMARK), scope="function")]
Visiting = Annotated[Context, Depends(writing(Right.VISIT), scope="function")]
Administering = Annotated[Context, Depends(writing(Right.ADMIN), scope="function")]
Auditing = Annotated[Context, Depends(reading(Right.AUDIT), scope="function")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    limit: int
    offset: int


async def _paging(
    service: ServiceDep,
    limit: Annotated[int | None, Query(ge=1, le=10_000, description="Entries on the page.")] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000, description="Entries before the page.")] = 0,
) -> Paging:
    wanted = service.settings.page_size if limit is None else limit
    return Paging(limit=min(wanted, service.settings.max_page_size), offset=offset)


PagingDep = Annotated[Paging, Depends(_paging)]
