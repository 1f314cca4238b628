"""Named shops, pharmacies, hotels, restaurants and streets of an OpenStreetMap extract (``pip install osmium``)."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium

METRES_PER_DEGREE = 111_195.0
FOOD = {
    "supermarket", "convenience", "bakery", "butcher", "deli", "cheese", "confectionery", "alcohol", "general", "kiosk",
    "newsagent", "greengrocer", "pastry", "chocolate", "wine", "seafood", "tea", "coffee",
}  # fmt: skip
NOT_A_SHOP = {"car", "motorcycle", "boat", "ticket", "car_repair", "travel_agency", "mall", "tool_hire", "vacant", "no"}
AMENITIES = {
    "pharmacy": "pharmacy", "restaurant": "restaurant", "fast_food": "restaurant", "cafe": "cafe_bar",
    "bar": "cafe_bar", "pub": "cafe_bar", "ice_cream": "cafe_bar",
}  # fmt: skip
STREETS = ("residential", "living_street", "pedestrian", "unclassified", "tertiary", "secondary", "primary")

_DAYS = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*"
_TIMES = r"\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*"
_SIMPLE = re.compile(rf"(?:{_DAYS} )?(?:{_TIMES}|off)(?:; (?:{_DAYS} )?(?:{_TIMES}|off))*")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A real place: OpenStreetMap id (``n`` node, ``w`` way), name, channel, position, street and hours as mapped."""

    osm_id: str
    name: str
    channel: str
    lat: float
    lon: float
    street: str
    hours: str


def read_places(extract: Path) -> tuple[list[Found], npt.NDArray[np.float64]]:
    """Places with a name and a channel, in the order of their ids, and points of residential streets.

    A place without an address takes the street whose nearest mapped point is nearest. A place of the same name within
    80 m of another is the same one, mapped twice.

    Returns
    -------
    The places; float array of shape (n, 2), rows of ``[lat, lon]``.
    """
    raw: list[tuple[str, dict[str, str], float, float]] = []
    street_points: list[tuple[float, float, str]] = []
    homes: list[tuple[float, float]] = []
    for thing in osmium.FileProcessor(str(extract)).with_locations():
        if not (thing.is_node() or thing.is_way()):
            continue
        tags = dict(thing.tags)
        if thing.is_node():
            if channel_of(tags):
                raw.append((f"n{thing.id}", tags, thing.lat, thing.lon))
            continue
        corners = [(n.lat, n.lon) for n in thing.nodes if n.location.valid()]
        if channel_of(tags) and corners:
            lat, lon = np.mean(corners, axis=0)
            raw.append((f"w{thing.id}", tags, float(lat), float(lon)))
        if tags.get("highway") in STREETS and "name" in tags and "tunnel" not in tags:
            street_points += [(lat, lon, tags["name"]) for lat, lon in corners]
            if tags["highway"] == "residential":
                homes += corners
    spots = np.array([(lat, lon) for lat, lon, _ in street_points])
    found: list[Found] = []
    for osm_id, tags, lat, lon in raw:
        if any(f.name == tags["name"] and metres(lat, lon, f.lat, f.lon) < 80 for f in found):
            continue
        nearest = street_points[int(np.argmin(metres(lat, lon, spots[:, 0], spots[:, 1])))][2]
        found.append(
            Found(
                osm_id=osm_id,
                name=tags["name"],
                channel=channel_of(tags),
                lat=lat,
                lon=lon,
                street=tags.get("addr:street", nearest),
                hours=tags.get("opening_hours", ""),
            )
        )
    return found, np.array(homes)


def channel_of(tags: dict[str, str]) -> str:
    """Channel of a mapped thing; empty if it has no name or is no customer."""
    if "name" not in tags:
        return ""
    shop = tags.get("shop", "")
    if shop and shop not in NOT_A_SHOP:
        return "food_shop" if shop in FOOD else "shop"
    if tags.get("tourism") in ("hotel", "hostel", "guest_house"):
        return "hotel"
    return AMENITIES.get(tags.get("amenity", ""), "")


def plain_hours(hours: str) -> str:
    """Opening hours as mapped, in a plain form; empty if they are seasonal, past midnight or otherwise not plain."""
    text = re.sub(r"\s*;?\s*PH [^;]*", "", hours.replace("–", "-")).strip()
    # two bare spans are meant together, though in OpenStreetMap's syntax the second would replace the first
    text = re.sub(r"(?<=\d\d:\d\d)[,;]\s+(?=\d)", ",", text)
    if not _SIMPLE.fullmatch(text):
        return ""
    spans = re.findall(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    return text if all(start < end <= "24:00" for start, end in spans) else ""


def metres[T: (float, npt.NDArray[np.float64])](lat_a: float, lon_a: float, lat_b: T, lon_b: T) -> T:
    """Distance on the plane; good to a few centimetres within a town."""
    return np.hypot(lat_a - lat_b, (lon_a - lon_b) * np.cos(np.radians(lat_a))) * METRES_PER_DEGREE
