"""Resource names: `enterprises/acme/orders/0190…` taken apart and put together.

A name is checked against its pattern before anything is looked up, so that a mistyped name is
answered with what a right one looks like.
"""

import re
from functools import cache

from shared.errors import Malformed


class MalformedName(Malformed):
    """ "{name}" is not a name of the form {pattern}."""

    fix = "Send the name as a list or an earlier answer gave it."


def parse(pattern: str, name: str) -> tuple[str, ...]:
    """Return what stands for each `*` of `pattern` in `name`; else refuse with MalformedName.

    >>> parse("enterprises/*/orders/*", "enterprises/acme/orders/7")
    ('acme', '7')
    """
    found = _compiled(pattern).fullmatch(name)
    if not found:
        raise MalformedName(name=name[:200], pattern=pattern)
    return found.groups()


def enterprise_of(name: str) -> str:
    """Return the enterprise a customer's resource lives under: `acme` of `enterprises/acme/…`."""
    found = re.match(r"enterprises/([^/]+)(?:/|$)", name)
    return found.group(1) if found else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("/".join("([^/]+)" if part == "*" else part for part in pattern.split("/")))
