"""An enterprise with something of everything: its mark in every text, and the names of it all."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from deploy.local.people import Enterprise, Journey, Person, Vendor
from deploy.local.people.amounts import money
from deploy.local.people.customer import Partner
from deploy.local.people.forms import ADDRESS, GENERAL_INVOICE
from deploy.local.people.vendor import digest_of
from deploy.local.signins import SignIns
from e2e.stage import LABEL, SKU, submitted
from e2e.tenants.asking import Speaks
from e2e.tenants.canaries import Marking
from e2e.tenants.decisions import INVALIDATIONS
from e2e.tenants.filling import Names, own, put, words_in
from e2e.tenants.rpcs import Rpc, rpcs
from shared.caller import Role
from shared.testing.hostile import plain

NAME = re.compile(r"\w+/[\w-]+(?:/\w+/[\w-]+)*(?:/\w+\b(?!/))?")


@dataclass
class Tenant:
    """One enterprise, and everything of it that could be asked for."""

    api: Marking
    enterprise: Enterprise
    everybody: Person
    """Somebody in every role an enterprise has, so that no role stands before what is tried."""

    partner: Partner

    draft: str = ""
    batch: str = ""
    """Of a work order, with test data."""

    names: dict[str, list[str]] = field(default_factory=dict)
    """By their form, `enterprises/*/orders/*`."""

    @classmethod
    def set_up(cls, url: str, sign_ins: SignIns, firmware: str, brand: Enterprise) -> Tenant:
        """Found an enterprise and let it do everything there is to do."""
        # Letters alone, which no id has: what is searched for is never found by chance.
        mark = "".join(chr(ord("G") + byte % 20) for byte in secrets.token_bytes(12))
        api = Marking(url, mark)
        vendor, domain = Vendor.of(api, sign_ins), f"{secrets.token_hex(6)}.example"
        kinds = ["BRAND_OWNER", "MANUFACTURER"]
        enterprise = Enterprise.registers(api, "Tenant", domain=domain, kinds=kinds)
        first = enterprise.administrator.requests_certification()
        proof = {"fileName": "proof.pdf", "content": b64encode(plain()).decode()}
        enterprise.administrator.post(f"{first}:attach", proof)
        vendor.certifier.rejects(first, "The number is another one.")
        enterprise.is_certified_by(vendor)
        partner = enterprise.administrator.enrolls("Planning")
        made = cls(api, enterprise, _everybody(api, enterprise, domain), partner)
        made._works(vendor, firmware)
        made._builds_for(brand, vendor, firmware)
        made._pays_its_own_price(vendor, firmware)
        made._is_in_good_hands(vendor)
        return made

    @property
    def space(self) -> str:
        """Its name."""
        return self.enterprise.name

    @property
    def ids(self) -> frozenset[str]:
        """What stands at the end of its names: nobody else may ever read one."""
        names = (each for form, each in self.names.items() if form.endswith("*"))
        return frozenset(name.rpartition("/")[2] for each in names for name in each)

    def traces_in(self, said: str, asked: Any = None) -> list[str]:
        """Return what of this enterprise is in `said`, apart from what was `asked`."""
        for word in sorted(words_in(asked), key=len, reverse=True):
            said = said.replace(word, "")
        found = [self.api.mark] if self.api.mark.lower() in said.lower() else []
        return [*found, *sorted(self.ids & set(re.findall(r"[\w-]{8,}", said)))]

    def own(self, rpc: Rpc, **known: Any) -> dict[str, Any]:
        """Return a request about what is its own; `known` is said besides."""
        return own(rpc, self.names, self.known | known)

    def tokens(self, rpc: Rpc) -> list[str]:
        """Return as whom its people and its partner system can ask."""
        partner = isinstance(rpc.allow, frozenset) and Role.PARTNER in rpc.allow
        return [self.everybody.token, *([self.partner.signs_in()] if partner else [])]

    @property
    def known(self) -> dict[str, Any]:
        """What only its own people know."""
        return {
            "email": self.everybody.email,
            "password": self.everybody.password,
            "sessionSecret": self.everybody._secret,
            "secret": self.partner.secret,
        }

    def looks_around(self, speaks: Speaks) -> None:
        """Learn the names of all that its people can read, from list to list until none is new."""
        self.names = {"enterprises/*": [self.space], "accounts/*": self._accounts()}
        known = 0
        while known < (known := sum(map(len, self.names.values()))):
            self._learn_only_ones()
            for _, said in self.reads(speaks):
                for name in NAME.findall(said):
                    self._learn(name)
        for form in FORMS:
            if "/-/" in form:
                told = self.names[form.replace("/-/", "/*/")]
                self.names[form] = [f"enterprises/-/{name.split('/', 2)[2]}" for name in told]

    def reads(self, speaks: Speaks) -> Iterator[tuple[Rpc, str]]:
        """Yield everything its people can read about their own, and which RPC answered it."""
        for rpc in rpcs():
            # How far the database has come is nobody's own.
            if rpc.harmless and rpc.for_customers and str(rpc) not in INVALIDATIONS:
                for request in self._requests(rpc):
                    yield rpc, speaks.rpc(rpc, request, self.everybody.token).said

    def _requests(self, rpc: Rpc) -> Iterator[Mapping[str, Any]]:
        """Yield a request for each of its names that the first field could hold."""
        request = self.own(rpc)
        path, forms = next(iter(rpc.names.items()), ("", ()))
        mine = [name for form in forms for name in self.names.get(form, ())]
        if not mine or path not in request:
            yield request
        for name in mine if path in request else ():
            put(request, rpc, path, name)
            yield request

    def _learn(self, name: str) -> None:
        form = form_of(name)
        if form in FORMS and name not in self.names.setdefault(form, []):
            self.names[form].append(name)

    def _learn_only_ones(self) -> None:
        """Know of what there is one of each: `enterprises/*/orders/*/passport`."""
        for form in FORMS:
            base, _, last = form.rpartition("/")
            if last != "*" and is_tenants(form):
                self.names[form] = [f"{name}/{last}" for name in self.names.get(base, ())]

    def keeps(self, told: Names) -> None:
        """Forget every name that is in `told`, too: who else reads it is no stranger to it."""
        for form, names in self.names.items():
            own = [name for name in names if name not in told.get(form, ())]
            # What is asked about first is its own, and can still be changed.
            self.names[form] = sorted(own, key=self._strangeness)

    def _strangeness(self, name: str) -> tuple[bool, bool]:
        return name != self.draft, not name.startswith(self.space)

    def _accounts(self) -> list[str]:
        members = self.enterprise.administrator.all(f"{self.space}/memberships", "memberships")
        others = [each["account"] for each in members if each["account"] != self.everybody.account]
        return [self.everybody.account, *others]

    def _works(self, vendor: Vendor, firmware: str) -> None:
        """Order, make, pay and invoice; stop in the middle; take back; and begin again."""
        journey = submitted(vendor, self.enterprise, firmware).to("COMPLETED")
        buyer, manager = journey.buyer, vendor.business_manager
        vendor.finance.reverses_invoice(journey.order, "The tax id was wrong.")
        products = [each["product"] for each in buyer.order(journey.order)["lines"]]
        for role in ("RND", "BUYER"):
            body = {"email": self.everybody.email, "role": role, "products": products}
            self.enterprise.administrator.post(f"{self.space}/authorizations", body)
        self._stops(Journey(vendor, buyer, buyer.orders({products[1]: 20}, po_no="PO-2")))
        third = buyer.orders({products[1]: 20}, services=[LABEL], po_no="PO-3")
        manager.holds(third, "The panel is not decided.")
        manager.lets_go_on(third, "It is.")
        price = {"lineNo": 1, "unitPrice": money("9.25"), "reason": "As agreed."}
        label = {"lineNo": 1, "service": LABEL, "setupFee": money("0"), "reason": "As ever."}
        manager.post(f"{third}:confirmPrice", {"prices": [price], "servicePrices": [label]})
        manager.rejects(third, "It is an old one.")
        buyer.cancels(buyer.orders({products[1]: 20}, po_no="PO-4"))
        self._pays_too_late(Journey(vendor, buyer, buyer.orders({products[1]: 20}, po_no="PO-5")))
        self._owes(Journey(vendor, buyer, buyer.orders({products[1]: 20}, po_no="PO-6")))
        spare = self.enterprise.develops("Spare", firmware=firmware, model="SP-1")
        self.enterprise.administrator.returns(spare, "Another panel.")
        buyer.post(f"{spare}:askForPurchase", {"kind": "AUTHORIZATION", "note": "Soon, please."})
        self._opens_codes(vendor, products[1])
        self.draft = buyer.drafts({products[0]: 20})["name"]
        attached = {"fileName": "drawing.pdf", "content": b64encode(plain()).decode()}
        buyer.post(f"{self.draft}:attachFile", attached)
        told = buyer.post(f"{self.space}/suggestions", {"text": "Ten to a box.", "order": third})
        manager.post(f"{told['name']}:answer", {"answer": "We will."})
        buyer.post(f"{self.space}/addressBookEntries", {"label": "Dock", "address": ADDRESS})
        titled = {"label": "Office", "invoiceTitle": GENERAL_INVOICE | {"title": "Office"}}
        buyer.post(f"{self.space}/invoiceProfiles", titled)

    def _pays_too_late(self, journey: Journey) -> None:
        """Have money come for an order that ended: it is to go back."""
        buyer, order = journey.to("CONFIRMED").buyer, journey.order
        buyer.reads_contract(order)
        buyer.cancels(order)
        buyer.sees(lambda: buyer.plan(order)["closed"])
        finance = journey.vendor.finance
        finance.books(order, Decimal(10))
        finance.sends_back(finance.refunds(order)[0]["name"])

    def _owes(self, journey: Journey) -> None:
        """End an order that is signed, pay a part of what is owed, and have the rest waived."""
        journey.to("CONTRACT_SIGNED").ended()
        finance = journey.vendor.finance
        finance.books(journey.order, Decimal(1))
        finance.waives(finance.receivables(journey.order)[0]["name"], "It is a small matter.")

    def _opens_codes(self, vendor: Vendor, product: str) -> None:
        """Order licences, open the codes, and have them released again."""
        buyer, wanted = self.enterprise.buyer, {(product, f"licenseTypes/{SKU}"): 5}
        journey = Journey(vendor, buyer, buyer.orders_licenses(wanted, po_no="PO-5"))
        journey.price_is_confirmed()
        journey.deposit_is_paid()
        journey.codes_are_issued()
        journey.codes_are_opened()
        (issue,) = vendor.factory.license_issues(journey.order)
        vendor.business_manager.releases_licenses(issue["name"], "The file was lost.")

    def _stops(self, journey: Journey) -> None:
        """Have a batch withdrawn, and in another the wrong firmware found in a unit, and go on."""
        vendor = journey.vendor
        (made,) = journey.to("IN_PRODUCTION").work_orders()
        batch = vendor.factory.starts_batch(made["name"], "B-0")["batches"][0]["productionBatchNo"]
        vendor.factory.withdraws(made["name"], batch, "It has a wrong number.")
        batch = vendor.factory.starts_batch(made["name"], "B-1")["batches"][0]["productionBatchNo"]
        vendor.factory.records(made, batch, digest_of("another"), ["S-1"])
        vendor.project_manager.resumes(made["name"], batch, "It was taken out.")
        vendor.factory.attaches(made["name"], batch, f"{self.api.mark} passed\n".encode())
        self.batch = batch

    def _pays_its_own_price(self, vendor: Vendor, firmware: str) -> None:
        """Have a price list of its own."""
        body = {"displayName": "Own", "currency": "CNY", "enterprise": self.space}
        name = vendor.business_manager.enters_price_list(body)
        tiers = [{"fromQuantity": 1, "unitPrice": money("9.75")}]
        module = firmware.partition("/firmware/")[0]
        vendor.business_manager.sets_prices(name, {module: {"priceTiers": tiers}})

    def _is_in_good_hands(self, vendor: Vendor) -> None:
        """Have a product of its own in a project."""
        listed = self.enterprise.administrator.get(f"{self.space}/products", owner=self.space)
        vendor.project_manager.begins_project("Plugs", listed["products"][0]["name"])

    def _builds_for(self, brand: Enterprise, vendor: Vendor, firmware: str) -> None:
        """Have a product of somebody else's opened to it."""
        product = brand.develops("Lamp", firmware=firmware, model="LP-1")
        vendor.project_manager.associates(product, manufacturer=self.space)


