"""The rest of a rep's day, timed anew from now."""

from datetime import date

from api.deps import Context
from api.errors import not_found
from api.schemas.rep_days import MissedWindow, NewTime, RetimeIn, RetimeOut
from api.schemas.times import clock_of, seconds_of
from api.store.models import ProjectRow, RepRow
from api.visits.bookings import bookings_of
from api.visits.setting import agreed, customers_of, setting_of
from routing.live.retime import rest_of_day


def retimed(ctx: Context, project: ProjectRow, rep: RepRow, day: date, said: RetimeIn) -> RetimeOut:
    """New times of what is left, and what no longer works.

    Raises
    ------
    ApiError
        If a customer is not known here, or the rep does not work on this day.
    """
    wanted = [*said.left, *([said.at] if said.at is not None else [])]
    booked = bookings_of(ctx.session, project.id, day).values()
    customers = agreed(customers_of(ctx, project, wanted), (b for b in booked if b.day == day))
    if not customers or any(c not in customers for c in wanted):
        raise not_found("customer")
    setting = setting_of(ctx, project, rep, customers, day, day)
    rest = rest_of_day(
        setting.problem,
        setting.working(day),
        [setting.index[c] for c in said.left],
        now=seconds_of(said.now),
        at=None if said.at is None else setting.index[said.at],
        break_taken=said.break_taken,
    )
    return RetimeOut(
        holds=rest.holds,
        stops=[
            NewTime(
                customer_id=stop.customer_id,
                arrival=clock_of(stop.arrival),
                start=clock_of(stop.start),
                departure=clock_of(stop.departure),
                travel_s=stop.travel_s,
                wait_s=stop.wait_s,
            )
            for stop in rest.route.stops
        ],
        back=clock_of(rest.route.back),
        break_start=None if rest.route.break_start is None else clock_of(rest.route.break_start),
        missed=[
            MissedWindow(customer_id=m.customer_id, closes=clock_of(m.closes), late_s=m.late_s) for m in rest.missed
        ],
        overtime_s=rest.overtime_s,
        break_late_s=rest.break_late_s,
    )
