"""``kill -9`` at many random moments during import, planning and approving: is anything lost or done twice?

    python -m tests.benchmarks.service.kill [MOMENTS] [SEED]

Prints one line a day of the department and ends with an error when something was lost.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.department import Department, check
from tests.service_process import KilledAtRandom, Server

KILLS_A_DAY = 5


def main(moments: int = 50, seed: int = 1) -> None:
    """Days of a department, with a few kills in each, until there were enough."""
    chance = random.Random(seed)
    kills = day = 0
    while kills < moments:
        day += 1
        with tempfile.TemporaryDirectory(prefix="rounds-kill-") as folder:
            server = Server(f"sqlite:///{folder}/rounds.db", Path(folder) / "log", ROUNDS_FOUR_EYES="false")
            server.start()
            started = time.monotonic()
            try:
                department = Department(server.sign_in())
                pauses = [chance.uniform(0.1, 6.0) for _ in range(min(KILLS_A_DAY, moments - kills))]
                with KilledAtRandom(server, pauses) as killer:
                    department.bring_in_data()
                    department.ask_for_plans(2)
                    jobs = department.wait_for_plans()
                    department.approve(jobs[0]["plan_id"])
                check(department, jobs)
            finally:
                server.kill()
            kills += killer.kills
            print(f"day {day}: {killer.kills} kills, nothing lost, {time.monotonic() - started:.0f} s", flush=True)
    print(f"{kills} kills: nothing lost, nothing done twice")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
