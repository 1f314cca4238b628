"""The service from Python, with the same types on both sides."""

import json
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx
from pydantic import BaseModel

from api.jobs.states import ENDED
from api.schemas.common import Page
from api.schemas.comparisons import ComparisonOut, ComparisonRequest, FiguresOut
from api.schemas.customers import CustomerIn, CustomerOut
from api.schemas.jobs import JobOut, PlanRequest
from api.schemas.plans import DayRouteOut, PlanOut
from api.schemas.projects import ProjectIn, ProjectOut
from api.schemas.reps import RepIn, RepOut
from routing.errors import RoundsError

PAGE = 500
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.5
LOOK_SECONDS = 1.0


class Refused(RoundsError):
    """The service answered with a problem.

    Parameters
    ----------
    status
        HTTP status code; 0 when the service could not be reached.
    code
        Stable short name of the kind of problem.
    issues
        Every fault in the request.
    """

    def __init__(self, status: int, detail: str, *, code: str = "", issues: list[dict[str, Any]] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.issues = issues or []


class Client:
    """A connection to a service.

    Every write carries an Idempotency-Key, so that it is safe to repeat it when the connection breaks; the client
    does so up to five times.

    Parameters
    ----------
    address
        Of the service, such as ``http://localhost:8000``.
    token
        An API token.
    transport
        Another way to the service than the network, for tests.
    """

    def __init__(
        self, address: str, *, token: str, timeout: float = 60.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1",
            timeout=timeout,
            transport=transport,
            headers={"Authorization": f"Bearer {token}"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def projects(self) -> list[ProjectOut]:
        """Planning areas that this user may see."""
        return self._all("/projects", ProjectOut)

    def add_project(self, project: ProjectIn) -> ProjectOut:
        """A new planning area."""
        return self._post("/projects", project, ProjectOut)

    def customers(self, project_id: str) -> list[CustomerOut]:
        """Customers of a project."""
        return self._all(f"/projects/{project_id}/customers", CustomerOut)

    def add_customer(self, project_id: str, customer: CustomerIn) -> CustomerOut:
        """A new customer."""
        return self._post(f"/projects/{project_id}/customers", customer, CustomerOut)

    def reps(self, project_id: str) -> list[RepOut]:
        """Reps of a project."""
        return self._all(f"/projects/{project_id}/reps", RepOut)

    def add_rep(self, project_id: str, rep: RepIn) -> RepOut:
        """A new rep."""
        return self._post(f"/projects/{project_id}/reps", rep, RepOut)

    def plan(self, project_id: str, request: PlanRequest | None = None) -> JobOut:
        """Ask for a plan; see :meth:`wait` and :meth:`follow`."""
        return self._post(f"/projects/{project_id}/jobs", request or PlanRequest(), JobOut)

    def job(self, job: JobOut) -> JobOut:
        """A job as it is now."""
        return JobOut.model_validate(self._request("GET", self._job(job)).json())

    def stop(self, job: JobOut) -> JobOut:
        """End the search early and keep the best plan."""
        return JobOut.model_validate(self._request("POST", f"{self._job(job)}/stop").json())

    def cancel(self, job: JobOut) -> JobOut:
        """End a job without a plan."""
        return JobOut.model_validate(self._request("POST", f"{self._job(job)}/cancel").json())

    def wait(self, job: JobOut, *, seconds: float | None = None) -> JobOut:
        """Wait until a job has ended.

        Raises
        ------
        TimeoutError
            If it has not ended after `seconds`; the job goes on.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while (now := self.job(job)).state not in ENDED:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"job {job.id} is still {now.state} after {seconds:g} s")
            time.sleep(LOOK_SECONDS)
        return now

    def follow(self, job: JobOut) -> Iterator[JobOut]:
        """A job each time that something changes, until it has ended."""
        with self._http.stream("GET", f"{self._job(job)}/events", timeout=None) as stream:
            if stream.is_error:
                stream.read()
                raise _refused(stream)
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    yield JobOut.model_validate_json(line.removeprefix("data: "))

    def plans(self, project_id: str) -> list[PlanOut]:
        """Plans of a project, newest first."""
        return self._all(f"/projects/{project_id}/plans", PlanOut)

    def compare(self, project_id: str, request: ComparisonRequest) -> ComparisonOut:
        """Ask what if; wait for its ``job``, then read :meth:`figures`."""
        return self._post(f"/projects/{project_id}/comparisons", request, ComparisonOut)

    def comparison(self, asked: ComparisonOut) -> ComparisonOut:
        """A comparison as it is now, with its first estimates."""
        return ComparisonOut.model_validate(self._request("GET", self._comparison(asked)).json())

    def figures(self, asked: ComparisonOut) -> FiguresOut:
        """What came of a comparison."""
        return FiguresOut.model_validate(self._request("GET", f"{self._comparison(asked)}/figures").json())

    def day_routes(self, project_id: str, plan_id: str) -> list[DayRouteOut]:
        """All day routes of a plan."""
        return self._all(f"/projects/{project_id}/plans/{plan_id}/day-routes", DayRouteOut)

    def _job(self, job: JobOut) -> str:
        return f"/projects/{job.project_id}/jobs/{job.id}"

    def _comparison(self, asked: ComparisonOut) -> str:
        return f"/projects/{asked.project_id}/comparisons/{asked.id}"

    def _all[Out: BaseModel](self, path: str, kind: type[Out]) -> list[Out]:
        """Every page of a list."""
        found: list[Out] = []
        while True:
            params = {"limit": PAGE, "offset": len(found)}
            page = Page[kind].model_validate(self._request("GET", path, params=params).json())  # type: ignore[valid-type]
            found += page.items
            if not page.items or len(found) >= page.total:
                return found

    def _post[Out: BaseModel](self, path: str, body: BaseModel, kind: type[Out]) -> Out:
        plain = body.model_dump(mode="json", exclude_unset=True)
        return kind.model_validate(self._request("POST", path, body=plain).json())

    def _request(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(ATTEMPTS):
            try:
                answer = self._http.request(method, path, params=params, json=body, headers=headers)
            except httpx.TransportError as error:
                if attempt + 1 == ATTEMPTS:
                    text = f"The service cannot be reached ({type(error).__name__})."
                    raise Refused(0, text, code="unreachable") from None
                time.sleep(pause)
                pause *= 2
                continue
            if answer.is_error:
                raise _refused(answer)
            return answer
        raise AssertionError("unreachable")


def _refused(answer: httpx.Response) -> Refused:
    try:
        problem = answer.json()
    except json.JSONDecodeError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    code = str(problem.get("type", "")).rpartition(":")[2]
    detail = str(problem.get("detail", f"The service answered {answer.status_code}."))
    return Refused(answer.status_code, detail, code=code, issues=problem.get("issues", []))
