"""``python -m tests.benchmarks.territories.edits [CUSTOMERSxREPS]``: how long one edit by hand takes.

Every edit answers with its effect on all measures and the rules it breaks; the target is 100 ms at 10,000 customers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import shapely

from territories.edits import Draft
from territories.engine.seeds import bisect
from tests.benchmarks.territories.drift import problem_of

TIMES = 20


def main(name: str = "10000x50") -> int:
    """Time every kind of edit with its undo; returns the number of targets missed."""
    n, m = (int(x) for x in name.split("x"))
    problem = problem_of(n, m, seed=1)
    points = np.array([(c.location.lon, c.location.lat) for c in problem.customers])
    service = np.array([float(c.service_duration) for c in problem.customers])
    labels = bisect(points, service, np.ones(m))  # compact and balanced enough to edit
    territories = {c.customer_id: problem.rep_ids[j] for c, j in zip(problem.customers, labels.tolist(), strict=True)}
    begin = time.process_time()
    draft = Draft(problem, territories)
    print(f"{'open':16} {1000 * (time.process_time() - begin):7.1f} ms")
    one, other = problem.customers[0], problem.rep_ids[int(labels[1])]
    lasso = shapely.Point(points[0]).buffer(0.05)
    a, b = problem.rep_ids[0], problem.rep_ids[1]
    acts: dict[str, Callable[[], object]] = {
        "move a customer": lambda: draft.move([one.customer_id], other, force=True),
        "move a polygon": lambda: draft.move_polygon(lasso, other, force=True),
        "merge": lambda: draft.merge(a, b, force=True),
        "swap": lambda: draft.swap(a, b, force=True),
    }
    return sum(_slow(what, act, draft) for what, act in acts.items())


def _slow(what: str, act: Callable[[], object], draft: Draft) -> bool:
    edit = back = 0.0
    for _ in range(TIMES):
        begin = time.process_time()
        act()
        middle = time.process_time()
        draft.undo()
        edit += (middle - begin) / TIMES
        back += (time.process_time() - middle) / TIMES
    print(f"{what:16} {1000 * edit:7.1f} ms, undo {1000 * back:.1f} ms (at most 100)", flush=True)
    return max(edit, back) > 0.1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
