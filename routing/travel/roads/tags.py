"""From OpenStreetMap tags to the speeds and rights of one profile.

Pure functions of the tags (`OSM wiki, "OSM tags for routing" <https://wiki.openstreetmap.org>`_), so that each rule
can be tested by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from routing.domain import TravelMode
from routing.travel.roads.profiles import RoadProfile

__all__ = ["NODE_KEYS", "WAY_KEYS", "WayRights", "node_delay", "parse_speed", "way_rights"]

type Tags = Mapping[str, str]

# fmt: off
WAY_KEYS: Final = frozenset((
    "highway", "route", "area", "junction", "oneway", "oneway:bicycle", "oneway:moped", "cycleway",
    "cycleway:left", "cycleway:right", "access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "moped",
    "bicycle", "foot", "maxspeed", "maxspeed:forward", "maxspeed:backward", "lanes", "service", "surface",
    "tracktype", "duration", "impassable", "construction",
))
NODE_KEYS: Final = frozenset((
    "highway", "barrier", "bollard", "access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "moped",
    "bicycle", "foot", "direction", "traffic_signals:direction",
))
_FORBIDDEN: Final = frozenset((
    "no", "agricultural", "forestry", "emergency", "psv", "bus", "taxi", "military", "official", "use_sidepath",
    "restricted",
))
_ENDS_ONLY: Final = frozenset((
    "private", "delivery", "destination", "customers", "permit", "residents",
))
_OPEN_BARRIERS: Final = frozenset((
    "cattle_grid", "border_control", "toll_booth", "sally_port", "no", "entrance", "height_restrictor", "arch",
    "kerb",
))
_GATES: Final = frozenset((
    "gate", "lift_gate", "swing_gate", "sliding_gate",
))
_MOTOR_BARRIERS_ONLY: Final = frozenset((
    "bollard", "block", "chain", "cycle_barrier", "stile", "kissing_gate", "turnstile", "jersey_barrier",
    "planter", "log", "debris",
))
# fmt: on
_YES: Final = frozenset(("yes", "1", "true"))
_MINOR_SERVICE: Final = frozenset(["alley", "driveway", "parking", "parking_aisle", "drive-through"])
# Speed limits given as words; the general values of the OSM wiki's table, km/h.
_ZONES: Final = {"urban": 50.0, "rural": 90.0, "trunk": 110.0, "motorway": 130.0, "living_street": 10.0, "walk": 7.0}


@dataclass(frozen=True, kw_only=True)
class WayRights:
    """How a profile may use a way: km/h along and against its direction (0 = not), and ends of trips only?"""

    forward_kmh: float
    backward_kmh: float
    ends_only: bool
    ferry: bool = False


def parse_speed(text: str | None) -> float | None:
    """Speed limit in km/h from the text of a ``maxspeed`` tag; None where it says nothing usable.

    >>> parse_speed("30 mph"), parse_speed("PT:urban"), parse_speed("none"), parse_speed("signals")
    (48.28032, 50.0, 140.0, None)
    """
    if not text:
        return None
    if text == "none":
        return 140.0
    match = re.match(r"\s*(\d+(?:\.\d+)?)\s*(mph|knots)?", text)
    if match:
        value = float(match[1]) * {"mph": 1.609344, "knots": 1.852}.get(match[2] or "", 1.0)
        return value if value > 0 else None
    return _ZONES.get(text.rsplit(":", 1)[-1])


def way_rights(tags: Tags, profile: RoadProfile) -> WayRights | None:
    """Rights and speeds of a profile on a way; None if it cannot be used at all."""
    ferry = tags.get("route") == "ferry" and "highway" not in tags
    highway = tags.get("highway", "")
    if ferry:
        speed = profile.ferry_speed
    elif tags.get("area") == "yes" or tags.get("impassable") == "yes":
        return None
    else:
        speed = profile.speeds.get(highway, 0.0)
    right = _right(tags, profile)
    if speed <= 0.0 and right == "designated" and highway in ("footway", "path", "track", "pedestrian", "cycleway"):
        speed = 10.0  # signed for this mode although its class is not
    if speed <= 0.0 or right in _FORBIDDEN:
        return None
    if ferry:
        return WayRights(forward_kmh=speed, backward_kmh=speed, ends_only=right in _ENDS_ONLY, ferry=True)
    forward, backward = _directions(tags, profile)
    if not (forward or backward):
        return None
    along = _speed(tags, profile, speed, "forward", two_way=forward and backward)
    against = _speed(tags, profile, speed, "backward", two_way=forward and backward)
    return WayRights(
        forward_kmh=along if forward else 0.0,
        backward_kmh=against if backward else 0.0,
        ends_only=right in _ENDS_ONLY,
    )


def node_delay(tags: Tags, profile: RoadProfile) -> float:
    """Seconds that passing a node costs (signal, sign, gate); infinite where a barrier stops the profile."""
    right = _right(tags, profile)
    if right is not None:
        if right in _FORBIDDEN:
            return float("inf")
        barrier = None
    else:
        barrier = tags.get("barrier")
    if barrier is not None and barrier not in _OPEN_BARRIERS:
        motor = profile.mode in (TravelMode.CAR, TravelMode.MOTOR_SCOOTER)
        if barrier in _GATES:
            return profile.turns.gate
        if tags.get("bollard") != "rising" and (motor or barrier not in _MOTOR_BARRIERS_ONLY):
            return float("inf")
    costs = profile.turns
    signs = {"traffic_signals": costs.signal, "stop": costs.stop, "give_way": costs.give_way}
    return signs.get(tags.get("highway", ""), 0.0)


def _right(tags: Tags, profile: RoadProfile) -> str | None:
    return next((tags[key] for key in profile.access if key in tags), None)


def _directions(tags: Tags, profile: RoadProfile) -> tuple[bool, bool]:
    if not profile.obeys_oneway:
        return True, True
    oneway = tags.get("oneway")
    if profile.mode is TravelMode.BICYCLE:
        lanes = (tags.get("cycleway", ""), tags.get("cycleway:left", ""), tags.get("cycleway:right", ""))
        contraflow = any(lane.startswith("opposite") for lane in lanes)
        oneway = "no" if contraflow else tags.get("oneway:bicycle", oneway)
    elif profile.mode is TravelMode.MOTOR_SCOOTER:
        oneway = tags.get("oneway:moped", oneway)
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway == "reversible":
        return False, False
    implied = tags.get("highway") == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return True, not (oneway in _YES or (implied and oneway != "no"))


def _speed(tags: Tags, profile: RoadProfile, base: float, direction: str, *, two_way: bool) -> float:
    speed = base
    if profile.limit_share:
        limit = parse_speed(tags.get(f"maxspeed:{direction}")) or parse_speed(tags.get("maxspeed"))
        if limit is not None:
            speed = limit * profile.limit_share
    for key in ("surface", "tracktype"):
        speed = min(speed, profile.surfaces.get(tags.get(key, ""), speed))
    if tags.get("highway") == "service" and tags.get("service") in _MINOR_SERVICE:
        speed *= profile.service_share
    elif two_way and tags.get("lanes") in ("1", "0"):
        speed *= profile.narrow_share
    return min(speed, profile.max_speed)
