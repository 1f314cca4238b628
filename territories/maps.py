"""Folium layers of territories: fills by rep, customers by grade, homes, before and after, moves as arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from routing.basemap import Picture
from routing.domain import Customer
from routing.maps.assets import leaflet
from routing.maps.background import picture_layer
from routing.maps.colours import rep_colours
from territories.alignment import Alignment
from territories.engine.costs import Floats
from territories.problem import TerritoryProblem
from territories.realign import Realignment
from territories.words import Language, say

_GRADE_RADIUS = {"A": 5.0, "B": 4.0, "C": 3.0}
_LIGHT_TILES = "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}{r}.png"
_ATTRIBUTION = (
    '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors '
    '&copy; <a href="https://carto.com/attributions">CARTO</a>'
)


def territory_layer(
    polygons: Mapping[str, BaseGeometry],
    colours: Mapping[str, str],
    figures: Mapping[str, Mapping[str, Any]],
    *,
    name: str = "Territories",
    show: bool = True,
    language: Language = "en",
) -> folium.FeatureGroup:
    """Filled polygons; hovering shows the figures of the territory."""
    group = folium.FeatureGroup(name=say(name, language), show=show)
    for rep, polygon in polygons.items():
        if polygon.is_empty:
            continue
        colour = colours.get(rep, "#777777")
        rows = "".join(_row(say(str(k).replace("_", " "), language), v) for k, v in figures.get(rep, {}).items())
        folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": mapping(polygon)},
            style_function=_style(colour),
            highlight_function=lambda _: {"fillOpacity": 0.45, "weight": 3},
            tooltip=folium.Tooltip(f"<b>{escape(rep)}</b><table>{rows}</table>", sticky=True),
        ).add_to(group)
    return group


def outline_layer(groups: Mapping[str, BaseGeometry], *, name: str) -> folium.FeatureGroup:
    """Dark outlines of what is above the territories; hovering over a border names it."""
    layer = folium.FeatureGroup(name=name)
    for group, polygon in groups.items():
        folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": mapping(polygon.boundary)},
            style_function=lambda _: {"color": "#1d2733", "weight": 3.5, "opacity": 0.8},
            tooltip=folium.Tooltip(escape(group), sticky=True),
        ).add_to(layer)
    return layer


def customer_layer(
    customers: Sequence[Customer],
    territories: Mapping[str, str],
    colours: Mapping[str, str],
    *,
    show: bool = True,
    language: Language = "en",
) -> folium.FeatureGroup:
    """A dot per customer: colour of the rep, size by grade."""
    group = folium.FeatureGroup(name=say("Customers", language), show=show)
    for c in customers:
        rep = territories.get(c.customer_id)
        if rep is None:
            continue
        folium.CircleMarker(
            (c.location.lat, c.location.lon),
            radius=_GRADE_RADIUS.get(c.grade, 3.0),
            color="#ffffff",
            weight=0.6,
            fill=True,
            fill_color=colours.get(rep, "#777777"),
            fill_opacity=0.95,
            tooltip=f"{escape(c.name)} ({escape(c.customer_id)}) · {escape(c.grade)} · {escape(rep)}",
        ).add_to(group)
    return group


def home_layer(
    problem: TerritoryProblem, colours: Mapping[str, str], *, language: Language = "en"
) -> folium.FeatureGroup:
    """Homes of the reps; those of free reps are left out."""
    group = folium.FeatureGroup(name=say("Homes", language))
    for rep in problem.reps:
        if rep.rep_id in problem.free_reps:
            continue
        folium.CircleMarker(
            (rep.home_base.lat, rep.home_base.lon),
            radius=8,
            color="#222222",
            weight=2.5,
            fill=True,
            fill_color=colours.get(rep.rep_id, "#777777"),
            fill_opacity=1.0,
            tooltip=f"{say('Home of', language)} {escape(rep.name)} ({escape(rep.rep_id)})",
        ).add_to(group)
    return group


def moves_layer(
    change: Realignment,
    customers: Sequence[Customer],
    colours: Mapping[str, str],
    *,
    show: bool = True,
    language: Language = "en",
) -> folium.FeatureGroup:
    """An arrow per moved customer, from the customer towards the centre of its new territory."""
    group = folium.FeatureGroup(name=f"{say('Moved customers', language)} ({len(change.moved)})", show=show)
    place = {c.customer_id: c for c in customers}
    for customer_id, (old, new) in change.moved.items():
        c = place[customer_id]
        start = np.array([c.location.lat, c.location.lon])
        centre = change.alignment.centres[new]
        end = start + 0.35 * (np.array([centre.lat, centre.lon]) - start)
        text = f"{escape(c.name)}: {escape(old)} → {escape(new)}"
        colour = colours.get(new, "#777777")
        folium.PolyLine([start.tolist(), end.tolist()], color=colour, weight=2.5, tooltip=text).add_to(group)
        for wing in _wings(start, end):
            folium.PolyLine([wing.tolist(), end.tolist()], color=colour, weight=2.5).add_to(group)
    return group


def territory_map(
    problem: TerritoryProblem,
    alignment: Alignment,
    polygons: Mapping[str, BaseGeometry],
    *,
    figures: Mapping[str, Mapping[str, Any]] | None = None,
    change: Realignment | None = None,
    before: Mapping[str, BaseGeometry] | None = None,
    levels: Mapping[str, Mapping[str, BaseGeometry]] | None = None,
    offline: bool = False,
    background: Picture | None = None,
    language: Language = "en",
) -> folium.Map:
    """Map of an alignment; with a realignment, layers before and after and the moves between them.

    Parameters
    ----------
    figures
        Rep id -> figures shown on hovering; see :func:`territories.report.territory_table`.
    change, before
        Realignment, and polygons of the territories before it.
    levels
        Name of a layer -> outlines of districts or regions.
    offline
        Leave out the background from the network, so that the page asks for nothing there.
    background
        Street map inside the page instead; see :func:`routing.maps.background.background_of`.
    language
        Of the page's own words.
    """
    colours = colours_of(alignment, polygons)
    figures = figures or {}
    drawn = folium.Map(tiles=None, prefer_canvas=True)
    # Leaflet goes into the page; none of the other scripts that folium loads by default is used.
    script, style = leaflet()
    drawn.default_js, drawn.default_css = [], []
    header = drawn.get_root().header
    header.add_child(Element(f"<style>{style}</style>"), name="leaflet_style")
    header.add_child(Element(f"<script>{script}</script>"), name="leaflet_script")
    if background is not None:
        picture_layer(background, name=say("Streets", language)).add_to(drawn)
    elif not offline:
        name = say("Light map", language)
        folium.TileLayer(_LIGHT_TILES, name=name, attr=_ATTRIBUTION, subdomains="abcd", max_zoom=20).add_to(drawn)
    after = "Territories" if change is None else "Territories after"
    territory_layer(polygons, colours, figures, name=after, language=language).add_to(drawn)
    if before is not None:
        territory_layer(before, colours, {}, name="Territories before", show=False, language=language).add_to(drawn)
    for name, groups in (levels or {}).items():
        outline_layer(groups, name=say(name, language)).add_to(drawn)
    customer_layer(problem.customers, alignment.territories, colours, language=language).add_to(drawn)
    home_layer(problem, colours, language=language).add_to(drawn)
    if change is not None:
        moves_layer(change, problem.customers, colours, language=language).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    places = np.array([(c.location.lat, c.location.lon) for c in problem.customers])
    drawn.fit_bounds([places.min(axis=0).tolist(), places.max(axis=0).tolist()])
    drawn.get_root().title = say("Territories", language)
    return drawn


def colours_of(alignment: Alignment, polygons: Mapping[str, BaseGeometry] | None = None) -> dict[str, str]:
    """Rep id -> colour, neighbours apart; with polygons, those with a common border first of all."""
    touching: dict[str, list[str]] = {}
    if polygons:
        reps = list(polygons)
        tree = shapely.STRtree(list(polygons.values()))
        for i, j in tree.query(list(polygons.values()), predicate="intersects").T.tolist():
            if i != j:
                touching.setdefault(reps[i], []).append(reps[j])
    return rep_colours({r: (c.lat, c.lon) for r, c in alignment.centres.items()}, touching)


def _style(colour: str) -> Any:
    return lambda _: {"fillColor": colour, "color": colour, "weight": 1.5, "fillOpacity": 0.25}


def _row(name: str, value: Any) -> str:
    return f"<tr><td>{escape(name)}</td><td align='right'>{escape(_figure(value))}</td></tr>"


def _figure(value: Any) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _wings(start: Floats, end: Floats) -> list[Floats]:
    """Ends of the two strokes of an arrow head, in degrees; the stretch of longitude is taken out and put back."""
    stretch = np.array([1.0, np.cos(np.radians(start[0]))])
    back = (start - end) * stretch
    length = float(np.linalg.norm(back))
    if length == 0:
        return []
    out = []
    for angle in (0.45, -0.45):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        out.append(end + turn @ back * 0.25 / stretch)
    return out
