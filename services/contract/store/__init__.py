"""Where contracts are kept."""

from services.contract.store import mapping  # noqa: F401 - what is loaded is domain objects
from services.contract.store.contracts import PATTERN, Contracts
from services.contract.store.tables import contracts, editions, entries, mapper, signatures

__all__ = ["PATTERN", "Contracts", "contracts", "editions", "entries", "mapper", "signatures"]
