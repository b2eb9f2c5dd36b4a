"""The way of one order through everybody's hands, a step at a time (requirements §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deploy.local.people.amounts import amount_of
from deploy.local.people.customer import Buyer
from deploy.local.people.vendor import Vendor


class Journey:
    """A submitted order, and everybody who has to do with it."""

    def __init__(self, vendor: Vendor, buyer: Buyer, order: str) -> None:
        self.vendor, self.buyer, self.order = vendor, buyer, order

    def to(self, state: str) -> Journey:
        """Go on until the order is in `state`; from where it stands, which must be before that."""
        done = self.state
        for before, after, step in self.steps:
            if done == state:
                return self
            if before == done:
                step()
                if after != before:
                    self.buyer.sees_order(self.order, after)
                    done = after
        assert done == state, f"no step leads to {state}"
        return self

    @property
    def state(self) -> str:
        """Where the order stands."""
        return str(self.buyer.order(self.order)["state"])

    @property
    def steps(self) -> list[tuple[str, str, Callable[[], Any]]]:
        """All steps, in order: the headline before, the headline after, and what is done."""
        return [
            ("INTENTION", "INTENTION", self.price_is_confirmed),
            ("INTENTION", "CONFIRMED", self.software_is_confirmed),
            ("CONFIRMED", "CONFIRMED", self.buyer_signs),
            ("CONFIRMED", "CONTRACT_SIGNED", self.vendor_signs),
            ("CONTRACT_SIGNED", "DEPOSIT_PAID", self.deposit_is_paid),
            ("DEPOSIT_PAID", "IN_PRODUCTION", self.production_starts),
            ("IN_PRODUCTION", "READY_TO_SHIP", self.everything_is_made),
            ("READY_TO_SHIP", "READY_TO_SHIP", self.balance_is_paid),
            ("READY_TO_SHIP", "PARTIALLY_SHIPPED", self.some_is_shipped),
            ("PARTIALLY_SHIPPED", "SHIPPED", self.rest_is_shipped),
            ("SHIPPED", "DELIVERED", self.goods_are_received),
            ("DELIVERED", "DELIVERED", self.invoice_is_wanted),
            ("DELIVERED", "COMPLETED", self.invoice_is_issued),
        ]

    def codes_are_issued(self) -> None:
        """Production has all codes made, once the order is paid."""
        lines = len(self.buyer.order(self.order)["lines"])
        factory = self.vendor.factory
        self.buyer.sees(lambda: len(factory.license_issues(self.order)) == lines)
        for issue in factory.license_issues(self.order):
            factory.issues_licenses(issue["name"], int(issue["quantity"]))

    def codes_are_opened(self) -> None:
        """The buyer opens all codes."""
        self.buyer.opens_licenses(self.order)

    def price_is_confirmed(self) -> None:
        """The business manager confirms the price."""
        self.vendor.business_manager.confirms_price(self.order)

    def software_is_confirmed(self) -> None:
        """The project manager confirms the software."""
        self.vendor.project_manager.confirms_software(self.order)

    def buyer_signs(self) -> None:
        """The buyer reads the contract and signs it."""
        self.buyer.signs(self.buyer.reads_contract(self.order))

    def vendor_signs(self) -> None:
        """The business manager countersigns."""
        self.vendor.business_manager.countersigns(self.buyer.reads_contract(self.order))

    def deposit_is_paid(self) -> None:
        """The buyer transfers the deposit, and finance books it."""
        self._pay()

    def production_starts(self) -> None:
        """The factory starts every line."""
        for work_order in self.work_orders():
            self.vendor.factory.starts(work_order["name"])

    def everything_is_made(self) -> None:
        """The factory makes every line, in one batch each."""
        for work_order in self.work_orders():
            self.vendor.factory.makes(work_order)

    def balance_is_paid(self) -> None:
        """The buyer transfers the rest, and finance books it."""
        self._pay()
        self.buyer.sees(lambda: all(each["clearedForShipping"] for each in self.work_orders()))

    def some_is_shipped(self) -> None:
        """The factory ships a part of the first line."""
        batch = self.work_orders()[0]["batches"][0]
        number, quantity = batch["productionBatchNo"], int(batch["quantity"])
        self.vendor.factory.ships(self.order, {number: max(1, quantity // 2)})

    def rest_is_shipped(self) -> None:
        """The factory ships what is left."""
        self.vendor.factory.ships(self.order)

    def goods_are_received(self) -> None:
        """The buyer has everything."""
        self.buyer.receives(self.order)

    def invoice_is_wanted(self) -> None:
        """The buyer asks for the invoice."""
        self.buyer.asks_for_invoice(self.order)

    def invoice_is_issued(self) -> None:
        """Finance issues the invoice."""
        self.vendor.finance.issues_invoice(self.order)

    def rejected(self) -> None:
        """The business manager sends the order back."""
        reason = "This batch no. was ordered before; please tell us which order is right."
        self.vendor.business_manager.rejects(self.order, reason)

    def cancelled(self) -> None:
        """The buyer withdraws the order."""
        self.buyer.cancels(self.order, "Our customer moved the launch to next year.")

    def ended(self) -> None:
        """The buyer asks to end the order, and the business manager ends it; something is owed."""
        self.buyer.asks_to_end(self.order, "Our customer gave the product up.")
        self.vendor.business_manager.ends(self.order)
        self.buyer.sees(lambda: self.vendor.finance.receivables(self.order))

    def replaced(self) -> Any:
        """The buyer puts a draft in the order's place."""
        return self.buyer.replaces(self.order)

    def work_orders(self) -> list[Any]:
        """Return the order's work orders: one a line, once production is cleared."""
        lines = len(self.buyer.order(self.order)["lines"])

        def all_there() -> Any:
            found = self.vendor.factory.work_orders(self.order)
            return found if len(found) == lines else None

        found: list[Any] = self.buyer.sees(all_there)
        return found

    def _pay(self) -> None:
        payment = self.buyer.promises(self.order)
        self.vendor.finance.books(self.order, amount_of(payment["amount"]))
