"""A copy of the database opens no account: the secrets of devices are encrypted."""

import shutil
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.sign_in_pb2 import (
    ConfirmTwoStepRequest,
    EnrollTwoStepRequest,
    FinishSignInRequest,
)

from services.authorization.clocks import seal_two_steps
from services.authorization.store.tables import two_steps
from services.authorization.tests.office import PASSWORD, Office
from shared.clock import now
from shared.encryption import FILE, EncryptionKeys
from shared.errors import Unavailable
from shared.storage import EVERYTHING
from shared.testing.databases import Databases
from shared.testing.serving import Serving

KIM = "kim@acme.example"


@pytest.fixture
def office(databases: Databases, serving: Serving, keys_folder: Path, tmp_path: Path) -> Office:
    """Authorization with keys of its own, as they are changed here."""
    shutil.copytree(keys_folder, keys := tmp_path / "keys")
    return Office(databases, serving, keys)


@pytest.fixture
def secret(office: Office) -> str:
    """The secret of Kim's device, which is set up."""
    kim = office.person(KIM)
    secret = office.ask(kim).EnrollTwoStep(EnrollTwoStepRequest(password=PASSWORD)).secret
    code = pyotp.TOTP(secret).at(int(now().timestamp()))
    office.ask(kim).ConfirmTwoStep(ConfirmTwoStepRequest(code=code))
    return str(secret)


def kept(office: Office) -> sa.Row[tuple[str, str]]:
    with office.database.transaction(EVERYTHING) as tx:
        return tx.execute(sa.select(two_steps.c.secret, two_steps.c.sealed_by)).one()


def signs_in(office: Office, secret: str) -> bool:
    half = office.sign_in(KIM)
    code = pyotp.TOTP(secret).at(int(now().timestamp()) + 30)
    request = FinishSignInRequest(challenge=half.challenge, code=code)
    session: pb.Session = office.ask().FinishSignIn(request)
    return bool(session.access_token)


def test_the_database_holds_no_secret_that_can_be_read(office: Office, secret: str) -> None:
    sealed, by = kept(office)

    assert secret not in sealed
    assert by == EncryptionKeys(office.served.runtime.settings.keys / FILE).id
    assert signs_in(office, secret)


def test_what_was_kept_before_there_was_a_key_is_encrypted_by_a_clock(
    office: Office, secret: str
) -> None:
    with office.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.update(two_steps).values(secret=secret, sealed_by=""))

    runtime = office.served.runtime
    assert (seal_two_steps(runtime), seal_two_steps(runtime)) == (1, 0)
    assert secret not in kept(office).secret
    assert signs_in(office, secret)


def test_after_a_rotation_everything_is_encrypted_with_the_new_key(
    office: Office, secret: str
) -> None:
    before, runtime = kept(office), office.served.runtime
    with time_machine.travel(now() + timedelta(hours=1)) as clock:
        EncryptionKeys.rotate(runtime.settings.keys)
        assert seal_two_steps(runtime) == 0, "not every process knows the new key yet"
        clock.shift(timedelta(minutes=6))
        assert seal_two_steps(runtime) == 1
        assert kept(office).sealed_by != before.sealed_by
        assert signs_in(office, secret)


def test_without_the_key_it_says_what_is_missing(office: Office) -> None:
    kim = office.person(KIM)
    (office.served.runtime.settings.keys / FILE).unlink()

    with pytest.raises(Unavailable) as refused:
        office.ask(kim).EnrollTwoStep(EnrollTwoStepRequest(password=PASSWORD))
    assert refused.value.reason == "NO_ENCRYPTION_KEY"
