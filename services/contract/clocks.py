"""What contract does from time to time: it makes the documents of new versions."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
import structlog

from services.contract.document import sealed
from services.contract.settings import ContractSettings
from services.contract.store import Contracts, contracts
from shared import documents, metrics
from shared.clock import now
from shared.service import Runtime
from shared.storage import EVERYTHING, settings_of

AGAIN_AFTER = dt.timedelta(seconds=30)
"""How long a document that could not be made waits, so that it does not keep others waiting."""

log = structlog.get_logger()


@dataclass
class _Begun:
    """The contract whose document is being made, also when that failed."""

    id: UUID | None = None
    contract_no: str = ""


def generate_documents(runtime: Runtime) -> int:
    """Make the document of one contract that has none; return 1 if there was one.

    Killed in the middle it makes another: what was not stored nobody saw, and once stored a
    document stays as it is, byte for byte.
    """
    begun = _Begun()
    try:
        with runtime.database.transaction(EVERYTHING) as tx:
            contract = Contracts(tx).to_prepare()
            if contract is None:
                return 0
            begun.id, begun.contract_no = contract.id, contract.contract_no
            settings = settings_of(tx)
            assert isinstance(settings, ContractSettings)
            digest = documents.put(
                tx,
                enterprise=contract.enterprise,
                media_type="application/pdf",
                content=sealed(contract, settings),
            )
            contract.attach_document(digest)
    except Exception:
        if begun.id is None:
            raise
        metrics.clock_failures.labels("contract", "generate_documents").inc()
        log.exception("no document made", contract_no=begun.contract_no)
        _put_off(runtime, begun.id)
    return 1


def _put_off(runtime: Runtime, id_: UUID) -> None:
    with runtime.database.transaction(EVERYTHING) as tx:
        later = sa.update(contracts).values(prepare_after=now() + AGAIN_AFTER)
        tx.execute(later.where(contracts.c.id == id_))
