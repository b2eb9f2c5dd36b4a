"""What catalog refuses of modules and their prices."""

from shared.errors import Disallowed, Malformed, NotFound


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
