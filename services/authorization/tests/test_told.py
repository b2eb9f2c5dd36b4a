"""What changes how somebody signs in is told, so that the person hears of what was not them."""

import pyotp
import pytest
from millrun.authorization.v1.sign_in_pb2 import (
    ChangePasswordRequest,
    ConfirmTwoStepRequest,
    DisableTwoStepRequest,
    EnrollTwoStepRequest,
    RenewRecoveryCodesRequest,
    UpdateAccountRequest,
)

from services.authorization.commands import enter_staff
from services.authorization.tests.office import PASSWORD, Office
from shared.caller import Role
from shared.clock import now

KIM = "kim@acme.example"


def test_another_password_is_told_without_it(office: Office) -> None:
    kim = office.person(KIM)
    request = ChangePasswordRequest(current_password=PASSWORD, new_password="a much better one")
    office.ask(kim).ChangePassword(request)

    assert office.told()[-1] == "AccountPasswordChanged"
    said = str(office.letters()[-1])
    assert kim.account.name in said
    assert "better" not in said


def test_a_password_the_operator_gives_is_told_and_the_same_one_is_not(office: Office) -> None:
    office.staff(Role.FINANCE)
    before = office.told()
    enter_staff(
        office.served.runtime,
        email="finance@millrun.example",
        name="Finance",
        roles=[Role.FINANCE],
        password=PASSWORD,
    )
    assert office.told() == before
    enter_staff(
        office.served.runtime,
        email="finance@millrun.example",
        name="Finance",
        roles=[Role.FINANCE],
        password="another good password",
    )
    assert office.told() == [*before, "AccountPasswordChanged"]


@pytest.mark.parametrize(("phone", "told"), [("+86 571 5555 0100", True), ("", False)])
def test_another_telephone_number_is_told(office: Office, phone: str, told: bool) -> None:
    kim = office.person(KIM)
    request = UpdateAccountRequest(name="accounts/me", display_name="Kim Other", phone=phone)
    office.ask(kim).UpdateAccount(request)

    assert ("AccountPhoneChanged" in office.told()) == told


def test_the_second_step_is_told_when_it_begins_is_renewed_and_ends(office: Office) -> None:
    kim = office.person(KIM)
    secret = office.ask(kim).EnrollTwoStep(EnrollTwoStepRequest(password=PASSWORD)).secret
    code = pyotp.TOTP(secret).at(int(now().timestamp()))
    codes = list(office.ask(kim).ConfirmTwoStep(ConfirmTwoStepRequest(code=code)).codes)
    fresh = office.ask(kim).RenewRecoveryCodes(RenewRecoveryCodesRequest(code=codes[0])).codes
    office.ask(kim).DisableTwoStep(DisableTwoStepRequest(code=fresh[0]))

    assert office.told()[-3:] == [
        "AccountTwoStepBegun",
        "AccountRecoveryCodesRenewed",
        "AccountTwoStepEnded",
    ]
    said = str(office.letters())
    assert not [each for each in (secret, *codes, *fresh) if each in said]
