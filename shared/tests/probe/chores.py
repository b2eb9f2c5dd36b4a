"""A chore of the probe's operator."""

from shared.ids import new_id
from shared.service import Runtime
from shared.storage import Scope
from shared.tests.probe.store import Note


def note(runtime: Runtime, arguments: list[str]) -> None:
    """Write a note: `python -m shared.tests.probe note <text>`."""
    with runtime.database.transaction(Scope("acme")) as tx:
        tx.add(Note(id=new_id(), enterprise="acme", text=" ".join(arguments)))
    print("noted")