VENDORS = frozenset({"modules", "licenseTypes", "valueAddedServices", "deadLetters", "staff"})
"""What is the vendor's, for everybody to see, or for nobody outside."""

STAFFS = frozenset({"accounts/*/deputyships/*", "enterprises/*/projects/*"})
"""What only the vendor's people have."""

FORMS = frozenset(form for rpc in rpcs() for forms in rpc.names.values() for form in forms)
"""Every form of name any RPC takes."""


def form_of(name: str) -> str:
    """Return the form of a name: `enterprises/*/orders/*`."""
    parts = name.split("/")
    return "/".join(part if index % 2 == 0 else "*" for index, part in enumerate(parts))


def is_tenants(form: str) -> bool:
    """Whether names of this form can belong to an enterprise or its people."""
    return form.partition("/")[0] not in VENDORS and form not in STAFFS


def nothing_of(names: Names) -> list[str]:
    """Return the forms of which there is nothing: what could not be tried."""
    return sorted(form for form in FORMS if is_tenants(form) and not names.get(form))


def _everybody(api: Marking, enterprise: Enterprise, domain: str) -> Person:
    email, password = f"everybody@{domain}", secrets.token_urlsafe(12)
    somebody = Person(api, email=email, password=password, name="Everybody").registers()
    roles = ["ADMINISTRATOR", "RND", "BUYER", "ENTERPRISE_FINANCE"]
    enterprise.administrator.post(
        f"{enterprise.name}/memberships", {"email": email, "roles": roles}
    )
    somebody.enters(enterprise.name)
    return somebody
