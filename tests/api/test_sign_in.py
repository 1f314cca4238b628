"""Getting in: passwords, links, sessions, CSRF, tokens, throttling."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from api.auth.accounts import FIRST_EMAIL, first_link
from api.cli import app
from api.store.models import ApiToken, SignInLink, User, UserSession
from routing.errors import InvalidInput
from tests.api.world import V1, World, build

PASSWORD = "correct horse battery"


@pytest.fixture
def new(database_url: str) -> World:
    """A world in which the manager of the north has a password."""
    world = build(database_url)
    link = world.client("admin").post(f"{V1}/users/{world.users['manager north']}/link").json()
    client = TestClient(world.app)
    answer = client.post(f"{V1}/session/link", json={"token": link["link_token"], "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return world


def sign_in(world: World, password: str = PASSWORD, email: str = "manager.north@example.org") -> TestClient:
    """A browser that has tried to sign in; its last answer is in ``tried``."""
    client = TestClient(world.app)
    answer = client.post(f"{V1}/session", json={"email": email, "password": password})
    client.tried = answer  # type: ignore[attr-defined]
    client.headers["X-CSRF-Token"] = answer.json().get("csrf_token") or ""
    return client


def test_a_password_signs_in_and_the_cookie_is_safe(new: World) -> None:
    client = sign_in(new, email="Manager.North@Example.org")
    assert client.get(f"{V1}/session").json()["user"]["email"] == "manager.north@example.org"
    session = next(c for c in client.tried.headers.get_list("set-cookie") if c.startswith("rounds_session="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    forged = TestClient(new.app, cookies={"rounds_session": session.split("=")[1].split(";")[0] + "x"})
    assert forged.get(f"{V1}/session").status_code == 401


def test_nothing_secret_is_kept(new: World) -> None:
    client = sign_in(new)
    token = client.post(f"{V1}/tokens", json={"name": "t", "scopes": ["read"]}).json()["secret"]
    with new.service.store.reading() as session:
        user = session.get_one(User, new.users["manager north"])
        assert user.password_hash is not None
        assert user.password_hash.startswith("$argon2id$")
        kept = [user.password_hash, *session.scalars(select(ApiToken.token_hash))]
        kept += [*session.scalars(select(UserSession.token_hash)), *session.scalars(select(SignInLink.token_hash))]
    assert not any(PASSWORD in k or token in k for k in kept)


def test_writing_needs_the_csrf_token_of_this_session(new: World) -> None:
    client, other = sign_in(new), sign_in(new)
    body = {"unit_id": new.units["north"], "name": "P", "start": "2026-03-02"}
    right = client.headers.pop("X-CSRF-Token")
    assert client.post(f"{V1}/projects", json=body).json()["type"] == "urn:rounds:problem:csrf"
    for wrong in ("", "x", other.headers["X-CSRF-Token"]):
        assert client.post(f"{V1}/projects", json=body, headers={"X-CSRF-Token": wrong}).status_code == 403
    assert client.post(f"{V1}/projects", json=body, headers={"X-CSRF-Token": right}).status_code == 201
    assert client.get(f"{V1}/projects").status_code == 200  # reading needs none


def test_signing_out_ends_the_session(new: World) -> None:
    client = sign_in(new)
    cookie = client.cookies["rounds_session"]
    assert client.delete(f"{V1}/session").status_code == 204
    stolen = TestClient(new.app, cookies={"rounds_session": cookie})
    assert stolen.get(f"{V1}/session").status_code == 401


def test_a_session_ends_by_itself(new: World) -> None:
    idle, busy = sign_in(new), sign_in(new)
    for _ in range(11):
        new.clock.pass_time(hours=1)
        assert busy.get(f"{V1}/session").status_code == 200
    assert idle.get(f"{V1}/session").status_code == 401  # two hours unused
    new.clock.pass_time(hours=1, seconds=1)
    assert busy.get(f"{V1}/session").status_code == 401  # twelve hours in all


def test_a_new_password_ends_the_other_sessions(new: World) -> None:
    client, other = sign_in(new), sign_in(new)
    change = {"old": "wrong", "new": "another good password"}
    assert client.post(f"{V1}/session/password", json=change).status_code == 403
    assert client.post(f"{V1}/session/password", json={**change, "old": PASSWORD}).status_code == 204
    assert client.get(f"{V1}/session").status_code == 200
    assert other.get(f"{V1}/session").status_code == 401
    assert sign_in(new).tried.status_code == 401
    assert sign_in(new, "another good password").tried.status_code == 201


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "Manager.North@example.org"])
def test_weak_passwords_are_refused(new: World, password: str) -> None:
    answer = sign_in(new).post(f"{V1}/session/password", json={"old": PASSWORD, "new": password})
    assert answer.status_code == 422
    assert answer.json()["issues"][0]["code"] == "bad_password"


def test_failures_mean_waiting_even_with_the_right_password(new: World) -> None:
    answers = [sign_in(new, "wrong password").tried for _ in range(5)]
    assert {a.status_code for a in answers} == {401}
    blocked = sign_in(new).tried
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["retry-after"]) <= 15 * 60
    assert sign_in(new, "wrong", "admin@example.org").tried.status_code == 401  # others are not held up
    new.clock.pass_time(minutes=15, seconds=1)
    assert sign_in(new).tried.status_code == 201
    assert sign_in(new, "wrong password").tried.status_code == 401  # success has cleared the count


def test_unknown_accounts_answer_like_wrong_passwords(new: World) -> None:
    unknown, wrong = sign_in(new, "x", "nobody@example.org").tried, sign_in(new, "x").tried
    assert (unknown.status_code, unknown.json()["detail"]) == (wrong.status_code, wrong.json()["detail"])


def test_a_link_works_once_and_not_for_ever(new: World) -> None:
    make = f"{V1}/users/{new.users['viewer north']}/link"
    token = new.client("admin").post(make).json()["link_token"]
    client = TestClient(new.app)
    weak = client.post(f"{V1}/session/link", json={"token": token, "password": "short"})
    assert weak.status_code == 422  # and does not use it up
    assert client.post(f"{V1}/session/link", json={"token": token}).status_code == 201
    assert client.post(f"{V1}/session/link", json={"token": token}).status_code == 401
    late = new.client("admin").post(make).json()["link_token"]
    new.clock.pass_time(days=1)
    assert client.post(f"{V1}/session/link", json={"token": late}).status_code == 401
    assert client.post(f"{V1}/session/link", json={"token": "never given"}).status_code == 401


def test_the_first_link_is_for_an_empty_database_only(database_url: str) -> None:
    from api.app import create_app
    from api.settings import Settings

    app = create_app(Settings(database_url=database_url))
    service = app.state.service
    first, second = first_link(service), first_link(service)
    assert first is not None
    assert second is not None  # until somebody has a password
    answer = TestClient(app).post(f"{V1}/session/link", json={"token": first.token, "password": PASSWORD})
    assert answer.json()["user"]["email"] == FIRST_EMAIL
    assert first_link(service) is None
    service.store.close()


def test_a_token_does_what_its_scopes_say(new: World) -> None:
    client = sign_in(new)
    made = client.post(f"{V1}/tokens", json={"name": "t", "scopes": ["read"], "days": 1}).json()
    program = TestClient(new.app, headers={"Authorization": f"Bearer {made['secret']}"})
    assert program.get(f"{V1}/projects").status_code == 200
    body = {"unit_id": new.units["north"], "name": "P", "start": "2026-03-02"}
    assert program.post(f"{V1}/projects", json=body).status_code == 403
    assert program.post(f"{V1}/tokens", json={"name": "u", "scopes": ["read"]}).status_code == 403
    assert program.get(f"{V1}/audit").status_code == 403  # a manager may, this token may not
    new.clock.pass_time(days=1)
    assert program.get(f"{V1}/projects").status_code == 401


def test_a_token_can_be_revoked_by_its_owner_only(new: World) -> None:
    client = sign_in(new)
    made = client.post(f"{V1}/tokens", json={"name": "t", "scopes": ["read"]}).json()
    revoke = f"{V1}/tokens/{made['token']['id']}/revoke"
    assert new.client("admin").post(revoke).status_code == 404
    assert client.post(revoke).json()["revoked_at"] is not None
    program = TestClient(new.app, headers={"Authorization": f"Bearer {made['secret']}"})
    assert program.get(f"{V1}/projects").status_code == 401


def test_a_closed_account_is_out_at_once(new: World) -> None:
    client = sign_in(new)
    user = f"{V1}/users/{new.users['manager north']}"
    assert new.client("admin").post(f"{user}/deactivate", headers={"If-Match": "*"}).status_code == 200
    assert client.get(f"{V1}/session").status_code == 401
    assert new.client("manager north").get(f"{V1}/session").status_code == 401
    assert sign_in(new).tried.status_code == 401


def test_a_changed_role_ends_sessions_and_is_remembered(new: World) -> None:
    client = sign_in(new)
    user = f"{V1}/users/{new.users['manager north']}"
    new.clock.pass_time(minutes=1)
    changed = new.client("admin").patch(user, json={"role": "approver"}, headers={"If-Match": "*"})
    assert changed.json()["role"] == "approver"
    assert client.get(f"{V1}/session").status_code == 401
    history = new.client("admin").get(f"{user}/history").json()
    assert [(p["role"], p["valid_to"] is None) for p in history] == [("manager", False), ("approver", True)]


def test_health_needs_no_sign_in(new: World) -> None:
    health = TestClient(new.app).get("/health").json()
    assert health["status"] == "ok"
    assert health["database"] in ("sqlite", "postgresql")


def test_whoever_runs_the_service_can_let_somebody_in_again(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/rounds.db"
    world = build(database)
    said = CliRunner().invoke(
        app, ["sign-in-link", "rep.north@example.org", "--database", database, "--address", "https://r/"]
    )
    assert said.exit_code == 0, said.output
    token = re.search(r"https://r/sign-in#(\S+)", said.output)
    assert token is not None
    assert "rep.north@example.org" in said.output
    answer = world.client().post(f"{V1}/session/link", json={"token": token[1], "password": PASSWORD})
    assert answer.json()["user"]["email"] == "rep.north@example.org"
    entry = world.client("admin").get(f"{V1}/audit", params={"act": "make_link"}).json()["items"][0]
    assert entry["object_id"] == world.users["rep north"]
    for arguments, words in ((["nobody@example.org"], "no open account"), ([], "more than one")):
        refused = CliRunner().invoke(app, ["sign-in-link", *arguments, "--database", database])
        assert isinstance(refused.exception, InvalidInput)
        assert words in str(refused.exception)
    world.service.store.close()


def test_a_refused_password_is_not_sent_back(world: World) -> None:
    body = {"old": "too short", "new": "tiny", "newer": 1}
    answer = world.client("viewer north").post(f"{V1}/session/password", json=body)
    assert answer.status_code == 422
    assert "tiny" not in answer.text
    cures = {issue["column"]: issue["cure"] for issue in answer.json()["issues"]}
    assert cures["newer"].startswith("Leave it out")
