"""What catalog refuses of everything that is sold, whatever it is."""

from shared.errors import Disallowed, Malformed, NotFound, Outdated


class ItemNotFound(NotFound):
    """There is no {item} in the catalogue."""

    fix = "Take the name from the list of modules, licence types or value-added services."


class ItemIdMalformed(Malformed):
    """ "{given}" is no name for the catalogue."""

    fix = "Use 2 to 40 lower-case letters, digits and hyphens, such as ipc-sdk-video."


class ItemIdTaken(Disallowed):
    """There is a {item} already."""

    fix = "Choose another name."


class ItemRetired(Disallowed):
    """{item} is retired, and nothing new is begun with it."""

    fix = "Choose something from the catalogue that is sold; a project manager can enter it anew."


class ItemChanged(Outdated):
    """{item} changed since you read it."""


class NumberOutOfRange(Malformed):
    """The field {field} cannot be {number}."""

    fix = "Send a whole number from 0 to {most}, or leave it out."


class NothingToChange(Malformed):
    """The request does not say what shall change, or cannot change that."""

    fix = "Name at least one of these in update_mask, and nothing else: {changeable}."


class NoPurposeServed(Malformed):  # R22, R25
    """A value-added service is for trial production, mass production or both."""

    fix = "Name at least one of these purposes, and no other."
