"""Accounts over gRPC.

RPCs that carry a secret have no request id, so that none is ever stored with an answer. Those with
the scope EVERYTHING are about accounts, which belong to no enterprise.
"""

from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1 import sign_in_pb2
from sqlalchemy.orm import Session

from services.authorization import passwords, queries
from services.authorization.commands import accounts, codes
from services.authorization.domain.account import Account
from services.authorization.domain.one_time import Purpose
from services.authorization.wire import account_message, nothing, role_from, staff_message
from shared import call
from shared.caller import STAFF_ROLES, Caller
from shared.paging import Page
from shared.rpc import ANYBODY, SIGNED_IN, Servicer, command, query
from shared.storage import EVERYTHING


def _hashed(_: Servicer, request: pb.RegisterAccountRequest, caller: Caller) -> str:
    return passwords.hashed(request.password, email=request.account.email)


def _changed(self: Servicer, request: sign_in_pb2.ChangePasswordRequest, caller: Caller) -> str:
    account = accounts.prove_own(
        self.database,
        password=request.current_password,
        caller=caller,
        network=call.current().network,
    )
    return passwords.hashed(request.new_password, email=account.email)


def _verified(self: Servicer, request: sign_in_pb2.VerifyAddressRequest, caller: Caller) -> str:
    return codes.prove_code(
        self.database, email=request.email, purpose=Purpose.VERIFY_ADDRESS, code=request.code
    )


def _reset(
    self: Servicer, request: sign_in_pb2.ResetPasswordRequest, caller: Caller
) -> tuple[str, str]:
    password_hash = passwords.hashed(request.new_password, email=request.email)
    proven = codes.prove_code(
        self.database, email=request.email, purpose=Purpose.RESET_PASSWORD, code=request.code
    )
    return proven, password_hash


class PeopleRpcs(Servicer):
    """Who people are."""

    @command(answer=account_message, allow=ANYBODY, scope=EVERYTHING, ask=_hashed)
    def RegisterAccount(
        self, request: pb.RegisterAccountRequest, tx: Session, caller: Caller, password_hash: str
    ) -> Account:
        return accounts.register_account(
            tx,
            email=request.account.email,
            display_name=request.account.display_name,
            phone=request.account.phone,
            password_hash=password_hash,
        )

    @command(answer=account_message, allow=SIGNED_IN, scope=EVERYTHING)
    def UpdateAccount(
        self, request: sign_in_pb2.UpdateAccountRequest, tx: Session, caller: Caller
    ) -> Account:
        return accounts.update_account(
            tx,
            name=request.name,
            display_name=request.display_name,
            phone=request.phone,
            etag=request.etag,
            caller=caller,
        )

    @command(answer=nothing, allow=SIGNED_IN, scope=EVERYTHING, ask=_changed)
    def ChangePassword(
        self,
        request: sign_in_pb2.ChangePasswordRequest,
        tx: Session,
        caller: Caller,
        password_hash: str,
    ) -> None:
        return accounts.change_password(
            tx, password_hash=password_hash, keep=request.session, caller=caller
        )

    @command(answer=nothing, allow=SIGNED_IN, scope=EVERYTHING)
    def RequestVerification(
        self, request: sign_in_pb2.RequestVerificationRequest, tx: Session, caller: Caller
    ) -> None:
        return codes.request_verification(tx, caller=caller)

    @command(answer=nothing, allow=ANYBODY, scope=EVERYTHING, ask=_verified)
    def VerifyAddress(
        self, request: sign_in_pb2.VerifyAddressRequest, tx: Session, caller: Caller, proven: str
    ) -> None:
        return codes.verify_address(tx, email=request.email, proven=proven)

    @command(answer=nothing, allow=ANYBODY, scope=EVERYTHING)
    def RequestPasswordReset(
        self, request: sign_in_pb2.RequestPasswordResetRequest, tx: Session, caller: Caller
    ) -> None:
        return codes.request_code(tx, email=request.email, purpose=Purpose.RESET_PASSWORD)

    @command(answer=nothing, allow=ANYBODY, scope=EVERYTHING, ask=_reset)
    def ResetPassword(
        self,
        request: sign_in_pb2.ResetPasswordRequest,
        tx: Session,
        caller: Caller,
        asked: tuple[str, str],
    ) -> None:
        proven, password_hash = asked
        return codes.reset_password(
            tx, email=request.email, proven=proven, password_hash=password_hash
        )

    @query(answer=account_message, allow=SIGNED_IN, scope=EVERYTHING)
    def GetAccount(self, request: pb.GetAccountRequest, tx: Session, caller: Caller) -> Account:
        return queries.get_account(tx, name=request.name, caller=caller)

    @query(answer=staff_message, allow=STAFF_ROLES)
    def ListStaff(self, request: pb.ListStaffRequest, tx: Session, caller: Caller) -> Page[Account]:
        return queries.list_staff(
            tx,
            role=role_from(request.role) if request.role else None,
            size=request.page_size,
            token=request.page_token,
        )
