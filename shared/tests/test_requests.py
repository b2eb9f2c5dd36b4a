"""A request with an id is answered once, and the same ever after."""

import threading
from typing import Any

import pytest
from sqlalchemy.orm import Session

from shared.requests import Repeated, RequestIdReused, claim, insist_claimed, recall, remember
from shared.sql import run
from shared.storage import NOTHING, Database
from shared.testing import widgets
from shared.testing.databases import Databases

REQUEST: Any = {"caller": "accounts/1", "request_id": "r1", "request_hash": b"hash"}


@pytest.fixture
def database(databases: Databases) -> Database:
    return databases(widgets.service, tables=widgets.mapper.metadata)


@pytest.fixture
def answered(database: Database) -> Database:
    with database.transaction(NOTHING) as tx:
        claim(tx, **REQUEST)
        remember(tx, caller="accounts/1", request_id="r1", response=b"answer")
    return database


def test_a_repeated_request_gets_the_first_answer(answered: Database) -> None:
    with pytest.raises(Repeated), answered.transaction(NOTHING) as tx:
        claim(tx, **REQUEST)
    with answered.transaction(NOTHING) as tx:
        assert recall(tx, **REQUEST) == b"answer"


def test_that_it_is_repeated_is_said_by_the_next_statement_or_the_end(answered: Database) -> None:
    def end(_: Session) -> None:
        """Ask nothing."""

    def ask(tx: Session) -> None:
        run(tx, "select 1")

    for go_on in (ask, insist_claimed, end):
        said: list[str] = []
        with pytest.raises(Repeated), answered.transaction(NOTHING) as tx:  # noqa: PT012
            claim(tx, **REQUEST)
            said.append("claimed")
            go_on(tx)
            said.append("gone on")
        assert said == (["claimed", "gone on"] if go_on is end else ["claimed"])


def test_a_different_request_under_the_same_id_is_refused(answered: Database) -> None:
    with answered.transaction(NOTHING) as tx, pytest.raises(RequestIdReused) as refused:
        recall(tx, caller="accounts/1", request_id="r1", request_hash=b"other")
    assert refused.value.facts == {"request_id": "r1"}


def test_an_id_belongs_to_the_caller_who_used_it(answered: Database) -> None:
    with answered.transaction(NOTHING) as tx:
        other: Any = {"caller": "accounts/2", "request_id": "r1", "request_hash": b"other"}
        assert recall(tx, **other) is None
        claim(tx, **other)


def test_a_request_that_failed_was_never_made(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction(NOTHING) as tx:  # noqa: PT012
        claim(tx, **REQUEST)
        raise ZeroDivisionError
    with database.transaction(NOTHING) as tx:
        claim(tx, **REQUEST)


def test_of_many_at_once_one_is_first_and_all_get_its_answer(database: Database) -> None:
    answers: list[bytes | None] = []

    def ask() -> None:
        try:
            with database.transaction(NOTHING) as tx:
                claim(tx, **REQUEST)
                remember(tx, caller="accounts/1", request_id="r1", response=b"answer")
            answers.append(None)
        except Repeated:
            with database.transaction(NOTHING) as tx:
                answers.append(recall(tx, **REQUEST))

    askers = [threading.Thread(target=ask) for _ in range(10)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(answers, key=bool) == [None] + [b"answer"] * 9
