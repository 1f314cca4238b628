"""The chart of the simulated month: coverage by grade and urgent visits in time, with live replanning and without."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

COLOURS = {False: "#b0543a", True: "#1f6f8b"}
NAMES = {False: "without live replanning", True: "with live replanning"}


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """A panel for each fullness of the days: bars of the mean over the seeds, whiskers from the worst to the best."""
    sizes = sorted({row["customers"] for row in rows})
    figure = Figure(figsize=(9, 0.8 + 3.8 * len(sizes)), layout="constrained")
    panels = figure.subplots(len(sizes), squeeze=False)[:, 0]
    for axes, customers in zip(panels, sizes, strict=True):
        _panel(axes, [row for row in rows if row["customers"] == customers])
    seeds = len({row["seed"] for row in rows})
    figure.suptitle(
        "A simulated month: closed doors, long visits, slow roads, urgent calls, a rep ill for two days\n"
        f"mean of {seeds} seeds, whiskers from the worst to the best",
        fontsize=11,
    )
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path, dpi=110)


def _panel(axes: Any, rows: list[dict[str, Any]]) -> None:
    grades = list(rows[0]["coverage"])
    labels = [f"grade {g}" for g in grades] + ["all, by worth", "urgent within 24 h"]
    width = 0.38
    for k, live in enumerate((False, True)):
        mine = [r for r in rows if r["live"] is live]
        values = 100 * np.array([[*(r["coverage"][g] for g in grades), r["worth"], r["urgent"]] for r in mine])
        mean = values.mean(axis=0)
        at = np.arange(len(labels)) + (k - 0.5) * width
        spread = np.abs(np.array([values.min(axis=0), values.max(axis=0)]) - mean)
        axes.bar(at, mean, width, color=COLOURS[live], label=NAMES[live], yerr=spread, capsize=3, ecolor="#444444")
        for x, y, top in zip(at, mean, spread[1], strict=True):
            axes.annotate(f"{y:.1f}", (x, y + top), (0, 4), textcoords="offset points", ha="center", fontsize=9)
    axes.set_xticks(np.arange(len(labels)), labels)
    axes.set_ylabel("% of what was due")
    axes.set_ylim(0, 115)
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y", color="#dddddd")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(f"days {np.mean([r['full'] for r in rows]):.0%} full", fontsize=10, loc="left")
