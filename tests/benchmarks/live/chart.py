"""The chart of the simulated month: coverage by grade and urgent visits in time, with live replanning and without."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

COLOURS = {False: "#b0543a", True: "#1f6f8b"}
NAMES = {False: "without live replanning", True: "with live replanning"}


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Bars of the mean over the seeds, whiskers from the lowest to the highest seed."""
    grades = list(rows[0]["coverage"])
    labels = [f"grade {g}" for g in grades] + ["urgent within 24 h"]
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot()
    width = 0.38
    for k, live in enumerate((False, True)):
        mine = [r for r in rows if r["live"] is live]
        values = 100 * np.array([[*(r["coverage"][g] for g in grades), r["urgent"]] for r in mine])
        mean = values.mean(axis=0)
        at = np.arange(len(labels)) + (k - 0.5) * width
        spread = np.abs(np.array([values.min(axis=0), values.max(axis=0)]) - mean)
        axes.bar(at, mean, width, color=COLOURS[live], label=NAMES[live], yerr=spread, capsize=3, ecolor="#444444")
        for x, y, top in zip(at, mean, spread[1], strict=True):
            axes.annotate(f"{y:.1f}", (x, y + top), (0, 4), textcoords="offset points", ha="center", fontsize=9)
    axes.set_xticks(np.arange(len(labels)), labels)
    axes.set_ylabel("% of what was due")
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    seeds = len({r["seed"] for r in rows})
    axes.set_title(
        "A simulated month: closed doors, long visits, slow roads, urgent calls, a rep ill for two days\n"
        f"mean of {seeds} seeds, whiskers from the worst to the best",
        fontsize=11,
    )
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2, frameon=False)
    figure.savefig(path, dpi=110)
