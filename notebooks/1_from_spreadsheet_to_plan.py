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
# # 1 From spreadsheet to plan
# Two files go in, customers and reps; territories and day routes come out. The sample is a corner of La Serena-Coquimbo in
# Chile: streets from OpenStreetMap, businesses made up (© OpenStreetMap contributors, ODbL).

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from api.notebook import bar, sample, sample_folder, show
from api.planning import PlanningParams, plan_project
from routing.capacity import capacity_verdict
from routing.io import load_project_files
from routing.travel.great_circle import GreatCircle

# %% [markdown]
# ## What is in the files, and what is wrong with them
# Faulty rows are set aside and listed, each with what to do about it; nothing disappears in silence.

# %%
folder = sample_folder("la_serena")
loaded = load_project_files(folder / "customers.csv", folder / "reps.csv")
print(f"{len(loaded.customers)} customers, {len(loaded.reps)} reps")
assert not loaded.report.issues

# %% [markdown]
# The sample has no faults. Here are some, as they come in real files:

# %%
with TemporaryDirectory() as place:
    faulty = Path(place) / "customers.csv"
    faulty.write_text(
        "name,lat,lon,frequency,minutes\n"
        "Corner shop,-29.91,-71.25,weekly,20\n"
        "Bakery,-71.25,-290.9,weekly,20\n"
        "Kiosk,-29.92,-71.26,now and then,15\n",
        "utf-8",
    )
    read = load_project_files(faulty, folder / "reps.csv")
    print(f"{len(read.customers)} customer taken over")
    for issue in read.report.issues:
        print("-", issue)

# %% [markdown]
# ## Does it fit at all?
# Hours that visits demand against hours that reps offer, before anything is planned. We take the two reps and the sixty
# customers around their homes, so that this notebook is quick; leave the numbers out for the whole city.

# %%
project = sample("la_serena", customers=60, reps=2, weeks=2)
verdict = capacity_verdict(project, travel_hours=10)
print(verdict.sentence())

# %% [markdown]
# The same by hand: frequency times duration, summed over the customers.

# %%
by_hand = sum(float(c.visit_rule.visits_per_cycle(2)) * c.service_duration for c in project.customers) / 3600
print(f"{by_hand:.1f} h by rate, {verdict.service_hours:.1f} h by the visits that fall into these two weeks")

# %% [markdown]
# ## The plan
# Territories, visit days, day routes, and a check by code that shares nothing with the planner.

# %%
with bar() as moving:
    planned = plan_project(project, GreatCircle(), params=PlanningParams(seconds=6), on_step=moving.on_step)
assert planned.violations == ()
show(planned)

# %% [markdown]
# `api.outputs.write_plan_folder` writes everything that people take from a plan: report, map, workbook, calendars, GPX.
