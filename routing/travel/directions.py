"""Turn lists in words, English and Simplified Chinese, from the geometry and the street names of a route.

Works for every provider whose legs carry streets. Manoeuvres come from the change of compass bearing where one street
gives way to the next; stretches of one name are one instruction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from routing.travel.geometry import RouteLeg, StreetRun

__all__ = ["Instruction", "Language", "Manoeuvre", "directions"]

type Language = Literal["en", "zh"]
type _Floats = npt.NDArray[np.float64]

_LOOK_M: Final = 25.0  # bearings are taken over this length: a crooked last metre is no turn
_SHORT_M: Final = 15.0  # nameless stretches shorter than this are part of the junction
_CORNER_M: Final = 5.0  # a place at a corner may lie on either street: nobody drives such a stretch first or last


class Manoeuvre(StrEnum):
    """What to do where one street gives way to the next."""

    DEPART = "depart"
    STRAIGHT = "straight"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    U_TURN = "u_turn"
    ARRIVE = "arrive"


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One line of a turn list.

    Parameters
    ----------
    manoeuvre : Manoeuvre
    street : str
        Street to follow from here; may be empty.
    distance, duration : int
        Metres and seconds to follow it.
    position : (lat, lon)
        Where to do it.
    text : str
        In the language asked for.
    """

    manoeuvre: Manoeuvre
    street: str
    distance: int
    duration: int
    position: tuple[float, float]
    text: str


_TURNS: Final[Mapping[str, Mapping[Manoeuvre, str]]] = MappingProxyType(
    {
        "en": {
            Manoeuvre.STRAIGHT: "Continue",
            Manoeuvre.SLIGHT_LEFT: "Bear left",
            Manoeuvre.LEFT: "Turn left",
            Manoeuvre.SHARP_LEFT: "Turn sharp left",
            Manoeuvre.SLIGHT_RIGHT: "Bear right",
            Manoeuvre.RIGHT: "Turn right",
            Manoeuvre.SHARP_RIGHT: "Turn sharp right",
            Manoeuvre.U_TURN: "Make a U-turn",
        },
        "zh": {
            Manoeuvre.STRAIGHT: "直行",
            Manoeuvre.SLIGHT_LEFT: "稍向左转",
            Manoeuvre.LEFT: "左转",
            Manoeuvre.SHARP_LEFT: "向左急转",
            Manoeuvre.SLIGHT_RIGHT: "稍向右转",
            Manoeuvre.RIGHT: "右转",
            Manoeuvre.SHARP_RIGHT: "向右急转",
            Manoeuvre.U_TURN: "掉头",
        },
    }
)
_COMPASS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"),
        "zh": ("北", "东北", "东", "东南", "南", "西南", "西", "西北"),
    }
)


def directions(leg: RouteLeg, *, language: Language = "en", to: str = "") -> tuple[Instruction, ...]:
    """Turn list of a leg.

    Parameters
    ----------
    leg : RouteLeg
        With streets; without them only departure and arrival are told.
    language : {"en", "zh"}
        English or Simplified Chinese.
    to : str
        Name of the place at the end, for the last line.
    """
    points = leg.coordinates
    runs = _joined(leg.streets)
    if not runs:
        runs = [StreetRun(
            name="", road_class="", duration=leg.duration, distance=leg.distance, start=0, end=len(points) - 1
        )]  # fmt: skip
    lines = []
    for i, run in enumerate(runs):
        if i == 0:
            what, text = Manoeuvre.DEPART, _departure(_bearing_after(points, run.start), run.name, language)
        else:
            what = _manoeuvre(_bearing_before(points, run.start), _bearing_after(points, run.start))
            text = _onto(_TURNS[language][what], run.name, language)
        lines.append(_line(points, run.start, what, run, f"{text}{_for(run.distance, language)}"))
    last = runs[-1]
    lines.append(
        Instruction(
            manoeuvre=Manoeuvre.ARRIVE,
            street=last.name,
            distance=0,
            duration=0,
            position=(float(points[-1, 0]), float(points[-1, 1])),
            text=_arrival(to, language),
        )
    )
    return tuple(lines)


