"""Access tokens nobody must believe, each called by what is wrong with it.

Those at the end are signed with the real key: they show that a signature is not all that counts.
`Mint` is given the real key and the folder with the public ones; what it makes untouched is good.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from shared.clock import now
from shared.keys import PUBLIC, Keys

Forgery = Callable[["Mint"], str]


def part(value: Any) -> str:
    """Return one of the three parts of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a buyer's token, changed; None takes one out."""
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
        "rev": 0,
    }
    return {key: value for key, value in (said | changed).items() if value is not None}


@dataclass(frozen=True)
class Mint:
    """Makes tokens with the real key, or pretends to."""

    key: Keys
    folder: Path

    @property
    def id(self) -> str:
        """The id of the real key."""
        return self.key.id

    @property
    def public(self) -> dict[str, Any]:
        """The real public key, which everybody may know."""
        keys: list[dict[str, Any]] = json.loads((self.folder / PUBLIC).read_text())["keys"]
        return next(each for each in keys if each["kid"] == self.id)

    def token(self, **changed: Any) -> str:
        """Return a token with the real signature over changed claims."""
        return self.key.sign(claims(**changed))

    def parts(self) -> list[str]:
        """Return header, claims and signature of a good token."""
        return self.token().split(".")

    def signed(self, header: Any, said: Any) -> str:
        """Return a token with the real signature over any header and any bytes or claims."""
        text = f"{part(header)}.{part(said)}"
        key: Any = self.key.current().get_op_key("sign")
        return f"{text}.{part(key.sign(text.encode()))}"

    def said(self, raw: str) -> str:
        """Return a token with the real signature over claims spelled as they are."""
        return self.signed(self.header(), raw.encode())

    def header(self, **more: Any) -> dict[str, Any]:
        """Return the header of a good token, changed; None takes a member out."""
        said = {"typ": "JWT", "alg": "Ed25519", "kid": self.id} | more
        return {key: value for key, value in said.items() if value is not None}

    def by_stranger(self, **header: Any) -> str:
        """Return a token signed with another key of the same kind."""
        stranger = OKPKey.generate_key("Ed25519", {"kid": self.id}, private=True)
        return jwt.encode(self.header(**header), claims(), stranger, ["Ed25519"])

    def unsigned(self, algorithm: Any, signature: bytes = b"") -> str:
        """Return a token that claims an algorithm and has any signature."""
        return f"{part(self.header(alg=algorithm))}.{part(claims())}.{part(signature)}"


def _hmac(mint: Mint, secret: bytes, name: str, digest: Any) -> str:
    signed = f"{part(mint.header(alg=name))}.{part(claims())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), digest).digest())}"


def _other_algorithm(mint: Mint, name: str, key: Any) -> str:
    return jwt.encode({"alg": name, "kid": mint.id}, claims(), key, [name])


def _with_own_key_inside(mint: Mint) -> str:
    stranger = OKPKey.generate_key("Ed25519", private=True)
    header = mint.header(jwk=stranger.as_dict(private=False))
    signed = f"{part(header)}.{part(claims())}"
    token = jwt.encode({"alg": "Ed25519"}, claims(), stranger, ["Ed25519"])
    return f"{signed}.{token.split('.')[2]}"


def _nested(mint: Mint) -> str:
    return mint.signed(mint.header(cty="JWT"), mint.token().encode())


def _twice(mint: Mint, name: str, value: str) -> str:
    said = json.dumps(claims())
    return mint.said(f'{{"{name}": {value}, {said[1:]}')


def _swapped(mint: Mint, **changed: Any) -> str:
    header, _, signature = mint.parts()
    return f"{header}.{part(claims(**changed))}.{signature}"


def _later(seconds: int, **more: int) -> dict[str, Any]:
    at = int(now().timestamp()) + seconds
    return {"iat": at, "exp": at + 300, **{name: at + by for name, by in more.items()}}


