"""A passport is proved by the public keys alone, and by nothing else."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from shared.passport import TYPE, NotGenuine, Signer, digest_of, main, prove

CONTENT = (
    '{"order":"enterprises/acme/orders/7","orderNo":"MR-2026-000001","revision":2,'
    '"total":{"units":"950"},"名":"甲"}'
).encode()


def a_key(kid: str = "k1") -> OKPKey:
    about: Any = {"kid": kid}
    return OKPKey.generate_key("Ed25519", about, private=True)


def published(*keys: OKPKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def test_what_was_signed_is_proved_with_the_public_key_and_names_it() -> None:
    old, new = a_key("old"), a_key("new")
    for key in (old, new):
        assert prove(CONTENT, Signer(key).sign(CONTENT), published(new, old)) == key.kid


def test_one_changed_byte_anywhere_is_detected() -> None:
    key = a_key()
    signature = Signer(key).sign(CONTENT)
    for place in range(len(CONTENT)):
        changed = bytes([*CONTENT[:place], CONTENT[place] ^ 1, *CONTENT[place + 1 :]])
        with pytest.raises(NotGenuine):
            prove(changed, signature, published(key))


def test_a_changed_signature_is_detected() -> None:
    key = a_key()
    signature = Signer(key).sign(CONTENT)
    for place in range(0, len(signature) - 1, 3):
        other = "A" if signature[place] != "A" else "B"
        with pytest.raises(NotGenuine):
            prove(CONTENT, signature[:place] + other + signature[place + 1 :], published(key))


@pytest.mark.parametrize("signature", ["", "a.b", "a.b.c", "..", "eyJhbGciOiJub25lIn0..", "...."])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(NotGenuine):
        prove(CONTENT, signature, published(a_key()))


def test_a_key_nobody_published_proves_nothing_even_under_a_known_name() -> None:
    forged = Signer(a_key("k1")).sign(CONTENT)
    with pytest.raises(NotGenuine):
        prove(CONTENT, forged, published(a_key("k1")))
    with pytest.raises(NotGenuine):
        prove(CONTENT, forged, {"keys": []})


def test_what_the_key_signed_as_something_else_is_no_passport() -> None:
    key = a_key()
    header = {"alg": "Ed25519", "kid": "k1"}

    def signed_as(**more: str) -> str:
        whole = jws.serialize_compact(header | more, CONTENT, key, algorithms=["Ed25519"])
        return "..".join(whole.split(".")[::2])

    assert prove(CONTENT, signed_as(typ=TYPE), published(key)) == "k1"
    for other in ({"typ": "JWT"}, {}):
        with pytest.raises(NotGenuine, match="signed as something else than a passport"):
            prove(CONTENT, signed_as(**other), published(key))


def test_a_signature_that_brings_content_of_its_own_is_refused() -> None:
    key = a_key()
    header, nothing, signed = Signer(key).sign(CONTENT).split(".")
    assert not nothing
    with pytest.raises(NotGenuine, match="content of its own"):
        prove(CONTENT, f"{header}.e30.{signed}", published(key))


def test_no_other_algorithm_is_let_in_by_the_header() -> None:
    secret = OctKey.import_key(published(a_key())["keys"][0]["x"])
    whole = jws.serialize_compact({"alg": "HS256", "kid": "k1", "typ": TYPE}, CONTENT, secret)
    with pytest.raises(NotGenuine):
        prove(CONTENT, "..".join(whole.split(".")[::2]), {"keys": [secret.as_dict(kid="k1")]})


class Files:
    """A passport and the published keys as files, and what the verifier says of them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.key, self.capsys = a_key(), capsys
        self.passport: dict[str, Any] = {
            "order": "enterprises/acme/orders/7",
            "revision": 2,
            "content": b64encode(CONTENT).decode(),
            "digest": digest_of(CONTENT),
            "signature": Signer(self.key).sign(CONTENT),
            "keyId": "k1",
            "signTime": "2026-11-29T07:00:00Z",
        }
        self.paths = [folder / "passport.json", folder / "keys.json"]
        self.paths[1].write_text(json.dumps(published(self.key)))

    def verify(self, written: str = "", **changed: Any) -> tuple[int, str]:
        """Return the exit code for the file with fields changed (None: left out), and all said."""
        fields = {**self.passport, **changed}
        said = {name: value for name, value in fields.items() if value is not None}
        self.paths[0].write_text(written or json.dumps(said))
        code = main([str(path) for path in self.paths])
        out, err = self.capsys.readouterr()
        return code, out + err


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capsys)


def test_the_verifier_says_what_was_proved_and_what_was_not(files: Files) -> None:
    code, said = files.verify()
    proved, not_proved = said.splitlines()

    assert code == 0
    about = "order MR-2026-000001, revision 2"
    assert proved == f"genuine: {about}, {digest_of(CONTENT)}, key k1"
    assert not_proved == "in the file, but not signed and so not proved: signTime"
    assert files.verify(signTime=None)[1] == proved + "\n"
    assert files.verify(note="Paid.")[1].endswith("not proved: note, signTime\n")


@pytest.mark.parametrize(
    ("field", "edited"),
    [
        *(("revision", other) for other in (0, 1, 3, None)),
        ("order", "enterprises/acme/orders/8"),
        ("digest", "sha256:" + "0" * 64),
        ("keyId", "k2"),
    ],
)
def test_an_edit_beside_the_content_is_noticed(files: Files, field: str, edited: Any) -> None:
    code, said = files.verify(**{field: edited})

    assert code == 1
    assert said.startswith(f"NOT GENUINE: The file says {field} {edited or 0!r}, but")
    assert repr(files.passport[field]) in said


def test_a_first_revision_is_one_whether_its_number_is_written_or_not(files: Files) -> None:
    first = CONTENT.replace(b',"revision":2', b"")
    fields = {
        "content": b64encode(first).decode(),
        "digest": digest_of(first),
        "signature": Signer(files.key).sign(first),
    }
    for written in (None, 0):
        assert files.verify(revision=written, **fields)[0] == 0
    assert files.verify(revision=1, **fields)[0] == 1


def test_what_is_not_said_beside_the_content_is_not_missed(files: Files) -> None:
    assert files.verify(order=None, digest=None, keyId=None, signTime=None)[0] == 0


def test_changed_content_and_a_changed_signature_are_noticed(files: Files) -> None:
    other = CONTENT.replace(b"950", b"951")
    assert files.verify(content=b64encode(other).decode(), digest=digest_of(other))[0] == 1
    foreign = Signer(a_key()).sign(CONTENT)
    assert files.verify(signature=foreign)[0] == 1


def test_a_file_that_says_the_same_thing_twice_is_not_genuine(files: Files) -> None:
    twice = json.dumps(files.passport).replace('"revision"', '"revision": 7, "revision"')

    code, said = files.verify(twice)
    assert code == 1
    assert "says revision twice" in said


@pytest.mark.parametrize(
    "written", ["[]", '{"content": 7, "signature": ""}', "{}", '{"content": "!"}']
)
def test_what_is_no_passport_is_not_genuine(files: Files, written: str) -> None:
    assert files.verify(written) == (
        1,
        "NOT GENUINE: The file is not a passport as Millrun hands it out.\n",
    )


def test_what_cannot_be_read_is_said_to_be_so(files: Files) -> None:
    code, said = files.verify("no json")
    assert (code, said[:15]) == (2, "cannot read it:")
    assert main([str(files.paths[0].with_name("none")), str(files.paths[1])]) == 2
    assert main([]) == 2
