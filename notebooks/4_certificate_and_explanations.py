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
# # 4 How good is the plan, and why is something not in it?

# %%
from dataclasses import asdict

import pandas as pd

from api.notebook import sample
from api.planning import PlanningParams, plan_project, territory_problems
from api.scenarios.reuse import part_of
from api.scenarios.run import RunParams, run_scenarios
from routing.bounds import lower_bound
from routing.encoding import encode, pattern_options
from routing.scenario import Scenario, parse_changes
from routing.timetable import day_problem
from routing.tours import prove_day
from routing.travel.great_circle import GreatCircle

travel = GreatCircle()
project = sample("la_serena", customers=36, reps=2, weeks=2)
planned = plan_project(project, travel, params=PlanningParams(seconds=4))
pd.Series(asdict(planned.plan.cost), name="cost of the plan").round(2).to_frame()

# %% [markdown]
# ## Territories
# The cost of the assignment against its proven bound, and the balance that no assignment of whole customers can beat.

# %%
certificate = planned.alignment.certificate
best = {measure: f"{deviation:.1%}" for measure, deviation in certificate.best_deviation.items()}
print(f"gap {certificate.gap:.2%}; smallest possible deviation {best}")

# %% [markdown]
# ## Day by day
# Is the order of stops of each day the best there is? Proven by dynamic programming.

# %%
problems = territory_problems(project, travel, planned.plan.assignment)
proofs = []
for rep_id, problem in problems.items():
    index = {c.customer_id: k for k, c in enumerate(problem.customers)}
    shifts = {s.date: s for s in problem.shifts}
    for route in planned.plan.routes_of()[rep_id]:
        stops = [index[s.customer_id] for s in route.stops]
        day = day_problem(problem, shifts[route.date], stops)
        proofs.append(prove_day(day, tuple(range(1, len(stops) + 1))))
print(f"{sum(p.optimal for p in proofs)} of {len(proofs)} days proven best")
assert sum(p.optimal for p in proofs) > 0

# %% [markdown]
# ## The whole plan of one rep
# A lower bound on all plans, whatever the visit days: cutting planes, stopped after some rounds (it is valid whenever
# it stops, and grows with more). The balance of days is left out of both figures.

# %%
rep_id, problem = next(iter(problems.items()))
weights = problem.policy.weights
model = encode(problem, pattern_options(problem, weights), weights)
part = part_of(planned.plan, problem)
upper = part.cost.total - part.cost.imbalance
bound = lower_bound(model, iterations=60, upper=upper)
print(f"{rep_id}: no plan below {bound.value:.1f}, ours {upper:.1f}: gap {bound.gap:.1%}")
assert bound.value <= upper + 1e-6

# %% [markdown]
# ## What is left out, and why
# One rep on leave for a week: some visits no longer fit. Each comes with a reason found by testing, and the cheapest single
# relaxation that would let it in.

# %%
away = Scenario(name="R1 away", changes=parse_changes(["leave R1 2026-11-02..2026-11-06"]))
compared = run_scenarios(project, planned.plan, [away], travel, params=RunParams(effort=0.1))
for item in compared["R1 away"].plan.unserved[:5]:
    print(f"{item.customer_id}, {item.visits} visit(s): {item.reason} {item.cure}")
compared
