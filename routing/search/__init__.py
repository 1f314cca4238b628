"""The search engine: periodic, multi-depot routing on plain arrays. One door: `search`."""

from routing.search.model import Progress, SearchModel, SearchSolution
from routing.search.params import SearchParams
from routing.search.search import search
from routing.search.stop import AnyOf, MaxIterations, MaxRuntime, NoImprovement, Stop, StopFlag

__all__ = [
    "AnyOf",
    "MaxIterations",
    "MaxRuntime",
    "NoImprovement",
    "Progress",
    "SearchModel",
    "SearchParams",
    "SearchSolution",
    "Stop",
    "StopFlag",
    "search",
]
