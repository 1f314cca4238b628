"""The report page of an alignment: one HTML file that needs nothing from the network."""

from __future__ import annotations

import math
from html import escape

import pandas as pd

from territories.alignment import Alignment
from territories.chart import balance_chart, chart_svg
from territories.proposals import Proposal
from territories.realign import Realignment
from territories.report import COLUMNS
from territories.words import Language, say


def report_page(
    alignment: Alignment,
    table: pd.DataFrame,
    *,
    change: Realignment | None = None,
    proposals: tuple[Proposal, ...] = (),
    language: Language = "en",
) -> str:
    """One HTML page that needs nothing from the network."""
    parts = [
        f"<!doctype html><html lang='{'zh-CN' if language == 'zh' else 'en'}'><meta charset='utf-8'>"
        f"<title>{say('Territories', language)}</title><style>"
        "body{font:15px/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem;color:#1d2733}"
        "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}"
        "td,th{padding:.25rem .6rem;border-bottom:1px solid #d7dde3;text-align:right}td{white-space:nowrap}"
        "th{vertical-align:bottom}td:first-child,th:first-child,.names{text-align:left}"
        ".wide{overflow-x:auto}svg{max-width:100%;height:auto}"
        "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}"
        f"</style><h1>{say('Territories', language)}</h1>",
        *_verdict(alignment, language),
        *[chart_svg(balance_chart(alignment, name, language=language)) for name in alignment.activity],
        f"<h2>{say('One row a territory', language)}</h2><div class='wide'>{_rows(table, language)}</div>",
    ]
    if change is not None:
        parts += _changes(change, language)
    if proposals:
        parts += _proposals(proposals, language)
    legend = "".join(
        f"<dt>{_heading(k, language)}</dt><dd>{escape(say(v, language))}</dd>"
        for k, v in COLUMNS.items()
        if k in table.columns
    )
    parts.append(f"<h2>{say('What the columns mean', language)}</h2><dl>{legend}</dl></html>\n")
    return "\n".join(parts)


def _rows(table: pd.DataFrame, language: Language) -> str:
    names = [str(c) for c in table.columns]
    head = "".join(f"<th{_kind(c)}>{_heading(c, language)}</th>" for c in names)
    body = "".join(
        "<tr>" + "".join(f"<td{_kind(c)}>{_cell(c, v)}</td>" for c, v in zip(names, row, strict=True)) + "</tr>"
        for row in table.itertuples(index=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _kind(column: str) -> str:
    return " class='names'" if column in ("rep_id", "name") else ""


def _heading(column: str, language: Language) -> str:
    return escape(say(column.replace("_", " "), language))


def _cell(column: str, value: object) -> str:
    if not isinstance(value, int | float):
        return escape(str(value))
    if math.isnan(value):
        return "–"
    if column.endswith("deviation"):
        return f"{value:+.1%}"
    if column in ("travel_share", "utilisation"):
        return f"{value:.1%}"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 10_000 else f"{value:,.2f}"


def _verdict(alignment: Alignment, language: Language) -> list[str]:
    lines = []
    for name, tolerance in alignment.tolerance.items():
        text = say(
            "largest deviation {worst:.1%}, allowed {allowed:.1%}; no alignment of whole customers is below "
            "{least:.2%}.",
            language,
        ).format(
            worst=alignment.worst_deviation(name),
            allowed=tolerance,
            least=alignment.certificate.best_deviation[name],
        )
        lines.append(f"<p><b>{escape(say(name, language))}</b>: {text}</p>")
    if alignment.bound > 0:
        text = say("Compactness is within {gap:.2%} of the lower bound for these centres and bands.", language)
        lines.append(f"<p>{text.format(gap=alignment.gap)}</p>")
    lines += [f"<p>⚠ {escape(v.told(language))}</p>" for v in alignment.violations]
    if alignment.stranded:
        text = say("{count} customers are cut off from the rest of their territory.", language)
        lines.append(f"<p>⚠ {text.format(count=len(alignment.stranded))} {escape(', '.join(alignment.stranded))}</p>")
    if alignment.enclosed:
        text = say(
            "{count} customers lie inside another territory: the reps around may not serve all of them.", language
        )
        lines.append(f"<p>{text.format(count=len(alignment.enclosed))} {escape(', '.join(alignment.enclosed))}</p>")
    return lines


def _changes(change: Realignment, language: Language) -> list[str]:
    measure = next(iter(change.before.activity))
    moved = say(
        "{count} customers move ({customers:.1%}), {workload:.1%} of the workload and {sales:.1%} of the sales. With "
        "today's travel, at least {near:.1%} of the workload would have to cross the present borders to meet the bands "
        "({any:.1%} if any two reps could exchange customers). {new} customers are new.",
        language,
    ).format(
        count=len(change.moved),
        customers=change.moved_customers,
        workload=change.moved_workload,
        sales=change.moved_sales,
        near=change.bound_neighbours,
        any=change.bound_any,
        new=len(change.new),
    )
    effect = say(
        "Largest deviation before {before:.1%}, after {after:.1%}; mean distance to the centre {km_before:.2f} km "
        "before, {km_after:.2f} km after; estimated travel {travel:+.1%}.",
        language,
    ).format(
        before=change.before.worst_deviation(measure),
        after=change.alignment.worst_deviation(measure),
        km_before=change.distance_before,
        km_after=change.distance_after,
        travel=-change.travel_saved,
    )
    return [f"<h2>{say('What changes', language)}</h2>", f"<p>{moved}</p>", f"<p>{effect}</p>"]


def _proposals(proposals: tuple[Proposal, ...], language: Language) -> list[str]:
    heads = ("stability", "band", "workload moved", "travel", "largest deviation")
    rows = "".join(
        f"<tr><td>{p.stability:g}</td><td>±{p.tolerance:.0%}</td><td>{p.moved_workload:.1%}</td>"
        f"<td>{say('{hours:,.0f} h', language).format(hours=p.travel_hours)}</td><td>{p.deviation:.1%}</td></tr>"
        for p in proposals
    )
    titles = "".join(f"<th>{say(h, language)}</th>" for h in heads)
    return [f"<h2>{say('Proposals', language)}</h2><table><tr>{titles}</tr>{rows}</table>"]
