"""A token says who is calling, and nothing but ours is believed (reliability §4)."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey, RSAKey

from shared.caller import Caller, Role
from shared.clock import now
from shared.testing.callers import caller
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
    assert told.acts_for("accounts/1") and told.acts_for("accounts/3")
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


def test_a_new_key_is_found_and_the_old_one_stays_good(
    verifier: Verifier, key: Keys, folder: Path
) -> None:
    old = mint(BUYER, key=key)
    new = mint(caller(Role.FINANCE), key=Keys.generate(folder))

    assert verifier.caller(new).has(Role.FINANCE)
    assert Verifier(folder).caller(old) == BUYER


def test_a_role_of_a_later_version_is_ignored(verifier: Verifier, key: Keys) -> None:
    token = key.sign(claims(roles=["buyer", "astronaut"]))
    assert verifier.caller(token).roles == {Role.BUYER}


def test_no_more_tokens_are_remembered_than_fit(verifier: Verifier, key: Keys) -> None:
    verifier.REMEMBERED = 3
    for index in range(10):
        verifier.caller(mint(Caller(account=f"accounts/{index}"), key=key))
    assert len(verifier._known) <= 3


def claims(**changed: Any) -> dict[str, Any]:
    at = int(now().timestamp())
    said = {
        "iss": "authorization.millrun",
        "aud": "millrun",
        "iat": at,
        "exp": at + 300,
        "sub": "accounts/1",
        "name": "Li Wei",
        "enterprise": "acme",
        "roles": ["buyer"],
    }
    return {key: value for key, value in (said | changed).items() if value is not None}


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody-else"},
        {"iss": None},
        {"aud": "another-system"},
        {"aud": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": 2**40},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"roles": None},
        {"roles": "business_manager"},
        {"roles": [{"buyer": True}]},
        {"enterprise": ["acme", "other"]},
    ],
    ids=str,
)
def test_a_token_of_ours_with_wrong_claims_is_refused(
    verifier: Verifier, key: Keys, changed: dict[str, Any]
) -> None:
    with pytest.raises(BadToken):
        verifier.caller(key.sign(claims(**changed)))


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(key: Keys, algorithm: str) -> str:
    return f"{part({'alg': algorithm, 'kid': key.id})}.{part(claims())}."


def hmac_with_public_key(key: Keys, folder: Path) -> str:
    """The classic confusion: our public key, known to everybody, used as a shared secret."""
    secret = (folder / "jwks.json").read_bytes()
    signed = f"{part({'alg': 'HS256', 'kid': key.id})}.{part(claims())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def hmac_with_x(key: Keys, folder: Path) -> str:
    public = json.loads((folder / "jwks.json").read_text())["keys"][0]
    secret = OctKey.import_key({"kty": "oct", "k": public["x"]})
    return jwt.encode({"alg": "HS256", "kid": key.id}, claims(), secret)


def by_a_stranger(key: Keys, **header: Any) -> str:
    stranger = OKPKey.generate_key("Ed25519", {"kid": key.id}, private=True)
    header = {"alg": "Ed25519", "kid": key.id} | header
    return jwt.encode(header, claims(), stranger, algorithms=["Ed25519"])


def with_their_key_inside(key: Keys) -> str:
    """A header may carry a key; it must not be the one the token is verified with."""
    stranger = OKPKey.generate_key("Ed25519", private=True)
    header = part({"alg": "Ed25519", "kid": key.id, "jwk": stranger.as_dict(private=False)})
    signed = f"{header}.{part(claims())}"
    signature = jwt.encode({"alg": "Ed25519"}, claims(), stranger, ["Ed25519"]).split(".")[2]
    return f"{signed}.{signature}"


def rsa(key: Keys) -> str:
    stranger = RSAKey.generate_key(2048, private=True)
    return jwt.encode({"alg": "RS256", "kid": key.id}, claims(), stranger)


def with_other_claims(key: Keys) -> str:
    header, _, signature = key.sign(claims()).split(".")
    return f"{header}.{part(claims(roles=['business_manager']))}.{signature}"


FORGED = {
    "no algorithm": lambda key, folder: unsigned(key, "none"),
    "no algorithm, in capitals": lambda key, folder: unsigned(key, "NONE"),
    "our algorithm, no signature": lambda key, folder: unsigned(key, "Ed25519"),
    "public key file as secret": hmac_with_public_key,
    "public key as secret": hmac_with_x,
    "somebody else's key": lambda key, folder: by_a_stranger(key),
    "somebody else's key, unknown id": lambda key, folder: by_a_stranger(key, kid="theirs"),
    "a key id that is a path": lambda key, folder: by_a_stranger(key, kid="../../dev/null"),
    "a key id that is no text": lambda key, folder: (
        f"{part({'alg': 'Ed25519', 'kid': ['x']})}.{part(claims())}.{part(b'x' * 64)}"
    ),
    "no key id": lambda key, folder: (
        f"{part({'alg': 'Ed25519'})}.{part(claims())}.{part(b'x' * 64)}"
    ),
    "their key in the header": lambda key, folder: with_their_key_inside(key),
    "another algorithm": lambda key, folder: rsa(key),
    "claims exchanged": lambda key, folder: with_other_claims(key),
    "signature cut": lambda key, folder: mint(BUYER, key=key)[:-10],
    "signature of zeros": lambda key, folder: (
        mint(BUYER, key=key).rpartition(".")[0] + "." + part(bytes(64))
    ),
    "a part too many": lambda key, folder: mint(BUYER, key=key) + ".x",
    "a part too few": lambda key, folder: mint(BUYER, key=key).rpartition(".")[0],
    "claims that are a list": lambda key, folder: f"{part({'alg': 'Ed25519'})}.{part([1])}.x",
    "no token at all": lambda key, folder: "let me in",
    "not even text": lambda key, folder: "\x00\udcff",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_refused(verifier: Verifier, key: Keys, folder: Path, forge: Any) -> None:
    with pytest.raises(BadToken):
        verifier.caller(forge(key, folder))


def test_the_signature_is_checked_once_a_token(
    verifier: Verifier, key: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = Mock(wraps=jwt.decode)
    monkeypatch.setattr(jwt, "decode", decode)
    token = mint(BUYER, key=key)

    assert {verifier.caller(token) for _ in range(10)} == {BUYER}
    assert decode.call_count == 1
