"""Proof of a day's route: exact labelling against CP-SAT, on field-like days.

``python -m tests.benchmarks.micro.prove_days [STOPS …] [--days 10] [--cp-sat SECONDS]``. CPU seconds of one thread.
"""

import argparse
import time
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from routing.tours import DayProblem, prove_day, route_day, schedule
from tests.routing.tours.day_cases import field_day


def prove_by_cp_sat(day: DayProblem, order: tuple[int, ...], seconds: float) -> tuple[bool, float]:
    """Circuit with start times and the break in one gap, the order as hint; (proved, bound)."""
    assert day.lunch is not None
    model, n, lunch = cp_model.CpModel(), day.places, day.lunch
    start = [
        model.new_int_var(day.windows[p][0].early, day.windows[p][0].late, "")
        if day.windows[p] else model.new_int_var(day.start, day.end, "")
        for p in range(n)
    ]  # fmt: skip
    after = [model.new_bool_var("") for _ in range(n)]  # the break lies in the gap after this place
    before_all, at_end = model.new_bool_var(""), after[n - 1]
    model.add_exactly_one([*after, before_all])
    pause = model.new_int_var(lunch.early, lunch.late, "")
    model.add(start[0] >= pause + lunch.duration).only_enforce_if(before_all)
    model.add(start[n - 1] <= lunch.late).only_enforce_if(at_end)
    arcs, on_arc = [(n - 1, 0, model.new_constant(1))], {}
    path = [0, *order, n - 1]
    hinted = set(pairwise(path))
    for i in range(n - 1):
        model.add(pause >= start[i] + int(day.service[i])).only_enforce_if(after[i])
        for j in range(1, n):
            if i == j or (i == 0 and j == n - 1):
                continue
            on = model.new_bool_var("")
            arcs.append((i, j, on))
            on_arc[i, j] = on
            gone = start[i] + int(day.service[i])
            model.add(start[j] >= gone + int(day.move[i, j])).only_enforce_if(on)
            model.add(start[j] >= gone + int(day.move[i, j]) + lunch.duration).only_enforce_if([on, after[i]])
            model.add(start[j] >= pause + lunch.duration).only_enforce_if([on, after[i]])
            model.add_hint(on, (i, j) in hinted)
    model.add_circuit(arcs)
    model.minimize(sum(int(day.costs[i, j]) * on for (i, j), on in on_arc.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = seconds
    return solver.solve(model) == cp_model.OPTIMAL, solver.best_objective_bound


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stops", nargs="*", type=int, default=[8, 10, 15, 20, 25])
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--windowed", type=float, default=0.3)
    parser.add_argument("--cp-sat", type=float, default=0.0, help="deterministic seconds for CP-SAT; 0 leaves it out")
    options = parser.parse_args()
    warm, warm_order = field_day(12, 1)
    if schedule(warm, warm_order):
        prove_day(warm, warm_order)
    for stops in options.stops:
        took, peer, proved, peer_proved = [], [], 0, 0
        for seed in range(options.days):
            day, hidden = field_day(stops, 1000 * stops + seed, windowed=options.windowed)
            found = route_day(day, hint=hidden)
            if found is None:
                continue
            clock = time.process_time()
            proof = prove_day(day, found.order)
            took.append(time.process_time() - clock)
            proved += proof.optimal
            if options.cp_sat:
                clock = time.process_time()
                done, bound = prove_by_cp_sat(day, proof.order, options.cp_sat)
                peer.append(time.process_time() - clock)
                peer_proved += done
                if bound > proof.cost + 0.5 or (done and abs(bound - proof.cost) > 0.5 and proof.optimal):
                    raise SystemExit(f"{stops} stops, seed {seed}: CP-SAT says {bound}, labels say {proof.cost}")
        line = f"{stops:3d} stops: labels {proved}/{len(took)} median {np.median(took):.3f} max {max(took):.3f} s"
        if peer:
            line += f"   CP-SAT {peer_proved}/{len(peer)} median {np.median(peer):.3f} max {max(peer):.3f} s"
        print(line, flush=True)


if __name__ == "__main__":
    main()
