# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 Benchmark of ourselves
# How much does more search buy, how far from the best possible is it, and how much do seeds differ? On the sample, against a
# proven bound; `tests/benchmarks/quality` does the same on the literature's instances.

# %%
import time

import pandas as pd

from api.notebook import sample
from api.planning import territory_problems
from routing.bounds import lower_bound
from routing.encoding import encode, pattern_options
from routing.search.stop import MaxIterations
from routing.solve import default_iterations, solve
from routing.travel.great_circle import GreatCircle

project = sample("la_serena", customers=35, reps=1, weeks=2)
problem = territory_problems(project, GreatCircle(), dict.fromkeys((c.customer_id for c in project.customers), "R1"))["R1"]
print(f"{len(problem.customers)} customers, {sum(problem.due)} visits; default budget {default_iterations(problem)} steps")

# %%
rows = []
for seed in (0, 1):
    for steps in (100, 1_000, 5_000):
        began = time.process_time()
        found = solve(problem, stop=MaxIterations(steps), seed=seed)
        cost = found.plan.cost
        rows.append((seed, steps, cost.total - cost.imbalance, time.process_time() - began, found.plan))
runs = pd.DataFrame(rows, columns=["seed", "steps", "cost", "cpu_s", "plan"])
runs.pivot_table(index="steps", columns="seed", values="cost").round(2)

# %% [markdown]
# ## Against a proven bound
# No plan costs less than the bound. It is valid after any number of rounds; more rounds raise it.

# %%
weights = problem.policy.weights
model = encode(problem, pattern_options(problem, weights), weights)
best = runs.cost.min()
bound = lower_bound(model, iterations=40, upper=best)
runs["above_bound"] = runs.cost / bound.value - 1
print(f"best {best:.2f}, bound {bound.value:.2f}, gap {bound.gap:.1%} after {bound.iterations} rounds")
assert (runs.cost >= bound.value - 1e-6).all()
runs.groupby("steps")[["cost", "above_bound", "cpu_s"]].mean().round(3)

# %% [markdown]
# ## Against a simple rule
# Nearest customer first, days filled one after the other, windows ignored: what a plan without optimisation costs at least.

# %%
import numpy as np

times = problem.travel.durations.astype(float)
home = len(problem.customers)
left = [k for k, due in enumerate(problem.due) for _ in range(due)]
rep, day = problem.reps[0], problem.shifts[0].working_seconds
seconds = metres = 0.0
at, clock = home, 0.0
while left:
    near = min(left, key=lambda k: (times[at, k], k))
    visit = times[at, near] + problem.customers[near].service_duration
    if clock and clock + visit + times[near, home] > day:
        seconds, metres = seconds + times[at, home], metres + float(problem.travel.distances[at, home])
        at, clock = home, 0.0
        continue
    seconds, metres = seconds + times[at, near], metres + float(problem.travel.distances[at, near])
    at, clock = near, clock + visit
    left.remove(near)
seconds, metres = seconds + times[at, home], metres + float(problem.travel.distances[at, home])
simple = seconds / 3600 * rep.cost_per_hour + metres / 1000 * rep.cost_per_km
print(f"nearest first: {simple:.1f}, although it may visit a customer twice on one day; ours with every rule kept: {best:.1f}")
