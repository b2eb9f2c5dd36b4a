"""Signing in at an OpenID Connect provider.

An identity is linked to an account once, by an address the provider verified, and found by what
never changes from then on.
"""

from typing import cast

from sqlalchemy.orm import Session

from services.authorization.commands.revoking import revoke_tokens
from services.authorization.commands.second_step import end_two_step
from services.authorization.commands.signing_in import SignedIn, open_session
from services.authorization.domain.account import Account
from services.authorization.domain.errors import (
    ProviderKnowsAnother,
    ProviderSignInOver,
)
from services.authorization.domain.identity import Identity, roles_of
from services.authorization.provider import Provider, Question
from services.authorization.settings import AuthorizationSettings
from services.authorization.store import Accounts, Credentials, Identities, Questions, Sessions
from shared.storage import EVERYTHING, Database, settings_of


def begin_provider_sign_in(tx: Session, *, question: Question) -> None:
    """Remember what is asked until the browser comes back."""
    Questions(tx).add(
        state=question.state,
        nonce=question.nonce,
        verifier=question.verifier,
        redirect_uri=question.redirect_uri,
    )


def identify(database: Database, provider: Provider, *, state: str, code: str) -> Identity:
    """Return who came back from the provider; ProviderSignInOver, or as the provider is refused.

    The question is taken in a transaction of its own: it is answered once, even if the answer is
    refused, and nothing is locked while the provider is asked.
    """
    with database.transaction(EVERYTHING) as tx:
        asked = Questions(tx).take(state)
    if asked is None:
        raise ProviderSignInOver
    question = Question(
        state=state,
        nonce=asked.nonce,
        verifier=asked.verifier,
        redirect_uri=asked.redirect_uri,
    )
    return provider.identity(question, code)


def finish_provider_sign_in(
    tx: Session, *, identity: Identity, device: str, network: str
) -> SignedIn:
    """Open a session for who the provider says it is, in an account made for them if need be.

    The provider asks for a second step if one is needed. Refuses with ProviderKnowsAnother.
    """
    account = _account_of(tx, identity)
    _follow_groups(tx, account, identity)
    tx.flush()
    return open_session(tx, account_id=account.id, space="", device=device, network=network)


def _account_of(tx: Session, identity: Identity) -> Account:
    if linked := Identities(tx).account_of(identity):
        return Accounts(tx).by_id(linked)
    account = Accounts(tx).with_email(identity.email)
    if account is None:
        account = Account.register(
            email=identity.email,
            display_name=identity.display_name,
            provider=_settings(tx).provider_name,
        )
        Accounts(tx).add(account)
    elif Identities(tx).has(account.id, identity.issuer):
        raise ProviderKnowsAnother(email=identity.email)
    elif account.verified_at is None:
        _take_over(tx, account)
    else:
        account.link(_settings(tx).provider_name)
    Identities(tx).link(identity, account.id)
    return account


def _take_over(tx: Session, account: Account) -> None:
    """Shut out whoever registered with this address and never proved that it is theirs."""
    end_two_step(tx, account)
    Credentials(tx).forget(account.id)
    Sessions(tx).end_all(account.id)
    account.vouched_for(_settings(tx).provider_name)


def _follow_groups(tx: Session, account: Account, identity: Identity) -> None:
    """Give an account of the provider's the vendor's roles its groups stand for, and no others."""
    mapping = _settings(tx).provider_roles
    if not mapping or not account.provider:
        return
    roles = roles_of(identity.groups, mapping)
    if account.staff_roles - roles:
        revoke_tokens(tx, subject=account.name)
    account.enter(display_name=account.display_name, phone=account.phone, staff_roles=roles)


def _settings(tx: Session) -> AuthorizationSettings:
    return cast(AuthorizationSettings, settings_of(tx))
