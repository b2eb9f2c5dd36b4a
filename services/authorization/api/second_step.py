"""Two-step sign-in over gRPC; nothing that carries or answers a secret has a request id."""

from typing import Any

from millrun.authorization.v1 import sign_in_pb2
from sqlalchemy.orm import Session

from services.authorization.commands import accounts, second_step
from services.authorization.commands.signing_in import SignedIn
from services.authorization.store.second_step import Challenge
from services.authorization.wire import (
    enrollment_message,
    nothing,
    recovery_codes_message,
    session_message,
)
from shared import call
from shared.caller import Caller
from shared.rpc import ANYBODY, SIGNED_IN, Servicer, command
from shared.storage import EVERYTHING


def _attempted(
    self: Servicer, request: sign_in_pb2.FinishSignInRequest, caller: Caller
) -> Challenge:
    return second_step.attempt(
        self.database, secret=request.challenge, network=call.current().network
    )


def _proven(self: Servicer, request: sign_in_pb2.EnrollTwoStepRequest, caller: Caller) -> None:
    accounts.prove_own_if_any(
        self.database,
        password=request.password,
        caller=caller,
        network=call.current().network,
    )


def _counted(self: Servicer, request: Any, caller: Caller) -> None:
    second_step.count_try(self.database, caller=caller, network=call.current().network)


class SecondStepRpcs(Servicer):
    """What is asked for after the password."""

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING, ask=_attempted)
    def FinishSignIn(
        self,
        request: sign_in_pb2.FinishSignInRequest,
        tx: Session,
        caller: Caller,
        challenge: Challenge,
    ) -> SignedIn:
        return second_step.finish_sign_in(
            tx,
            challenge=challenge,
            secret=request.challenge,
            code=request.code,
            device=call.current().device,
            network=call.current().network,
        )

    @command(answer=enrollment_message, allow=SIGNED_IN, scope=EVERYTHING, ask=_proven)
    def EnrollTwoStep(
        self, request: sign_in_pb2.EnrollTwoStepRequest, tx: Session, caller: Caller, proven: None
    ) -> tuple[str, str]:
        return second_step.enroll_two_step(tx, caller=caller)

    @command(answer=recovery_codes_message, allow=SIGNED_IN, scope=EVERYTHING, ask=_counted)
    def ConfirmTwoStep(
        self, request: sign_in_pb2.ConfirmTwoStepRequest, tx: Session, caller: Caller, counted: None
    ) -> list[str]:
        return second_step.confirm_two_step(tx, code=request.code, caller=caller)

    @command(answer=recovery_codes_message, allow=SIGNED_IN, scope=EVERYTHING, ask=_counted)
    def RenewRecoveryCodes(
        self,
        request: sign_in_pb2.RenewRecoveryCodesRequest,
        tx: Session,
        caller: Caller,
        counted: None,
    ) -> list[str]:
        return second_step.renew_recovery_codes(tx, code=request.code, caller=caller)

    @command(answer=nothing, allow=SIGNED_IN, scope=EVERYTHING, ask=_counted)
    def DisableTwoStep(
        self, request: sign_in_pb2.DisableTwoStepRequest, tx: Session, caller: Caller, counted: None
    ) -> None:
        return second_step.disable_two_step(tx, code=request.code, caller=caller)
