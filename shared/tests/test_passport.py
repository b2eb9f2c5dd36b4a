"""A passport is proved by the public keys alone, and by nothing else."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey

from shared.passport import NotGenuine, Signer, digest_of, main, prove

CONTENT = '{"orderNo":"MR-2026-000001","total":{"units":"950"},"名":"甲"}'.encode()


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


def test_the_verifier_says_so_by_its_answer_and_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = a_key()
    passport = {
        "content": b64encode(CONTENT).decode(),
        "digest": digest_of(CONTENT),
        "signature": Signer(key).sign(CONTENT),
    }
    files = [tmp_path / "passport.json", tmp_path / "keys.json"]
    for file, content in zip(files, (passport, published(key)), strict=True):
        file.write_text(json.dumps(content))

    assert main([str(file) for file in files]) == 0
    assert "MR-2026-000001" in capsys.readouterr().out
    passport["content"] = b64encode(CONTENT.replace(b"950", b"951")).decode()
    files[0].write_text(json.dumps(passport))
    assert main([str(file) for file in files]) == 1
    assert "NOT GENUINE" in capsys.readouterr().err
    assert main([str(tmp_path / "none"), str(files[1])]) == 2
    assert main([]) == 2
