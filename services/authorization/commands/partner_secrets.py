"""How a partner system comes in: its secret for an access token, and for wrong ones a wait."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.authorization.commands.signing_in import (
    MOST_FAILURES,
    WINDOW,
    SignedIn,
    admit,
    failed,
    insist_few_from,
    seen_from,
)
from services.authorization.domain.errors import (
    PartnerClientNotFound,
    TooManyWrongSecrets,
    WrongPartnerSecret,
)
from services.authorization.domain.partner import PartnerClient
from services.authorization.domain.space import Space
from services.authorization.store import Enterprises, Failures, PartnerClients, Revocations
from shared.caller import Role
from shared.names import parse
from shared.storage import EVERYTHING, Database, Scope, see


def prove_partner(database: Database, *, name: str, secret: str, network: str) -> None:
    """Refuse with WrongPartnerSecret, TooManyWrongSecrets or TooManyFromHere who has to wait.

    Failures are counted as those of people are, but for each network apart: nobody guesses such a
    secret, so that who knows only the name keeps no other out. In transactions of their own, as a
    failure must be remembered though it is refused.
    """
    name = _as_enrolled(name)
    key = f"{name} from {seen_from(network)}"
    with database.transaction(EVERYTHING, read_only=True) as tx:
        _insist_few_failures(tx, key, network)
    try:
        with database.transaction(_scope(name), read_only=True) as tx:
            _client(tx, name).insist_secret(secret)
    except WrongPartnerSecret:
        with database.transaction(EVERYTHING) as tx:
            failed(tx, key, network)
        raise
    with database.transaction(EVERYTHING) as tx:
        _insist_few_failures(tx, key, network)  # others may have failed in the meantime
        Failures(tx, WINDOW).forgive(key)


def exchange_partner_secret(tx: Session, *, name: str, secret: str) -> SignedIn:
    """Give a partner system an access token; WrongPartnerSecret, whatever of it is wrong.

    Nobody is signed in, but the name says whose client it is; more need not be seen.
    """
    name = _as_enrolled(name)
    see(tx, _scope(name))
    Revocations(tx).hold(name)
    client = _client(tx, name)
    client.insist_secret(secret)
    enterprise = Enterprises(tx).get(f"enterprises/{client.enterprise}")
    space = Space(
        enterprise=enterprise.enterprise,
        display_name=enterprise.legal_name,
        roles=frozenset({Role.PARTNER}),
        certified=enterprise.is_certified,
        event_types=frozenset(client.event_types),
        products=frozenset(client.products),
    )
    return admit(tx, client, [space], space)


def _insist_few_failures(tx: Session, key: str, network: str) -> None:
    if (failures := Failures(tx, WINDOW).of(key)) >= MOST_FAILURES:
        raise TooManyWrongSecrets(failures=failures, minutes=WINDOW.seconds // 60)
    insist_few_from(tx, network)


def _client(tx: Session, name: str) -> PartnerClient:
    try:
        return PartnerClients(tx).get(name)
    except PartnerClientNotFound:
        raise WrongPartnerSecret from None


def _as_enrolled(name: str) -> str:
    """Return a client's name in the one spelling it is counted and revoked by; MalformedName."""
    enterprise, id_ = parse(PartnerClient.PATTERN, name)
    try:
        return f"enterprises/{enterprise}/partnerClients/{UUID(id_)}"
    except ValueError:
        return name  # nothing is called so


def _scope(name: str) -> Scope:
    (enterprise, _) = parse(PartnerClient.PATTERN, name)
    return Scope(enterprise=enterprise)
