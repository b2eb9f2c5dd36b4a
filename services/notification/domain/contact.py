"""A person as far as notification knows them, and who is to be told about an order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.notification.domain.message import Channel


@dataclass(kw_only=True)
class Contact:
    """An account that can be reached."""

    account: str
    email: str
    phone: str
    display_name: str
    staff_roles: Sequence[str]

    def addresses(self, channels: Iterable[Channel]) -> dict[Channel, str]:
        """Return where to reach the person, over those of `channels` that can."""
        found = {each: self.email if each is Channel.MAIL else self.phone for each in channels}
        return {channel: address for channel, address in found.items() if address}


@dataclass(frozen=True, kw_only=True)
class OrderPeople:
    """Who has to do with an order: accounts, empty for those not heard of yet."""

    order_no: str = ""
    buyer: str = ""
    business_manager: str = ""
    project_manager: str = ""
