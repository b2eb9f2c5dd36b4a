"""Signing in at a provider over gRPC; the edges take the browser there and back."""

from functools import cached_property
from typing import cast

from millrun.authorization.v1 import sign_in_pb2
from sqlalchemy.orm import Session

from services.authorization.commands import providers
from services.authorization.commands.signing_in import SignedIn
from services.authorization.domain.identity import Identity
from services.authorization.provider import Provider, Question
from services.authorization.settings import AuthorizationSettings
from services.authorization.wire import options_message, question_message, session_message
from shared import call
from shared.caller import Caller
from shared.rpc import ANYBODY, Servicer, command, query
from shared.storage import EVERYTHING, NOTHING

Asked = tuple[Question, str]


def _begun(
    self: "ProviderRpcs", request: sign_in_pb2.BeginProviderSignInRequest, caller: Caller
) -> Asked:
    question = Question(redirect_uri=request.redirect_uri)
    return question, self.provider.url(question)


def _identified(
    self: "ProviderRpcs", request: sign_in_pb2.FinishProviderSignInRequest, caller: Caller
) -> Identity:
    return providers.identify(self.database, self.provider, state=request.state, code=request.code)


class ProviderRpcs(Servicer):
    """Where else people can prove who they are."""

    @cached_property
    def provider(self) -> Provider:
        """The provider, with what is known of it; NoProvider if there is none."""
        return Provider(cast(AuthorizationSettings, self.settings))

    @query(answer=options_message, allow=ANYBODY, scope=NOTHING)
    def GetSignInOptions(
        self, request: sign_in_pb2.GetSignInOptionsRequest, tx: Session, caller: Caller
    ) -> AuthorizationSettings:
        return cast(AuthorizationSettings, self.settings)

    @command(answer=question_message, allow=ANYBODY, scope=EVERYTHING, ask=_begun)
    def BeginProviderSignIn(
        self,
        request: sign_in_pb2.BeginProviderSignInRequest,
        tx: Session,
        caller: Caller,
        asked: Asked,
    ) -> Asked:
        providers.begin_provider_sign_in(tx, question=asked[0])
        return asked

    @command(answer=session_message, allow=ANYBODY, scope=EVERYTHING, ask=_identified)
    def FinishProviderSignIn(
        self,
        request: sign_in_pb2.FinishProviderSignInRequest,
        tx: Session,
        caller: Caller,
        identity: Identity,
    ) -> SignedIn:
        return providers.finish_provider_sign_in(
            tx, identity=identity, device=call.current().device, network=call.current().network
        )
