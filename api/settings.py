"""How a service is set up: every setting is a variable of the environment, ``ROUNDS_`` and its name in capitals."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DAY = 24 * 3600


class Settings(BaseSettings):
    """Deployment settings; how to plan is no part of them. The table in ``docs/settings.md`` lists them all."""

    model_config = SettingsConfigDict(env_prefix="ROUNDS_", extra="forbid", frozen=True)

    database_url: str = Field(
        default="sqlite:///rounds.db",
        description="Where everything is kept: an SQLite file, or postgresql+psycopg://user@host/name. "
        "sqlite:// keeps it in memory, for tests.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs session cookies; at least 32 characters. Without it the service makes one and keeps it in "
        "the database.",
    )
    base_url: str = Field(
        default="", description="Address under which people reach the service, for links in messages."
    )
    cookie_secure: bool = Field(
        default=False, description="Send cookies over HTTPS only. Set it wherever the service is reached through HTTPS."
    )
    session_seconds: int = Field(
        default=12 * 3600, ge=60, description="A session ends this long after signing in, seconds."
    )
    session_idle_seconds: int = Field(
        default=2 * 3600, ge=60, description="A session ends after this long unused, seconds."
    )
    link_seconds: int = Field(default=DAY, ge=60, description="How long a one-time sign-in link is good for, seconds.")
    password_length: int = Field(
        default=12, ge=8, le=128, description="Shortest password that is accepted, characters."
    )
    login_failures: int = Field(
        default=5, ge=1, description="Failed sign-ins of one account in the window before it has to wait."
    )
    login_failures_per_address: int = Field(
        default=50, ge=1, description="Failed sign-ins from one network address in the window before it has to wait."
    )
    login_window_seconds: int = Field(default=15 * 60, ge=1, description="Length of that window, seconds.")
    four_eyes: bool = Field(
        default=True, description="A plan is approved by somebody else than the one who submitted it."
    )
    confirm_days: int = Field(
        default=91, ge=1, description="The data of a customer ask to be confirmed this often, days."
    )
    max_body_bytes: int = Field(
        default=2_000_000, ge=1_000, description="Largest request body other than an upload, bytes."
    )
    max_upload_bytes: int = Field(default=25_000_000, ge=1_000, description="Largest upload, bytes.")
    max_upload_rows: int = Field(default=100_000, ge=1, description="Most rows in an uploaded table.")
    max_unpacked_bytes: int = Field(
        default=400_000_000, ge=1_000, description="Most bytes that an uploaded workbook may unpack to."
    )
    page_size: int = Field(default=50, ge=1, le=1000, description="Entries on a page when the client does not say.")
    max_page_size: int = Field(default=500, ge=1, le=10_000, description="Most entries on a page.")
    idempotency_seconds: int = Field(
        default=DAY, ge=60, description="How long the answer to an Idempotency-Key is remembered, seconds."
    )
    travel: str = Field(
        default="great_circle",
        description="Where travel times come from, as for the option --travel of the command line.",
    )
    roads: Path | None = Field(default=None, description="Folder of prepared roads, as for --roads.")
    map_extract: Path | None = Field(
        default=None, description="OpenStreetMap extract (.osm.pbf) from which the backgrounds of maps are drawn."
    )
    job_workers: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="Processes that solve territories side by side; one per core when unset.",
    )
    job_lease_seconds: float = Field(
        default=15.0,
        ge=1,
        description="A server that was not heard of for this long loses its job to another one, seconds.",
    )
    job_tries: int = Field(
        default=3, ge=1, le=100, description="Attempts at a territory before a job goes on without it."
    )
    dask: str = Field(
        default="", description="Scheduler of a Dask cluster that solves territories (tcp://HOST:8786); empty for none."
    )
    vroom_open: bool = Field(
        default=False, description="Answer POST /vroom without signing in, for clients that cannot send a token."
    )
    vroom_seconds: float = Field(
        default=5.0, gt=0, le=600, description="Longest search for one request to POST /vroom, seconds."
    )
    vroom_most_tasks: int = Field(
        default=500, ge=1, le=10_000, description="Most jobs and shipment steps in one request to POST /vroom."
    )
    webhook_tries: int = Field(
        default=8, ge=1, le=20, description="Attempts to deliver an event before it is given up."
    )
    webhook_seconds: float = Field(
        default=10.0, gt=0, le=120, description="How long the receiver of an event may take to answer, seconds."
    )
    timezone: str = Field(
        default="UTC", description="IANA zone of the days in the service's own lists (what is due today)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What the log holds.")
    log_format: Literal["json", "text"] = Field(default="json", description="One JSON object a line, or plain text.")
    oidc_issuer: str = Field(default="", description="OpenID Connect: address of the provider; empty for none.")
    oidc_client_id: str = Field(default="", description="OpenID Connect: name of this service at the provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="OpenID Connect: secret of this service there."
    )
    oidc_trust_email: bool = Field(
        default=False,
        description="OpenID Connect: find the account of a person by an e-mail address that the provider does not say "
        "to be verified. Only for a provider where nobody chooses the own address.",
    )
