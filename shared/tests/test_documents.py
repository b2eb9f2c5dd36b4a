"""Files are kept byte for byte, and shown to those they belong to."""

import pytest
import sqlalchemy as sa

from shared import documents
from shared.documents import DocumentNotFound
from shared.storage import EVERYTHING, Database, Scope
from shared.testing import widgets
from shared.testing.databases import Databases

ACME, BOLT = Scope("acme"), Scope("bolt")
PDF = bytes(range(256))


@pytest.fixture
def database(databases: Databases) -> Database:
    return databases(widgets.service, tables=widgets.mapper.metadata)


def put(database: Database, enterprise: str = "acme", content: bytes = PDF) -> str:
    with database.transaction(Scope(enterprise)) as tx:
        return documents.put(
            tx, enterprise=enterprise, media_type="application/pdf", content=content
        )


def test_a_document_comes_back_as_it_was_put(database: Database) -> None:
    digest = put(database)
    assert digest == "sha256:40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880"
    with database.transaction(ACME) as tx:
        found = documents.get(tx, digest)
    assert (found.content, found.media_type, found.enterprise) == (PDF, "application/pdf", "acme")


def test_the_same_document_is_kept_once(database: Database) -> None:
    assert put(database) == put(database)
    with database.transaction(ACME) as tx:
        assert tx.scalar(sa.text("select count(*) from documents")) == 1


def test_another_enterprises_document_is_not_there(database: Database) -> None:
    digest = put(database)
    with pytest.raises(DocumentNotFound), database.transaction(BOLT) as tx:
        documents.get(tx, digest)
    with database.transaction(EVERYTHING) as tx:
        assert documents.get(tx, digest).content == PDF


def test_both_may_have_the_same_document(database: Database) -> None:
    digest = put(database)
    assert put(database, "bolt") == digest
    with database.transaction(BOLT) as tx:
        assert documents.get(tx, digest).enterprise == "bolt"


@pytest.mark.parametrize("scope", [ACME, EVERYTHING])
@pytest.mark.parametrize("attempt", ["update documents set content = ''", "delete from documents"])
def test_a_document_is_never_changed(database: Database, scope: Scope, attempt: str) -> None:
    put(database)
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        database.transaction(scope) as tx,
    ):
        tx.execute(sa.text(attempt))