FORGERIES: dict[str, Forgery] = {
    # Not a token at all.
    "nothing": lambda mint: "",
    "words": lambda mint: "let me in",
    "not even text": lambda mint: "\x00\x7f",
    "two dots and nothing else": lambda mint: "..",
    "one part too few": lambda mint: ".".join(mint.parts()[:2]),
    "one part too many": lambda mint: f"{mint.token()}.x",
    "oversized": lambda mint: mint.token(name="x" * 20_000),
    "a space in front": lambda mint: f" {mint.token()}",
    "a space inside": lambda mint: mint.token().replace(".", ". ", 1),
    "padded": lambda mint: f"{mint.token()}==",
    "in the other alphabet": lambda mint: f"{'.'.join(mint.parts()[:2])}.{'+/' * 43}",
    # Signed by nobody.
    "no algorithm": lambda mint: mint.unsigned("none"),
    "no algorithm, in mixed case": lambda mint: mint.unsigned("nOnE"),
    "no algorithm, with a signature": lambda mint: mint.unsigned("none", b"x" * 64),
    "our algorithm, no signature": lambda mint: mint.unsigned("Ed25519"),
    "an algorithm that is no text": lambda mint: mint.unsigned(["Ed25519"], b"x" * 64),
    "signature of zeros": lambda mint: mint.unsigned("Ed25519", bytes(64)),
    "signature cut": lambda mint: mint.token()[:-10],
    "signature of another token": lambda mint: ".".join(
        [*mint.parts()[:2], mint.token(name="Other").split(".")[2]]
    ),
    "roles exchanged": lambda mint: _swapped(mint, roles=["business_manager"], enterprise=""),
    "space exchanged": lambda mint: _swapped(mint, enterprise="globex"),
    # Signed by somebody else, or in another way.
    "the public key as an HMAC secret": lambda mint: _hmac(
        mint, base64.urlsafe_b64decode(mint.public["x"] + "="), "HS256", hashlib.sha256
    ),
    "the public key file as an HMAC secret": lambda mint: _hmac(
        mint, (mint.folder / PUBLIC).read_bytes(), "HS256", hashlib.sha256
    ),
    "the public key as text for a longer HMAC": lambda mint: _hmac(
        mint, mint.public["x"].encode(), "HS512", hashlib.sha512
    ),
    "RSA": lambda mint: _other_algorithm(mint, "RS256", RSAKey.generate_key(2048, private=True)),
    "ECDSA": lambda mint: _other_algorithm(
        mint, "ES256", ECKey.generate_key("P-256", private=True)
    ),
    "somebody else's key": lambda mint: mint.by_stranger(),
    "somebody else's key, by its own name": lambda mint: mint.by_stranger(kid="theirs"),
    "a key id that is a path": lambda mint: mint.by_stranger(kid="../../dev/null"),
    "a key id that is a query": lambda mint: mint.by_stranger(kid="' or 1=1 --"),
    "their key in the header": _with_own_key_inside,
    # Signed with the real key, but with a header of which nothing is true.
    "the address of their keys": lambda mint: mint.signed(
        mint.header(jku="https://keys.example/jwks.json"), claims()
    ),
    "the address of their certificate": lambda mint: mint.signed(
        mint.header(x5u="https://keys.example/cert.pem"), claims()
    ),
    "a critical extension": lambda mint: mint.signed(mint.header(crit=["exp"]), claims()),
    "no key id": lambda mint: mint.signed(mint.header(kid=None), claims()),
    "a key id that is no text": lambda mint: mint.signed(mint.header(kid=[mint.id]), claims()),
    "of another type": lambda mint: mint.signed(mint.header(typ="at+jwt"), claims()),
    "a token inside a token": _nested,
    # Signed with the real key, but not for this or not now.
    "another issuer": lambda mint: mint.token(iss="catalog.millrun"),
    "no issuer": lambda mint: mint.token(iss=None),
    "another audience": lambda mint: mint.token(aud="another-system"),
    "no audience": lambda mint: mint.token(aud=None),
    "expired": lambda mint: mint.token(**_later(-600)),
    "no end": lambda mint: mint.token(exp=None),
    "an end that is no number": lambda mint: mint.token(exp="tomorrow"),
    "an end that is never": lambda mint: mint.token(exp=2**62),
    "longer than any of ours": lambda mint: mint.token(**_later(0, exp=86_400)),
    "over before it began": lambda mint: mint.token(**_later(0, exp=-1)),
    "not valid yet": lambda mint: mint.token(nbf=int(now().timestamp()) + 120),
    "from the far future": lambda mint: mint.token(**_later(86_400)),
    "no beginning": lambda mint: mint.token(iat=None),
    "a beginning that is true": lambda mint: mint.token(iat=True),
    # Signed with the real key, but nobody could be that.
    "nobody": lambda mint: mint.token(sub=""),
    "no subject": lambda mint: mint.token(sub=None),
    "a subject that is a number": lambda mint: mint.token(sub=7),
    "no roles": lambda mint: mint.token(roles=None),
    "roles that are one word": lambda mint: mint.token(roles="business_manager"),
    "roles that are no words": lambda mint: mint.token(roles=[{"buyer": True}]),
    "two spaces": lambda mint: mint.token(enterprise=["acme", "globex"]),
    "a partner system with the vendor's roles": lambda mint: mint.token(
        sub="enterprises/acme/partnerClients/1", enterprise="", roles=["finance"]
    ),
    "a partner system with a buyer's role": lambda mint: mint.token(
        sub="enterprises/acme/partnerClients/1", roles=["partner", "buyer"]
    ),
    "the vendor's own in a customer's space": lambda mint: mint.token(roles=["finance"]),
    "a customer who is also the vendor": lambda mint: mint.token(
        roles=["buyer", "finance"], enterprise=""
    ),
    "a deputy who is not the vendor's": lambda mint: mint.token(deputy_of=["accounts/2"]),
    "deputies that are one word": lambda mint: mint.token(
        roles=["finance"], enterprise="", deputy_of="accounts/2"
    ),
    "revocations that are no number": lambda mint: mint.token(rev="9999"),
    "the subject said twice": lambda mint: _twice(mint, "sub", '"accounts/2"'),
    "the roles said twice": lambda mint: _twice(mint, "roles", '["finance"]'),
    "claims that are a list": lambda mint: mint.signed(mint.header(), [claims()]),
    "claims that are no JSON": lambda mint: mint.said("{'sub': 'accounts/1'}"),
    "an end that is no number of JSON": lambda mint: mint.said(
        json.dumps(claims(exp=float("inf")))
    ),
    "nested too deeply": lambda mint: mint.said('{"sub":' * 1500 + "1" + "}" * 1500),
}
