"""Its manifest, its one table and its one reaction: write down what was heard."""

import os
from pathlib import Path

import sqlalchemy as sa
from google.protobuf.message import Message
from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.events import Envelope
from shared.reactions import Reactions
from shared.service import Service
from shared.settings import ServiceSettings
from shared.storage import EVERYTHING, Database
from shared.testing.listener import toy

effects = sa.Table(
    "effects",
    sa.MetaData(),
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("aggregate", sa.Text),
    sa.Column("sequence", sa.BigInteger),
)
"""Nothing in it forbids the same effect twice: that is what tests look for."""

reactions = Reactions()


def heard(database: Database) -> list[tuple[str, int]]:
    """Return the aggregate and number of every event it wrote down, in the order it did."""
    columns = effects.c.aggregate, effects.c.sequence
    with database.transaction(EVERYTHING, read_only=True) as tx:
        rows = tx.execute(sa.select(*columns).order_by(effects.c.position)).all()
    return [(row.aggregate, row.sequence) for row in rows]


class ListenerSettings(ServiceSettings):
    """What tests tell it to do wrong."""

    dies_once: Path = Path()
    """While this file exists: remove it and die at the next commit, before it is acknowledged."""

    broken: Path = Path()
    """While this file exists: fail for every event with a note."""


@reactions.to(toy.ThingDone)
def write_down(tx: Session, done: Message, heard: Envelope) -> None:
    """Write down that `heard` was heard, or fail if told to."""
    settings: ListenerSettings = tx.info["settings"]
    if getattr(done, "note", "") and settings.broken.is_file():
        raise RuntimeError("told to fail")
    tx.execute(sa.insert(effects).values(aggregate=heard.aggregate, sequence=heard.sequence))
    tx.info["dies_once"] = settings.dies_once


@event.listens_for(Session, "after_transaction_end")
def _die_once(tx: Session, _: object) -> None:
    """Die when what was written down is committed, before anybody is told."""
    dies_once: Path | None = tx.info.pop("dies_once", None)
    if dies_once is not None and dies_once.is_file():
        dies_once.unlink()
        os._exit(9)


service = Service(
    name=toy.CONSUMER,
    events=toy.events,
    api="",
    settings=ListenerSettings,
    reactions=reactions,
)
