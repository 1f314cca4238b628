"""``kill -9`` at many random moments during import, planning and approving: is anything lost or done twice?

    python -m tests.benchmarks.service.kill [MOMENTS] [SEED] [sqlite | postgresql]

Each day begins with an empty database, an SQLite file or one of a PostgreSQL server of the benchmark's own. Prints one
line a day of the department and ends with an error when something was lost. The moments are spread over the
department's steps as long as each takes; a kill that comes when a step has just ended counts as ``idle``.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.benchmarks.service.databases import KINDS, databases
from tests.department import Department, check
from tests.service_process import KilledAtRandom, Server

PAUSES = {"import": (2, 0.3), "planning": (3, 5.0), "approving": (1, 0.05)}
"""Step -> kills a day, and the longest pause before each, seconds."""


def main(*, moments: int, seed: int, database: str) -> None:
    """Days of a department, with a few kills in each step, until there were enough."""
    chance = random.Random(seed)
    kills: Counter[str] = Counter()
    day = 0
    with databases(database) as new_database:
        while kills.total() < moments:
            day += 1
            started = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="rounds-kill-") as folder:
                server = Server(new_database(Path(folder)), Path(folder) / "log", ROUNDS_FOUR_EYES="false")
                server.start()
                try:
                    today = _day(server, chance)
                finally:
                    server.kill()
            kills += today
            print(f"day {day}: {_said(today)}; nothing lost, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{database}: {kills.total()} kills ({_said(kills)}): nothing lost, nothing done twice")


def _day(server: Server, chance: random.Random) -> Counter[str]:
    department = Department(server.sign_in())
    hit: Counter[str] = Counter()

    def killing(step: str) -> KilledAtRandom:
        count, longest = PAUSES[step]
        return KilledAtRandom(server, [chance.uniform(0, longest) for _ in range(count)], doing=step, hit=hit)

    with killing("import") as killer:
        department.bring_in_data()
        killer.over()
    with killing("planning") as killer:
        department.ask_for_plans(2)
        jobs = department.wait_for_plans()
        killer.over()
    with killing("approving") as killer:
        department.approve(jobs[0]["plan_id"])
        killer.over()
    check(department, jobs)
    return hit


def _said(kills: Counter[str]) -> str:
    return ", ".join(f"{count} while {step}" for step, count in sorted(kills.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("moments", type=int, nargs="?", default=50)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("database", choices=KINDS, nargs="?", default="sqlite")
    main(**vars(parser.parse_args()))
