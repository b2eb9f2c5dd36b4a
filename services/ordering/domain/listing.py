"""Which orders a list is about, and in which order it shows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.ordering.domain.words import Family, Party, Purpose, State
from shared.errors import Malformed
from shared.money import Money

LEAST_LETTERS = 2
"""How many characters a search needs at least."""

MOST_WORDS, MOST_LETTERS = 8, 200


class OrderNotSortable(Malformed):
    """Orders cannot be sorted by "{order_by}"."""

    fix = "Sort by one of: {known}; leave it out for the newest first."


class SearchTooShort(Malformed):
    """A search needs at least {least} characters without a blank between them."""

    fix = "Type more of the number, PID or model."


class SearchTooLong(Malformed):
    """A search has at most {words} words and {letters} characters."""

    fix = "Search for the part that tells the orders apart."


class RangeTurnedRound(Malformed):
    """The range of {field} ends before it begins."""

    fix = "Exchange the two, or leave one of them out."


class AmountsInTwoCurrencies(Malformed):
    """The total is to be at least {least} and at most {most}: two currencies are not comparable."""

    fix = "Give both amounts in the currency of the orders."


class TooManyOrders(Malformed):
    """The file would have more than {most} rows."""

    fix = "Narrow the orders down by state, date or product, and export in several files."


class OrderBy(Enum):
    """In which order a list comes, as it is asked for."""

    NEWEST = "create_time desc"
    OLDEST = "create_time"
    LATEST_SUBMITTED = "submit_time desc"
    FIRST_SUBMITTED = "submit_time"
    LARGEST = "total desc"
    SMALLEST = "total"
    LAST_NUMBER = "order_no desc"
    FIRST_NUMBER = "order_no"

    @property
    def field(self) -> str:
        """What the list is sorted by; orders alike in it come as they were made."""
        return self.value.partition(" ")[0]

    @property
    def is_descending(self) -> bool:
        return self.value.endswith(" desc")


def order_from(text: str) -> OrderBy:
    """Read in which order a list is to come; the newest first if nothing is said."""
    said = " ".join(text.split()).removesuffix(" asc")
    try:
        return OrderBy(said or OrderBy.NEWEST.value)
    except ValueError:
        known = ", ".join(each.value for each in OrderBy)
        raise OrderNotSortable(order_by=text[:60], known=known) from None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an order must be to be listed; what is empty does not matter."""

    states: frozenset[State] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    family: Family | None = None
    product: str = ""
    """`enterprises/{owner}/products/{pid}`, or the PID alone."""

    owner: str = ""
    """Whose products are ordered, as `acme` (R53)."""

    order_no: str = ""
    po_no: str = ""
    customer_batch_no: str = ""
    contract_no: str = ""
    business_manager: str = ""
    waiting_on: Party | None = None
    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    """Not this moment itself any more; so with `created_to`."""

    created_from: datetime | None = None
    created_to: datetime | None = None
    total_from: Money | None = None
    total_to: Money | None = None
    search: str = ""
    """Words, each of which is in a number, PID or model of the order."""

    order_by: OrderBy = OrderBy.NEWEST

    @property
    def needs_prices(self) -> bool:
        """Whether it would say something of totals; nobody is told who may not see them (R78)."""
        asked = (self.total_from, self.total_to, self.contract_no)
        return self.order_by.field == "total" or any(asked)

    def insist_on_sense(self) -> None:
        """Refuse ranges that are turned round, and amounts that cannot be compared."""
        times = {
            "submit_time": (self.submitted_from, self.submitted_to),
            "create_time": (self.created_from, self.created_to),
        }
        for field, (begin, end) in times.items():
            if begin and end and end < begin:
                raise RangeTurnedRound(field=field)
        least, most = self.total_from, self.total_to
        if least and most and least.currency != most.currency:
            raise AmountsInTwoCurrencies(least=least, most=most)
        if least and most and most.amount < least.amount:
            raise RangeTurnedRound(field="total")
