"""The report page of an alignment: one HTML file that needs nothing from the network."""

from __future__ import annotations

from html import escape

import pandas as pd

from territories.alignment import Alignment
from territories.chart import balance_chart, chart_svg
from territories.proposals import Proposal
from territories.realign import Realignment
from territories.report import COLUMNS


def report_page(
    alignment: Alignment,
    table: pd.DataFrame,
    *,
    change: Realignment | None = None,
    proposals: tuple[Proposal, ...] = (),
) -> str:
    """One HTML page that needs nothing from the network."""
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Territories</title><style>"
        "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1d2733}"
        "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}"
        "td,th{padding:.25rem .6rem;border-bottom:1px solid #d7dde3;text-align:right}"
        "td:first-child,th:first-child{text-align:left}.wide{overflow-x:auto}svg{max-width:100%;height:auto}"
        "</style><h1>Territories</h1>",
        *_verdict(alignment),
        *[chart_svg(balance_chart(alignment, name)) for name in alignment.activity],
        "<h2>One row a territory</h2><div class='wide'>",
        table.to_html(index=False, border=0, na_rep="–", escape=True),
        "</div>",
    ]
    if change is not None:
        parts += _changes(change)
    if proposals:
        parts += _proposals(proposals)
    legend = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in COLUMNS.items() if k in table.columns)
    parts.append(f"<h2>What the columns mean</h2><dl>{legend}</dl></html>\n")
    return "\n".join(parts)


def _verdict(alignment: Alignment) -> list[str]:
    lines = []
    for name, tolerance in alignment.tolerance.items():
        lines.append(
            f"<p><b>{escape(name)}</b>: largest deviation {alignment.worst_deviation(name):.1%}, "
            f"allowed {tolerance:.1%}; no alignment of whole customers is below "
            f"{alignment.certificate.best_deviation[name]:.2%}.</p>"
        )
    if alignment.bound > 0:
        lines.append(
            f"<p>Compactness is within {alignment.gap:.2%} of the lower bound for these centres and bands.</p>"
        )
    lines += [f"<p>⚠ {escape(str(v))}</p>" for v in alignment.violations]
    if alignment.stranded:
        lines.append(f"<p>⚠ {len(alignment.stranded)} customers are cut off from the rest of their territory.</p>")
    return lines


def _changes(change: Realignment) -> list[str]:
    return [
        "<h2>What changes</h2>",
        f"<p>{len(change.moved)} customers move ({change.moved_customers:.1%}), {change.moved_workload:.1%} of the "
        f"workload and {change.moved_sales:.1%} of the sales. With today's travel, at least "
        f"{change.bound_neighbours:.1%} of the workload would have to cross the present borders to meet the bands "
        f"({change.bound_any:.1%} if any two reps could exchange customers). {len(change.new)} customers are new.</p>",
        f"<p>Largest deviation before {change.before.worst_deviation(next(iter(change.before.activity))):.1%}, after "
        f"{change.alignment.worst_deviation(next(iter(change.alignment.activity))):.1%}; mean distance to the centre "
        f"{change.distance_before:.2f} km before, {change.distance_after:.2f} km after; estimated travel "
        f"{-change.travel_saved:+.1%}.</p>",
    ]


def _proposals(proposals: tuple[Proposal, ...]) -> list[str]:
    rows = "".join(
        f"<tr><td>{p.stability:g}</td><td>±{p.tolerance:.0%}</td><td>{p.moved_workload:.1%}</td>"
        f"<td>{p.travel_hours:,.0f} h</td><td>{p.deviation:.1%}</td></tr>"
        for p in proposals
    )
    return [
        "<h2>Proposals</h2><table><tr><th>stability</th><th>band</th><th>workload moved</th><th>travel</th>"
        f"<th>largest deviation</th></tr>{rows}</table>"
    ]
