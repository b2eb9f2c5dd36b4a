"""A token says who is calling, and nothing but ours is believed (reliability §4)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from joserfc import jwt

from shared.caller import Caller, Role
from shared.clock import now
from shared.testing.forgeries import FORGERIES, Mint
from shared.tokens import BadToken, Keys, NoKeys, NotSignedIn, TokenExpired, Verifier, mint

BUYER = Caller(
    account="accounts/1",
    display_name="Li Wei",
    enterprise="acme",
    roles=frozenset({Role.BUYER, Role.RND}),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def key(folder: Path) -> Keys:
    return Keys.generate(folder)


@pytest.fixture
def verifier(key: Keys, folder: Path) -> Verifier:
    return Verifier(folder)


def test_a_token_gives_back_the_caller_it_was_made_for(verifier: Verifier, key: Keys) -> None:
    assert verifier.caller(mint(BUYER, key=key)) == BUYER


def test_a_deputy_is_one_for_as_long_as_the_token_says(verifier: Verifier, key: Keys) -> None:
    deputy = Caller(
        account="accounts/1",
        roles=frozenset({Role.BUSINESS_MANAGER}),
        deputy_of=frozenset({"accounts/2", "accounts/3"}),
    )
    told = verifier.caller(mint(deputy, key=key))

    assert told == deputy
    assert told.acts_for("accounts/1")
    assert told.acts_for("accounts/3")
    assert not told.acts_for("accounts/4")
    assert not verifier.caller(mint(BUYER, key=key)).acts_for("accounts/2")


def test_the_private_key_is_readable_by_its_owner_only(key: Keys, folder: Path) -> None:
    assert (folder / "signing.jwk").stat().st_mode & 0o777 == 0o600
    assert all("d" not in each for each in json.loads((folder / "jwks.json").read_text())["keys"])


def test_a_key_that_was_stored_signs_again(verifier: Verifier, key: Keys, folder: Path) -> None:
    assert verifier.caller(mint(BUYER, key=Keys.load(folder))) == BUYER


def test_a_token_ends_even_when_it_was_believed_before(verifier: Verifier, key: Keys) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        token = mint(BUYER, key=key, lifetime=300)
        verifier.caller(token)
        clock.shift(timedelta(seconds=299))
        verifier.caller(token)
        clock.shift(timedelta(seconds=10))
        with pytest.raises(TokenExpired):
            verifier.caller(token)


def test_without_public_keys_there_is_no_verifier(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match=str(tmp_path)):
        Verifier(tmp_path)


def test_no_token_is_nobody(verifier: Verifier) -> None:
    with pytest.raises(NotSignedIn):
        verifier.caller("")


def test_a_role_of_a_later_version_is_ignored(verifier: Verifier, key: Keys, folder: Path) -> None:
    token = Mint(key, folder).token(roles=["buyer", "astronaut"])
    assert verifier.caller(token).roles == {Role.BUYER}


def test_no_more_tokens_are_remembered_than_fit(verifier: Verifier, key: Keys) -> None:
    verifier.REMEMBERED = 3
    for index in range(10):
        verifier.caller(mint(Caller(account=f"accounts/{index}"), key=key))
    assert len(verifier._known) <= 3


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(verifier: Verifier, key: Keys, folder: Path, forge: Any) -> None:
    with pytest.raises((BadToken, TokenExpired, NotSignedIn)):
        verifier.caller(forge(Mint(key, folder)))


def test_what_the_forgeries_are_made_of_is_believed(
    verifier: Verifier, key: Keys, folder: Path
) -> None:
    assert verifier.caller(Mint(key, folder).token()).account == "accounts/1"


def test_the_signature_is_checked_once_a_token(
    verifier: Verifier, key: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = Mock(wraps=jwt.decode)
    monkeypatch.setattr(jwt, "decode", decode)
    token = mint(BUYER, key=key)

    assert {verifier.caller(token) for _ in range(10)} == {BUYER}
    assert decode.call_count == 1
