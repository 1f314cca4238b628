"""The addresses of the service, one module for each kind of object."""

from fastapi import APIRouter

from api import metrics
from api.ogc import route as ogc_route
from api.routes import (
    audit,
    calendar_feeds,
    comparisons,
    customers,
    day_routes,
    edits,
    exports,
    follow_ups,
    health,
    imports,
    jobs,
    live,
    plans,
    projects,
    remarks,
    rep_days,
    reps,
    roads,
    session,
    tokens,
    units,
    users,
    visit_standards,
    visits,
    webhooks,
)
from api.vroom import route as vroom_route


def api_routers() -> tuple[APIRouter, ...]:
    """Everything under ``/api/v1``."""
    return (
        session.router,
        tokens.router,
        units.router,
        users.router,
        projects.router,
        customers.router,
        reps.router,
        roads.router,
        imports.router,
        plans.router,
        jobs.router,
        comparisons.router,
        edits.router,
        exports.router,
        day_routes.router,
        remarks.router,
        visits.router,
        follow_ups.router,
        rep_days.router,
        visit_standards.router,
        calendar_feeds.router,
        live.router,
        audit.router,
        webhooks.router,
    )


def open_routers() -> tuple[APIRouter, ...]:
    """What lies beside ``/api/v1``."""
    return (health.router, metrics.router, vroom_route.router, ogc_route.router, calendar_feeds.open_router)
