"""The way in: the first address, signing in, language and colours."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.deps import ActorDep, Reading, ServiceDep
from api.pages.shell.language import LANGUAGE_COOKIE, Language
from api.pages.shell.render import THEME_COOKIE, THEMES, render, say
from api.pages.shell.route import FOUND, page_router
from api.pages.shell.texts import SIGN_IN_PROBLEMS, problem_text

YEAR = 365 * 24 * 3600

router = page_router()


@router.get("/")
def first_page(actor: ActorDep) -> Response:
    """Where this user works: reps on the phone page, everybody else in the console."""
    return RedirectResponse("/phone" if actor.is_rep else "/console", FOUND)


@router.get("/sign-in")
def sign_in_page(request: Request, service: ServiceDep, to: str = "/") -> HTMLResponse:
    """The page on which people sign in; a one-time link brings its token after a ``#``, where no log ever sees it."""
    problems = {code: say(request, problem_text(code) or "") for code in SIGN_IN_PROBLEMS}
    return render(
        request, "shell/sign_in.html", to=_inside(to), problems=problems, elsewhere=service.openid is not None
    )


@router.get("/account")
def account_page(request: Request, ctx: Reading) -> HTMLResponse:
    """One's own account: who one is, language, colours, a new password."""
    return render(request, "shell/account.html", ctx=ctx)


@router.get("/language/{language}")
def choose_language(request: Request, language: Language, to: Annotated[str, Query()] = "/") -> Response:
    """Keep the chosen language in a cookie."""
    return _kept(request, LANGUAGE_COOKIE, language.value, to)


@router.get("/theme/{theme}")
def choose_theme(request: Request, theme: str, to: Annotated[str, Query()] = "/") -> Response:
    """Keep the chosen colours in a cookie."""
    return _kept(request, THEME_COOKIE, theme if theme in THEMES else THEMES[0], to)


def _kept(request: Request, cookie: str, value: str, to: str) -> Response:
    answer = RedirectResponse(_inside(to), FOUND)
    secure = request.app.state.service.settings.cookie_secure
    answer.set_cookie(cookie, value, max_age=YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def _inside(to: str) -> str:
    """An address of this service; anything else leads to the first page."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and "\n" not in to else "/"
