"""The addresses of the service, one module for each kind of object."""

from fastapi import APIRouter

from api.routes import customers, day_routes, health, plans, projects, reps, session, tokens, units, users


def api_routers() -> tuple[APIRouter, ...]:
    """Everything under ``/api/v1``."""
    return (
        session.router, tokens.router, units.router, users.router, projects.router, customers.router, reps.router,
        plans.router, day_routes.router,
    )


def open_routers() -> tuple[APIRouter, ...]:
    """What lies beside ``/api/v1``."""
    return (health.router,)
