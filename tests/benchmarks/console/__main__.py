"""What the territory map costs at 2,000 customers: CPU time of the service, milliseconds.

``python -m tests.benchmarks.console``
"""

import time
from collections.abc import Callable
from statistics import median

from fastapi.testclient import TestClient

from tests.browser.service import PASSWORD, served

CUSTOMERS, REPS, REPEATS = 2000, 20, 15


def main() -> None:
    """Open the map once, then move one customer after the other."""
    with served(customers=CUSTOMERS, reps=REPS) as made:
        client = TestClient(made.app)
        answer = client.post("/api/v1/session", json={"email": "manager@example.org", "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        at = f"/console/{made.project}/plans/{made.plan}/territories"
        first = spent(lambda: client.get(at).raise_for_status())
        again = spent(lambda: client.get(at).raise_for_status())
        data = client.get(f"{at}/map.json")
        moved: dict[str, str] = {}
        times = []
        for feature in data.json()["points"]["features"][:REPEATS]:
            body = {"moved": moved, "customers": [feature["properties"]["id"]], "rep_id": "R02", "force": True}
            times.append(spent(lambda body=body: moved.update(client.post(f"{at}/effect", json=body).json()["moved"])))
        print(f"{CUSTOMERS} customers, {REPS} reps")
        print(f"page, first time {first:.0f} ms, again {again:.0f} ms")
        print(f"map data {len(data.content) / 1000:.0f} kB")
        print(f"effect of a move: median {median(times):.0f} ms, worst {max(times):.0f} ms")


def spent(act: Callable[[], object]) -> float:
    """CPU milliseconds of this process."""
    begun = time.process_time()
    act()
    return 1000 * (time.process_time() - begun)


if __name__ == "__main__":
    main()
