"""The line that a day route draws on the ground: along the roads when a provider knows them, else straight."""

from collections.abc import Callable, Sequence

from routing.domain import Location, TravelMode
from routing.errors import TravelError
from routing.travel.base import TravelProvider, as_latlon

__all__ = ["Geometry", "along_roads", "line_of"]

Geometry = Callable[[Sequence[Location], TravelMode], Sequence[tuple[float, float]]]
"""Places in order and a travel mode -> vertices ``(lat, lon)`` of the way through them."""


def along_roads(provider: TravelProvider) -> Geometry:
    """The ways that a travel provider takes; straight where it finds none."""

    def way(places: Sequence[Location], mode: TravelMode) -> Sequence[tuple[float, float]]:
        try:
            vertices = provider.route(as_latlon(places), profile=mode).coordinates
        except TravelError:
            return line_of(places)
        return [(float(lat), float(lon)) for lat, lon in vertices]

    return way


def line_of(places: Sequence[Location]) -> list[tuple[float, float]]:
    """Straight from place to place."""
    return [(place.lat, place.lon) for place in places]
