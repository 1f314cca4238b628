"""Lines as short text: Google's encoded polyline algorithm format, five decimals (about 1 m)."""

from collections.abc import Sequence

from shapely.geometry import LineString

__all__ = ["encode", "simplified"]

SCALE = 100_000
TOLERANCE_DEGREES = 0.00005
"""About 5 m, less than the width of a drawn line."""


def encode(line: Sequence[tuple[float, float]]) -> str:
    """Encode vertices ``(lat, lon)``."""
    text: list[str] = []
    last_lat = last_lon = 0
    for lat, lon in line:
        next_lat, next_lon = round(lat * SCALE), round(lon * SCALE)
        text.append(_number(next_lat - last_lat))
        text.append(_number(next_lon - last_lon))
        last_lat, last_lon = next_lat, next_lon
    return "".join(text)


def simplified(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The line without vertices that move it by less than 5 m (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return list(line)
    kept = LineString(line).simplify(TOLERANCE_DEGREES, preserve_topology=False)
    return [(lat, lon) for lat, lon in kept.coords]


def _number(value: int) -> str:
    rest = ~(value << 1) if value < 0 else value << 1
    text = ""
    while rest >= 0x20:
        text += chr((0x20 | (rest & 0x1F)) + 63)
        rest >>= 5
    return text + chr(rest + 63)
