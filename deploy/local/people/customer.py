"""An enterprise's people: administrator, R&D, buyer, and its partner systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local.people.api import Api
from deploy.local.people.forms import REGISTRATION_NO, order_form
from deploy.local.people.person import Person

CONSENT = "I have read the contract and agree to it on behalf of my enterprise."


class Administrator(Person):
    """Runs an enterprise's space."""

    role = "ADMINISTRATOR"

    def founds(self, legal_name: str, kinds: Sequence[str], enterprise_id: str = "") -> str:
        """Create an enterprise, act in its space from now on, and return its name."""
        enterprise = {"legalName": legal_name, "kinds": list(kinds)}
        made = self.post("enterprises", enterprise, **_given(enterpriseId=enterprise_id))
        self.enters(made["name"])
        return self.space

    def requests_certification(self, registration_no: str = REGISTRATION_NO) -> str:
        """Ask to be certified (R27), and return the request's name."""
        body = {"registrationNo": registration_no}
        return str(self.post(f"{self.space}/certifications", body)["name"])

    def invites(self, somebody: Person) -> None:
        """Make somebody who registered a member, as what they are."""
        body = {"email": somebody.email, "roles": [somebody.role]}
        self.post(f"{self.space}/memberships", body)
        somebody.enters(self.space)

    def labels(self, product: str, model: str, **other: str) -> Any:
        """Enter a product's model (R28)."""
        return self.post(f"{product}:label", {"model": model, **other})

    def completes_development(self, product: str) -> Any:
        """Lock what is built into a product (R43)."""
        return self.post(f"{product}:completeDevelopment", {})

    def releases(self, product: str) -> Any:
        """Open a product for volume production (A11)."""
        return self.post(f"{product}:release", {})

    def returns(self, product: str, reason: str) -> Any:
        """Unlock a product again (R47)."""
        return self.post(f"{product}:return", {"reason": reason})

    def authorizes(self, somebody: Person, *products: str) -> str:
        """Let somebody act in the space for these products (R48-R50); return the grant's name."""
        body = {"email": somebody.email, "role": somebody.role, "products": products}

        def granted() -> Any:
            return self.post(f"{self.space}/authorizations", body)

        # What the catalogue told authorization of a new product may take a moment to arrive.
        name = str(self.sees(granted)["name"])
        somebody.enters(self.space)
        return name

    def enrolls(self, partner: str) -> Partner:
        """Let a partner system follow the enterprise's orders."""
        enrolled = self.post(f"{self.space}/partnerClients", {"displayName": partner})
        return Partner(self.api, client=enrolled["name"], secret=enrolled["secret"])


class Rnd(Person):
    """Develops products."""

    role = "RND"

    def creates(self, display_name: str, *, firmware: str, product_id: str = "") -> str:
        """Create a product, build `firmware` and its module into it, and return its name."""
        made = self.post(
            f"{self.space}/products",
            {"displayName": display_name},
            **_given(productId=product_id),
        )
        self.configures(made["name"], firmware)
        return str(made["name"])

    def configures(self, product: str, firmware: str) -> Any:
        """Say what is built into a product in development."""
        build = {
            "module": firmware.partition("/firmware/")[0],
            "firmware": firmware,
            "panel": "smart-socket@3",
            "dataPoints": ["switch_1", "countdown_1", "cur_power"],
        }
        return self.post(f"{product}:configure", {"build": build})


