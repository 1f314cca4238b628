"""A plan to start from, in a moment: it is what happens to it that is measured."""

from routing.plan import JourneyPlan, merge
from routing.problem import PlanningProblem
from routing.project import Project
from routing.search.params import SearchParams
from routing.search.stop import MaxIterations
from routing.solve import SolveParams, solve
from routing.tours import ProofLimits
from routing.travel.great_circle import GreatCircle


def quick_plan(project: Project, *, steps: int) -> JourneyPlan:
    """Customers to the nearest rep with room for them, each rep's days searched briefly."""
    room = {r.rep_id: -(-len(project.customers) // len(project.reps)) for r in project.reps}
    mine: dict[str, list[str]] = {r.rep_id: [] for r in project.reps}
    homes = {r.rep_id: r.home_base for r in project.reps}
    for c in project.customers:
        free = [r for r in room if len(mine[r]) < room[r]]
        near = min(free, key=lambda r: (homes[r].lat - c.location.lat) ** 2 + (homes[r].lon - c.location.lon) ** 2)
        mine[near].append(c.customer_id)
    params = SolveParams(search=SearchParams(memetic=False), proof=ProofLimits(labels=1, relaxed_labels=1))
    problems = (PlanningProblem.build(project, GreatCircle(), rep_ids=[r], customer_ids=ids) for r, ids in mine.items())
    return merge([solve(problem, stop=MaxIterations(steps), params=params).plan for problem in problems])
