"""What is not mounted is said when a service starts, not when the first customer needs it."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from deploy.charts import settings_of
from deploy.local.house import manifest, services
from shared.encryption import EncryptionKeys
from shared.server import look_around
from shared.tokens import Keys

MOUNTED: dict[str, tuple[str, str]] = {
    "authorization": ("keys", "signing.jwk"),
    "contract": ("seal", "there is no"),
    "fulfillment": ("license_keys", "Codes can be neither issued nor opened"),
    "ordering": ("passport_keys", "nothing to sign their passports with"),
}
"""Which setting names what is mounted for a service alone, and what is said if it is not."""


def said(name: str, **given: Any) -> list[Any]:
    with capture_logs() as logs:
        look_around(manifest(name), settings_of(name)(**given))
    return [(each["log_level"], each["event"], each["what"], each["fix"]) for each in logs]


@pytest.mark.parametrize("name", services())
def test_what_is_not_mounted_is_said_at_once(name: str, tmp_path: Path) -> None:
    setting, what = MOUNTED.get(name, ("keys", ""))
    found = said(name, **{setting: tmp_path})
    if name not in MOUNTED:
        assert found == []
        return
    ((level, event, why, fix),) = found
    assert (level, event) == ("error", "something is missing")
    assert what in why
    assert fix or str(tmp_path) in why


def test_who_signs_and_cannot_read_secrets_says_that_too(tmp_path: Path) -> None:
    Keys.generate(tmp_path)
    ((_, _, what, fix),) = said("authorization", keys=tmp_path)
    assert what == "Secrets cannot be kept or read for now: their key is missing."
    assert fix == "Mount the folder of the keys with the file encryption.jwk in it."
    EncryptionKeys.ensure(tmp_path)
    assert said("authorization", keys=tmp_path) == []
