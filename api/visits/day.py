"""A rep's day with everything that the phone shows and keeps for the time without a network."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import select

from api.deps import Context
from api.schemas.follow_ups import FollowUpOut
from api.schemas.rep_days import LastVisit, RepDayOut, RepDayReport, Span, StopCard, WeekDay, WeekStop
from api.schemas.times import clock_of
from api.schemas.visits import Outcome, VisitOut
from api.store.models import FollowUp, ProjectRow, RepDay, RepRow, VisitRow
from api.store.projects import rep_of
from api.visits.bookings import Booking
from api.visits.follow_ups import open_follow_ups
from api.visits.kit import Briefing, briefing_of, kit_of_day, standards_of
from api.visits.setting import customers_of, routes_with_bookings
from routing.domain import Customer, Location
from routing.geo.links import NavigationApp, navigation_link
from routing.plan import DayRoute, Stop

APPS = (NavigationApp.GEO, NavigationApp.GOOGLE, NavigationApp.APPLE, NavigationApp.AMAP)


def rep_day(ctx: Context, project: ProjectRow, rep: RepRow, day: date) -> RepDayOut:
    """The day, and the week in which it lies."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    routes, booked = routes_with_bookings(ctx, project, rep, monday, sunday)
    route = routes.get(day)
    ids = {s.customer_id for r in routes.values() for s in r.stops}
    customers = customers_of(ctx, project, ids)
    ctx.read_archive(project, "route", len(customers))
    today = [customers[s.customer_id] for s in route.stops if s.customer_id in customers] if route else []
    standards = standards_of(ctx.session, project.id)
    briefings = {c.customer_id: briefing_of(c, standards) for c in today}
    records = _records(ctx, project, rep, day)
    who = rep_of(rep)
    hours = who.hours.get(day.weekday()) if who.works_on(day) else None
    lunch = hours.lunch if hours else None
    end = who.end_base or who.home_base
    return RepDayOut(
        project_id=project.id,
        rep_id=rep.rep_id,
        rep_name=rep.name,
        day=day,
        now=ctx.now,
        timezone=ctx.service.settings.timezone,
        shift=Span(early=clock_of(hours.start), late=clock_of(hours.end)) if hours else None,
        lunch=Span(early=clock_of(lunch.early), late=clock_of(lunch.late)) if lunch else None,
        lunch_s=lunch.duration if lunch else 0,
        leave=clock_of(route.leave) if route else None,
        back=clock_of(route.back) if route else None,
        break_start=clock_of(route.break_start) if route and route.break_start is not None else None,
        travel_s=route.travel_s if route else 0,
        travel_m=route.travel_m if route else 0,
        start=_point(who.home_base),
        end=_point(end),
        stops=_cards(ctx, project, route, customers, briefings, booked, records) if route else [],
        kit=list(kit_of_day(briefings.values(), standards)),
        report=_report(ctx, project, rep, day),
        visits=[VisitOut.of(row) for row in records],
        week=[_week_day(monday + timedelta(days=k), routes, customers, booked) for k in range(7)],
    )


def _cards(
    ctx: Context,
    project: ProjectRow,
    route: DayRoute,
    customers: Mapping[str, Customer],
    briefings: Mapping[str, Briefing],
    booked: Mapping[str, Booking],
    records: Sequence[VisitRow],
) -> list[StopCard]:
    owed: dict[str, list[FollowUp]] = {}
    for row in open_follow_ups(ctx.session, project.id, customer_ids=briefings):
        owed.setdefault(row.customer_id, []).append(row)
    last = _last_visits(ctx, project, briefings, route.date)
    visits = {row.customer_id: row for row in records}
    return [
        _card(
            stop,
            route.date,
            customers[stop.customer_id],
            briefings[stop.customer_id],
            booked.get(stop.customer_id),
            owed.get(stop.customer_id, ()),
            last.get(stop.customer_id, ()),
            visits.get(stop.customer_id),
        )
        for stop in route.stops
        if stop.customer_id in briefings
    ]


