"""Keys follow one another without a failed request (reliability §4)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from shared import tokens
from shared.caller import Caller, Role
from shared.clock import now
from shared.keys import KEPT_AFTER, PRIVATE, PUBLIC, PUBLISHED_BEFORE, Keys, NoKeys
from shared.tokens import BadToken, Verifier, mint

BUYER = Caller(account="accounts/1", enterprise="acme", roles=frozenset({Role.BUYER}))
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now().replace(microsecond=0), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "KEYS_EVERY", -1.0)


@pytest.fixture
def folder(tmp_path: Path, clock: time_machine.Traveller) -> Path:
    Keys.generate(tmp_path / "keys")
    return tmp_path / "keys"


def published(folder: Path) -> list[str]:
    return [key["kid"] for key in json.loads((folder / PUBLIC).read_text())["keys"]]


def test_the_first_key_signs_at_once(folder: Path) -> None:
    keys = Keys.load(folder)

    assert published(folder) == [keys.id]
    assert Verifier(folder).caller(mint(BUYER, key=keys)) == BUYER


def test_the_next_key_is_published_before_it_signs(
    folder: Path, clock: time_machine.Traveller
) -> None:
    signing = Keys.load(folder)
    first = signing.id
    clock.shift(timedelta(days=30))

    Keys.rotate(folder)

    second = published(folder)[0]
    assert published(folder) == [second, first]
    assert signing.id == first
    clock.shift(PUBLISHED_BEFORE - SECOND)
    assert signing.id == first
    clock.shift(SECOND)
    assert signing.id == second


def test_no_request_fails_while_keys_follow_one_another(
    folder: Path, clock: time_machine.Traveller
) -> None:
    """One who signs and one who verifies run on, through three rotations a few minutes apart."""
    signing, verifier = Keys.load(folder), Verifier(folder)
    held: list[str] = []
    by = set()
    for minute in range(60):
        if minute in (5, 17, 40):
            Keys.rotate(folder)
        for _ in range(2):
            held = [*held[-9:], mint(BUYER, key=signing)]  # each lives for five minutes
            by.add(signing.id)
            assert all(verifier.caller(token) == BUYER for token in held)
            assert all(Verifier(folder).caller(token) == BUYER for token in held)
            clock.shift(timedelta(seconds=30))
    assert len(by) == 4


def test_a_key_goes_when_nothing_it_signed_is_valid(
    folder: Path, clock: time_machine.Traveller
) -> None:
    first = Keys.load(folder).id
    Keys.rotate(folder)
    clock.shift(PUBLISHED_BEFORE + KEPT_AFTER - SECOND)
    Keys.rotate(folder)
    assert first in published(folder)

    clock.shift(SECOND)
    Keys.rotate(folder)

    assert first not in published(folder)
    assert first not in (folder / PRIVATE).read_text()


def test_keys_that_follow_quickly_never_leave_nobody_to_sign(
    folder: Path, clock: time_machine.Traveller
) -> None:
    first = Keys.load(folder).id
    for _ in range(5):
        Keys.rotate(folder)
        clock.shift(SECOND)

    assert Keys.load(folder).id == first
    assert len(published(folder)) == 6


def test_a_key_that_is_taken_out_stops_counting_even_for_tokens_already_believed(
    folder: Path,
) -> None:
    token, verifier = mint(BUYER, key=Keys.load(folder)), Verifier(folder)
    verifier.caller(token)

    (folder / PUBLIC).write_text('{"keys": []}')

    with pytest.raises(BadToken):
        verifier.caller(token)


def test_a_file_that_is_being_replaced_takes_nothing_away(folder: Path) -> None:
    verifier = Verifier(folder)
    for content in (None, "", '{"keys": ['):
        (folder / PUBLIC).unlink(missing_ok=True)
        if content is not None:
            (folder / PUBLIC).write_text(content)
        assert verifier.caller(mint(BUYER, key=Keys.load(folder))) == BUYER


def test_a_single_private_key_of_an_earlier_version_signs_and_is_followed(folder: Path) -> None:
    (only,) = json.loads((folder / PRIVATE).read_text())["keys"]
    del only["iat"]
    (folder / PRIVATE).write_text(json.dumps(only))

    assert Keys.load(folder).id == only["kid"]
    assert Keys.rotate(folder).id == only["kid"]
    assert len(published(folder)) == 2


def test_private_keys_are_readable_by_their_owner_only(folder: Path) -> None:
    Keys.rotate(folder)

    assert (folder / PRIVATE).stat().st_mode & 0o777 == 0o600
    assert all("d" not in key for key in json.loads((folder / PUBLIC).read_text())["keys"])


def test_without_keys_nothing_is_signed_or_verified(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Keys.load(tmp_path)
    with pytest.raises(NoKeys, match=str(tmp_path)):
        Verifier(tmp_path)
