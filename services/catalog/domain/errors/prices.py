"""What catalog refuses of prices and the lists they stand in."""

from shared.errors import Disallowed, Malformed, NotFound, Outdated


class PriceTiersUnusable(Malformed):
    """These price tiers cannot be used: {why}."""

    fix = (
        "Send tiers in one currency with rising quantities, the first from 1, and with prices"
        " above 0 that do not rise."
    )


class ChargeUnusable(Malformed):
    """What {item} costs cannot be used: {why}."""

    fix = (
        "Send price tiers for a module or licence; for a service at least one of price tiers,"
        " price per order and setup fee; none of them to take the item off the list."
    )


class PriceInOtherCurrency(Malformed):
    """A price of {item} is in {currency}, and the list is in {list_currency}."""

    fix = "Send it in {list_currency}, or enter a price list in {currency}."


class PricesStandInLists(Malformed):
    """Prices are not entered with what they are for, but in price lists."""

    fix = "Leave the prices out; a business manager sets them in a price list."


class NotACurrency(Malformed):
    """ "{currency}" is no currency."""

    fix = "Use the three letters of ISO 4217, such as CNY."


class PeriodBackwards(Malformed):
    """A price list cannot end before it begins."""

    fix = "Choose an end after the beginning, or none for a list that is valid for good."


class ItemPricedTwice(Malformed):
    """{item} is named more than once."""

    fix = "Name every item once."


class TooManyPrices(Malformed):
    """A price list has at most {most} prices."""

    fix = "Take items off the list that are not sold any more."


class PriceListNotFound(NotFound):
    """There is no price list {price_list}."""

    fix = "Take the name from the list of price lists."


class PriceListRetired(Disallowed):
    """The price list {display_name} is retired and stays as it is."""

    fix = "A business manager enters a new price list."


class PriceListChanged(Outdated):
    """The price list {display_name} changed since you read it."""


class TermsChanged(Outdated):
    """The currency of {enterprise} changed since you read it."""


class QuantityUnusable(Malformed):
    """{quantity} is not a quantity."""

    fix = "Send a whole number above zero."
