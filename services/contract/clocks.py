"""What contract does from time to time: it makes the documents of new contracts."""

from services.contract.document import render
from services.contract.settings import ContractSettings
from services.contract.store import Contracts
from shared import documents
from shared.service import Runtime
from shared.storage import EVERYTHING, settings_of


def generate_documents(runtime: Runtime) -> int:
    """Make the document of one contract that has none; return 1 if there was one.

    Killed in the middle it does the same again: the document depends on the contract alone.
    """
    with runtime.database.transaction(EVERYTHING) as tx:
        contract = Contracts(tx).to_prepare()
        if contract is None:
            return 0
        settings = settings_of(tx)
        assert isinstance(settings, ContractSettings)
        content = render(contract, settings.vendor)
        digest = documents.put(
            tx, enterprise=contract.enterprise, media_type="application/pdf", content=content
        )
        contract.attach_document(digest)
    return 1
