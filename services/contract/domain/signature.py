"""Who accepted which document, and how."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from shared.ids import new_id


class Side(Enum):
    """One of the two who sign."""

    BUYER = "buyer"
    VENDOR = "vendor"


class Method(Enum):
    """How somebody signed."""

    ELECTRONIC = "electronic"
    SCAN = "scan"
    DIGITAL = "digital"


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Somebody who acts, and from where."""

    account: str
    display_name: str = ""
    address: str = ""
    """The network address, as far as it is known."""

    deputy_of: frozenset[str] = frozenset()
    """Whose work this one does while they are absent."""

    def acts_for(self, account: str) -> bool:
        """Whether what is in the hands of `account` is in this one's."""
        return account == self.account or account in self.deputy_of


@dataclass(kw_only=True, eq=False)
class Signature:
    """An acceptance of one document; once given it never changes."""

    account: str
    signer_name: str
    consent_text: str
    consent_version: str = ""
    document_digest: str
    signed_at: datetime
    method: Method = Method.ELECTRONIC
    address: str = ""
    upload_digest: str = ""
    certificate_subject: str = ""
    recognised_pages: int = 0
    uploaded_pages: int = 0
    side: Side = Side.BUYER
    enterprise: str = ""
    id: UUID = field(default_factory=new_id)
