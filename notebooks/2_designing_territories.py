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
# # 2 Designing territories
# Who serves whom, so that work is even, ways are short and nobody's territory is torn: with a proof of how good it is.

# %%
from dataclasses import replace

from api.notebook import sample, show
from api.scenarios.curves import staffing_curve, stability_curve, tolerance_curve
from api.scenarios.pictures import curve_picture
from routing.travel.great_circle import GreatCircle
from territories import Measure, TerritoryProblem, align

project = sample("la_serena")
problem = TerritoryProblem.from_project(project, provider=GreatCircle())
alignment = align(problem)
show(alignment, problem)

# %% [markdown]
# ## Two measures at once
# Workload within 5 % and sales within 25 %. Where a band cannot be met, the alignment says so and gives the bound.

# %%
both = replace(problem, measures=(Measure(name="workload", tolerance=0.05), Measure(name="sales", tolerance=0.25)))
balanced = align(both)
for violation in balanced.violations:
    print(violation)
{m: f"{balanced.worst_deviation(m):.1%}" for m in ("workload", "sales")}

# %% [markdown]
# ## How many reps?
# Dashed: what is certain. Done cannot exceed what the hours offered allow on site; travel cannot fall below the ways that
# no order of visits avoids.

# %%
curve_picture(staffing_curve(problem, [3, 4, 5, 6, 7], seeds=(0, 1)))

# %% [markdown]
# ## What does balance cost?

# %%
tolerances = tolerance_curve(problem, [0.02, 0.05, 0.1, 0.2], seeds=(0, 1))
tolerances

# %% [markdown]
# ## What does it cost to leave customers with their rep?
# The territories of a balance by customers as today's, and a new balance by workload: how much has to move, and what is
# gained by moving more.

# %%
today = align(replace(problem, measures=(Measure(name="customers", tolerance=0.05),)))
stability = stability_curve(problem, today.territories, levels=(5.0, 1.0, 0.5, 0.1, 0.0), seeds=(0,))
curve_picture(stability)
