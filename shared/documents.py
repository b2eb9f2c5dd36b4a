"""Files, stored by what is in them, in the same transaction as the change they belong to."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.clock import now
from shared.errors import NotFound
from shared.tables import documents


class DocumentNotFound(NotFound):
    """There is no document {digest}."""

    fix = "Take the digest from the contract or invoice it belongs to."


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file as it was put: byte for byte."""

    digest: str
    """`sha256:` and 64 hexadecimal digits."""

    enterprise: str
    media_type: str
    content: bytes


def digest_of(content: bytes) -> str:
    """Return what `content` is known by: `sha256:…`."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def put(tx: Session, *, enterprise: str, media_type: str, content: bytes) -> str:
    """Store `content` for `enterprise` and return its digest; storing it again changes nothing."""
    digest = digest_of(content)
    tx.execute(
        insert(documents)
        .values(
            enterprise=enterprise,
            digest=digest,
            media_type=media_type,
            content=content,
            created_at=now(),
        )
        .on_conflict_do_nothing()
    )
    return digest


def get(tx: Session, digest: str) -> Document:
    """Return the document `digest`, if the transaction may see it; else DocumentNotFound."""
    found = tx.execute(
        sa.select(documents.c.enterprise, documents.c.media_type, documents.c.content)
        .where(documents.c.digest == digest)
        .limit(1)
    ).first()
    if found is None:
        raise DocumentNotFound(digest=digest)
    return Document(
        digest=digest,
        enterprise=found.enterprise,
        media_type=found.media_type,
        content=bytes(found.content),
    )
