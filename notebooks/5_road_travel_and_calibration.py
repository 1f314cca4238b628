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
# # 5 Road travel and calibration
# Times on real streets, and what the straight-line estimate is worth without them. Monaco: © OpenStreetMap contributors, ODbL.

# %%
import importlib.util
from pathlib import Path
from tempfile import mkdtemp

from api.notebook import sample, sample_folder
from routing.domain import TravelMode
from routing.problem import latlon
from routing.travel.great_circle import GreatCircle

extract = sample_folder("monaco") / "roads.osm.pbf"
ready = importlib.util.find_spec("osmium") is not None and extract.exists()
print("Roads can be built." if ready else "Install rounds[roads] to build roads: the rest of this notebook is skipped.")

# %% [markdown]
# ## Build roads once
# `rounds roads build extract.osm.pbf --out roads` does the same.

# %%
if ready:
    from routing.travel.roads.provider import RoadProvider, build_roads

    folder = Path(mkdtemp())
    info = build_roads(extract, folder, modes=[TravelMode.FOOT])
    roads = RoadProvider(folder=folder)
    print(info.modes, info.attribution)

# %% [markdown]
# ## Estimate against roads
# The estimate knows no stairs and no cliffs; Monaco has both.

# %%
if ready:
    import numpy as np

    project = sample("monaco", customers=60, weeks=1)
    places = latlon([c.location for c in project.customers])
    real = roads.matrix(places, profile=TravelMode.FOOT)
    said = GreatCircle().matrix(places, profile=TravelMode.FOOT)
    reached = (real.durations > 0) & (real.durations < 10**8)
    ratio = real.durations[reached] / np.maximum(said.durations[reached], 1)
    print(f"road over estimate: median {np.median(ratio):.2f}, 10 % to 90 %: {np.quantile(ratio, [0.1, 0.9]).round(2)}")

# %% [markdown]
# ## Fit the estimate to what is known
# From a matrix that is trusted (here the roads), or from recorded trips (`routing.travel.calibrate.read_trips`).

# %%
if ready:
    from routing.travel.calibrate import law_of_matrix

    fit = law_of_matrix(real, places)
    print(f"median error of the estimate: {fit.error_before:.0%} before, {fit.error_after:.0%} after the fit")
    assert fit.error_after <= fit.error_before
    fitted = GreatCircle(laws={TravelMode.FOOT: fit.law})
fit if ready else None

# %% [markdown]
# ## The way itself

# %%
if ready:
    way = roads.route(places[:2], profile=TravelMode.FOOT)
    print(f"{way.duration / 60:.0f} min, {way.distance} m:", [s.name for s in way.legs[0].streets if s.name][:6])
