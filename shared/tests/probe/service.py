"""The probe: a service that exists only to try out what all services stand on."""

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from shared.events import Envelope
from shared.inbox import Reactions
from shared.service import Service
from shared.tests.probe.chores import note
from shared.tests.probe.contract import pb

reactions = Reactions()


class CannotReact(Exception):
    """The event cannot be applied."""


@reactions.to(pb.NoteCreated)
def look_at_note(tx: Session, event: Message, heard: Envelope) -> None:
    if heard.data["text"].startswith("indigestible"):
        raise CannotReact(heard.data["text"])


service = Service(
    name="probe",
    events=pb,
    api="shared.tests.probe.api",
    reactions=reactions,
    chores={"note": note},
)
