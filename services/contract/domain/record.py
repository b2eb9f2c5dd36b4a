"""The contract's record: who did what, when and from where. Lines are added, never changed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from shared.clock import now
from shared.ids import new_id


class Act(Enum):
    """What was done."""

    BEGUN = "begun"
    GENERATED = "generated"
    ACCEPTED = "accepted"
    UPLOADED = "uploaded"
    RETURNED = "returned"
    COUNTERSIGNED = "countersigned"
    REPLACED = "replaced"
    SIGNATURES_VOIDED = "signatures voided"
    ADDENDUM_BEGUN = "addendum begun"
    ADDENDUM_VOIDED = "addendum voided"
    VOIDED = "voided"


OF_THE_VENDOR = frozenset({Act.RETURNED, Act.COUNTERSIGNED})
"""What the vendor's people do."""


@dataclass(kw_only=True, eq=False)
class Entry:
    """One line of the record."""

    act: Act
    number: int
    """Of which version."""

    enterprise: str
    account: str = ""
    display_name: str = ""
    address: str = ""
    note: str = ""
    at: datetime = field(default_factory=now)
    id: UUID = field(default_factory=new_id)
