"""Partner systems: let in, changed, given another secret, revoked."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from services.authorization.commands.permissions import insist_orderable
from services.authorization.commands.revoking import revoke_tokens
from services.authorization.domain.errors import (
    BadEventType,
    NothingToChange,
)
from services.authorization.domain.partner import Following, PartnerClient
from services.authorization.domain.rules import expect
from services.authorization.domain.session import new_secret
from services.authorization.settings import ours
from services.authorization.store import Enterprises, PartnerClients
from shared.kinds import FOLLOWABLE, nearest


def enroll_partner(
    tx: Session, *, parent: str, display_name: str, following: Following
) -> tuple[PartnerClient, str]:
    """Let a partner system in; return it with its secret, which nobody can be told again.

    Refuses with BadEventType, and with ProductNotFound for a product that is neither own nor
    associated.
    """
    _insist_followable(following.event_types)
    enterprise, secret = Enterprises(tx).get(parent), new_secret()
    client = PartnerClient.enroll(
        enterprise.enterprise, display_name=display_name, secret=secret, following=following
    )
    insist_orderable(tx, enterprise.enterprise, following.products)
    PartnerClients(tx).add(client)
    return client, secret


def update_partner(
    tx: Session,
    *,
    name: str,
    display_name: str,
    following: Following,
    fields: Collection[str],
    etag: str,
) -> PartnerClient:
    """Set what `fields` name; a type of event it follows already may stay, known today or not.

    PartnerClientOver, NothingToChange, ProductNotFound, BadEventType, BadText.
    """
    if not fields or not set(fields) <= {"display_name", "event_types", "products"}:
        raise NothingToChange
    client = PartnerClients(tx).get(name)
    expect(client, etag)
    wanted = {each: getattr(following, each) for each in fields if each != "display_name"}
    called = display_name if "display_name" in fields else client.display_name
    added = set(wanted.get("products", ())) - set(client.products)
    _insist_followable(set(wanted.get("event_types", ())) - set(client.event_types))
    client.change(display_name=called, following=replace(client.following, **wanted))
    insist_orderable(tx, client.enterprise, added)
    revoke_tokens(tx, subject=client.name)
    return client


def rotate_partner_secret(tx: Session, *, name: str, etag: str) -> tuple[PartnerClient, str]:
    """Give a partner system another secret; return it with that. PartnerClientOver."""
    client, secret = PartnerClients(tx).get(name), new_secret()
    expect(client, etag)
    client.rotate(secret=secret, overlap=ours(tx).partner_secret_overlap)
    return client, secret


def revoke_partner(tx: Session, *, name: str, etag: str) -> PartnerClient:
    """Take a partner system's access back, within a second; PartnerClientCannotBecome."""
    client = PartnerClients(tx).get(name)
    expect(client, etag)
    client.revoke()
    revoke_tokens(tx, subject=client.name)
    return client


def _insist_followable(event_types: Collection[str]) -> None:
    """Refuse with BadEventType the first that would be waited for in vain."""
    for each in sorted(set(event_types) - FOLLOWABLE):
        raise BadEventType(event_type=each[:80], nearest=", ".join(nearest(each[:80])))
