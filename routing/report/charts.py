"""The charts of the report."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from routing.export.words import percent
from routing.kpi import Coverage, Kpis, RepKpis
from routing.report.svg import INK, PAPER, PARTS, WARN, chart, labels, to_svg

__all__ = ["balance_chart", "coverage_chart", "distance_chart", "hours_chart", "travel_share_chart"]

HEIGHT = 0.62


def coverage_chart(groups: Sequence[Coverage], *, name: str, what: str) -> Markup:
    """Visits planned over visits due, one bar per group."""
    with chart(len(groups)) as (figure, axes):
        for row, group in enumerate(groups):
            share = group.share or 0.0
            axes.barh(row, 100 * share, HEIGHT, color=PARTS[0])
            if group.due:
                axes.barh(row, 100 - 100 * share, HEIGHT, left=100 * share, color=WARN)
            axes.annotate(
                f"{percent(group.share, 1)} ({group.planned:,} of {group.due:,})",
                (100, row),
                (6, 0),
                textcoords="offset points",
                va="center",
                annotation_clip=False,
            )
        labels(axes, [group.group for group in groups])
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        said = "; ".join(f"{g.group}: {g.planned} of {g.due} visits" for g in groups)
        return to_svg(figure, name=name, description=f"Coverage by {what}. {said}.")


def hours_chart(kpis: Kpis) -> Markup:
    """Hours per rep: travel, on site, the rest; a mark where the time on duty ends."""
    with chart(len(kpis.reps)) as (figure, axes):
        for row, rep in enumerate(kpis.reps):
            left = 0.0
            for part, colour in zip(_parts(rep), PARTS, strict=True):
                axes.barh(row, part, HEIGHT, left=left, color=colour)
                left += part
            axes.plot([rep.available_s / 3600] * 2, [row - 0.42, row + 0.42], color=INK, linewidth=1.6)
        labels(axes, [rep.name for rep in kpis.reps])
        axes.set_xlim(left=0)
        axes.set_xlabel("hours in the plan")
        said = "; ".join(f"{r.name}: {r.work_s / 3600:.0f} of {r.available_s / 3600:.0f} hours" for r in kpis.reps)
        return to_svg(figure, name="hours", description=f"Working hours per rep. {said}.")


def travel_share_chart(kpis: Kpis) -> Markup:
    """Travel time over working time per rep, with the team's as a line."""
    return _bars(
        kpis,
        name="travel",
        label="% of working time",
        unit="%",
        value=lambda rep: 100 * (rep.travel_share or 0.0),
        team=None if kpis.travel_share is None else 100 * kpis.travel_share,
        what="Travel share per rep",
    )


def distance_chart(kpis: Kpis) -> Markup:
    """Kilometres per rep."""
    return _bars(
        kpis,
        name="distance",
        label="km in the plan",
        unit="km",
        value=lambda rep: rep.travel_m / 1000,
        team=None,
        what="Distance per rep",
    )


def balance_chart(kpis: Kpis, *, tolerance: float) -> Markup:
    """How far each rep's utilisation lies from the team's, relative to it; red beyond the tolerance."""
    team = kpis.utilisation or 0.0

    def deviation(rep: RepKpis) -> float:
        return 100 * (rep.utilisation - team) / team if team and rep.utilisation is not None else 0.0

    with chart(len(kpis.reps)) as (figure, axes):
        for row, rep in enumerate(kpis.reps):
            value = deviation(rep)
            axes.barh(row, value, HEIGHT, color=PARTS[0] if abs(value) <= 100 * tolerance else WARN)
            axes.annotate(
                f"{value:+.1f} %",
                (value, row),
                (4 if value >= 0 else -4, 0),
                textcoords="offset points",
                va="center",
                ha="left" if value >= 0 else "right",
                annotation_clip=False,
            )
        axes.axvline(0, color=INK, linewidth=1)
        reach = max((abs(deviation(rep)) for rep in kpis.reps), default=0.0)
        axes.set_xlim(-1.45 * max(reach, 2), 1.45 * max(reach, 2))
        labels(axes, [rep.name for rep in kpis.reps])
        axes.set_xlabel("% above or below the team's utilisation")
        said = "; ".join(f"{rep.name}: {deviation(rep):+.1f} %" for rep in kpis.reps)
        return to_svg(figure, name="balance", description=f"Balance of utilisation. {said}.")


def _bars(
    kpis: Kpis, *, name: str, label: str, unit: str, value: Callable[[RepKpis], float], team: float | None, what: str
) -> Markup:
    with chart(len(kpis.reps)) as (figure, axes):
        for row, rep in enumerate(kpis.reps):
            axes.barh(row, value(rep), HEIGHT, color=PARTS[0])
            axes.annotate(
                f"{value(rep):,.0f} {unit}",
                (value(rep), row),
                (5, 0),
                textcoords="offset points",
                va="center",
                annotation_clip=False,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1},
            )
        if team is not None:
            axes.axvline(team, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        labels(axes, [rep.name for rep in kpis.reps])
        axes.set_xlim(0, max((value(rep) for rep in kpis.reps), default=0.0) * 1.2 or 1)
        axes.set_xlabel(label + (f" (dashed: team, {team:.0f} {unit})" if team is not None else ""))
        said = "; ".join(f"{rep.name}: {value(rep):.0f} {unit}" for rep in kpis.reps)
        return to_svg(figure, name=name, description=f"{what}. {said}.")


def _parts(rep: RepKpis) -> tuple[float, float, float]:
    """Hours of travel, on site, and parking, entry and waiting."""
    return (
        rep.travel_s / 3600,
        rep.service_s / 3600,
        max(0, rep.work_s - rep.travel_s - rep.service_s) / 3600,
    )
