"""Ordering over gRPC: passports, and the revisions they are of."""

from collections.abc import Sequence
from typing import Any

from millrun.ordering.v1 import ordering_pb2 as rpc
from sqlalchemy.orm import Session

from services.ordering import queries
from services.ordering.api.roles import READERS
from services.ordering.domain.amendment import Changed
from services.ordering.queries.revisions import Beside, Issued, Revised
from services.ordering.store.snapshots import Frozen
from services.ordering.wire import changes
from shared.caller import Caller
from shared.rpc import ANYBODY, Servicer, query
from shared.storage import EVERYTHING, NOTHING
from shared.wire import time_from


class PassportRpcs(Servicer):
    """What was ordered, frozen and signed, for those concerned; whether it is genuine, for all."""

    @query(answer=changes.passport_message, allow=READERS)
    def GetPassport(self, request: rpc.GetPassportRequest, tx: Session, caller: Caller) -> Frozen:
        revision = request.revision if request.HasField("revision") else None
        return queries.get_passport(tx, name=request.name, caller=caller, revision=revision)

    # Who has the digest, of 256 bits, has the document; nothing is answered they do not know.
    @query(answer=changes.verdict_message, allow=ANYBODY, scope=EVERYTHING)
    def VerifyPassport(
        self, request: rpc.VerifyPassportRequest, tx: Session, caller: Caller
    ) -> Issued:
        return queries.verify(
            tx,
            content=request.content,
            signature=request.signature,
            digest=request.digest,
            beside=Beside(
                order=request.order,
                revision=request.revision if request.HasField("revision") else None,
                key_id=request.key_id,
                signed_at=time_from(request.sign_time),
            ),
        )

    @query(answer=changes.keys_message, allow=ANYBODY, scope=NOTHING)
    def ListPassportKeys(
        self, request: rpc.ListPassportKeysRequest, tx: Session, caller: Caller
    ) -> list[dict[str, Any]]:
        return queries.list_keys(tx)

    @query(answer=changes.revisions_message, allow=READERS)
    def ListOrderRevisions(
        self, request: rpc.ListOrderRevisionsRequest, tx: Session, caller: Caller
    ) -> list[Revised]:
        return queries.list_revisions(tx, name=request.parent, caller=caller)

    @query(answer=changes.comparison_message, allow=READERS)
    def CompareOrderRevisions(
        self, request: rpc.CompareOrderRevisionsRequest, tx: Session, caller: Caller
    ) -> Sequence[Changed]:
        return queries.compare_revisions(
            tx, name=request.name, caller=caller, before=request.before, after=request.after
        )
