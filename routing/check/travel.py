"""Travel as the checker asks for it: place to place, not by row and column."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from routing.domain import Location, TravelMode
from routing.errors import InvalidInput
from routing.plan import JourneyPlan
from routing.project import Project
from routing.travel.base import TravelProvider
from routing.travel.factors import corrected
from routing.travel.matrix import TravelMatrix

__all__ = ["MatrixTravel", "Travel"]


class Travel(Protocol):
    """Answers for the way from one place to another."""

    def leg(self, origin: Location, destination: Location, mode: TravelMode) -> tuple[int, int]:
        """Seconds and metres; :data:`routing.travel.matrix.UNREACHABLE` in both where there is no way."""
        ...


class MatrixTravel:
    """Looks legs up in travel matrices.

    Parameters
    ----------
    tables
        For each matrix the places that its rows and columns stand for, in order. Of several matrices of one mode the
        first one that knows both places answers. A place that is listed several times is looked up where it comes
        first.

    Raises
    ------
    InvalidInput
        If a matrix is not square or has another size than its list of places.
    """

    def __init__(self, tables: Sequence[tuple[TravelMatrix, Sequence[Location]]]) -> None:
        self._tables: dict[TravelMode, list[tuple[TravelMatrix, Mapping[Location, int]]]] = {}
        for matrix, places in tables:
            if matrix.shape != (len(places), len(places)):
                raise InvalidInput(f"travel matrix: {matrix.shape} does not fit {len(places)} places.")
            index: dict[Location, int] = {}
            for row, place in enumerate(places):
                index.setdefault(place, row)
            self._tables.setdefault(matrix.profile, []).append((matrix, index))

    @classmethod
    def of_plan(cls, project: Project, plan: JourneyPlan, provider: TravelProvider) -> Self:
        """Matrices between all places that each rep of a plan goes to, whoever they are assigned to.

        Works for a plan that was edited by hand: ids that the project does not know are passed over.
        """
        customers = {customer.customer_id: customer for customer in project.customers}
        tables = []
        provider = corrected(provider, project.policy.travel_factors)
        for rep in project.reps:
            routes = [route for route in plan.routes if route.rep_id == rep.rep_id]
            places = {rep.home_base: None, rep.end_base or rep.home_base: None}  # a dict keeps the order
            for route in routes:
                beds = [bed for bed in (route.starts_at, route.ends_at) if bed is not None]
                visited = (customers.get(c) for c in [*beds, *(stop.customer_id for stop in route.stops)])
                places.update({customer.location: None for customer in visited if customer})
            if routes:
                tables.append((provider.matrix(tuple(places), profile=rep.mode), tuple(places)))
        return cls(tables)

    def leg(self, origin: Location, destination: Location, mode: TravelMode) -> tuple[int, int]:
        """Seconds and metres from the first matrix of the mode that knows both places.

        Raises
        ------
        InvalidInput
            If none does.
        """
        for matrix, index in self._tables.get(mode, ()):
            row, column = index.get(origin), index.get(destination)
            if row is not None and column is not None:
                return int(matrix.durations[row, column]), int(matrix.distances[row, column])
        raise InvalidInput(
            f"No travel matrix by {mode} knows the way from ({origin.lat:.5f}, {origin.lon:.5f}) "
            f"to ({destination.lat:.5f}, {destination.lon:.5f}). Give the checker the matrix of every rep."
        )
