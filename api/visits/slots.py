"""Free slots for the next visit: the cheapest times in the rep's days to come, bookings included."""

from datetime import date
from itertools import groupby

from api.deps import Context
from api.store.models import ProjectRow, RepRow
from api.visits.setting import agreed, customers_of, routes_with_bookings, small_project
from routing.live.gaps import Fit
from routing.live.moment import Moment
from routing.live.slots import best_slots
from routing.plan import JourneyPlan

MOST_SLOTS_A_DAY = 3


def free_slots(
    ctx: Context, project: ProjectRow, rep: RepRow, customer_id: str, first: date, last: date
) -> tuple[Fit, ...]:
    """Slots by day and time; each day its few cheapest. Days on which the customer has a visit already offer none."""
    routes, booked = routes_with_bookings(ctx, project, rep, first, last)
    stops = {s.customer_id for route in routes.values() for s in route.stops}
    customers = customers_of(ctx, project, {*stops, customer_id})
    if customer_id not in customers:
        return ()
    small = small_project(project, rep, agreed(customers, booked.values()), first, last)
    plan = JourneyPlan(assignment=dict.fromkeys(customers, rep.rep_id), routes=tuple(routes.values()))
    found = best_slots(
        small,
        plan,
        ctx.service.travel(),
        Moment(day=first, time=0),
        customer_id=customer_id,
        days=(last - first).days + 1,
    )
    offered: list[Fit] = []
    for _, fits in groupby((s.fit for s in found if s.fit is not None), key=lambda fit: fit.date):
        cheapest = sorted(fits, key=lambda fit: (fit.extra_s, fit.start))[:MOST_SLOTS_A_DAY]
        offered += sorted(cheapest, key=lambda fit: fit.start)
    return tuple(offered)
