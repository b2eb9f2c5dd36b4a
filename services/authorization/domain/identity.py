"""Who somebody is according to an OpenID Connect provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.caller import Role


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a provider said about somebody, after everything about it was checked."""

    issuer: str
    subject: str
    """The one thing about a person that never changes and is never somebody else's."""

    email: str
    """An address the provider verified, in lower case."""

    display_name: str
    groups: frozenset[str]


def roles_of(groups: Iterable[str], mapping: Mapping[str, Role]) -> frozenset[Role]:
    """Return the roles that membership in groups gives."""
    return frozenset(mapping[group] for group in groups if group in mapping)
