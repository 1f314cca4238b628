"""Failed sign-ins are counted in the database, so that several servers count together; too many mean waiting."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from api.auth.secrets import hash_token
from api.errors import ApiError
from api.service import Service
from api.store.models import FailedLogin


def account(email: str) -> str:
    """The subject of an account's attempts."""
    return hash_token(f"account:{email.strip().casefold()}")


def address(host: str) -> str:
    """The subject of a network address's attempts."""
    return hash_token(f"address:{host}")


def refuse_if_waiting(service: Service, email: str, host: str) -> None:
    """Raise the error for too many failures in the window, of the account or from the address."""
    settings, now = service.settings, service.clock()
    since = now - timedelta(seconds=settings.login_window_seconds)
    limits = ((account(email), settings.login_failures), (address(host), settings.login_failures_per_address))
    with service.store.reading() as session:
        for subject, limit in limits:
            failures = session.scalars(
                select(FailedLogin.at)
                .where(FailedLogin.subject == subject, FailedLogin.at > since)
                .order_by(FailedLogin.at.desc())
                .limit(limit)
            ).all()
            if len(failures) >= limit:
                wait = max(1, round((failures[-1] - since).total_seconds()))
                raise ApiError(
                    429,
                    f"Too many failed sign-ins. Try again in {wait} s.",
                    code="too_many_attempts",
                    headers={"Retry-After": str(wait)},
                )


def count_failure(service: Service, email: str, host: str) -> None:
    """Note a failed attempt, and forget those that lie before the window."""
    now = service.clock()
    with service.store.writing() as session:
        session.add_all(FailedLogin(subject=subject, at=now) for subject in (account(email), address(host)))
        session.execute(
            delete(FailedLogin).where(FailedLogin.at < now - timedelta(seconds=service.settings.login_window_seconds))
        )


def forget(service: Service, email: str) -> None:
    """A right password ends the counting for the account."""
    with service.store.writing() as session:
        if session.scalar(select(func.count()).where(FailedLogin.subject == account(email))):
            session.execute(delete(FailedLogin).where(FailedLogin.subject == account(email)))
