"""What catalog refuses, and why."""

from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated

# What is typed -----------------------------------------------------------------------------------


class TextTooLong(Malformed):
    """The field {field} takes at most {most} characters."""

    fix = "Shorten {field} and send the request again."


class TextWithoutWords(Malformed):
    """The field {field} holds nothing but blanks."""

    fix = "Fill in {field} and send the request again."


class DataPointMalformed(Malformed):
    """ "{data_point}" is no data point."""

    fix = (
        "Write data points as switch_1: a letter, then letters, digits and underscores, 64 at most."
    )


class DataPointTwice(Malformed):
    """The data point {data_point} is named more than once."""

    fix = "Name every data point once."


class TooManyDataPoints(Malformed):
    """A product has at most {most} data points."""

    fix = "Leave out the data points that are not used."


class TooManyProducts(Malformed):
    """Offers are given for at most {most} products at once."""

    fix = "Ask in several requests."


# Modules and firmware ----------------------------------------------------------------------------


class ModuleNotFound(NotFound):
    """There is no module {module}."""

    fix = "Take the name from the list of modules."


class ModuleIdMalformed(Malformed):
    """ "{module_id}" is no module id."""

    fix = "Use 2 to 40 lower-case letters, digits and hyphens, such as wr3e."


class ModuleIdTaken(Disallowed):
    """There is a module {module} already."""

    fix = "Choose another module id."


class ModuleNumbersOutOfRange(Malformed):
    """Minimum quantity, packing unit and lead time of a module cannot be negative."""

    fix = "Send numbers from 1 on, or leave them out."


class PriceTiersUnusable(Malformed):
    """These price tiers cannot be used: {why}."""

    fix = (
        "Send tiers in one currency with rising quantities, the first from 1, and with prices"
        " above 0 that do not rise."
    )


class FirmwareNotFound(NotFound):
    """There is no firmware {firmware}."""

    fix = "Take the name from the list of the module's firmware."


class VersionMalformed(Malformed):
    """ "{version}" is no firmware version."""

    fix = "Use 1 to 40 letters, digits, dots, hyphens, plus signs and underscores, such as 2.4.1."


class VersionTaken(Disallowed):
    """The module {module} has firmware {version} already."""

    fix = "Enter the firmware under a version of its own."


class DigestMalformed(Malformed):
    """ "{digest}" is not the digest of a firmware image."""

    fix = "Send the SHA-256 of the image as sha256: and 64 hexadecimal digits."


class FirmwareCannotBecome(Disallowed):
    """Firmware {version} is {state} and cannot become {wanted}."""

    fix = "Beta firmware can be released or retired, and released firmware can be retired."


class FirmwareChanged(Outdated):
    """Firmware {version} changed since you read it."""


# Products ----------------------------------------------------------------------------------------


class EnterpriseNotFound(NotFound):
    """There is no enterprise {enterprise}."""

    fix = "Act in the enterprise's space; only the vendor's people see all of them."


class ProductNotFound(NotFound):
    """There is no product {product}."""

    fix = "Take the name from the list of products."


class ProductOfAnother(Forbidden):
    """Product {product} belongs to {owner}, and only they may change it."""

    fix = "Ask the owner's administrator or R&D to change it."


class ProductIdMalformed(Malformed):
    """ "{product_id}" is no product id."""

    fix = "Use 8 to 32 lower-case letters and digits, or leave it out to be given one."


class ProductIdTaken(Disallowed):
    """The product id {product_id} is taken; every product id is unique (R36)."""

    fix = "Choose another product id, or leave it out to be given one."


class ProductChanged(Outdated):
    """Product {product} changed since you read it."""


class ProductLocked(Disallowed):
    """The build of product {product} is locked in {lifecycle}."""

    fix = (
        "Only going back to development unlocks it: the enterprise's administrator can return the"
        " product to development."
    )


class ProductCannotBecome(Disallowed):
    """Product {product} is in {lifecycle} and cannot go to {wanted}."""

    fix = (
        "Development leads to trial production, that to mass production, and both back to"
        " development; the enterprise's administrator takes each step."
    )


class ProductNotConfigured(Disallowed):
    """Nothing is built into product {product} yet."""

    fix = "R&D or an administrator chooses its module and firmware first."


class ProductWithoutModel(Disallowed):
    """Product {product} has no model label, and outside development it needs one (R28)."""

    fix = "R&D or an administrator enters the model."


class FirmwareOfOtherModule(Malformed):
    """The firmware {firmware} is not firmware of {module}."""

    fix = "Choose firmware from the list of that module's firmware."


class FirmwareNoLongerUsable(Disallowed):
    """Firmware {version} is retired, and nothing new is built with it."""

    fix = "R&D or an administrator chooses a firmware version that is beta or released."


class FirmwareNotReleased(Disallowed):
    """Firmware {version} is {state}, and mass production needs released firmware (A11)."""

    fix = (
        "The vendor's project manager can release beta firmware; otherwise return the product to"
        " development and choose firmware that is released."
    )