class Buyer(Person):
    """Orders modules for the products that are open to them."""

    role = "BUYER"

    def drafts(
        self,
        lines: Mapping[str, int],
        purpose: str = "MASS_PRODUCTION",
        services: Sequence[str] = (),
        **known: Any,
    ) -> Any:
        """Begin an order of some quantities of products (R53-R56), and return it.

        Each line has `services` on top; `known` is what is known besides, as `form`.
        """
        on_top = [{"service": service} for service in services]
        wanted = [
            {"product": product, "quantity": many, "services": on_top}
            for product, many in lines.items()
        ]
        return self.post(f"{self.space}/orders", {"purpose": purpose, "lines": wanted, **known})

    def orders_licenses(self, lines: Mapping[tuple[str, str], int], **form: Any) -> str:
        """Begin and submit an order of some quantities of (product, licence type)."""
        wanted = [
            {"product": product, "licenseType": license_type, "quantity": many}
            for (product, license_type), many in lines.items()
        ]
        body = {"purpose": "MASS_PRODUCTION", "family": "LICENSE", "lines": wanted}
        draft = self.post(f"{self.space}/orders", body)
        return str(self.submits(draft["name"], **form)["name"])

    def license_issues(self, order: str) -> list[Any]:
        """Return where an order's licences stand, the first line's first."""
        found = self.all(f"{self.space}/licenseIssues", "licenseIssues", order=order)
        return sorted(found, key=lambda each: int(each["lineNo"]))

    def opens_licenses(self, order: str) -> dict[str, bytes]:
        """Open all codes of an order, and return each issue's file."""
        found = {}
        for issue in self.license_issues(order):
            self.post(f"{issue['name']}:openLicenses", {})
            found[issue["name"]] = self.downloads(f"{issue['name']}:downloadLicenses")
        return found

    def wants_on_top(self, order: str, line_no: int, *services: str) -> Any:
        """Have value-added services on top of a line of a draft, and no others (R22, R25)."""
        wanted = {"lineNo": line_no, "services": services}
        return self.post(f"{order}:changeLineServices", wanted)

    def submits(self, order: str, **form: Any) -> Any:
        """Fill in the form and send the order (R57-R60)."""
        return self.post(f"{order}:submit", {"form": order_form(**form)})

    def orders(
        self,
        lines: Mapping[str, int],
        purpose: str = "MASS_PRODUCTION",
        services: Sequence[str] = (),
        **form: Any,
    ) -> str:
        """Begin and submit an order, and return its name."""
        draft = self.drafts(lines, purpose, services)
        return str(self.submits(draft["name"], **form)["name"])

    def replaces(self, order: str) -> Any:
        """Put a new draft in an order's place, and return it (R63)."""
        return self.post(f"{order}:replace", {})

    def cancels(self, order: str, reason: str = "We need it no more.") -> Any:
        """Withdraw an order."""
        return self.post(f"{order}:cancel", {"reason": reason})

    def asks_to_end(self, order: str, reason: str = "We need it no more.") -> Any:
        """Ask to end an order that is signed, at what that costs."""
        return self.post(f"{order}:requestCancellation", {"reason": reason})

    def reads_contract(self, order: str) -> Any:
        """Return an order's contract, once its document is there (R66)."""

        def ready() -> Any:
            found = self.get(f"{self.space}/contracts", order=order).get("contracts", [])
            return next((each for each in found if each["state"] != "PREPARING"), None)

        return self.sees(ready)

    def signs(self, contract: Mapping[str, Any]) -> Any:
        """Sign what was read: the signature is bound to the document's digest."""
        body = {
            "documentDigest": contract["documentDigest"],
            "signerName": self.name,
            "consentText": CONSENT,
        }
        return self.post(f"{contract['name']}:sign", body)

    def plan(self, order: str) -> Any:
        """Return what is due for an order."""
        return self.get(plan_of(order))

    def promises(self, order: str, method: str = "OFFLINE_TRANSFER", **instalment: str) -> Any:
        """Say how the next instalment will be paid, once that can be said."""
        path = f"{plan_of(order)}:instructPayment"
        self.sees(lambda: self.plan(order).get("allowedMethods"))
        return self.post(path, {"method": method, **instalment})

    def receives(self, order: str) -> None:
        """Confirm the receipt of every shipment of an order that is on its way."""
        for shipment in self.all(f"{self.space}/shipments", "shipments", order=order):
            if shipment["state"] == "DISPATCHED":
                self.post(f"{shipment['name']}:confirmReceipt", {})

    def asks_for_invoice(self, order: str) -> Any:
        """Ask for the invoice (R74)."""
        return self.post(f"{plan_of(order)}:requestInvoice", {})


class Accountant(Person):
    """Watches an enterprise's payments and invoices."""

    role = "ENTERPRISE_FINANCE"


class Partner:
    """A program of somebody else that follows an enterprise's orders."""

    def __init__(self, api: Api, *, client: str, secret: str) -> None:
        self.api, self.client, self.secret = api, client, secret
        self.enterprise = client.partition("/partnerClients/")[0]
        self._at = ""

    def follows(self, **query: str) -> list[Any]:
        """Return the events that came since the last time."""
        events: list[Any] = []
        token = self.signs_in()
        while True:
            path = f"{self.enterprise}/orderEvents"
            asked = {"pageToken": self._at, **query}
            page = self.api.ask("GET", path, token=token, query=asked).json()
            self._at = page["nextPageToken"]
            if not page.get("orderEvents"):
                return events
            events += page["orderEvents"]

    def signs_in(self) -> str:
        """Return an access token for the secret."""
        body = {"name": self.client, "secret": self.secret}
        answer = self.api.ask("POST", "partnerClients:exchange", body=body)
        return str(answer.json()["accessToken"])


def plan_of(order: str) -> str:
    """Return the name of an order's payment plan."""
    return order.replace("/orders/", "/paymentPlans/")


def _given(**query: str) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}
