"""Who asks, in tests: keys, tokens and the people of the requirements."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.caller import Caller, Role
from shared.encryption import EncryptionKeys
from shared.tokens import Keys, mint

Token = Callable[[Caller], str]


def caller(*roles: Role, enterprise: str = "acme", account: str = "") -> Caller:
    """Return somebody with `roles`; the vendor's own people belong to no enterprise.

    >>> caller(Role.BUYER).account
    'accounts/acme-buyer'
    """
    somebody = Caller(account="accounts/", roles=frozenset(roles))
    space = "" if somebody.is_staff else enterprise
    known_as = "-".join([*filter(None, [space]), *sorted(role.value for role in roles)])
    return Caller(
        account=account or f"accounts/{known_as}",
        display_name=known_as.replace("-", " ").title(),
        enterprise=space,
        roles=frozenset(roles),
    )


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with this session's keys: `jwks.json` and `signing.jwk`."""
    folder = tmp_path_factory.mktemp("keys")
    Keys.generate(folder)
    EncryptionKeys.ensure(folder)
    return folder


@pytest.fixture(scope="session")
def keys(keys_folder: Path) -> Keys:
    """Return the key that tokens of this session are signed with."""
    return Keys.load(keys_folder)


@pytest.fixture(scope="session")
def token(keys: Keys) -> Token:
    """Return what mints a token: `token(caller(Role.BUYER))`."""
    return lambda who: mint(who, key=keys)
