"""Rows of many requests in one transaction."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from api.store.models import FailedLogin, Secret
from api.store.store import Store
from api.store.together import WrittenTogether
from tests.api.world import NOON

REQUESTS = 24


@pytest.fixture
def store(database_url: str) -> Any:
    made = Store(database_url)
    made.open()
    yield made
    made.close()


def test_each_row_is_safe_when_add_returns_and_commits_are_shared(store: Store) -> None:
    together, ready, commits = WrittenTogether(store), Barrier(REQUESTS), []
    event.listen(store.engine, "commit", lambda connection: commits.append(1))

    def ask(number: int) -> bool:
        ready.wait()
        together.add(FailedLogin(subject=str(number), at=NOON))
        with store.engine.connect() as connection:
            query = select(func.count()).select_from(FailedLogin).where(FailedLogin.subject == str(number))
            return connection.scalar(query) == 1

    with together._writing, ThreadPoolExecutor(REQUESTS) as pool:  # the first one is held up as by a slow disk
        asked = [pool.submit(ask, number) for number in range(REQUESTS)]
        while len(together._batch.rows) < REQUESTS:
            pass
        together._writing.release()
        assert all(future.result() for future in asked)
        together._writing.acquire()
    assert len(commits) == 1
    together.add(FailedLogin(subject="later", at=NOON))
    assert len(commits) == 2


def test_a_failure_is_told_and_does_not_last(store: Store) -> None:
    together = WrittenTogether(store)
    together.add(Secret(name="x", value="1", created_at=NOON))
    with pytest.raises(IntegrityError):
        together.add(Secret(name="x", value="2", created_at=NOON))
    together.add(Secret(name="y", value="3", created_at=NOON))
    with store.reading() as session:
        assert session.get_one(Secret, "x").value == "1"
        assert session.get_one(Secret, "y").value == "3"
