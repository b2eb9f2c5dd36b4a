"""A request with an id is answered once, and the same ever after."""

import threading

import pytest

from shared.requests import RequestIdReused, claim, recall, remember
from shared.storage import NOTHING, Database
from shared.testing import widgets
from shared.testing.databases import Databases

REQUEST = {"caller": "accounts/1", "request_id": "r1", "request_hash": b"hash"}


@pytest.fixture
def database(databases: Databases) -> Database:
    return databases(widgets.service, tables=widgets.mapper.metadata)


@pytest.fixture
def answered(database: Database) -> Database:
    with database.transaction(NOTHING) as tx:
        assert claim(tx, **REQUEST) is None  # type: ignore[arg-type]
        remember(tx, caller="accounts/1", request_id="r1", response=b"answer")
    return database


def test_a_repeated_request_gets_the_first_answer(answered: Database) -> None:
    with answered.transaction(NOTHING) as tx:
        assert claim(tx, **REQUEST) == b"answer"  # type: ignore[arg-type]
        assert recall(tx, **REQUEST) == b"answer"  # type: ignore[arg-type]


@pytest.mark.parametrize("ask", [claim, recall])
def test_a_different_request_under_the_same_id_is_refused(answered: Database, ask: object) -> None:
    with answered.transaction(NOTHING) as tx, pytest.raises(RequestIdReused) as refused:
        ask(tx, caller="accounts/1", request_id="r1", request_hash=b"other")  # type: ignore[operator]
    assert refused.value.facts == {"request_id": "r1"}


def test_an_id_belongs_to_the_caller_who_used_it(answered: Database) -> None:
    with answered.transaction(NOTHING) as tx:
        other = {"caller": "accounts/2", "request_id": "r1", "request_hash": b"other"}
        assert recall(tx, **other) is None  # type: ignore[arg-type]
        assert claim(tx, **other) is None  # type: ignore[arg-type]


def test_a_request_that_failed_was_never_made(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction(NOTHING) as tx:  # noqa: PT012
        claim(tx, **REQUEST)  # type: ignore[arg-type]
        raise ZeroDivisionError
    with database.transaction(NOTHING) as tx:
        assert claim(tx, **REQUEST) is None  # type: ignore[arg-type]


def test_of_many_at_once_one_is_first_and_all_get_its_answer(database: Database) -> None:
    answers: list[bytes | None] = []

    def ask() -> None:
        with database.transaction(NOTHING) as tx:
            answer = claim(tx, **REQUEST)  # type: ignore[arg-type]
            answers.append(answer)
            if answer is None:
                remember(tx, caller="accounts/1", request_id="r1", response=b"answer")

    askers = [threading.Thread(target=ask) for _ in range(10)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(answers, key=bool) == [None] + [b"answer"] * 9
