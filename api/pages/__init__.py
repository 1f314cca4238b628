"""What people see in a browser: a shell that all pages share, the manager's console, the rep's phone page.

Server-rendered with Jinja2 and htmx. Each room below has its templates, its ``assets`` and its ``zh.po`` beside its
routes; everything a page loads comes from this service.
"""

from fastapi import APIRouter

from api.pages.console import (
    calendar,
    compare,
    comparisons,
    data,
    live,
    plan,
    planning,
    projects,
    standards,
    territories,
    today,
    unserved,
)
from api.pages.phone import page as phone
from api.pages.shell import assets, home, openid, tiles

__all__ = ["pages_router"]


def pages_router() -> APIRouter:
    """All pages, without a prefix; no part of the API's description."""
    router = APIRouter(include_in_schema=False)
    shell = (assets.router, home.router, openid.router, tiles.router)
    console = (
        projects.router,
        data.router,
        standards.router,
        planning.router,
        compare.router,
        comparisons.router,
        plan.router,
        territories.router,
        calendar.router,
        unserved.router,
        today.router,
        live.router,
    )
    for part in (*shell, *console, phone.router):
        router.include_router(part)
    return router
