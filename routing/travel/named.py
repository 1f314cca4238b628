"""Travel providers by the name that a command or a setting gives."""

from __future__ import annotations

from pathlib import Path

from routing.errors import InvalidInput, Issue
from routing.travel.base import TravelProvider
from routing.travel.great_circle import GreatCircle

__all__ = ["NAMES", "provider_named"]

TYPICAL_MOMENT = (1, 11 * 3600)
"""A Tuesday at eleven: the hour whose traffic plans of whole cycles reckon with."""

MATRICES = "matrices"
"""Where travel times on prepared roads are kept for the next run, below the folder of the roads."""

NAMES = ("great_circle", "roads", "osrm:URL", "valhalla:URL", "matrix:FILE")


def provider_named(name: str = "great_circle", *, roads: Path | None = None) -> TravelProvider:
    """The travel provider of a name.

    Parameters
    ----------
    name : str
        ``great_circle``, ``roads`` (needs `roads`), or a kind with an address after a colon: ``osrm:http://…``,
        ``valhalla:http://…``, ``matrix:travel.csv``.
    roads : Path, optional
        Folder made by ``rounds roads build``; if given, it is used unless `name` asks for a service or a file. Its
        ``conditions.json``, if there is one, says what is closed and when traffic is slow. Matrices are kept there
        too, as long as neither roads nor conditions change.

    Raises
    ------
    InvalidInput
        If there is no provider of that name, or its folder or file cannot be used.
    """
    kind, _, address = name.partition(":")
    if kind in ("great_circle", "roads") and not address:
        if roads is not None:
            from routing.travel.cache import CachedTravel
            from routing.travel.roads.conditions_file import read_conditions
            from routing.travel.roads.provider import RoadProvider

            on_roads = RoadProvider(folder=roads, conditions=read_conditions(roads, moment=TYPICAL_MOMENT))
            return CachedTravel(provider=on_roads, folder=roads / MATRICES, identity=on_roads.identity)
        if kind == "great_circle":
            return GreatCircle()
        raise InvalidInput("Travel on roads needs their folder. Give --roads FOLDER, made by rounds roads build.")
    if kind == "osrm" and address:
        from routing.travel.osrm import OsrmProvider

        return OsrmProvider(url=address)
    if kind == "valhalla" and address:
        from routing.travel.valhalla import ValhallaProvider

        return ValhallaProvider(url=address)
    if kind == "matrix" and address:
        from routing.travel.matrix_file import read_matrix_file

        return read_matrix_file(Path(address))
    raise InvalidInput(
        [Issue(what=f"There is no travel provider '{name}'.", cure=f"Choose one of: {', '.join(NAMES)}.", value=name)]
    )
