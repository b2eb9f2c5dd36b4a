"""What every service hosts beside its own.

Operators look after events it heard and could not apply; whoever remembers its answers hears which
do not hold any more.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import grpc
from google.protobuf import json_format
from millrun.operations.v1 import operations_pb2 as pb
from millrun.operations.v1 import operations_pb2_grpc as pb_grpc
from sqlalchemy.orm import Session

from shared import dead_letters, invalidations, names, paging
from shared.caller import Caller, Role
from shared.paging import Page
from shared.rpc import ANYBODY, Servicer, command, query
from shared.service import Runtime
from shared.storage import EVERYTHING
from shared.waiting import Waiting
from shared.wire import time_message

NAME = pb.DESCRIPTOR.services_by_name["OperationsService"].full_name
PATTERN = "deadLetters/*"
OPERATORS = frozenset({Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, Role.FINANCE, Role.PRODUCTION})


def replayed_message(_: object) -> pb.ReplayDeadLetterResponse:
    """Say that it was done."""
    return pb.ReplayDeadLetterResponse()


def discarded_message(_: object) -> pb.DiscardDeadLetterResponse:
    """Say that it was done."""
    return pb.DiscardDeadLetterResponse()


def dead_letters_message(page: Page[Waiting]) -> pb.ListDeadLettersResponse:
    """Return a page of dead letters as a message."""
    return pb.ListDeadLettersResponse(
        dead_letters=[dead_letter_message(each) for each in page.items],
        next_page_token=page.next_token,
    )


def dead_letter_message(waiting: Waiting) -> pb.DeadLetter:
    """Return an event that failed as a message."""
    event, is_dead = waiting.envelope, waiting.state == "DEAD"
    message = pb.DeadLetter(
        name=f"deadLetters/{event.id}",
        state=pb.DeadLetter.DEAD if is_dead else pb.DeadLetter.FAILED,
        event_type=event.type,
        aggregate=event.aggregate,
        sequence=event.sequence,
        enterprise=event.enterprise and f"enterprises/{event.enterprise}",
        attempts=waiting.attempts,
        error=waiting.error,
        event_time=time_message(datetime.fromisoformat(event.time)),
        due_time=None if is_dead else time_message(waiting.due_at),
    )
    json_format.ParseDict(event.data, message.data)
    return message


class Operations(Servicer, pb_grpc.OperationsServiceServicer):
    """Looks after the dead letters of the service it is hosted by, and says what changed in it."""

    @query(answer=dead_letters_message, allow=OPERATORS, scope=EVERYTHING)
    def ListDeadLetters(
        self, request: pb.ListDeadLettersRequest, tx: Session, caller: Caller
    ) -> Page[Waiting]:
        """List events that failed, the oldest first."""
        size = paging.size_of(request.page_size)
        after = str(paging.decode(request.page_token)) if request.page_token else ""
        found = dead_letters.waiting_events(tx, "FAILED", "DEAD", after=after, limit=size + 1)
        return Page(found[:size], _token(found, size))

    @command(answer=replayed_message, allow=OPERATORS, scope=EVERYTHING)
    def ReplayDeadLetter(
        self, request: pb.ReplayDeadLetterRequest, tx: Session, caller: Caller
    ) -> object:
        """Have a failed event tried again."""
        return dead_letters.replay(tx, *names.parse(PATTERN, request.name))

    @command(answer=discarded_message, allow=OPERATORS, scope=EVERYTHING)
    def DiscardDeadLetter(
        self, request: pb.DiscardDeadLetterRequest, tx: Session, caller: Caller
    ) -> object:
        """Give a failed event up."""
        return dead_letters.discard(tx, *names.parse(PATTERN, request.name))

    @query(answer=invalidations.message_of, allow=ANYBODY, scope=EVERYTHING, planned_once=True)
    def ListInvalidations(
        self, request: pb.ListInvalidationsRequest, tx: Session, caller: Caller
    ) -> invalidations.Told:
        """List what changed since somebody asked before."""
        if not self.runtime.service.remembered:
            raise invalidations.NothingIsRemembered(service=self.service)
        return invalidations.since(tx, request.page_token)


def _token(found: Sequence[Waiting], size: int) -> str:
    return paging.encode(UUID(found[size - 1].envelope.id)) if len(found) > size else ""


def register(server: grpc.Server, runtime: Runtime) -> None:
    """Host it on `server` for the service of `runtime`."""
    pb_grpc.add_OperationsServiceServicer_to_server(Operations(runtime), server)
