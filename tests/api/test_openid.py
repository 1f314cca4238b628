"""Signing in at the organisation's own provider (OpenID Connect), against one on a loopback port."""

import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from routing.errors import InvalidInput, MissingExtra
from tests.api.openid_issuer import CLIENT_ID, CLIENT_SECRET, Issuer, new_key, running
from tests.api.world import V1, World, build

ANA = {"sub": "4711", "email": "Manager.North@example.org", "email_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
def issuer(provider: Issuer) -> Issuer:
    provider.person, provider.wrong, provider.elsewhere = dict(ANA), {}, {}
    provider.refuses = provider.forges = ""
    provider.ways = ("client_secret_basic",)
    return provider


def settings(issuer: Issuer, **more: Any) -> dict[str, Any]:
    return {
        "oidc_issuer": issuer.address,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        **more,
    }


@pytest.fixture
def world(issuer: Issuer, database_url: str) -> Iterator[World]:
    made = build(database_url, **settings(issuer))
    yield made
    made.service.store.close()


def sent_back(client: TestClient) -> str:
    """The address to which the provider sends the browser back."""
    away = client.get("/sign-in/openid", follow_redirects=False)
    assert away.status_code == 303, away.text
    back = httpx.get(away.headers["location"])
    assert back.status_code == 302, back.text
    return str(back.headers["location"])


def signed_in(client: TestClient) -> httpx.Response:
    return client.get(sent_back(client), follow_redirects=False)


def who(client: TestClient) -> str | None:
    answer = client.get(f"{V1}/session")
    return str(answer.json()["user"]["email"]) if answer.status_code == 200 else None


def test_somebody_known_by_address_gets_in_and_is_known_by_subject_afterwards(world: World, issuer: Issuer) -> None:
    browser = world.client()
    assert 'href="/sign-in/openid"' in browser.get("/sign-in").text
    answer = signed_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert who(browser) == "manager.north@example.org"
    # The cookie works like one from a password: writing needs its CSRF token.
    assert browser.post(f"{V1}/tokens", json={"name": "x", "scopes": ["read"]}).status_code == 403
    csrf = {"X-CSRF-Token": browser.cookies["rounds_csrf"]}
    assert browser.post(f"{V1}/tokens", json={"name": "x", "scopes": ["read"]}, headers=csrf).status_code == 201
    issuer.person = {"sub": "4711", "email": "married@example.org", "email_verified": True}
    later = world.client()
    signed_in(later)
    assert who(later) == "manager.north@example.org"
    acts = [e["act"] for e in world.client("admin").get(f"{V1}/audit", params={"kind": "user"}).json()["items"]]
    assert sorted(acts) == ["link_openid", "sign_in", "sign_in"]


def test_the_address_may_come_from_userinfo_and_the_secret_in_the_form(world: World, issuer: Issuer) -> None:
    issuer.person, issuer.elsewhere = {"sub": "12"}, {"email": "viewer.south@example.org", "email_verified": True}
    issuer.ways = ("client_secret_post",)
    world.service.openid._metadata = None  # type: ignore[union-attr]  # as after a restart
    browser = world.client()
    assert signed_in(browser).status_code == 303
    assert who(browser) == "viewer.south@example.org"


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "1", "email": "nobody@example.org", "email_verified": True},
        {"sub": "2", "email": "manager.north@example.org", "email_verified": False},
        {"sub": "3", "email": "manager.north@example.org"},
        {"sub": "4"},
    ],
    ids=["unknown", "not verified", "nothing said", "no address"],
)
def test_nobody_gets_an_account_or_somebody_elses(world: World, issuer: Issuer, person: dict[str, Any]) -> None:
    issuer.person = person
    browser = world.client()
    assert signed_in(browser).status_code == 403
    assert who(browser) is None


def test_an_account_belongs_to_the_first_that_it_was_given_to(world: World, issuer: Issuer) -> None:
    signed_in(world.client())
    issuer.person = {**ANA, "sub": "another person with a recycled address"}
    browser = world.client()
    assert signed_in(browser).status_code == 403
    assert who(browser) is None


