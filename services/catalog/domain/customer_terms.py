"""The terms a customer buys by."""

from __future__ import annotations

from services.catalog.domain.errors.prices import TermsChanged
from services.catalog.domain.price_list import a_currency
from shared.domain import Aggregate


class CustomerTerms(Aggregate):
    """The currency an enterprise buys in, once it was agreed."""

    currency: str

    @classmethod
    def of(cls, enterprise: str, currency: str, etag: str = "") -> CustomerTerms:
        """Agree on a currency for the first time; TermsChanged for who saw an agreement."""
        terms = cls()
        terms.enterprise = enterprise
        if etag:
            raise TermsChanged(enterprise=f"enterprises/{enterprise}")
        terms.agree(currency)
        return terms

    @property
    def name(self) -> str:
        """`enterprises/{enterprise}/customerTerms`."""
        return f"enterprises/{self.enterprise}/customerTerms"

    def agree(self, currency: str) -> None:
        """Sell in `currency` from now on."""
        self.currency = a_currency(currency)

    def expect(self, etag: str) -> None:
        """Insist that they are still as the caller saw them."""
        if etag and etag != self.etag:
            raise TermsChanged(enterprise=f"enterprises/{self.enterprise}")
