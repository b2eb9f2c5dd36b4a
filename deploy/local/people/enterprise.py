"""A customer, ready to order: its people and its space."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from deploy.local.people.api import Api
from deploy.local.people.customer import Administrator, Buyer, Rnd
from deploy.local.people.forms import REGISTRATION_NO
from deploy.local.people.person import Person
from deploy.local.people.vendor import Vendor

P = TypeVar("P", bound=Person)


@dataclass
class Enterprise:
    """One of each of an enterprise's people, and its name as `enterprises/acme`."""

    legal_name: str
    administrator: Administrator
    rnd: Rnd
    buyer: Buyer
    name: str = ""
    registration_no: str = REGISTRATION_NO

    @classmethod
    def registers(
        cls,
        api: Api,
        legal_name: str,
        *,
        domain: str,
        kinds: Sequence[str] = ("BRAND_OWNER",),
    ) -> Enterprise:
        """Register the people and found the enterprise; it is not certified yet."""
        made = cls(
            legal_name,
            administrator=_registered(api, Administrator, domain),
            rnd=_registered(api, Rnd, domain),
            buyer=_registered(api, Buyer, domain),
        )
        made.name = made.administrator.founds(legal_name, kinds)
        made.administrator.invites(made.rnd)
        return made

    def is_certified_by(self, vendor: Vendor) -> Enterprise:
        """Pass certification (R27)."""
        request = self.administrator.requests_certification(self.registration_no)
        vendor.certifier.certifies(request)
        return self

    def develops(
        self,
        display_name: str,
        *,
        firmware: str,
        model: str,
        until: str = "MASS_PRODUCTION",
        product_id: str = "",
    ) -> str:
        """Develop a product as far as `until` and return its name."""
        product = self.rnd.creates(display_name, firmware=firmware, product_id=product_id)
        if model:
            self.administrator.labels(product, model)
        if until != "DEVELOPMENT":
            self.administrator.completes_development(product)
        if until == "MASS_PRODUCTION":
            self.administrator.releases(product)
        return product


def fresh(legal_name: str) -> dict[str, Any]:
    """Return a legal name and a domain that nobody has yet."""
    unique = secrets.token_hex(4)
    return {"legal_name": f"{legal_name} {unique}", "domain": f"{unique}.example"}


def _registered(api: Api, role: type[P], domain: str) -> P:
    email, password = f"{role.role.lower()}@{domain}", secrets.token_urlsafe(12)
    return role(api, email=email, password=password, name=role.__name__).registers()