def _line(points: _Floats, at: int, what: Manoeuvre, run: StreetRun, text: str) -> Instruction:
    return Instruction(
        manoeuvre=what,
        street=run.name,
        distance=run.distance,
        duration=run.duration,
        position=(float(points[at, 0]), float(points[at, 1])),
        text=text,
    )


def _joined(streets: tuple[StreetRun, ...]) -> list[StreetRun]:
    """Neighbouring runs of one name as one; short nameless runs go to the run before them, corners to the street."""
    out: list[StreetRun] = []
    for run in streets:
        before = out[-1] if out else None
        if before is not None and (run.name == before.name or (not run.name and run.distance < _SHORT_M)):
            out[-1] = _united(before, run, named=before)
        else:
            out.append(run)
    if len(out) > 1 and out[0].distance < _CORNER_M:
        out[:2] = [_united(out[0], out[1], named=out[1])]
    if len(out) > 1 and out[-1].distance < _CORNER_M:
        out[-2:] = [_united(out[-2], out[-1], named=out[-2])]
    return out


def _united(a: StreetRun, b: StreetRun, *, named: StreetRun) -> StreetRun:
    return StreetRun(
        name=named.name,
        road_class=named.road_class,
        duration=a.duration + b.duration,
        distance=a.distance + b.distance,
        start=a.start,
        end=b.end,
    )


def _manoeuvre(before: float, after: float) -> Manoeuvre:
    turn = (after - before + 180.0) % 360.0 - 180.0
    size = abs(turn)
    if size < 20.0:
        return Manoeuvre.STRAIGHT
    if size > 165.0:
        return Manoeuvre.U_TURN
    degree = "slight_" if size < 50.0 else "sharp_" if size > 125.0 else ""
    return Manoeuvre(f"{degree}{'right' if turn > 0 else 'left'}")


def _bearing_after(points: _Floats, at: int) -> float:
    return _bearing(points[at:])


def _bearing_before(points: _Floats, at: int) -> float:
    return (_bearing(points[at::-1]) + 180.0) % 360.0


def _bearing(points: _Floats) -> float:
    """Compass degrees from the first point to the one some metres on."""
    scale = np.array([111_195.0, 111_195.0 * np.cos(np.radians(points[0, 0]))])
    away = (points - points[0]) * scale
    run = np.cumsum(np.hypot(*np.diff(away, axis=0).T)) if len(points) > 1 else np.zeros(0)
    ahead = min(int(np.searchsorted(run, _LOOK_M)) + 1, len(points) - 1)
    return float(np.degrees(np.arctan2(away[ahead, 1], away[ahead, 0])) % 360.0)


def _departure(bearing: float, street: str, language: Language) -> str:
    towards = _COMPASS[language][round(bearing / 45.0) % 8]
    if language == "zh":
        return f"沿{street}向{towards}出发" if street else f"向{towards}出发"
    return f"Head {towards} on {street}" if street else f"Head {towards}"


def _onto(action: str, street: str, language: Language) -> str:
    if not street:
        return action
    if language == "zh":
        return f"{action}进入{street}"
    return f"{action} on {street}" if action == "Continue" else f"{action} onto {street}"


def _for(metres: int, language: Language) -> str:
    if language == "zh":
        return f"，行驶 {metres / 1000:.1f} 公里" if metres >= 1000 else f"，行驶 {_rounded(metres)} 米"
    return f" for {metres / 1000:.1f} km" if metres >= 1000 else f" for {_rounded(metres)} m"


def _rounded(metres: int) -> int:
    return metres if metres < 50 else round(metres, -1)


def _arrival(to: str, language: Language) -> str:
    if language == "zh":
        return f"到达{to}" if to else "到达目的地"
    return f"Arrive at {to}" if to else "Arrive at the destination"
