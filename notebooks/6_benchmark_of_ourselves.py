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
from dataclasses import replace

import pandas as pd

from api.notebook import sample
from api.planning import territory_problems
from routing.bounds import lower_bound
from routing.encoding import encode, pattern_options
from routing.objective import Weights
from routing.project import Policy
from routing.search.stop import MaxIterations
from routing.solve import default_iterations, solve
from routing.travel.great_circle import GreatCircle

project = sample("la_serena", customers=35, reps=1, weeks=2)
# even days cost travel; the bound leaves evenness out, so both sides do without it
project = replace(project, policy=Policy(weights=Weights(imbalance_hour=0.0)))
problem = territory_problems(project, GreatCircle(), dict.fromkeys((c.customer_id for c in project.customers), "R1"))["R1"]
print(f"{len(problem.customers)} customers, {sum(problem.due)} visits; default budget {default_iterations(problem)} steps")

# %%
solve(problem, stop=MaxIterations(10), seed=0)  # loads the compiled engine, so that no run below has to
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
# The same visits on the same days, but each day driven to the nearest customer first, opening hours ignored.

# %%
plan = runs.loc[runs.cost.idxmin(), "plan"]
rep, home = problem.reps[0], len(problem.customers)
index = {c.customer_id: k for k, c in enumerate(problem.customers)}
price = problem.travel.durations * rep.cost_per_hour / 3600 + problem.travel.distances * rep.cost_per_km / 1000
simple = 0.0
for route in plan.routes:
    left, at = {index[s.customer_id] for s in route.stops}, home
    while left:
        near = min(left, key=lambda k: (price[at, k], k))
        simple, at = simple + price[at, near], near
        left.remove(near)
    simple += price[at, home]
ours = plan.cost.travel_time + plan.cost.distance
print(f"nearest first {simple:.1f}, ours {ours:.1f}: {1 - ours / simple:.1%} less")
assert ours <= simple + 1e-6 or any(c.windows for c in problem.customers)
