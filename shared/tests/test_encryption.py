"""Secrets in the database are of no use without the keys, and keys follow one another."""

from datetime import timedelta

import pytest
import time_machine

from shared.clock import now
from shared.encryption import FILE, EncryptionKeys, NoEncryptionKey, NotDecrypted

OWNER = "accounts/ann"


@pytest.fixture
def keys(tmp_path):
    EncryptionKeys.ensure(tmp_path)
    return EncryptionKeys(tmp_path / FILE)


def test_what_was_encrypted_is_read_with_the_keys_and_looks_like_nothing(keys):
    token = keys.encrypt("JBSWY3DPEHPK3PXP", of=OWNER)

    assert keys.decrypt(token, of=OWNER) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DP" not in token
    assert token != keys.encrypt("JBSWY3DPEHPK3PXP", of=OWNER)


def test_it_is_the_secret_of_nobody_else(keys):
    with pytest.raises(NotDecrypted):
        keys.decrypt(keys.encrypt("secret", of=OWNER), of="accounts/bob")


@pytest.mark.parametrize("change", [lambda it: it[:-4] + "AAAA", lambda it: "", lambda it: "a.b.c"])
def test_what_was_changed_or_is_none_is_not_read(keys, change):
    with pytest.raises(NotDecrypted):
        keys.decrypt(change(keys.encrypt("secret", of=OWNER)), of=OWNER)


def test_another_key_does_not_open_it(keys, tmp_path):
    EncryptionKeys.ensure(tmp_path / "another")
    with pytest.raises(NotDecrypted):
        EncryptionKeys(tmp_path / "another" / FILE).decrypt(
            keys.encrypt("secret", of=OWNER), of=OWNER
        )


def test_a_new_key_is_used_when_everybody_knows_it_and_the_one_before_stays(keys, tmp_path):
    first, token = keys.id, keys.encrypt("secret", of=OWNER)
    with time_machine.travel(now() + timedelta(hours=1)) as clock:
        EncryptionKeys.rotate(tmp_path)
        assert keys.id == first
        clock.shift(timedelta(minutes=6))
        assert keys.id != first
        assert keys.decrypt(token, of=OWNER) == "secret"


def test_the_file_is_its_owners_alone(keys, tmp_path):
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_without_keys_nothing_is_kept_and_nothing_read(tmp_path):
    nothing = EncryptionKeys(tmp_path / FILE)
    with pytest.raises(NoEncryptionKey):
        nothing.encrypt("secret", of=OWNER)
    with pytest.raises(NoEncryptionKey):
        nothing.decrypt("a.b.c.d.e", of=OWNER)
