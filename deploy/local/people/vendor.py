"""The vendor's people."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import uuid4

from deploy.local.people.amounts import money
from deploy.local.people.api import Api, Refused
from deploy.local.people.customer import plan_of
from deploy.local.people.person import Person
from deploy.local.signins import SignIns
from shared.caller import Role

A_CALL = 1000
"""Results a call takes at most."""


class Certifier(Person):
    """Decides who may order."""

    def certifies(self, certification: str, **by: str) -> Any:
        """Approve a request; `by` names who is assigned, the freest if not."""
        return self.post(f"{certification}:approve", by)

    def rejects(self, certification: str, reason: str) -> Any:
        """Reject a request."""
        return self.post(f"{certification}:reject", {"reason": reason})


class BusinessManager(Person):
    """Agrees on prices with customers."""

    def enters_price_list(self, about: Mapping[str, Any]) -> str:
        """Enter a price list, unless there is one of that name, and return its name."""
        for known in self.all("priceLists", "priceLists"):
            if known["displayName"] == about["displayName"]:
                return str(known["name"])
        return str(self.post("priceLists", about)["name"])

    def sets_prices(self, price_list: str, charges: Mapping[str, Mapping[str, Any]]) -> Any:
        """Set what items cost by a list, by name of the item."""
        entries = [{"item": item, "charge": charge} for item, charge in charges.items()]
        return self.post(f"{price_list}:setPrices", {"entries": entries})

    def confirms_price(
        self, order: str, prices: Mapping[int, Decimal] | None = None, **terms: Any
    ) -> Any:
        """Confirm price and quantity (R61); `prices` by line number, else the list price."""
        given = [
            {"lineNo": no, "unitPrice": money(price), "reason": "Agreed on the telephone."}
            for no, price in (prices or {}).items()
        ]
        return self.post(f"{order}:confirmPrice", {"prices": given, **terms})

    def rejects(self, order: str, reason: str) -> Any:
        """Send an order back."""
        return self.post(f"{order}:reject", {"reason": reason})

    def countersigns(self, contract: Mapping[str, Any]) -> Any:
        """Sign for the vendor."""
        body = {"documentDigest": contract["documentDigest"], "signerName": self.name}
        return self.post(f"{contract['name']}:countersign", body)

    def holds(self, order: str, reason: str) -> Any:
        """Stop an order for now."""
        return self.post(f"{order}:hold", {"reason": reason})

    def ends(self, order: str) -> Any:
        """End an order as its buyer asked."""
        return self.post(f"{order}:acceptCancellation", {})

    def releases_licenses(self, issue: str, reason: str) -> Any:
        """Let the buyer open codes once more."""
        return self.post(f"{issue}:releaseLicenses", {"reason": reason})

    def lets_go_on(self, order: str, reason: str) -> Any:
        """Release a held order."""
        return self.post(f"{order}:release", {"reason": reason})


class ProjectManager(Person):
    """Knows modules and firmware, and confirms software."""

    def enters_module(self, module_id: str, about: Mapping[str, Any]) -> str:
        """Enter a module, unless it is there, and return its name."""
        return self._enters("modules", about, moduleId=module_id)

    def enters_license_type(self, sku: str, about: Mapping[str, Any]) -> str:
        """Enter a licence type, unless it is there, and return its name."""
        return self._enters("licenseTypes", about, sku=sku)

    def enters_service(self, service_id: str, about: Mapping[str, Any]) -> str:
        """Enter a value-added service, unless it is there, and return its name."""
        return self._enters("valueAddedServices", about, valueAddedServiceId=service_id)

    def _enters(self, collection: str, about: Mapping[str, Any], **called: str) -> str:
        try:
            self.post(collection, about, **called)
        except Refused as refused:
            if refused.status != 409:
                raise
        return f"{collection}/{next(iter(called.values()))}"

    def enters_firmware(
        self, module: str, version: str, *, released: bool = True, notes: str = ""
    ) -> str:
        """Enter a firmware version, unless it is there, and return its name."""
        for known in self.all(f"{module}/firmware", "firmware"):
            if known["version"] == version:
                return str(known["name"])
        digest = digest_of(f"{module} {version}")
        body = {"version": version, "digest": digest, "releaseNotes": notes}
        name = str(self.post(f"{module}/firmware", body)["name"])
        if released:
            self.post(f"{name}:release", {})
        return name

    def retires(self, firmware: str) -> Any:
        """Close a firmware version for new orders."""
        return self.post(f"{firmware}:retire", {})

    def confirms_software(self, order: str) -> Any:
        """Confirm the software version (R62)."""
        return self.post(f"{order}:confirmSoftware", {})

    def rejects(self, order: str, reason: str) -> Any:
        """Send an order back."""
        return self.post(f"{order}:reject", {"reason": reason})

    def associates(self, product: str, *, manufacturer: str) -> str:
        """Open a brand owner's product to a manufacturer (R76); return the association's name."""
        path = f"{manufacturer}/productAssociations"
        return str(self.sees(lambda: self.post(path, {"product": product}))["name"])

    def begins_project(self, display_name: str, *products: str) -> str:
        """Take products of one customer into one's own hands; return the project's name."""
        owner = "/".join(products[0].split("/")[:2])
        body = {
            "displayName": display_name,
            "projectManager": self.account,
            "products": list(products),
        }
        return str(self.sees(lambda: self.post(f"{owner}/projects", body))["name"])

    def resumes(self, work_order: str, batch_no: str, reason: str) -> Any:
        """Let a stopped batch go on."""
        body = {"productionBatchNo": batch_no, "reason": reason}
        return self.post(f"{work_order}:resumeBatch", body)


class Finance(Person):
    """Books what arrives and issues invoices."""

    def plan(self, order: str) -> Any:
        """Return what is due for an order, once that is known."""
        return self.get(plan_of(order))

    def books(self, order: str, amount: Decimal, reference: str = "") -> Any:
        """Book a transfer that arrived today."""
        today = datetime.now(UTC).date()
        body = {
            "amount": money(amount),
            "bankReference": reference or f"BK{uuid4().hex[:14].upper()}",
            "valueDate": {"year": today.year, "month": today.month, "day": today.day},
        }
        return self.post(f"{plan_of(order)}:bookTransfer", body)

    def refunds(self, order: str) -> list[Any]:
        """Return what is to go back, or went back, of what was paid for an order."""
        enterprise = order.partition("/orders/")[0]
        return list(self.get(f"{enterprise}/refunds", order=order)["refunds"])

    def receivables(self, order: str) -> list[Any]:
        """Return what is owed, or was, for an order that ended."""
        enterprise = order.partition("/orders/")[0]
        return list(self.get(f"{enterprise}/receivables", order=order)["receivables"])

    def waives(self, receivable: str, reason: str) -> Any:
        """Ask no more for what is open of a receivable."""
        return self.post(f"{receivable}:waive", {"reason": reason})

    def sends_back(self, refund: str) -> Any:
        """Record that money was sent back today."""
        today = datetime.now(UTC).date()
        body = {
            "bankReference": f"RF{uuid4().hex[:14].upper()}",
            "valueDate": {"year": today.year, "month": today.month, "day": today.day},
        }
        return self.post(f"{refund}:issue", body)

    def issues_invoice(self, order: str, invoice_no: str = "") -> Any:
        """Issue the invoice that was asked for."""
        enterprise = order.partition("/orders/")[0]
        (invoice,) = self.get(f"{enterprise}/invoices", order=order)["invoices"]
        number = invoice_no or f"IV-{uuid4().hex[:10].upper()}"
        return self.post(f"{invoice['name']}:issue", {"invoiceNo": number})

    def reverses_invoice(self, order: str, reason: str) -> Any:
        """Take the invoice of an order back by a credit note."""
        enterprise = order.partition("/orders/")[0]
        newest, *_ = self.get(f"{enterprise}/invoices", order=order)["invoices"]
        body = {"reversalNo": f"CN-{uuid4().hex[:10].upper()}", "reason": reason}
        return self.post(f"{newest['name']}:reverse", body)


class Factory(Person):
    """Makes, tests and ships."""

    def work_orders(self, order: str) -> list[Any]:
        """Return an order's work orders, the first line's first."""
        enterprise = order.partition("/orders/")[0]
        found = self.all(f"{enterprise}/workOrders", "workOrders", order=order)
        return sorted(found, key=lambda each: int(each["lineNo"]))

    def starts(self, work_order: str) -> Any:
        """Start production of a line (R5)."""
        return self.post(f"{work_order}:startProduction", {})

    def starts_batch(self, work_order: str, batch_no: str, quantity: int = 0) -> Any:
        """Start a batch, of all that is left if no quantity is given."""
        body = {"productionBatchNo": batch_no, "quantity": quantity}
        return self.post(f"{work_order}:startBatch", body)

    def burns(self, work_order: Mapping[str, Any], batch_no: str, serials: Iterable[str]) -> Any:
        """Burn the ordered firmware into units, all of which pass."""
        return self.records(work_order, batch_no, work_order["firmwareDigest"], serials)

    def records(
        self, work_order: Mapping[str, Any], batch_no: str, digest: str, serials: Iterable[str]
    ) -> Any:
        """Record units that passed with the firmware `digest`."""
        units = [{"serialNo": no, "firmwareDigest": digest, "passed": True} for no in serials]
        made: Any = None
        for start in range(0, len(units), A_CALL):
            body = {"productionBatchNo": batch_no, "units": units[start : start + A_CALL]}
            made = self.post(f"{work_order['name']}:recordUnits", body)
        return made

    def attaches(self, work_order: str, batch_no: str, content: bytes) -> Any:
        """Attach a batch's test data (R26)."""
        body = {
            "productionBatchNo": batch_no,
            "mediaType": "text/csv",
            "content": base64.b64encode(content).decode(),
        }
        return self.post(f"{work_order}:attachTestData", body)

    def completes(self, work_order: str, batch_no: str) -> Any:
        """Finish a batch."""
        return self.post(f"{work_order}:completeBatch", {"productionBatchNo": batch_no})

    def withdraws(self, work_order: str, batch_no: str, reason: str) -> Any:
        """Take back a batch that was started by mistake."""
        body = {"productionBatchNo": batch_no, "reason": reason}
        return self.post(f"{work_order}:withdrawBatch", body)

    def makes(self, work_order: Mapping[str, Any], quantity: int = 0, batch: int = 1) -> str:
        """Make and test a whole batch, and return its number."""
        number, name = f"{work_order['workOrderNo']}-{batch}", work_order["name"]
        many = quantity or int(work_order["quantity"])
        serials = [f"{number}-{unit:05}" for unit in range(1, many + 1)]
        self.starts_batch(name, number, many)
        self.burns(work_order, number, serials)
        self.attaches(name, number, rig_log(serials))
        self.completes(name, number)
        return number

    def ships(self, order: str, quantities: Mapping[str, int] | None = None) -> Any:
        """Hand what is finished to a carrier: all of it, or `quantities` by batch number."""
        items = [
            {
                "workOrder": work_order["name"],
                "productionBatchNo": number,
                "quantity": (quantities or {}).get(number, waiting),
            }
            for work_order in self.work_orders(order)
            for number, waiting in _finished(work_order)
            if waiting and (quantities is None or number in quantities)
        ]
        shipment = {
            "order": order,
            "items": items,
            "carrier": "SF Express",
            "trackingNo": f"SF{uuid4().int % 10**12:012}",
        }
        return self.post(f"{order.partition('/orders/')[0]}/shipments", shipment)

    def license_issues(self, order: str) -> list[Any]:
        """Return an order's issues of licences, the first line's first."""
        enterprise = order.partition("/orders/")[0]
        found = self.all(f"{enterprise}/licenseIssues", "licenseIssues", order=order)
        return sorted(found, key=lambda each: int(each["lineNo"]))

    def issues_licenses(self, issue: str, quantity: int = 0, content: bytes = b"") -> Any:
        """Have `quantity` codes made and sealed, or those of a CSV file sealed."""
        body = {"content": base64.b64encode(content).decode()} if content else {}
        return self.post(f"{issue}:issueLicenses", body or {"generate": quantity})