def test_a_closed_account_stays_closed(world: World) -> None:
    signed_in(world.client())
    address = f"{V1}/users/{world.users['manager north']}/deactivate"
    assert world.client("admin").post(address, headers={"If-Match": "*"}).status_code == 200
    assert signed_in(world.client()).status_code == 403


def test_unverified_addresses_count_where_the_setting_says_so(issuer: Issuer) -> None:
    made = build("sqlite://", **settings(issuer, oidc_trust_email=True))
    issuer.person = {"sub": "3", "email": "manager.north@example.org"}
    browser = made.client()
    assert signed_in(browser).status_code == 303
    assert who(browser) == "manager.north@example.org"
    made.service.store.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example.org"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"]},
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
    ],
    ids=lambda wrong: "{} {}".format(*next(iter(wrong.items()))),
)
def test_a_token_for_something_else_is_refused(world: World, issuer: Issuer, wrong: dict[str, Any]) -> None:
    issuer.wrong = wrong
    browser = world.client()
    answer = signed_in(browser)
    assert answer.status_code == 400
    assert "did not work" in answer.text
    assert who(browser) is None


@pytest.mark.parametrize("how", ["key", "secret"])
def test_a_forged_token_is_refused(world: World, issuer: Issuer, how: str) -> None:
    issuer.forges = how
    assert signed_in(world.client()).status_code == 400


def test_the_provider_may_change_its_keys(world: World, issuer: Issuer) -> None:
    assert signed_in(world.client()).status_code == 303
    issuer.key = new_key("second")
    assert signed_in(world.client()).status_code == 303


def test_an_answer_counts_for_the_browser_that_asked_and_once(world: World) -> None:
    browser, other = world.client(), world.client()
    address = sent_back(browser)
    assert other.get(address, follow_redirects=False).status_code == 400  # never asked
    sent_back(other)
    assert other.get(address, follow_redirects=False).status_code == 400  # asked for something else
    assert browser.get(address, follow_redirects=False).status_code == 303
    assert browser.get(address, follow_redirects=False).status_code == 400  # the cookie is used up


def test_a_refusal_of_the_provider_is_told(world: World, issuer: Issuer) -> None:
    issuer.refuses = "access_denied"
    answer = signed_in(world.client())
    assert answer.status_code == 400
    assert "did not work" in answer.text


def test_a_provider_that_is_away() -> None:
    away = {"oidc_issuer": "http://127.0.0.1:9/realm", "oidc_client_id": CLIENT_ID}
    made = build("sqlite://", **away)
    answer = made.client().get("/sign-in/openid", follow_redirects=False)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    made.service.store.close()


def test_a_provider_that_calls_itself_otherwise(issuer: Issuer) -> None:
    made = build("sqlite://", **settings(issuer, oidc_issuer=issuer.address.replace("127.0.0.1", "localhost")))
    assert made.client().get("/sign-in/openid", follow_redirects=False).status_code == 503
    made.service.store.close()


def test_without_a_provider_there_is_no_such_way_in() -> None:
    made = build("sqlite://")
    assert "/sign-in/openid" not in made.client().get("/sign-in").text
    for address in ("/sign-in/openid", "/sign-in/openid/answer"):
        assert made.client().get(address, follow_redirects=False).status_code == 404
    made.service.store.close()


def test_what_belongs_to_the_setting_is_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput) as caught:
        create_app(Settings(database_url="sqlite://", oidc_issuer="http://accounts.example.org"))
    assert [issue.what.split()[0] for issue in caught.value.issues] == ["ROUNDS_OIDC_ISSUER", "ROUNDS_OIDC_CLIENT_ID"]
    monkeypatch.setitem(sys.modules, "authlib.integrations.requests_client", None)
    with pytest.raises(MissingExtra, match=r"rounds\[oidc\]"):
        create_app(
            Settings(database_url="sqlite://", oidc_issuer="https://accounts.example.org", oidc_client_id=CLIENT_ID)
        )
