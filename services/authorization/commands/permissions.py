"""Permissions: for accounts, for manufacturers."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from services.authorization.commands.enterprises import registered
from services.authorization.commands.revoking import revoke_tokens
from services.authorization.domain.association import ProductAssociation
from services.authorization.domain.authorization import Authorization, Limits
from services.authorization.domain.errors import (
    AlreadyAssociated,
    AlreadyProposed,
    NothingToChange,
    OwnProduct,
    ProductNotFound,
    UnknownProduct,
)
from services.authorization.domain.rules import expect, product_id
from services.authorization.store import (
    Associations,
    Authorizations,
    Enterprises,
    Products,
    seeing,
)
from shared.caller import Caller, Role
from shared.names import enterprise_of, parse
from shared.storage import EVERYTHING

PRODUCT = "enterprises/*/products/*"
ANY = "-"
"""Stands for an owner whose id the caller does not know."""

FIELDS = {
    "products": "products",
    "purposes": "purposes",
    "quantity_cap": "cap",
    "expire_time": "expires_at",
}
"""What of an authorization can be changed, and what it is called among its limits."""


def create_authorization(
    tx: Session,
    *,
    parent: str,
    email: str,
    role: Role,
    limits: Limits,
) -> Authorization:
    """Authorize who registered with an address for products the enterprise may order (R48-R50).

    Refuses with NobodyRegistered, ProductNotFound, and what no authorization can be.
    """
    enterprise = Enterprises(tx).get(parent)
    authorization = Authorization.grant(
        enterprise.enterprise, registered(tx, email), role=role, limits=limits
    )
    insist_orderable(tx, enterprise.enterprise, limits.products)
    Authorizations(tx).add(authorization)
    return authorization


def update_authorization(
    tx: Session, *, name: str, limits: Limits, fields: Collection[str], etag: str
) -> Authorization:
    """Set the limits `fields` name to those of `limits`; the others stay.

    Refuses with NothingToChange, AuthorizationOver, CapBelowUse, ProductNotFound for a product
    that is added, and what no authorization can be.
    """
    if not fields or not set(fields) <= set(FIELDS):
        raise NothingToChange
    authorization = Authorizations(tx).locked(name)
    expect(authorization, etag)
    before = authorization.limits
    wanted = {FIELDS[field]: getattr(limits, FIELDS[field]) for field in fields}
    authorization.change(replace(before, **wanted))
    added = set(authorization.products) - set(before.products)
    insist_orderable(tx, authorization.enterprise, added)
    return authorization


def revoke_authorization(tx: Session, *, name: str, etag: str) -> Authorization:
    """Take an authorization back; open orders stay (A23). AuthorizationCannotBecome."""
    authorization = Authorizations(tx).get(name)
    expect(authorization, etag)
    authorization.revoke()
    revoke_tokens(tx, subject=authorization.account, enterprise=authorization.enterprise)
    return authorization


def associate_product(
    tx: Session, *, parent: str, product: str, caller: Caller
) -> ProductAssociation:
    """Open a brand owner's product to a manufacturer (R76-R78), proposed by it or not.

    Refuses with UnknownProduct, OwnProduct, NotAManufacturer or AlreadyAssociated.
    """
    manufacturer = Enterprises(tx).get(parent)
    parse(PRODUCT, product)
    if not Products(tx).known([product]):
        raise UnknownProduct(product=product)
    owner = Enterprises(tx).get(f"enterprises/{enterprise_of(product)}")
    _insist_not_open(tx, manufacturer.enterprise, product)
    if proposed := Associations(tx).proposed(manufacturer.enterprise, product=product):
        proposed.accept(by=caller)
        return proposed
    association = ProductAssociation.associate(
        product=product, owner=owner, manufacturer=manufacturer
    )
    Associations(tx).add(association)
    return association


def propose_association(tx: Session, *, parent: str, product: str) -> ProductAssociation:
    """Ask the owner of a product to open it; the same answer whether there is such a product (A22).

    Refuses with NotAProductId, OwnProduct, NotAManufacturer, AlreadyProposed or AlreadyAssociated:
    all of it is known to the manufacturer anyway. A PID is one however it was typed: what no
    product can be called would be waited for in silence.
    """
    manufacturer = Enterprises(tx).get(parent)
    asked_owner, typed = parse(PRODUCT, product)
    pid = product_id(typed)
    product = f"enterprises/{asked_owner}/products/{pid}"
    if asked_owner == manufacturer.enterprise:
        raise OwnProduct(product=product, manufacturer=manufacturer.name)
    # Whose product it is, is no business of a manufacturer's transaction.
    with seeing(tx, EVERYTHING):
        meant = Products(tx).called(pid, "" if asked_owner == ANY else asked_owner)
        owner = Enterprises(tx).get(f"enterprises/{enterprise_of(meant)}") if meant else None
    association = ProductAssociation.propose(
        asked=product, product=meant, owner=owner, manufacturer=manufacturer
    )
    if Associations(tx).proposed(manufacturer.enterprise, asked=product):
        raise AlreadyProposed(product=product)
    _insist_not_open(tx, manufacturer.enterprise, meant)
    Associations(tx).add(association)
    return association


def accept_association(tx: Session, *, name: str, etag: str, caller: Caller) -> ProductAssociation:
    """The owner of the product consents (A22).

    Refuses with NotYoursToDecide, AssociationCannotBecome or AlreadyAssociated.
    """
    association = Associations(tx).get(name)
    expect(association, etag)
    association.insist_owner(caller)
    _insist_not_open(tx, association.enterprise, association.product)
    association.accept(by=caller)
    return association


def decline_association(tx: Session, *, name: str, etag: str, caller: Caller) -> ProductAssociation:
    """The owner of the product does not consent; NotYoursToDecide, AssociationCannotBecome."""
    association = Associations(tx).get(name)
    expect(association, etag)
    association.decline(by=caller)
    return association


def dissociate_product(tx: Session, *, name: str, etag: str) -> ProductAssociation:
    """End an association, or withdraw a proposal; open orders stay. AssociationCannotBecome."""
    association = Associations(tx).get(name)
    expect(association, etag)
    association.dissociate()
    return association


def insist_orderable(tx: Session, enterprise: str, products: Collection[str]) -> None:
    """Refuse with ProductNotFound the first that is neither own nor associated now."""
    for product in products:
        parse(PRODUCT, product)
    own = {each for each in products if enterprise_of(each) == enterprise}
    open_ = Products(tx).known(own) | Associations(tx).active(enterprise, products)
    for product in sorted(set(products) - open_):
        raise ProductNotFound(product=product, enterprise=f"enterprises/{enterprise}")


def _insist_not_open(tx: Session, manufacturer: str, product: str) -> None:
    if Associations(tx).active(manufacturer, [product]):
        raise AlreadyAssociated(product=product, manufacturer=f"enterprises/{manufacturer}")
