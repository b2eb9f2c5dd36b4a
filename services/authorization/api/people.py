"""Accounts and sessions over gRPC.

RPCs that carry or answer a secret have no request id, so that no secret is ever stored with an
answer. Those with the scope EVERYTHING are about accounts, which belong to no enterprise.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.authorization import passwords, queries
from services.authorization.commands import accounts, signing_in
from services.authorization.commands.signing_in import SignedIn
from services.authorization.domain.account import Account
from services.authorization.store import Revocations
from services.authorization.wire import (
    account_message,
    nothing,
    revocations_message,
    role_from,
    session_message,
    staff_message,
)
from shared.caller import STAFF_ROLES, Caller
from shared.paging import Page
from shared.rpc import ANYBODY, SIGNED_IN, Servicer, command, query
from shared.storage import EVERYTHING
from shared.wire import time_from


def _hashed(_: Servicer, request: pb.RegisterAccountRequest, caller: Caller) -> str:
    return passwords.hashed(request.password, email=request.account.email)


def _proven(self: Servicer, request: pb.SignInRequest, caller: Caller) -> UUID:
    return signing_in.prove(self.database, email=request.email, password=request.password)


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

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING, ask=_proven)
    def SignIn(
        self, request: pb.SignInRequest, tx: Session, caller: Caller, account_id: UUID
    ) -> SignedIn:
        return signing_in.sign_in(tx, account_id=account_id, space=request.space)

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING)
    def ExchangeSession(
        self, request: pb.ExchangeSessionRequest, tx: Session, caller: Caller
    ) -> SignedIn:
        return signing_in.exchange_session(tx, secret=request.session_secret, space=request.space)

    @command(answer=nothing, allow=ANYBODY, scope=EVERYTHING)
    def SignOut(self, request: pb.SignOutRequest, tx: Session, caller: Caller) -> None:
        return signing_in.sign_out(tx, secret=request.session_secret)

    @query(answer=account_message, allow=SIGNED_IN, scope=EVERYTHING)
    def GetAccount(self, request: pb.GetAccountRequest, tx: Session, caller: Caller) -> Account:
        return queries.get_account(tx, name=request.name, caller=caller)

    @query(answer=revocations_message, allow=ANYBODY, scope=EVERYTHING)
    def ListRevocations(
        self, request: pb.ListRevocationsRequest, tx: Session, caller: Caller
    ) -> Sequence[Row[Any]]:
        return Revocations(tx).after(time_from(request.after_time))

    @query(answer=staff_message, allow=STAFF_ROLES)
    def ListStaff(self, request: pb.ListStaffRequest, tx: Session, caller: Caller) -> Page[Account]:
        return queries.list_staff(
            tx,
            role=role_from(request.role) if request.role else None,
            size=request.page_size,
            token=request.page_token,
        )
