"""The plan as a folium map: territories, day routes per rep and week, customers by grade, homes."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import folium
from branca.element import Element, MacroElement
from jinja2 import Template

from routing.basemap import Picture
from routing.export.lines import Geometry
from routing.maps.assets import leaflet
from routing.maps.background import picture_layer
from routing.maps.data import as_script_json, map_data
from routing.plan import JourneyPlan
from routing.project import Project

__all__ = ["plan_map", "write_map"]

type Language = Literal["en", "zh"]

LIGHT_TILES = "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}{r}.png"
LIGHT_ATTRIBUTION = (
    '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors, '
    '&copy; <a href="https://carto.com/attributions">CARTO</a>'
)


AMAP_TILES = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
SCRIPTS = ("plan_map_words.js", "plan_map_places.js", "plan_map_streets.js", "plan_map_names.js", "plan_map.js")


class PlanLayers(MacroElement):  # type: ignore[misc]  # branca has no types
    """The data, the panel and the script that draws; a folium element like any other."""

    def __init__(self, data: Mapping[str, Any], tiles: Sequence[folium.TileLayer]) -> None:
        super().__init__()
        self._name = "PlanLayers"
        self._id = "rounds"
        folder = files("routing.maps")
        self.json = as_script_json(data)
        self.style = folder.joinpath("plan_map.css").read_text("utf-8")
        self.program = "".join(folder.joinpath(name).read_text("utf-8") for name in SCRIPTS)
        self.tiles = [(tile.tile_name, tile.get_name()) for tile in tiles]

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>{{ this.style }}</style>{% endmacro %}
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}_data">{{ this.json }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        {{ this.program }}
        roundsPlanMap(
            {{ this._parent.get_name() }},
            JSON.parse(document.getElementById("{{ this.get_name() }}_data").textContent),
            [{% for name, variable in this.tiles %}[{{ name|tojson }}, {{ variable }}],{% endfor %}]
        );
        {% endmacro %}
        """
    )


def plan_map(
    project: Project,
    plan: JourneyPlan,
    *,
    territories: Mapping[str, Any] | None = None,
    geometry: Geometry | None = None,
    tiles: Sequence[folium.TileLayer] | None = None,
    offline: bool = False,
    background: Picture | None = None,
    streets: Mapping[str, Any] | None = None,
    amap: bool = False,
    language: Language = "en",
) -> folium.Map:
    """Draw a plan on a map.

    Parameters
    ----------
    territories
        GeoJSON FeatureCollection of polygons; ``properties.rep_id`` says whose they are.
    geometry
        Ways along the roads; None draws straight lines and says so.
    tiles
        Backgrounds to choose from, the first is shown. None: the light CARTO map and OpenStreetMap. (The servers of
        OpenStreetMap refuse pages opened from disk, which send no *Referer*.) Empty: no background.
    offline
        Whether to leave out the default backgrounds, so that the page asks for nothing on the network. Leaflet is
        always part of the page.
    background
        Street map inside the page, under everything else; see :func:`routing.maps.background.background_of`.
    streets
        Streets as lines inside the page instead; see :func:`routing.maps.streets.streets_of`.
    amap
        Whether to put tiles of Amap first among the backgrounds, moved from GCJ-02 to where they belong: for plans in
        mainland China.
    language
        Of the page's own words, to begin with; its reader can change it.

    Returns
    -------
    folium.Map
        Ready to save or to show in a notebook; other folium layers can be added to it. Layers that need more
        scripts than Leaflet (``folium.Icon``) want ``plan_map(...).default_js = folium.Map.default_js`` first.

    Raises
    ------
    InvalidInput
        If the plan names customers or reps that the project does not have.
    """
    data = map_data(project, plan, territories=territories, geometry=geometry)
    data |= {"language": language, "amap": AMAP_TILES if amap and not offline else "", "streets": streets}
    middle = project.active_customers[0].location
    drawn = folium.Map(
        location=(middle.lat, middle.lon),
        zoom_start=11,
        tiles=None,
        prefer_canvas=True,
        zoom_control="topleft",
        zoom_snap=0.5,
    )
    drawn._id = "rounds"
    # Leaflet goes into the page; none of the other scripts that folium loads by default is used.
    script, style = leaflet()
    drawn.default_js, drawn.default_css = [], []
    header = drawn.get_root().header
    header.add_child(Element(f"<style>{style}</style>"), name="leaflet_style")
    header.add_child(Element(f"<script>{script}</script>"), name="leaflet_script")
    backgrounds = _default_tiles() if tiles is None and not offline else list(tiles or ())
    for number, tile in enumerate(backgrounds):
        tile._id = f"rounds{number}"
        tile.show = number == 0 and not data["amap"]
        tile.add_to(drawn)
    if background is not None:
        under = picture_layer(background)
        under._id = "rounds_background"
        under.add_to(drawn)
    PlanLayers(data, backgrounds).add_to(drawn)
    title = f"Visit plan, {data['title']}"
    drawn.get_root().title = title
    return drawn


def write_map(drawn: folium.Map, path: Path) -> Path:
    """Write a map of :func:`plan_map` as one HTML page; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn.get_root().render(), "utf-8")
    return path


def _default_tiles() -> list[folium.TileLayer]:
    return [
        folium.TileLayer(LIGHT_TILES, name="Light map", attr=LIGHT_ATTRIBUTION, max_zoom=20, subdomains="abcd"),
        folium.TileLayer("OpenStreetMap", name="Street map", referrer_policy="strict-origin-when-cross-origin"),
    ]