def _card(
    stop: Stop,
    day: date,
    customer: Customer,
    briefing: Briefing,
    booking: Booking | None,
    owed: Iterable[FollowUp],
    before: Sequence[VisitRow],
    visit: VisitRow | None,
) -> StopCard:
    decides = (row.report.get("decides") for row in before)
    agreed = booking is not None and booking.day == day and booking.start is not None
    return StopCard(
        customer_id=customer.customer_id,
        name=customer.name,
        lat=customer.location.lat,
        lon=customer.location.lon,
        arrival=clock_of(stop.arrival),
        start=clock_of(stop.start),
        departure=clock_of(stop.departure),
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
        wait_s=stop.wait_s,
        service_s=stop.departure - stop.start,
        windows=[Span(early=clock_of(w.early), late=clock_of(w.late)) for w in customer.windows_on(day.weekday())],
        booked=clock_of(booking.start) if booking and agreed and booking.start is not None else None,
        grade=customer.grade,
        channel=customer.channel,
        contact=customer.contact,
        post=customer.post,
        phone=customer.phone,
        decides=next((said for said in decides if said is not None), briefing.decides),
        purpose=briefing.purpose,
        goal=briefing.goal,
        kit=list(briefing.kit),
        notes=customer.notes,
        follow_ups=[FollowUpOut.model_validate(row) for row in owed],
        last_visit=_last(before),
        links={
            app.value: navigation_link(customer.location.lat, customer.location.lon, app, name=customer.name)
            for app in APPS
        },
        visit=VisitOut.of(visit) if visit else None,
    )


def _last(before: Sequence[VisitRow]) -> LastVisit | None:
    if not before:
        return None
    said = before[0].report
    texts = {name: str(said.get(name) or "") for name in ("result", "needs", "competitors")}
    return LastVisit(day=before[0].day, satisfaction=said.get("satisfaction"), **texts)


def _records(ctx: Context, project: ProjectRow, rep: RepRow, day: date) -> Sequence[VisitRow]:
    return ctx.session.scalars(
        select(VisitRow)
        .where(VisitRow.project_id == project.id, VisitRow.rep_id == rep.rep_id, VisitRow.day == day)
        .order_by(VisitRow.created_at, VisitRow.id)
    ).all()


def _last_visits(ctx: Context, project: ProjectRow, ids: Iterable[str], day: date) -> dict[str, list[VisitRow]]:
    """Customer id -> visits made before a day, the newest first."""
    rows = ctx.session.scalars(
        select(VisitRow)
        .where(
            VisitRow.project_id == project.id,
            VisitRow.customer_id.in_([*ids]),
            VisitRow.outcome == Outcome.MADE,
            VisitRow.day < day,
        )
        .order_by(VisitRow.customer_id, VisitRow.day.desc(), VisitRow.updated_at.desc())
    )
    return {customer_id: list(visits) for customer_id, visits in groupby(rows, key=lambda row: row.customer_id)}


def _report(ctx: Context, project: ProjectRow, rep: RepRow, day: date) -> RepDayReport | None:
    row = ctx.session.scalar(
        select(RepDay).where(RepDay.project_id == project.id, RepDay.rep_id == rep.rep_id, RepDay.day == day)
    )
    return RepDayReport.of(row) if row else None


def _week_day(
    day: date, routes: Mapping[date, DayRoute], customers: Mapping[str, Customer], booked: Mapping[str, Booking]
) -> WeekDay:
    route = routes.get(day)
    if route is None:
        return WeekDay(day=day, leave=None, back=None, travel_s=0, travel_m=0, stops=[])
    stops = [
        WeekStop(
            customer_id=stop.customer_id,
            name=customers[stop.customer_id].name,
            start=clock_of(stop.start),
            booked=stop.customer_id in booked and booked[stop.customer_id].day == day,
        )
        for stop in route.stops
        if stop.customer_id in customers
    ]
    return WeekDay(
        day=day,
        leave=clock_of(route.leave),
        back=clock_of(route.back),
        travel_s=route.travel_s,
        travel_m=route.travel_m,
        stops=stops,
    )


def _point(place: Location) -> tuple[float, float]:
    return place.lat, place.lon
