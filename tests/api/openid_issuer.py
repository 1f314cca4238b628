"""A provider of accounts for tests, on a loopback port: enough of OpenID Connect, and every way to answer wrong."""

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.served import served
from tests.service_process import free_port

CLIENT_ID, CLIENT_SECRET = "rounds-test", "not so secret"


@dataclass
class Issuer:
    """A provider at which one person is signed in.

    Parameters
    ----------
    person
        What it says of that person, in the ID token.
    wrong
        Claims that replace the right ones; a value of None leaves a claim out.
    elsewhere
        What only its userinfo endpoint tells.
    refuses
        The error that it answers instead of a code.
    forges
        It signs with a key that it does not publish, or with the ``secret`` that both know.
    """

    port: int
    person: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    forges: str = ""
    ways: tuple[str, ...] = ("client_secret_basic",)
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Its issuer identifier."""
        return f"http://127.0.0.1:{self.port}/realm"


def new_key(name: str) -> RSAKey:
    """A key to sign with."""
    return RSAKey.generate_key(2048, {"kid": name})


@contextmanager
def running() -> Iterator[Issuer]:
    """A provider that answers."""
    issuer = Issuer(free_port())
    with served(_app(issuer), port=issuer.port):
        yield issuer


def _app(issuer: Issuer) -> FastAPI:
    app = FastAPI()

    @app.get("/realm/.well-known/openid-configuration")
    def describe() -> dict[str, Any]:
        return {
            "issuer": issuer.address,
            "authorization_endpoint": f"{issuer.address}/authorize",
            "token_endpoint": f"{issuer.address}/token",
            "jwks_uri": f"{issuer.address}/keys",
            "userinfo_endpoint": f"{issuer.address}/userinfo",
            "token_endpoint_auth_methods_supported": issuer.ways,
        }

    @app.get("/realm/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [issuer.key.as_dict(private=False)]}

    @app.get("/realm/authorize")
    def authorize(request: Request) -> RedirectResponse:
        wanted = dict(request.query_params)
        assert (wanted["client_id"], wanted["response_type"]) == (CLIENT_ID, "code")
        assert wanted["code_challenge_method"] == "S256"
        assert "openid" in wanted["scope"].split()
        code = f"code-{secrets.token_hex(8)}"
        issuer.asked[code] = wanted
        said = {"error": issuer.refuses} if issuer.refuses else {"code": code}
        return RedirectResponse(f"{wanted['redirect_uri']}?{urlencode({**said, 'state': wanted['state']})}", 302)

    @app.post("/realm/token")
    async def token(request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode()))
        wanted = issuer.asked.pop(form["code"], None)  # a code is good once
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            wanted is None
            or not _knows_secret(issuer, request, form)
            or wanted["code_challenge"] != challenge
            or wanted["redirect_uri"] != form["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": issuer.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": wanted["nonce"],
            **issuer.person,
            **issuer.wrong,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": _signed(issuer, claims)})

    @app.get("/realm/userinfo")
    def userinfo(request: Request) -> dict[str, Any]:
        assert request.headers["authorization"] == "Bearer a"
        return {"sub": issuer.person["sub"], **issuer.elsewhere}

    return app


def _knows_secret(issuer: Issuer, request: Request, form: dict[str, str]) -> bool:
    basic = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    if "client_secret_basic" in issuer.ways:
        return request.headers.get("authorization") == basic
    return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)


def _signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    if issuer.forges == "secret":
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET * 3))
    key = new_key("first") if issuer.forges else issuer.key
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
