"""Two enterprises with something of everything: whose things can be asked for by the wrong ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.people import Api, Enterprise, Journey, Person, Vendor
from deploy.local.people.enterprise import fresh
from deploy.local.people.forms import ADDRESS, GENERAL_INVOICE
from e2e.bad_input.routes import Route
from e2e.stage import SKU, Stage, submitted

LISTS = (
    *("products", "orders", "contracts", "paymentPlans", "payments", "refunds", "receivables"),
    "invoices",
    *("workOrders", "shipments", "licenseIssues", "certifications", "productAssociations"),
    "memberships",
    "projects",
    "orderEvents",
)
OF_THE_ADMINISTRATOR = ("authorizations", "partnerClients")


@dataclass(frozen=True)
class Target:
    """An enterprise whose order ran to its end, and a stranger to it."""

    api: Api
    vendor: Vendor
    enterprise: Enterprise
    stranger: Enterprise
    journey: Journey
    draft: str
    names: dict[str, str]
    """The last part of the name of one resource of every kind, by what paths call it."""

    @classmethod
    def set_up(cls, stage: Stage) -> Target:
        """Make everything there is, once."""
        enterprise = Enterprise.registers(
            stage.api, **fresh("Target"), kinds=["BRAND_OWNER", "MANUFACTURER"]
        ).is_certified_by(stage.vendor)
        stranger = Enterprise.registers(stage.api, **fresh("Stranger"))
        stranger.is_certified_by(stage.vendor)
        stranger.administrator.invites(stranger.buyer)
        enterprise.administrator.enrolls("Planning")
        # An association is its owner's too, who therefore is no stranger to it.
        owner = Enterprise.registers(stage.api, **fresh("Owner")).is_certified_by(stage.vendor)
        foreign = owner.develops("Lamp", firmware=stage.firmware, model="ST-1")
        stage.vendor.project_manager.associates(foreign, manufacturer=enterprise.name)
        journey = submitted(stage.vendor, enterprise, stage.firmware).to("COMPLETED")
        lines = journey.buyer.order(journey.order)["lines"]
        draft = journey.buyer.drafts({lines[0]["product"]: 20})["name"]
        codes = (lines[0]["product"], f"licenseTypes/{SKU}")
        licensed = Journey(
            stage.vendor,
            journey.buyer,
            journey.buyer.orders_licenses({codes: 5}, po_no="PO-9"),
        )
        stage.vendor.business_manager.confirms_price(licensed.order)
        licensed.deposit_is_paid()
        licensed.codes_are_issued()
        made = cls(stage.api, stage.vendor, enterprise, stranger, journey, draft, {})
        made.names.update(made._found(stage.firmware))
        return made

    @property
    def own(self) -> list[Person]:
        """The enterprise's people."""
        return [self.enterprise.administrator, self.enterprise.rnd, self.enterprise.buyer]

    @property
    def staff(self) -> list[Person]:
        """The vendor's people."""
        it = self.vendor
        return [it.certifier, it.business_manager, it.project_manager, it.finance, it.factory]

    @property
    def strangers(self) -> list[Person]:
        """People of another enterprise."""
        return [self.stranger.administrator, self.stranger.rnd, self.stranger.buyer]

    def knocks(
        self,
        route: Route,
        who: Person | None,
        *,
        names: dict[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Send one request as it is, and return whatever is answered."""
        given = {"idempotency-key": str(uuid4())} | headers
        if who is not None:
            given["authorization"] = f"Bearer {who.token}"
        if route.verb == "POST":
            content = json.dumps(body or {}).encode() if content is None else content
            given["content-type"] = "application/json"
        query = dict(route.query)
        path = route.at(self.names if names is None else names)
        return self.api.client.request(
            route.verb,
            path,
            headers={name: value for name, value in given.items() if value},
            params=query,
            content=content,
        )

    def everything(self) -> dict[str, Any]:
        """Return all that is stored, as far as anybody can see it."""
        manager = self.vendor.business_manager
        seen: dict[str, Any] = {"enterprises": manager.get("enterprises", pageSize=200)}
        for each in (self.enterprise, self.stranger):
            for kind in LISTS:
                seen[f"{each.name}/{kind}"] = manager.get(f"{each.name}/{kind}", pageSize=200)
            for kind in OF_THE_ADMINISTRATOR:
                path = f"{each.name}/{kind}"
                seen[path] = each.administrator.get(path, pageSize=200)
        seen["modules"] = manager.get("modules", pageSize=200)
        for kind in ("licenseTypes", "valueAddedServices", "priceLists"):
            seen[kind] = manager.get(kind, pageSize=200)
        seen["firmware"] = manager.get(f"modules/{self.names['module']}/firmware")
        seen["draft"] = manager.order(self.draft)
        return seen

    def _found(self, firmware: str) -> dict[str, str]:
        space, order = self.enterprise.name, self.journey.order
        administrator, buyer = self.enterprise.administrator, self.journey.buyer
        told = self.journey.buyer.order(order)

        def one(kind: str, **query: str) -> str:
            return str(administrator.get(f"{space}/{kind}", **query)[kind][0]["name"])

        found = {
            "enterprise": space,
            "order": order,
            "product": (product := told["lines"][0]["product"]),
            "project": self.vendor.project_manager.begins_project("Target", product),
            "suggestion": buyer.post(f"{space}/suggestions", {"text": "Ten to a box."})["name"],
            "addressBookEntry": buyer.post(
                f"{space}/addressBookEntries", {"label": "Dock", "address": ADDRESS}
            )["name"],
            "invoiceProfile": buyer.post(
                f"{space}/invoiceProfiles",
                {"label": "Office", "invoiceTitle": GENERAL_INVOICE | {"title": "Office"}},
            )["name"],
            "contract": told["contract"],
            "paymentPlan": order,
            "payment": one("payments"),
            "refund": self._late_money(firmware),
            "receivable": self._owed(firmware),
            "invoice": one("invoices"),
            "workOrder": one("workOrders"),
            "licenseIssue": one("licenseIssues"),
            "shipment": one("shipments"),
            "certification": one("certifications"),
            "authorization": one("authorizations"),
            "productAssociation": one("productAssociations"),
            "membership": one("memberships"),
            "partnerClient": one("partnerClients"),
            "module": firmware.partition("/firmware/")[0],
            "firmware": firmware,
            **self._on_sale(),
            "account": buyer.account,
            "message": buyer.sees(buyer.messages)[0]["name"],
        }
        return {kind: name.rpartition("/")[2] for kind, name in found.items()}

    def _late_money(self, firmware: str) -> str:
        """Pay for an order that ended, and return the refund that is owed for it."""
        journey = submitted(self.vendor, self.enterprise, firmware).to("CONFIRMED")
        buyer, order = journey.buyer, journey.order
        buyer.reads_contract(order)
        buyer.cancels(order)
        buyer.sees(lambda: buyer.plan(order)["closed"])
        self.vendor.finance.books(order, Decimal(10))
        return str(self.vendor.finance.refunds(order)[0]["name"])

    def _owed(self, firmware: str) -> str:
        """End an order that is signed and not paid for, and return what is owed for it."""
        journey = submitted(self.vendor, self.enterprise, firmware).to("CONTRACT_SIGNED")
        journey.ended()
        return str(self.vendor.finance.receivables(journey.order)[0]["name"])

    def _on_sale(self) -> dict[str, str]:
        manager, seller = self.vendor.project_manager, self.vendor.business_manager
        codes = {"displayName": "Codes", "licenses": "One device."}
        labels = {"displayName": "Labels", "purposes": ["MASS_PRODUCTION"]}
        return {
            "licenseType": manager.enters_license_type("target-codes", codes),
            "valueAddedService": manager.enters_service("target-labels", labels),
            "priceList": seller.enters_price_list({"displayName": "Target", "currency": "CNY"}),
        }
