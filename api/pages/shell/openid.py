"""Signing in with an account of the organisation (OpenID Connect): off to its provider, and back."""

from dataclasses import asdict

from fastapi import Request
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from api.auth import accounts
from api.auth.openid import Attempt, OpenId
from api.auth.sessions import set_cookies, signing_key, start_session
from api.deps import ServiceDep
from api.errors import ApiError
from api.pages.shell.route import FOUND, page_router
from api.service import Service

router = page_router("/sign-in/openid")

COOKIE = "rounds_openid"
SECONDS = 600
"""How long somebody may take at the provider."""


@router.get("")
def sign_in_elsewhere(request: Request, service: ServiceDep) -> RedirectResponse:
    """Send the browser to the provider of the organisation's accounts."""
    address, attempt = _provider(service).begin(_back(request, service))
    answer = RedirectResponse(address, FOUND)
    answer.set_cookie(
        COOKIE,
        _signer(service).dumps(asdict(attempt)),
        max_age=SECONDS,
        httponly=True,
        secure=service.settings.cookie_secure,
        samesite="lax",
        path=router.prefix,
    )
    return answer


@router.get("/answer")
def come_back(request: Request, service: ServiceDep) -> RedirectResponse:
    """Where the provider sends the browser back to: signs in whoever has an account here."""
    provider = _provider(service)
    try:
        attempt = Attempt(**_signer(service).loads(request.cookies.get(COOKIE, ""), max_age=SECONDS))
    except (BadSignature, TypeError):
        raise ApiError(
            400, "This took too long, or began in another browser. Sign in again.", code="openid_refused"
        ) from None
    identity = provider.finish(attempt, str(request.url), _back(request, service))
    with service.store.writing() as session:
        user = accounts.user_of_identity(service, session, identity, request.state.request_id)
        accounts.note_sign_in(service, session, user, "openid", request.state.request_id)
        new = start_session(service, session, user)
    answer = RedirectResponse(service.settings.base_url.rstrip("/") + "/", FOUND)
    set_cookies(service, answer, new)
    answer.delete_cookie(COOKIE, path=router.prefix)
    return answer


def _provider(service: Service) -> OpenId:
    if service.openid is None:
        raise ApiError(404, "No provider of accounts is set up here. Sign in with a password.", code="not_found")
    return service.openid


def _back(request: Request, service: Service) -> str:
    """The address that must be registered at the provider."""
    return (service.settings.base_url or str(request.base_url)).rstrip("/") + f"{router.prefix}/answer"


def _signer(service: Service) -> URLSafeTimedSerializer:
    with service.store.reading() as session:
        return URLSafeTimedSerializer(signing_key(service, session), salt="rounds.openid")
