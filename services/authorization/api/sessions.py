"""Signing in, sessions and access tokens over gRPC.

RPCs that carry or answer a secret have no request id, so that no secret is ever stored with an
answer. All have the scope EVERYTHING: accounts and their sessions belong to no enterprise.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.authorization import queries
from services.authorization.commands import sessions, signing_in
from services.authorization.commands.signing_in import Challenged, SignedIn
from services.authorization.domain.session import SignInSession
from services.authorization.store import Revocations
from services.authorization.wire import (
    nothing,
    revocations_message,
    session_message,
    sign_ins_message,
)
from shared import call
from shared.caller import Caller
from shared.paging import Page
from shared.rpc import ANYBODY, SIGNED_IN, Servicer, command, query
from shared.storage import EVERYTHING
from shared.wire import time_from


def _proven(self: Servicer, request: pb.SignInRequest, caller: Caller) -> UUID:
    return signing_in.prove(
        self.database,
        email=request.email,
        password=request.password,
        network=call.current().network,
    )


def _recognised(self: Servicer, request: pb.ExchangeSessionRequest, caller: Caller) -> UUID:
    return sessions.recognise(self.database, secret=request.session_secret)


class SessionRpcs(Servicer):
    """How people come in and stay in."""

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING, ask=_proven)
    def SignIn(
        self, request: pb.SignInRequest, tx: Session, caller: Caller, account_id: UUID
    ) -> SignedIn | Challenged:
        return signing_in.sign_in(
            tx,
            account_id=account_id,
            space=request.space,
            device=call.current().device,
            network=call.current().network,
        )

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING, ask=_recognised)
    def ExchangeSession(
        self, request: pb.ExchangeSessionRequest, tx: Session, caller: Caller, account_id: UUID
    ) -> SignedIn:
        return sessions.exchange_session(
            tx,
            account_id=account_id,
            secret=request.session_secret,
            space=request.space,
            network=call.current().network,
        )

    @command(answer=nothing, allow=ANYBODY, scope=EVERYTHING)
    def SignOut(self, request: pb.SignOutRequest, tx: Session, caller: Caller) -> None:
        return sessions.sign_out(tx, secret=request.session_secret)

    @query(answer=sign_ins_message, allow=SIGNED_IN, scope=EVERYTHING)
    def ListSessions(
        self, request: account_pb2.ListSessionsRequest, tx: Session, caller: Caller
    ) -> Page[SignInSession]:
        return queries.list_sessions(
            tx,
            parent=request.parent,
            caller=caller,
            size=request.page_size,
            token=request.page_token,
        )

    @command(answer=nothing, allow=SIGNED_IN, scope=EVERYTHING)
    def EndSession(
        self, request: account_pb2.EndSessionRequest, tx: Session, caller: Caller
    ) -> None:
        return sessions.end_session(tx, name=request.name, caller=caller)

    @command(answer=nothing, allow=SIGNED_IN, scope=EVERYTHING)
    def EndOtherSessions(
        self, request: account_pb2.EndOtherSessionsRequest, tx: Session, caller: Caller
    ) -> None:
        return sessions.end_other_sessions(tx, name=request.name, caller=caller)

    @query(answer=revocations_message, allow=ANYBODY, scope=EVERYTHING, planned_once=True)
    def ListRevocations(
        self, request: pb.ListRevocationsRequest, tx: Session, caller: Caller
    ) -> Sequence[Row[Any]]:
        return Revocations(tx).after(time_from(request.after_time))
