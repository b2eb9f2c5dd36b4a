"""What catalog refuses of products."""

from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated


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


class ProductIdTaken(Disallowed):  # R36
    """The product id {product_id} is taken; every product id is unique."""

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
        " development; the enterprise's administrator takes each step, and allows R&D to complete"
        " development."
    )


class ProductNotConfigured(Disallowed):
    """Nothing is built into product {product} yet."""

    fix = "R&D or an administrator chooses its module and firmware first."


class ProductWithoutModel(Disallowed):  # R28
    """Product {product} has no model label, and outside development it needs one."""

    fix = "R&D or an administrator enters the model."


class FirmwareOfOtherModule(Malformed):
    """The firmware {firmware} is not firmware of {module}."""

    fix = "Choose firmware from the list of that module's firmware."


class FirmwareNoLongerUsable(Disallowed):
    """Firmware {version} is retired, and nothing new is built with it."""

    fix = "R&D or an administrator chooses a firmware version that is beta or released."


class FirmwareNotReleased(Disallowed):  # A11
    """Firmware {version} is {state}, and mass production needs released firmware."""

    fix = (
        "The vendor's project manager can release beta firmware; otherwise return the product to"
        " development and choose firmware that is released."
    )


class ImpactChanged(Outdated):
    """Something else is affected by returning product {product} than you saw."""

    fix = "Look again at what is affected, and return the product if that is still right."