@dataclass(frozen=True)
class Vendor:
    """One of each of the vendor's people."""

    certifier: Certifier
    business_manager: BusinessManager
    project_manager: ProjectManager
    finance: Finance
    factory: Factory

    @classmethod
    def of(cls, api: Api, sign_ins: SignIns) -> Vendor:
        """Return the people whose sign-ins are kept on this machine."""

        def who(role: Role) -> dict[str, Any]:
            found = sign_ins.of(role)
            name = found.display_name.partition(",")[0]
            return {"api": api, "email": found.email, "password": found.password, "name": name}

        return cls(
            Certifier(**who(Role.CERTIFIER)),
            BusinessManager(**who(Role.BUSINESS_MANAGER)),
            ProjectManager(**who(Role.PROJECT_MANAGER)),
            Finance(**who(Role.FINANCE)),
            Factory(**who(Role.PRODUCTION)),
        )


def digest_of(image: str) -> str:
    """Return the digest of a firmware image that stands for a real one."""
    return f"sha256:{sha256(image.encode()).hexdigest()}"


def rig_log(serials: Iterable[str]) -> bytes:
    """Return what the test rig wrote down."""
    rows = (f"{serial},pass,3.31,-41\n" for serial in serials)
    return "".join(["serial_no,result,supply_v,rssi_dbm\n", *rows]).encode()


def _finished(work_order: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for batch in work_order.get("batches", ()):
        if batch["state"] == "COMPLETED":
            shipped = int(batch.get("shippedQuantity", 0))
            yield batch["productionBatchNo"], int(batch["quantity"]) - shipped
