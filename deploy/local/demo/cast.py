"""The demo's people: two enterprises with somebody in every role, and one that just came."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from deploy.local.people import Administrator, Api, Buyer, Enterprise, Person, Refused, Rnd, Vendor
from deploy.local.people.customer import Accountant
from deploy.local.signins import SignIn, SignIns

P = TypeVar("P", bound=Person)


@dataclass(frozen=True)
class Part:
    """An enterprise as it is told."""

    enterprise_id: str
    legal_name: str
    kinds: tuple[str, ...]
    domain: str
    registration_no: str
    """What its country's register knows it by: each country has its own kind."""

    tax_id: str
    people: dict[str, str]
    """Names by role."""

    hints: Mapping[str, str] = field(default_factory=dict)
    """What to look at there, by role, where it is something else than elsewhere."""


BRAND = Part(
    "nordlicht",
    "Nordlicht Home GmbH",
    ("BRAND_OWNER",),
    "nordlicht.example",
    "HRB 148214, Amtsgericht Hamburg",
    "DE314182718",
    {
        "ADMINISTRATOR": "Clara Hoffmann",
        "RND": "Tobias Keller",
        "BUYER": "Lena Vogt",
        "ENTERPRISE_FINANCE": "Paul Winter",
    },
)
MANUFACTURER = Part(
    "qiantang",
    "Qiantang Precision Electronics Co., Ltd.",
    ("MANUFACTURER", "BRAND_OWNER"),
    "qiantang.example",
    "91330108MA2KD7Q35F",
    "91330108MA2KD7Q35F",
    {
        "ADMINISTRATOR": "Chen Hao",
        "RND": "Liu Yang",
        "BUYER": "Wang Fang",
        "ENTERPRISE_FINANCE": "Zhao Min",
    },
    hints={"BUYER": "Purchase module: products of its own, and of a brand owner"},
)
NEWCOMER = Part(
    "lumiere",
    "Lumière Domotique SAS",
    ("BRAND_OWNER",),
    "lumiere.example",
    "912 345 675 R.C.S. Lyon",
    "FR65912345675",
    {"ADMINISTRATOR": "Élise Martin"},
    hints={"ADMINISTRATOR": "what is missing before a first order"},
)

HINTS = {
    "ADMINISTRATOR": "products, permissions and partner systems",
    "RND": "what is built into the products",
    "BUYER": "Purchase module, and orders in every state",
    "ENTERPRISE_FINANCE": "what is due, and invoices",
}


class Cast:
    """Everybody in the demo; `gather` brings the customers."""

    brand: Enterprise
    manufacturer: Enterprise

    def __init__(self, api: Api, sign_ins: SignIns) -> None:
        self.api, self.sign_ins = api, sign_ins
        self.vendor = Vendor.of(api, sign_ins)

    def gather(self) -> None:
        """Register everybody, found the enterprises and have two of them certified."""
        self.brand = self._enterprise(BRAND)
        self.manufacturer = self._enterprise(MANUFACTURER)
        newcomer = self._person(NEWCOMER, Administrator)
        if self._found(NEWCOMER, newcomer):
            newcomer.requests_certification(NEWCOMER.registration_no)

    def enroll_partner(self) -> None:
        """Let the brand's planning system follow its orders, unless it does."""
        administrator = self.brand.administrator
        path = f"{self.brand.name}/partnerClients"
        if not administrator.get(path).get("partnerClients"):
            administrator.enrolls("Nordlicht production planning")

    def _enterprise(self, part: Part) -> Enterprise:
        made = Enterprise(
            part.legal_name,
            administrator=self._person(part, Administrator),
            rnd=self._person(part, Rnd),
            buyer=self._person(part, Buyer),
            name=f"enterprises/{part.enterprise_id}",
            registration_no=part.registration_no,
        )
        accountant = self._person(part, Accountant)
        if self._found(part, made.administrator):
            made.is_certified_by(self.vendor)
        for member in (made.rnd, made.buyer, accountant):
            made.administrator.invites(member)
        return made

    def _found(self, part: Part, administrator: Administrator) -> bool:
        """Found the enterprise; tell whether it was not there."""
        try:
            administrator.founds(part.legal_name, part.kinds, part.enterprise_id)
        except Refused as refused:
            if refused.said != "ENTERPRISE_ID_TAKEN":
                raise
            administrator.enters(f"enterprises/{part.enterprise_id}")
            return False
        return True

    def _person(self, part: Part, role: type[P]) -> P:
        name = part.people[role.role]
        email = f"{role.role.lower().replace('_', '.')}@{part.domain}"
        known = {each.email: each.password for each in self.sign_ins}
        password = known.get(email) or secrets.token_urlsafe(12)
        self.sign_ins.add(
            SignIn(
                role=role.role.lower(),
                display_name=name,
                email=email,
                password=password,
                enterprise=part.legal_name,
                hint=f"Look at {part.hints.get(role.role) or HINTS[role.role]}.",
            )
        )
        return role(self.api, email=email, password=password, name=name).registers()
