"""Accounts over gRPC.

RPCs that carry a secret have no request id, so that none is ever stored with an answer. Those with
the scope EVERYTHING are about accounts, which belong to no enterprise.
"""

from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy.orm import Session

from services.authorization import passwords, queries
from services.authorization.commands import accounts
from services.authorization.domain.account import Account
from services.authorization.wire import (
    account_message,
    role_from,
    staff_message,
)
from shared.caller import STAFF_ROLES, Caller
from shared.paging import Page
from shared.rpc import ANYBODY, SIGNED_IN, Servicer, command, query
from shared.storage import EVERYTHING


def _hashed(_: Servicer, request: pb.RegisterAccountRequest, caller: Caller) -> str:
    return passwords.hashed(request.password, email=request.account.email)


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
