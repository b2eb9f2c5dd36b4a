"""Who may order what in a space, and which partner systems follow it."""

from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.events_pb2 import (
    AuthorizationChanged,
    AuthorizationExpired,
    AuthorizationGranted,
    AuthorizationRevoked,
    PartnerChanged,
    PartnerEnrolled,
    PartnerRevoked,
)
from sqlalchemy.orm import Session

from services.catalog.reactions.registry import id_of, reactions
from services.catalog.store import PRODUCT, around
from shared.events import Envelope
from shared.names import enterprise_of, parse
from shared.wire import time_from


@reactions.to(AuthorizationGranted)
def keep_grant(tx: Session, event: AuthorizationGranted, heard: Envelope) -> None:
    """Remember for which products an authorization is."""
    _keep(tx, event)


@reactions.to(AuthorizationChanged)
def change_grant(tx: Session, event: AuthorizationChanged, heard: Envelope) -> None:
    """Remember for which products an authorization is from now on."""
    _keep(tx, event)


def _keep(tx: Session, event: AuthorizationGranted | AuthorizationChanged) -> None:
    ends = event.HasField("expire_time")
    around.enter_grant(
        tx,
        enterprise=enterprise_of(event.authorization),
        authorization=id_of(event.authorization),
        pids=[parse(PRODUCT, product)[1] for product in event.products],
        account=event.account,
        role=Role.Name(event.role),
        ends_at=time_from(event.expire_time) if ends else None,
    )


@reactions.to(AuthorizationRevoked)
def drop_grant(tx: Session, event: AuthorizationRevoked, heard: Envelope) -> None:
    """Forget an authorization that was taken back."""
    around.forget_grant(tx, id_of(event.authorization))


@reactions.to(AuthorizationExpired)
def drop_expired_grant(tx: Session, event: AuthorizationExpired, heard: Envelope) -> None:
    """Forget an authorization whose time is over."""
    around.forget_grant(tx, id_of(event.authorization))


@reactions.to(PartnerEnrolled)
def keep_partner(tx: Session, event: PartnerEnrolled, heard: Envelope) -> None:
    """Remember a partner system that follows the enterprise."""
    _keep_partner(tx, event)


@reactions.to(PartnerChanged)
def change_partner(tx: Session, event: PartnerChanged, heard: Envelope) -> None:
    """Remember what it follows from now on."""
    _keep_partner(tx, event)


def _keep_partner(tx: Session, event: PartnerEnrolled | PartnerChanged) -> None:
    around.enter_partner(
        tx,
        enterprise=enterprise_of(event.partner_client),
        partner_client_id=id_of(event.partner_client),
        display_name=event.display_name,
        pids=[parse(PRODUCT, product)[1] for product in event.products],
    )


@reactions.to(PartnerRevoked)
def drop_partner(tx: Session, event: PartnerRevoked, heard: Envelope) -> None:
    """Forget a partner system that was shut out."""
    around.forget_partner(tx, id_of(event.partner_client))
