"""What a department does with the service in a day, over HTTP and patiently: data in, plans made, one approved.

Every request that writes carries an Idempotency-Key or a version, and is repeated until it is answered. So each must
have been done exactly once, whatever happened to the server in between; :func:`check` looks whether that is so.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.service_process import persistent

WEEKDAYS = range(5)


@dataclass
class Department:
    """A client of the service.

    Parameters
    ----------
    accepted
        Jobs that the service has accepted.
    """

    client: httpx.Client
    customers: int = 24
    reps: int = 3
    iterations: int = 2_000
    project: str = ""
    accepted: list[str] = field(default_factory=list)
    _key: int = 0

    @property
    def typed(self) -> int:
        """Customers that come in one by one; the others come in a file."""
        return self.customers // 2

    def post(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Have something done once."""
        self._key += 1
        headers = {"Idempotency-Key": f"k{self._key}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        answer = persistent(self.client, "POST", path, json=body, headers=headers)
        assert answer.status_code in (200, 201, 202), (path, answer.status_code, answer.text)
        made: dict[str, Any] = answer.json()
        return made

    def get(self, path: str, **params: Any) -> Any:
        """Read something."""
        answer = persistent(self.client, "GET", path, params=params)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def bring_in_data(self) -> None:
        """A project with reps and customers on a jittered grid."""
        unit = self.get("/units")
        unit_id = (unit["items"] if isinstance(unit, dict) else unit)[0]["id"]
        body = {"unit_id": unit_id, "name": "La Serena", "start": "2026-11-02", "weeks": 1}
        self.project = f"/projects/{self.post('/projects', body)['id']}"
        for k in range(self.reps):
            self.post(f"{self.project}/reps", self.rep(k))
        customers = [
            {
                "customer_id": f"C{k:03}",
                "name": f"Customer {k}",
                "lat": round(-29.92 + 0.007 * (k * 7 % 24), 3),
                "lon": round(-71.27 + 0.006 * (k * 5 % 11), 3),
                "visit_frequency": "1 per week",
                "service_duration": 1200,
            }
            for k in range(self.customers)
        ]
        for customer in customers[: self.typed]:
            self.post(f"{self.project}/customers", customer)
        self.upload(customers[self.typed :])

    def rep(self, number: int) -> dict[str, Any]:
        """A rep who works from Monday to Friday."""
        return {
            "rep_id": f"R{number}",
            "name": f"Rep {number}",
            "home_base": {"lat": -29.9 + 0.05 * (number % 3), "lon": -71.25},
            "hours": [{"weekday": d, "start": "08:00", "end": "17:00"} for d in WEEKDAYS],
        }

    def upload(self, customers: list[dict[str, Any]]) -> None:
        """Bring in many customers with one file, in which durations are minutes."""
        rows = [",".join(customers[0])]
        rows += [
            ",".join(str(v) for v in {**c, "service_duration": c["service_duration"] // 60}.values()) for c in customers
        ]
        files = {"files": ("customers.csv", "\n".join(rows).encode())}
        headers = {"Idempotency-Key": "upload"}
        answer = persistent(self.client, "POST", f"{self.project}/imports", files=files, headers=headers)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["customers"]["added"]) == len(customers), answer.text

    def ask_for_plans(self, count: int) -> None:
        """Accepted jobs, all alike, so that all must make the same plan."""
        for _ in range(count):
            body = {"iterations": self.iterations, "seed": 7, "rebalance": False}
            self.accepted.append(self.post(f"{self.project}/jobs", body)["id"])

    def wait_for_plans(self) -> list[dict[str, Any]]:
        """The jobs, once all have ended."""
        while True:
            jobs = [self.get(f"{self.project}/jobs/{job_id}") for job_id in self.accepted]
            if all(job["state"] not in ("queued", "running") for job in jobs):
                return jobs
            time.sleep(0.3)

    def approve(self, plan_id: str) -> None:
        """Submit, approve and publish a plan; a step whose answer was lost is not done twice."""
        address = f"{self.project}/plans/{plan_id}"
        for act, body in (("submit", {}), ("approve", {}), ("publish", {"in_force_from": "2026-11-02"})):
            self.post(f"{address}/{act}", body, If_Match="*")


def check(department: Department, jobs: list[dict[str, Any]]) -> None:
    """Everything was done, and once."""
    get, project = department.get, department.project
    customers = get(f"{project}/customers", limit=500)
    assert [c["customer_id"] for c in customers["items"]] == [f"C{k:03}" for k in range(department.customers)]
    assert get(f"{project}/reps")["total"] == department.reps
    assert get("/projects")["total"] == 1
    assert get(f"{project}/jobs")["total"] == len(jobs) == len(department.accepted)
    assert [job["state"] for job in jobs] == ["done"] * len(jobs), [job["error"] for job in jobs]
    plans = get(f"{project}/plans")["items"]
    assert {plan["id"] for plan in plans} == {job["plan_id"] for job in jobs}
    assert len({plan["fingerprint"] for plan in plans}) == 1
    assert all(plan["violations"] == 0 for plan in plans)
    entries = [e for start in (0, 500) for e in get("/audit", limit=500, offset=start)["items"]]
    for kind, count in (
        ("customer", department.typed),
        ("rep", department.reps),
        ("job", len(jobs)),
        ("plan", len(jobs)),
    ):
        made = [e["object_id"] for e in entries if e["act"] == "create" and e["kind"] == kind]
        assert len(made) == len(set(made)) == count, kind
    assert len([e for e in entries if e["act"] == "import"]) == 1
