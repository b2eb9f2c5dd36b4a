"""What payment does from time to time: it proves its own books."""

import structlog

from services.payment.queries import out_of_balance
from shared.service import Runtime
from shared.storage import EVERYTHING

log = structlog.get_logger()


def audit_ledger(runtime: Runtime) -> int:
    """Compare every plan with its ledger (I5) and say loudly where they differ; return 0."""
    with runtime.database.transaction(EVERYTHING, read_only=True) as tx:
        for row in out_of_balance(tx):
            log.error(
                "ledger out of balance", plan=str(row.id), settled=row.settled, ledger=row.ledger
            )
    return 0
