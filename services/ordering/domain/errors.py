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

    fix = "Ask to end the order: your business manager decides, and what was paid goes back."


class AlreadySigned(Disallowed):
    """The contract of order {order} was signed, so it cannot be {wanted} any more."""

    fix = "Replace the order, or ask to end it: your business manager decides."


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


class NotYourProject(NotAssigned):
    """Order {order} is in the hands of its own project manager, who alone may do this."""

    fix = "Leave it to them; a certifier can name a deputy while they are absent."


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


class PurposeNotForLicenses(Disallowed):
    """Licences cannot be ordered for {purpose}; for trial and mass production they can."""

    fix = "Order licences once development is completed, or ask your business manager."


class LicenseTypeMissing(Malformed):
    """The order is one of licences, and it is not said which licence is wanted for {pid}."""

    fix = "Send the name of a licence type as license_type; Purchase license lists them."


class LicenseTypeNotOffered(NotFound):
    """There is no licence {sku} that can be ordered for product {pid}."""

    fix = "Choose one that Purchase license lists for the product: it is for the product's module."


class LicensesOnTheirOwn(Disallowed):  # A12
    """The order is one of hardware modules; licences for product {pid} have orders of their own."""

    fix = "Add the licence to an order of licences; Purchase license begins one."


class NotAuthorizedForProduct(Forbidden):
    """You are not authorized to order product {pid}."""

    fix = f"{ASK_ADMINISTRATOR} to authorize you for product {{pid}}."


class PurposeNotAuthorized(Forbidden):
    """Your authorization for product {pid} is not for {purpose}."""

    fix = f"{ASK_ADMINISTRATOR} to authorize you for {{purpose}}, too."


class AboveAuthorizedQuantity(Disallowed):
    """A quantity of {quantity} of product {pid} is above the {remaining} you may still order."""

    fix = "Order {remaining} or fewer, or ask your enterprise's administrator to raise the cap."


class DevelopmentNotCompleted(Disallowed):
    """Product {pid} is in {lifecycle} and cannot be ordered for {purpose} yet."""

    fix = f"{ASK_ADMINISTRATOR} to complete the development of product {{pid}}."


class ProductNotReleased(Disallowed):
    """Product {pid} is in {lifecycle} and cannot be ordered for {purpose} yet."""

    fix = f"{ASK_ADMINISTRATOR} to release product {{pid}} to mass production."


class ModelMissing(Disallowed):  # R28
    """Product {pid} has no model label."""

    fix = "R&D or an administrator of the product's owner enters the model."


class FirmwareNotAllowed(Disallowed):
    """Firmware {firmware} of product {pid} is {state}, which is not allowed for {purpose}."""

    fix = "Ask your project manager about a released firmware version."


class BadQuantity(Malformed):
    """{quantity} is not a quantity of product {pid}."""

    fix = "Send a whole number above zero."


class QuantityAboveLimit(Disallowed):
    """{quantity} of product {pid} is above the {limit} a line for {purpose} may have."""

    fix = "Order {limit} or fewer, or order for mass production."


class QuantityBelowMinimum(Disallowed):
    """A quantity of {quantity} of product {pid} is below the minimum of {minimum}."""

    fix = "Order {minimum} or more."


class QuantityNotPacked(Disallowed):
    """A quantity of {quantity} of product {pid} does not fill packages of {packing_unit}."""

    fix = "Order {below} or {above}."


class NoListPrice(Disallowed):
    """There is no list price for a quantity of {quantity} of product {pid}."""

    fix = "Ask your business manager."


class NoLicensePrice(NoListPrice):
    """There is no list price for a quantity of {quantity} of licence {sku} for product {pid}."""


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


class PricesChanged(Disallowed):
    """Order {order} was {before} when it was filled; by the prices of now it comes to {total}."""

    fix = (
        "Look at what each line costs now; to order it all the same, submit it again on the order "
        "form, or send {total} as expected_total."
    )


class NothingToReorder(Disallowed):
    """Nothing of order {order} can be ordered any more. Line {line_no}: {why}"""

    fix = "Ask with validate_only to be told about every line, and who can do what about it."


class NotAnInvoiceEmail(Malformed):
    """The invoice cannot be sent there: that is no e-mail address."""

    fix = "Send an address of the form name@example.com, or none."

    def __init__(self) -> None:
        super().__init__(field="invoice_title.email")


class FormIncomplete(Malformed):
    """The order form is not complete; not filled in: {fields}."""

    fix = "Fill in {fields} and submit again."


class NotACountry(Malformed):
    """ "{code}" is not a country code."""

    fix = "Send the two capital letters of ISO 3166-1, such as CN."


class NothingToAsk(Disallowed):
    """About the {kind} of product {pid} nobody has to be asked."""

    fix = "Read the explanation again: it is in order by now, or in your own hands."


class NoteTooLong(Malformed):
    """A word to whoever is asked has at most {most} characters."""

    fix = "Say it shorter, and send the request again."


class AskedAlready(Disallowed):
    """You asked about the {kind} of product {pid} today already."""

    fix = "Wait for the answer, or ask again tomorrow."


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
    """{price} is not a price for line {line_no}: it has to come to something, in {currency}."""

    fix = "Send a price above zero and up to {most} {currency} a line, or none for the list price."


class PriceNeedsReason(Malformed):
    """The price of line {line_no} is not the list price, {listed}, and nobody said why."""

    fix = "Say why line {line_no} has another price; the customer will read it."


