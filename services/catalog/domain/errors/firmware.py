"""What catalog refuses of firmware."""

from shared.errors import Disallowed, Malformed, NotFound, Outdated


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
