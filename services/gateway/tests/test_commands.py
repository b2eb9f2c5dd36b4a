"""What every command of the API has in common, read from the protos of all services (§6.7)."""

import pytest

from services.gateway.contract import Contract, Method

COMMANDS = [method for method in Contract.load().methods if not method.harmless]

NOT_TRIED = {
    # Who somebody is: nothing can be said about it before it is done.
    *("RegisterAccount", "SignIn", "FinishSignIn"),
    *("ExchangeSession", "SignOut", "ChangePassword", "RequestVerification", "VerifyAddress"),
    *("RequestPasswordReset", "ResetPassword", "EnrollTwoStep", "ConfirmTwoStep"),
    *("RenewRecoveryCodes", "DisableTwoStep", "EndSession", "EndOtherSessions"),
    # Secrets that are shown once.
    *("EnrollPartner", "RotatePartnerSecret", "ExchangePartnerSecret", "DownloadLicenses"),
    # Nothing of it can be refused.
    "ReadMessage",
}


@pytest.mark.parametrize("method", COMMANDS, ids=lambda method: method.name)
def test_every_command_can_be_repeated_and_tried(method: Method) -> None:
    has = {"request_id", "validate_only"} <= set(method.request.fields_by_name)
    assert has is (method.name not in NOT_TRIED)


def test_what_cannot_be_tried_is_a_command() -> None:
    assert {method.name for method in COMMANDS} >= NOT_TRIED
