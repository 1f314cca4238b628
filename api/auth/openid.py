"""Signing in with an organisation's accounts: OpenID Connect, authorisation code with PKCE; needs the extra `oidc`.

The provider says who somebody is; what that person may do stays with rounds. Nobody gets an account by this.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from api.auth.secrets import hash_token, new_token, same
from api.errors import ApiError
from api.settings import Settings
from routing.errors import InvalidInput, Issue, MissingExtra

SCOPE = "openid email"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a public key; a shared secret or none at all is not accepted."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SECONDS = 10.0
"""How long the provider may take to answer."""
LEEWAY_SECONDS = 60
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What the browser keeps, signed, while its user is at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who somebody is, as the provider says.

    Parameters
    ----------
    subject
        Hash of provider and account; stays the same when the address changes.
    email
        Lower case; None where the provider tells none that may be trusted.
    """

    subject: str
    email: str | None


class OpenId:
    """The provider that the settings name.

    Raises
    ------
    InvalidInput
        If its address is not https (or of this machine), or the service's name there is missing.
    MissingExtra
        If the extra `oidc` is not installed.
    """

    def __init__(self, settings: Settings) -> None:
        _refuse_unsafe(settings)
        try:
            import authlib.integrations.requests_client  # noqa: F401  only looked for: it loads at the first sign-in
        except ImportError:
            raise MissingExtra("OpenID Connect needs the extra: pip install 'rounds[oidc]'.") from None
        self._settings = settings
        self._issuer = settings.oidc_issuer
        self._lock = Lock()
        self._metadata: dict[str, Any] | None = None
        self._keys: Any = None

    def begin(self, back: str) -> tuple[str, Attempt]:
        """Where to send the browser, and what it has to bring along when it comes back to the address `back`."""
        attempt = Attempt(state=new_token(), nonce=new_token(), verifier=new_token())
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                self._described()["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address), attempt

    def finish(self, attempt: Attempt, came_to: str, back: str) -> Identity:
        """Who came back, from the address with the provider's answer in its query.

        Raises
        ------
        ApiError
            400 when the answer is a refusal, is not for this attempt, or is not signed by the provider; 503 when the
            provider does not answer.
        """
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError

        said = {name: values[0] for name, values in parse_qs(urlsplit(came_to).query).items()}
        if not same(said.get("state", ""), attempt.state) or said.get("iss", self._issuer) != self._issuer:
            raise _refused("it belongs to another attempt")
        if "code" not in said:
            raise _refused(f"it says '{said.get('error', 'nothing')[:100]}'")
        metadata = self._described()
        with self._session(back) as session:
            try:
                token = _asked(
                    session.fetch_token,
                    metadata["token_endpoint"],
                    code=said["code"],
                    grant_type="authorization_code",
                    code_verifier=attempt.verifier,
                    timeout=SECONDS,
                )
                claims = self._claims(token, attempt)
                if "email" not in claims and "userinfo_endpoint" in metadata:
                    told = _json(session.get, metadata["userinfo_endpoint"])
                    if told.get("sub") == claims["sub"]:
                        claims = {**told, **claims}
            except (AuthlibBaseError, JoseError) as error:
                raise _refused(str(error.error)) from None
        return self._identity(claims)

    def _identity(self, claims: dict[str, Any]) -> Identity:
        email = claims.get("email")
        trusted = claims.get("email_verified") in (True, "true") or self._settings.oidc_trust_email
        return Identity(
            subject=hash_token(f"{self._issuer}\n{claims['sub']}"),
            email=email.strip().lower() if isinstance(email, str) and trusted else None,
        )

    def _claims(self, token: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        """The claims of the ID token, once its signature and every claim about this attempt are found right."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError, MissingClaimError

        text = token.get("id_token")
        if not isinstance(text, str):
            raise MissingClaimError("id_token")
        try:
            read = jwt.decode(text, self._key_set(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):  # the provider may have new keys since we last asked
            read = jwt.decode(text, self._key_set(anew=True), algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": self._issuer},
                "aud": {"essential": True, "value": self._settings.oidc_client_id},
            },
            {
                "nonce": attempt.nonce,
                "client_id": self._settings.oidc_client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        return dict(claims)

    def _session(self, back: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        secret = self._settings.oidc_client_secret
        ways = self._described().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        by = (
            "none"
            if secret is None
            else "client_secret_basic"
            if "client_secret_basic" in ways
            else "client_secret_post"
        )
        return OAuth2Session(
            self._settings.oidc_client_id,
            secret.get_secret_value() if secret is not None else None,
            token_endpoint_auth_method=by,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _described(self) -> dict[str, Any]:
        """The provider's description of itself; asked for once."""
        import requests

        with self._lock:
            if self._metadata is None:
                found = _json(requests.get, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self._issuer:
                    raise _away(f"it calls itself {str(found.get('issuer'))[:200]}, not {self._issuer}")
                if missing := [name for name in ENDPOINTS if not isinstance(found.get(name), str)]:
                    raise _away(f"its description lacks {', '.join(missing)}")
                self._metadata = found
            return self._metadata

    def _key_set(self, *, anew: bool = False) -> Any:
        import requests
        from joserfc.jwk import KeySet

        address = self._described()["jwks_uri"]
        with self._lock:
            if self._keys is None or anew:
                self._keys = KeySet.import_key_set(_json(requests.get, address))  # type: ignore[arg-type]
            return self._keys


def _json(get: Any, address: str) -> dict[str, Any]:
    """A document of the provider."""
    answer = _asked(get, address, timeout=SECONDS)
    try:
        found = answer.json() if answer.ok else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _away(f"{address} answers {answer.status_code} without what should be there")
    return found


def _asked(ask: Any, *args: Any, **options: Any) -> Any:
    from requests import RequestException

    try:
        return ask(*args, **options)
    except RequestException as error:
        raise _away(type(error).__name__) from None


def _refuse_unsafe(settings: Settings) -> None:
    issues = []
    parts = urlsplit(settings.oidc_issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        issues.append(
            Issue(what="ROUNDS_OIDC_ISSUER is no https address.", cure="Give the issuer as its provider does.")
        )
    if not settings.oidc_client_id:
        issues.append(
            Issue(
                what="ROUNDS_OIDC_CLIENT_ID is missing.",
                cure="Register this service at the provider, and give the name that it has there.",
            )
        )
    if issues:
        raise InvalidInput(issues)


def _refused(why: str) -> ApiError:
    return ApiError(400, f"The provider's answer cannot be used: {why}. Sign in again.", code="openid_refused")


def _away(why: str) -> ApiError:
    return ApiError(503, f"The provider of the accounts does not answer as it should: {why}.", code="openid_away")
