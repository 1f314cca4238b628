"""Prepares the roads of one profile: network, turns and hierarchy skeleton."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.travel.roads.conditions import RoadConditions, edge_weights
from routing.travel.roads.engines import DijkstraEngine, HierarchyEngine, SearchEngine
from routing.travel.roads.extract import RoadExtract
from routing.travel.roads.grid import StreetGrid, build_grid
from routing.travel.roads.hierarchy import Skeleton, build_skeleton, customise, order_arcs, order_available
from routing.travel.roads.network import RoadNetwork, build_network
from routing.travel.roads.profiles import RoadProfile
from routing.travel.roads.search import RoadSearch
from routing.travel.roads.snapping import Snapper
from routing.travel.roads.turns import TurnGraph, build_turns

__all__ = ["RoadGraph", "build_graph", "prepare_search"]


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadGraph:
    """Everything about the roads of one profile that does not depend on conditions.

    Without a `skeleton` (its library is not installed) searches use Dijkstra: same results, more time.
    """

    network: RoadNetwork
    turns: TurnGraph
    grid: StreetGrid
    skeleton: Skeleton | None


def build_graph(
    extract: RoadExtract,
    profile: RoadProfile,
    *,
    drive_on_left: bool = False,
    progress: Callable[[str], None] | None = None,
) -> RoadGraph:
    """Cut ways into arcs, enumerate turns, keep the largest strongly connected part, order it.

    Raises
    ------
    InvalidInput
        If the extract has no road for the profile.
    """
    tell = progress or _silent
    tell("network")
    network = build_network(extract, profile)
    tell("turns")
    network, turns = build_turns(network, profile, extract.restrictions, drive_on_left=drive_on_left)
    network, turns = network.keep(turns.main), turns.keep_main()
    skeleton = None
    if order_available():
        tell("hierarchy")
        order = order_arcs(network.tail, network.head, network.node_positions)
        one = np.flatnonzero(network.twin > np.arange(network.arc_count)).astype(np.int32)
        skeleton = build_skeleton(order, turns.source, turns.target, siblings=(one, network.twin[one]))
    grid = build_grid(network.shape_offsets, network.shape_positions)
    return RoadGraph(network=network, turns=turns, grid=grid, skeleton=skeleton)


def prepare_search(
    graph: RoadGraph, conditions: RoadConditions, *, dijkstra: bool = False
) -> tuple[RoadSearch, Snapper]:
    """Weigh the graph under conditions, ready to search.

    Parameters
    ----------
    graph : RoadGraph
    conditions : RoadConditions
    dijkstra : bool
        Search without the hierarchy even if there is one.
    """
    network, turns = graph.network, graph.turns
    closed = conditions.closed(network)
    seconds = network.seconds * conditions.time_factors(network)
    weights = edge_weights(network, turns, seconds, closed)
    engine: SearchEngine
    if graph.skeleton is None or dijkstra:
        engine = DijkstraEngine(
            source=turns.source, target=turns.target, weights=weights, vertex_count=network.arc_count
        )
    else:
        engine = HierarchyEngine(hierarchy=customise(graph.skeleton, weights))
    search = RoadSearch(network=network, turns=turns, engine=engine, seconds=seconds, weights=weights)
    return search, Snapper(network=network, grid=graph.grid, closed=closed)


def _silent(_step: str) -> None:
    pass
