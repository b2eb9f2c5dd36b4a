"""A list comes in pages by key: complete, in order, and each page as cheap as the first."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.paging import MOST, BadPageSize, BadPageToken, Page, page, page_of_rows
from shared.storage import Database, Scope
from shared.tests.probe.store import Note, notes

ACME = Scope("acme")


@pytest.fixture
def seven(probe_database: Database) -> Database:
    with probe_database.transaction(ACME) as tx:
        tx.add_all(
            Note(id=UUID(int=number + 1), enterprise="acme", text=str(number))
            for number in range(7)
        )
    return probe_database


def walk(database: Database, turn: Callable[[Session, str], Page[str]]) -> list[list[str]]:
    """Turn the pages until there is none left."""
    pages, token = [], ""
    while True:
        with database.transaction(ACME, read_only=True) as tx:
            found = turn(tx, token)
        pages.append(list(found.items))
        token = found.next_token
        if not token:
            return pages


def test_pages_of_entities_show_each_once_newest_first(seven: Database) -> None:
    def turn(tx: Session, token: str) -> Page[str]:
        found = page(tx, sa.select(Note), key=notes.c.id, size=3, token=token)
        return found.map(lambda note: note.text)

    assert walk(seven, turn) == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


def test_pages_of_rows_can_start_with_the_oldest(seven: Database) -> None:
    def turn(tx: Session, token: str) -> Page[str]:
        select = sa.select(notes.c.text, notes.c.version).where(notes.c.text != "3")
        key = notes.c.id
        found = page_of_rows(tx, select, key=key, size=3, token=token, oldest_first=True)
        return found.map(lambda row: row.text)

    assert walk(seven, turn) == [["0", "1", "2"], ["4", "5", "6"]]


def test_what_is_added_meanwhile_moves_nothing(seven: Database) -> None:
    def turn(tx: Session, token: str) -> Page[str]:
        return page(tx, sa.select(notes.c.text), key=notes.c.id, size=4, token=token)

    with seven.transaction(ACME) as tx:
        first = turn(tx, "")
        tx.add(Note(id=new_id(), enterprise="acme", text="7"))
        tx.flush()
        rest = turn(tx, first.next_token)
    assert [*first.items, *rest.items] == list("6543210")


def test_a_page_is_never_larger_than_the_most(seven: Database) -> None:
    with seven.transaction(ACME) as tx:
        tx.add_all(Note(id=new_id(), enterprise="acme", text="x") for _ in range(MOST))
        tx.flush()
        found = page(tx, sa.select(notes.c.text), key=notes.c.id, size=10**6)
    assert len(found.items) == MOST


@pytest.mark.parametrize("token", ["x", "a b", "AAAA", "é", "A" * 23, "=" * 22])
def test_a_token_nobody_gave_out_is_refused(seven: Database, token: str) -> None:
    with seven.transaction(ACME) as tx, pytest.raises(BadPageToken):
        page(tx, sa.select(Note), key=notes.c.id, token=token)


def test_a_negative_page_is_refused(seven: Database) -> None:
    with seven.transaction(ACME) as tx, pytest.raises(BadPageSize):
        page(tx, sa.select(Note), key=notes.c.id, size=-1)
