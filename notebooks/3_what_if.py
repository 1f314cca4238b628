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
# # 3 What if?
# Questions a manager asks, answered with their noise: differences that the search might have made by chance are not marked.

# %%
from tempfile import TemporaryDirectory
from pathlib import Path

from api.notebook import bar, sample
from api.planning import PlanningParams, plan_project
from api.scenarios.curves import fitted, frequency_curve, stability_curve, staffing_curve, tolerance_curve
from api.scenarios.files import write_comparison
from api.scenarios.pictures import comparison_picture, curve_picture, effects_picture
from api.scenarios.run import RunParams, run_scenarios
from api.scenarios.sensitivity import costly, effects_frame, one_more_hour, sensitivity
from api.scenarios.urgent import urgent_curve
from routing.scenario import Scenario, parse_changes
from routing.travel.great_circle import GreatCircle

travel = GreatCircle()
project = sample("la_serena", customers=130, reps=2, weeks=2)
with bar() as moving:
    base = plan_project(project, travel, params=PlanningParams(seconds=6), on_step=moving.on_step)

# %% [markdown]
# ## Five questions
# Changes are words; `rounds what-if` and scenario files take the same.

# %%
questions = [
    Scenario(
        name="one rep more",
        question="One more rep, or overtime?",
        changes=parse_changes(["+rep at -29.905,-71.25"]),
    ),
    Scenario(name="overtime", changes=parse_changes(["hours all +60 min"])),
    Scenario(name="C every 6 weeks", changes=parse_changes(["frequency C=every 6 weeks"])),
    Scenario(name="R2 moves north", changes=parse_changes(["move R2 to -29.87,-71.24"])),
    Scenario(name="everyone stays", changes=parse_changes(["move R2 to -29.87,-71.24", "lock all"])),
]
with bar() as moving:
    compared = run_scenarios(
        project, base.plan, questions, travel, params=RunParams(seeds=(1, 2), effort=0.1), on_progress=moving.on_progress
    )
compared

# %%
comparison_picture(compared)

# %% [markdown]
# Every number as a tidy table, for your own analysis:

# %%
compared.frame().query("figure == 'travel_h'").pivot_table(index="scenario", columns="seed", values="value")

# %% [markdown]
# ## Checked by hand
# Hours on site need no solver: the visits of a plan times the time that each takes.

# %%
minutes = {c.customer_id: c.service_duration / 60 for c in project.customers}
for outcome in compared.outcomes:
    by_hand = sum(minutes[s.customer_id] for r in outcome.plan.routes for s in r.stops) / 60
    assert abs(by_hand - compared.values[outcome.name][0]["service_h"]) < 1e-6
    print(f"{outcome.name}: {by_hand:.1f} h on site; first estimate after {outcome.estimate.seconds:.1f} s")

# %% [markdown]
# ## Curves
# Each with its band and, where there is one, a proven bound. How many reps?

# %%
problem = fitted(project, base.plan, travel)
staffing = staffing_curve(problem, [1, 2, 3, 4])
staffing

# %%
curve_picture(staffing)

# %% [markdown]
# How often should C customers be visited?

# %%
curve_picture(frequency_curve(project, base.plan, travel, "C", [2, 4, 6, 8]))

# %% [markdown]
# What does it cost to leave customers with their rep? From everyone stays (right) to borders drawn for travel alone (left).

# %%
curve_picture(stability_curve(problem, base.plan.assignment))

# %% [markdown]
# What do equal workloads cost in travel?

# %%
curve_picture(tolerance_curve(problem, [0.02, 0.05, 0.1, 0.2]))

# %% [markdown]
# ## What costs most, and where does an hour help most?
# Planned again without each of the customers with the dearest detours, and with an hour more for each rep; twice, so that
# a saving can be told from noise.

# %%
asked = [*costly(project, base.plan, travel, most=2), *one_more_hour(project)]
effects = sensitivity(project, base.plan, travel, asked, params=RunParams(seeds=(1, 2), effort=0.1))
effects_frame(effects).round(1)

# %%
effects_picture(effects)

# %% [markdown]
# ## Urgent visits: how many bases, and where?

# %%
reach, bases = urgent_curve(project, travel, limit_minutes=5, counts=[1, 2, 3, 4])
print(bases[2].places)
curve_picture(reach)

# %% [markdown]
# ## Two pages for the general manager

# %%
with TemporaryDirectory() as folder:
    files = write_comparison(compared, Path(folder))
    print([f"{f.name}: {f.stat().st_size / 1000:.0f} kB" for f in files[:2]])
