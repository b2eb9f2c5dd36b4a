"""What ordering refuses, and why."""

from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated

ASK_ADMINISTRATOR = "Ask your enterprise's administrator"


class OrderNotFound(NotFound):
    """There is no order {order}."""

    fix = "Take the name of the order from the list of orders."


class LineNotFound(NotFound):
    """Order {order} has no line {line_no}."""

    fix = "Read the order again; lines keep their numbers, and numbers are not used twice."


class ProductNotFound(NotFound):
    """There is no product {pid} that your enterprise can order."""

    fix = "Check the PID, or have the product's owner open it to your enterprise."


class OrderChanged(Outdated):
    """Order {order} changed since you read it."""


class OrderCannotBe(Disallowed):
    """Order {order} is {state} and cannot be {wanted}; that is possible while it is {possible}."""

    fix = "Read the order: it says who has to do what next."


class OrderIsHeld(Disallowed):
    """Order {order} is held: {hold_reason}"""

    fix = "Ask a business, project or finance manager to release it."


class OrderIsNotHeld(Disallowed):
    """Order {order} is not held, so there is nothing to release."""

    fix = "Nothing has to be done."


class MoneyReceived(Disallowed):
    """{settled} were received for order {order}, so it cannot be {wanted} any more."""

    fix = "Ask your business manager to end the order."


class AlreadySigned(Disallowed):
    """The contract of order {order} was signed, so it cannot be {wanted} any more."""

    fix = "Replace the order, or ask your business manager to end it."


class NotYetExpired(Disallowed):
    """Order {order} does not expire before {expires_at}."""

    fix = "Wait until then, or ask the buyer to cancel it."


class NotYourOrder(Forbidden):
    """Order {order} was placed by another enterprise, for your products; you may only read it."""

    fix = "Ask the enterprise that placed the order."


class NotYourSpace(NotFound):
    """There is no enterprise {enterprise}, or it is not the one you act in."""

    fix = "Switch to the space of that enterprise, or use the name of your own."


class NotAssigned(Forbidden):
    """Order {order} is in the hands of {assigned}, who alone may do this."""

    fix = "Ask {assigned} to do it; a certifier can name a deputy while they are absent."


# What can be ordered


class EnterpriseNotCertified(Disallowed):
    """{enterprise} has not passed certification yet, so it cannot order."""

    fix = f"{ASK_ADMINISTRATOR} to request certification."


class CertificationEnded(Disallowed):
    """The certification of {enterprise} ended on {day}, so it cannot order anything new."""

    fix = f"{ASK_ADMINISTRATOR} to request certification anew; a certifier of ours then decides."


class PurposeNotOffered(Disallowed):
    """Orders for {purpose} cannot be placed here; orders for trial and mass production can."""

    fix = "Ask your business manager."


class FamilyNotOffered(Disallowed):
    """Orders of {family} cannot be placed here; orders of hardware modules can."""

    fix = "Ask your business manager."


class NotAuthorizedForProduct(Forbidden):
    """You are not authorized to order product {pid}."""

    fix = f"{ASK_ADMINISTRATOR} to authorize you for product {{pid}}."


class PurposeNotAuthorized(Forbidden):
    """Your authorization for product {pid} is not for {purpose}."""

    fix = f"{ASK_ADMINISTRATOR} to authorize you for {{purpose}}, too."


class AboveAuthorizedQuantity(Disallowed):
    """{quantity} units of product {pid} are more than the {remaining} you may still order."""

    fix = "Order {remaining} or fewer, or ask your enterprise's administrator to raise the cap."


class DevelopmentNotCompleted(Disallowed):
    """Product {pid} is in {lifecycle} and cannot be ordered for {purpose} yet."""

    fix = f"{ASK_ADMINISTRATOR} to complete the development of product {{pid}}."


class ProductNotReleased(Disallowed):
    """Product {pid} is in {lifecycle} and cannot be ordered for {purpose} yet."""

    fix = f"{ASK_ADMINISTRATOR} to release product {{pid}} to mass production."


class FirmwareNotAllowed(Disallowed):
    """Firmware {firmware} of product {pid} is {state}, which is not allowed for {purpose}."""

    fix = "Ask your project manager about a released firmware version."


class BadQuantity(Malformed):
    """{quantity} is not a quantity of product {pid}."""

    fix = "Send a whole number above zero."


class QuantityAboveLimit(Disallowed):
    """{quantity} units of product {pid} are more than the {limit} a line for {purpose} may have."""

    fix = "Order {limit} or fewer, or order for mass production."


class QuantityBelowMinimum(Disallowed):
    """{quantity} units of product {pid} are fewer than the minimum of {minimum}."""

    fix = "Order {minimum} or more."


class QuantityNotPacked(Disallowed):
    """{quantity} units of product {pid} do not fill packages of {packing_unit}."""

    fix = "Order {below} or {above}."


class NoListPrice(Disallowed):
    """There is no list price for {quantity} units of product {pid}."""

    fix = "Ask your business manager."


class ProductOrderedTwice(Disallowed):
    """Product {pid} is in the order already, as line {line_no}."""

    fix = "Change the quantity of line {line_no}."


class OneOwnerOnly(Disallowed):
    """Product {pid} is owned by {owner}, and the order is for products of {order_owner}."""

    fix = "Put it into an order of its own: one order, one product owner."


class OneCurrencyOnly(Disallowed):
    """Product {pid} is sold in {currency}, and the order is in {order_currency}."""

    fix = "Put it into an order of its own: one order, one currency."


class TooManyLines(Disallowed):
    """An order has at most {limit} lines."""

    fix = "Put the rest into another order."


class NothingOrdered(Disallowed):
    """Order {order} has no line."""

    fix = "Add a product first."


class FormIncomplete(Malformed):
    """The order form is not complete; not filled in: {fields}."""

    fix = "Fill in {fields} and submit again."


class NotACountry(Malformed):
    """ "{code}" is not a country code."""

    fix = "Send the two capital letters of ISO 3166-1, such as CN."


# Confirming


class PriceConfirmedAlready(Disallowed):
    """The price of order {order} is confirmed already."""

    fix = "If it is wrong, reject the order, or have the buyer replace it."


class SoftwareConfirmedAlready(Disallowed):
    """The software of order {order} is confirmed already."""

    fix = "Nothing has to be done; if it is wrong, reject the order."


class FirmwareRetiredMeanwhile(Disallowed):
    """Firmware {firmware} of product {pid} was retired after order {order} was submitted."""

    fix = "Reject the order, so that the buyer orders it again with firmware in use."


class BadPrice(Malformed):
    """{price} is not a price for line {line_no}: it has to be above zero and in {currency}."""

    fix = "Send one price above zero in {currency} a line, or none for the list price."


class PriceGivenTwice(Malformed):
    """Line {line_no} was given two prices."""

    fix = "Send one price a line."


class BadDeposit(Malformed):
    """A deposit of {percent} % is not possible."""

    fix = "Send 1 to 100, or nothing for the usual deposit."


class BadLeadTime(Malformed):
    """A lead time of {days} days is not possible."""

    fix = "Send 1 to 1000 days, or nothing for the usual lead time."


class ValidityOver(Malformed):
    """The customer cannot sign until {valid_until}: that is not in the next ten years."""

    fix = "Send a moment in the future, or nothing for the usual validity."


# What other services tell


class MoreThanOrdered(Disallowed):
    """Line {line_no} of order {order} has {quantity} units; {counted} {what} is too many."""

    fix = "Compare the work orders and shipments of the order with its lines."
