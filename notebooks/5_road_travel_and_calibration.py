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
print("Roads can be built." if ready else "Install rounds[roads] to build roads: the rest is skipped.")

# %% [markdown]
# ## Build roads once
# `rounds roads build extract.osm.pbf --out roads` does the same.

# %%
if ready:
    from routing.travel.roads.provider import RoadProvider, build_roads

    folder = Path(mkdtemp())
    info = build_roads(extract, folder, modes=[TravelMode.FOOT])
    roads = RoadProvider(folder=folder)
    print(*info.modes, "·", info.attribution)

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
    low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9])
    print(f"road over estimate: median {middle:.2f}, 10 % to 90 %: {low:.2f} … {high:.2f}")

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

# %% [markdown]
# Each dot is a way between two customers; on the line, the estimate is right.

# %%
if ready:
    from api.scenarios.pictures import Picture

    picture = Picture(figsize=(8, 4), layout="constrained")
    for axes, source, title in zip(picture.subplots(1, 2), (GreatCircle(), fitted), ("before", "after the fit"), strict=True):
        guess = source.matrix(places, profile=TravelMode.FOOT).durations[reached] / 60
        truth = real.durations[reached] / 60
        axes.scatter(truth, guess, s=3, alpha=0.3)
        axes.plot([0, truth.max()], [0, truth.max()], color="#b3352b", linewidth=1)
        axes.set(title=title, xlabel="minutes on roads", ylabel="minutes estimated")
picture if ready else None

# %% [markdown]
# ## The way itself

# %%
if ready:
    way = roads.route(places[:2], profile=TravelMode.FOOT)
    names = [s.name for s in way.legs[0].streets if s.name][:6]
    print(f"{way.duration / 60:.0f} min, {way.distance} m:", ", ".join(names))
