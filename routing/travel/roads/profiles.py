"""What each travel mode may use, how fast, and what turns cost it.

Speeds are typical speeds by road class in free traffic, not limits; a posted limit replaces the class speed (times
`limit_share`, because nobody drives the limit from end to end). Turn costs follow a sigmoid of the angle, dearer where
the turn crosses oncoming traffic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from routing.domain import TravelMode

__all__ = ["PROFILES", "RoadProfile", "TurnCosts"]


@dataclass(frozen=True, kw_only=True)
class TurnCosts:
    """Seconds that junctions cost.

    Parameters
    ----------
    turn : float
        Cost that a sharp turn approaches.
    bias : float
        Above 1: turns that cross oncoming traffic cost more and turns to the near side less.
    oncoming : float
        Added to sharp turns across oncoming traffic.
    u_turn : float
        Added to U-turns at dead ends.
    u_turn_elsewhere : float
        Added to U-turns at other junctions on top of that: the last resort, but nobody is ever trapped.
    signal, stop, give_way, gate : float
        Waiting at a traffic signal, stop sign, give-way sign, gate that opens.
    """

    turn: float = 7.5
    bias: float = 1.075
    oncoming: float = 2.0
    u_turn: float = 20.0
    u_turn_elsewhere: float = 120.0
    signal: float = 2.0
    stop: float = 2.0
    give_way: float = 1.0
    gate: float = 60.0


@dataclass(frozen=True, kw_only=True)
class RoadProfile:
    """Rules of one travel mode.

    Parameters
    ----------
    mode : TravelMode
        Whose rules these are.
    speeds : mapping of str to float
        km/h by value of the ``highway`` tag; classes left out cannot be used.
    access : tuple of str
        Access tags from the most specific to the most general; the first that is present decides.
    max_speed : float
        The vehicle goes no faster, km/h.
    limit_share : float
        Share of a posted limit that is driven on average; 0 ignores limits.
    obeys_oneway, obeys_restrictions : bool
        Whether one-way streets and turn restrictions bind.
    service_share : float
        Speed factor on alleys, driveways and parking aisles.
    narrow_share : float
        Speed factor on two-way roads of a single lane.
    surfaces : mapping of str to float
        Highest speed by value of ``surface`` or ``tracktype``, km/h.
    ferry_speed : float
        On ferries, where neither duration nor speed is known, km/h; 0 where the mode cannot board.
    turns : TurnCosts
        Junction costs.
    """

    mode: TravelMode
    speeds: Mapping[str, float]
    access: tuple[str, ...]
    max_speed: float
    limit_share: float = 0.0
    obeys_oneway: bool = True
    obeys_restrictions: bool = True
    service_share: float = 1.0
    narrow_share: float = 1.0
    surfaces: Mapping[str, float] = field(default_factory=dict)
    ferry_speed: float = 5.0
    turns: TurnCosts = field(default_factory=TurnCosts)


_CAR_SPEEDS: Final = {
    "motorway": 90.0,
    "motorway_link": 45.0,
    "trunk": 85.0,
    "trunk_link": 40.0,
    "primary": 65.0,
    "primary_link": 30.0,
    "secondary": 55.0,
    "secondary_link": 25.0,
    "tertiary": 40.0,
    "tertiary_link": 20.0,
    "unclassified": 25.0,
    "residential": 25.0,
    "road": 25.0,
    "living_street": 10.0,
    "service": 15.0,
}
_CAR_SURFACES: Final = {
    "compacted": 80.0,
    "fine_gravel": 80.0,
    "cement": 80.0,
    "paving_stones": 60.0,
    "bricks": 60.0,
    "sett": 40.0,
    "gravel": 40.0,
    "unpaved": 40.0,
    "ground": 40.0,
    "dirt": 40.0,
    "grass": 40.0,
    "cobblestone": 30.0,
    "earth": 20.0,
    "sand": 20.0,
    "mud": 10.0,
    "grade1": 60.0,
    "grade2": 40.0,
    "grade3": 30.0,
    "grade4": 25.0,
    "grade5": 20.0,
}
_BICYCLE_SPEEDS: Final = {
    **{name: 15.0 for name in _CAR_SPEEDS if not name.startswith(("motorway", "trunk"))},
    "trunk": 12.0,
    "cycleway": 16.0,
    "track": 11.0,
    "path": 12.0,
    "bridleway": 8.0,
    "pedestrian": 6.0,
    "footway": 5.0,
    "steps": 1.5,
}
_FOOT_SPEEDS: Final = {
    **{name: 5.0 for name in _CAR_SPEEDS if not name.startswith("motorway")},
    "cycleway": 5.0,
    "pedestrian": 5.0,
    "footway": 5.0,
    "corridor": 4.0,
    "path": 4.5,
    "track": 4.5,
    "bridleway": 4.5,
    "steps": 2.5,
}
_NO_TURNS: Final = TurnCosts(
    turn=0.0, oncoming=0.0, u_turn=0.0, u_turn_elsewhere=0.0, signal=10.0, stop=0.0, give_way=0.0, gate=10.0
)

PROFILES: Final[Mapping[TravelMode, RoadProfile]] = MappingProxyType(
    {
        TravelMode.CAR: RoadProfile(
            mode=TravelMode.CAR,
            speeds=_CAR_SPEEDS,
            access=("motorcar", "motor_vehicle", "vehicle", "access"),
            max_speed=140.0,
            limit_share=0.8,
            service_share=0.5,
            narrow_share=0.5,
            surfaces=_CAR_SURFACES,
        ),
        TravelMode.MOTOR_SCOOTER: RoadProfile(
            mode=TravelMode.MOTOR_SCOOTER,
            speeds={k: min(v, 45.0) for k, v in _CAR_SPEEDS.items() if not k.startswith("motorway")},
            access=("moped", "motorcycle", "motor_vehicle", "vehicle", "access"),
            max_speed=45.0,
            limit_share=0.8,
            service_share=0.7,
            surfaces=_CAR_SURFACES,
            turns=TurnCosts(turn=5.0, oncoming=1.5, u_turn=10.0, gate=30.0),
        ),
        TravelMode.BICYCLE: RoadProfile(
            mode=TravelMode.BICYCLE,
            speeds=_BICYCLE_SPEEDS,
            access=("bicycle", "vehicle", "access"),
            max_speed=25.0,
            surfaces={"sand": 6.0, "mud": 5.0, "grass": 8.0, "cobblestone": 10.0, "gravel": 12.0, "grade5": 7.0},
            turns=TurnCosts(turn=3.0, oncoming=1.0, u_turn=5.0, u_turn_elsewhere=10.0, gate=10.0),
        ),
        TravelMode.FOOT: RoadProfile(
            mode=TravelMode.FOOT,
            speeds=_FOOT_SPEEDS,
            access=("foot", "access"),
            max_speed=6.0,
            obeys_oneway=False,
            obeys_restrictions=False,
            turns=_NO_TURNS,
        ),
    }
)