class PriceGivenTwice(Malformed):
    """Line {line_no} was given two prices."""

    fix = "Send one price a line."


class ServicePriceGivenTwice(Malformed):
    """The service {service} on line {line_no} was given two prices."""

    fix = "Send the prices of a service on a line once."


class BadDeposit(Malformed):
    """A deposit of {percent} % is not possible."""

    fix = "Send 1 to 100, or nothing for the usual deposit."


class BadLeadTime(Malformed):
    """A lead time of {days} days is not possible."""

    fix = "Send 1 to 1000 days, or nothing for the usual lead time."


class ValidityOver(Malformed):
    """The customer cannot sign until {valid_until}: that is not in the next ten years."""

    fix = "Send a moment in the future, or nothing for the usual validity."


class ChangeIsProposed(Disallowed):
    """A change of order {order} is proposed, and somebody has yet to agree to it."""

    fix = "Agree to the change or turn it down first."


# Changing what was submitted


class CannotBeAmended(Disallowed):
    """Order {order} is {state}, so {field} cannot be changed; that is possible while {possible}."""

    fix = "Order what is missing anew, or ask to cancel this order."


class NothingIsShipped(Disallowed):
    """Order {order} is of licences, which are delivered as codes: there is no delivery address."""

    fix = "Leave the delivery address out; whoever ordered opens the codes on the order's page."


class NotYoursToPropose(Forbidden):
    """To change {field} is not for {party} to ask for."""

    fix = "Ask whoever it is for: the buyer, or your colleague."


class NotYoursToAgree(Disallowed):
    """Order {order} does not wait for {party} to agree to a change."""

    fix = "Read the order: it says who has to agree."


class NothingProposed(Disallowed):
    """No change of order {order} is proposed."""

    fix = "Read the order again; somebody else may have decided about it."


class ProposedAlready(Disallowed):
    """A change of order {order} is proposed already; there is one at a time."""

    fix = "Have it agreed to, turned down or taken back first."


class NothingToChange(Malformed):
    """The request changes nothing: a change names what is to be different."""

    fix = (
        "Name a quantity, a line to take out, services, a firmware, a date, an address or a title."
    )


class NothingChanges(Disallowed):
    """Order {order} is like that already."""

    fix = "Nothing has to be done."


class MadeAlready(Disallowed):
    """A quantity of {units} of line {line_no} of order {order} is made or on its way already."""

    fix = "Order at least as many; what is not wanted any more is a matter of its own."


class NothingWouldBeLeft(Disallowed):
    """Order {order} would have no line left."""

    fix = "Cancel the order instead."


class ChangedTwice(Malformed):
    """The same thing of order {order} is to be changed twice."""

    fix = "Send one change for each thing."


class DayNotToCome(Malformed):
    """ "{text}" is not a day to come."""

    fix = "Send a day after today, such as 2026-05-31."


class PaidMoreThanThat(Disallowed):
    """{settled} were received for order {order}, more than the {total} it would come to."""

    fix = "Ask to end the order, and order anew; what is left of the money goes back."


class InvoiceUnderWay(Disallowed):
    """The invoice of order {order} is asked for or issued, so its title cannot be changed."""

    fix = (
        "Ask your business manager to have finance reverse it once it is issued; then change the "
        "title, and ask for another invoice."
    )


class InvoicedAlready(Disallowed):
    """Order {order} is invoiced over {invoiced}, and would come to {total}."""

    fix = (
        "Order what is needed besides as an order of its own, or have finance reverse the invoice "
        "first."
    )


class InvoiceTypeIsFixed(Disallowed):  # A6
    """{settled} were received for order {order}: too late for a special VAT invoice."""

    fix = "Choose a general VAT invoice, or change the other fields of the title only."


class LineNotAmended(Malformed):
    """No change of the quantity or services of line {line_no} of order {order} is proposed."""

    fix = (
        "Send prices for the lines whose quantity or services change; to ask for other prices "
        "alone, name the quantity a line has."
    )


class FirmwareNotOffered(Disallowed):
    """The module of product {pid} has no firmware {firmware}."""

    fix = "Choose a firmware of the same module that is allowed for the purpose of the order."


class FirmwareNotForPurpose(Disallowed):
    """Firmware {firmware} is {state}: product {pid} is not ordered with it for {purpose}."""

    fix = "Release it first, or choose another firmware of the same module."


# Ending what is signed


class CancellationRequestedAlready(Disallowed):
    """To end order {order} was asked for already; the business manager has yet to decide."""

    fix = "Wait for the decision, or take the wish back."


class NobodyHasToBeAsked(Disallowed):
    """Order {order} is neither signed nor paid for, so nobody has to be asked to end it."""

    fix = "Cancel the order."


class NoCancellationRequested(Disallowed):
    """Nobody asked to end order {order}."""

    fix = "Read the order again; somebody else may have decided about it."


class LiabilityChanged(Outdated):
    """Order {order} went on since its buyer asked to end it: that would cost {amount} now."""

    fix = "Have the buyer see the amount and ask again."


# Passports


class RevisionNotFound(NotFound):
    """Order {order} has no revision {revision}."""

    fix = "List the revisions of the order; a draft has none."


# What other services tell


class MoreThanOrdered(Disallowed):
    """Line {line_no} of order {order} is for {quantity}; {counted} {what} is too many."""

    fix = "Compare the work orders and shipments of the order with its lines."
