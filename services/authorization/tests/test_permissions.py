"""What authorizations, associations and partner clients are, without any database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from services.authorization.domain import association, authorization, partner
from services.authorization.domain.authorization import State
from services.authorization.domain.enterprise import Kind
from services.authorization.domain.errors import (
    ActsForTheVendor,
    AssociationCannotBecome,
    AuthorizationCannotBecome,
    BadGrantRole,
    ExpiryInThePast,
    NoProducts,
    NotAManufacturer,
    OwnProduct,
    PartnerClientCannotBecome,
    ScopeTooLarge,
    WrongPartnerSecret,
)
from services.authorization.domain.events import (
    AuthorizationGranted,
    AuthorizationRevoked,
    PartnerEnrolled,
    PartnerRevoked,
    ProductAssociated,
    ProductDissociated,
)
from services.authorization.tests.builders import (
    PLUG,
    a_manager,
    a_partner,
    an_account,
    an_association,
    an_authorization,
    an_enterprise,
)
from shared.caller import Role
from shared.clock import now


def an_authorization_in(state: State) -> authorization.Authorization:
    granted = an_authorization(expires_at=now() + timedelta(hours=1))
    if state is State.REVOKED:
        granted.revoke()
    if state is State.EXPIRED:
        granted.expires_at = now() - timedelta(seconds=1)
    return granted


def test_an_authorization_names_who_what_and_which_products() -> None:
    account = an_account()
    lamp = "enterprises/acme/products/lamp"
    granted = an_authorization(account, products=(PLUG, lamp, PLUG))

    assert granted.state is State.ACTIVE
    [(_, told)] = granted.release_events()
    assert told == AuthorizationGranted(
        authorization=granted.name,
        account=account.name,
        role=Role.BUYER,
        products=(lamp, PLUG),
        purposes=(),
        quantity_cap=0,
        expire_time=None,
    )


@pytest.mark.parametrize("role", sorted(set(Role) - authorization.GRANTABLE, key=str))
def test_an_authorization_makes_a_buyer_or_an_rnd_person(role: Role) -> None:
    with pytest.raises(BadGrantRole):
        an_authorization(role=role)


def test_an_authorization_is_for_something_for_somebody_and_for_a_while() -> None:
    with pytest.raises(NoProducts):
        an_authorization(products=())
    with pytest.raises(ActsForTheVendor):
        an_authorization(a_manager())
    with pytest.raises(ExpiryInThePast):
        an_authorization(expires_at=now())


def test_an_authorization_expires_by_the_clock_alone() -> None:
    with time_machine.travel(now(), tick=False) as clock:
        granted = an_authorization(expires_at=now() + timedelta(minutes=1))
        clock.shift(59)
        states = [granted.state]
        clock.shift(1)
        assert [*states, granted.state] == [State.ACTIVE, State.EXPIRED]


@pytest.mark.parametrize("state", State)
def test_only_a_usable_authorization_is_taken_back(state: State) -> None:
    granted = an_authorization_in(state)
    granted.release_events()

    if State.REVOKED in authorization.BECOMES[state]:
        granted.revoke()
        assert granted.state is State.REVOKED
        assert granted.release_events()[0][1] == AuthorizationRevoked(
            authorization=granted.name, account=granted.account
        )
    else:
        with pytest.raises(AuthorizationCannotBecome, match=f"is {state.value} and cannot"):
            granted.revoke()
        assert granted.release_events() == []


def test_a_product_is_opened_to_a_manufacturer() -> None:
    opened = an_association()

    [(_, told)] = opened.release_events()
    assert told == ProductAssociated(
        association=opened.name,
        product=PLUG,
        manufacturer="enterprises/maker",
        owner="enterprises/acme",
        owner_legal_name="Acme Ltd",
    )


def test_a_product_is_not_opened_to_its_owner_or_to_no_manufacturer() -> None:
    owner, both = an_enterprise(), an_enterprise("acme", *Kind)
    associate = association.ProductAssociation.associate

    with pytest.raises(OwnProduct):
        associate(product=PLUG, owner=both, manufacturer=both)
    with pytest.raises(NotAManufacturer):
        associate(product=PLUG, owner=owner, manufacturer=an_enterprise("globex"))


def test_what_a_partner_proves_itself_with_is_the_secret_it_was_given() -> None:
    client = a_partner("open sesame")

    client.insist_secret("open sesame")
    for wrong in ("", "open", "OPEN SESAME"):
        with pytest.raises(WrongPartnerSecret):
            client.insist_secret(wrong)
    client.revoke()
    with pytest.raises(WrongPartnerSecret):
        client.insist_secret("open sesame")


def test_a_partner_is_told_when_it_comes_and_goes() -> None:
    client = a_partner()
    client.revoke()

    assert [event for _, event in client.release_events()] == [
        PartnerEnrolled(
            partner_client=client.name,
            display_name="Acme ERP",
            event_types=("ordering.order.*", "payment.payment.settled"),
            products=(PLUG,),
        ),
        PartnerRevoked(partner_client=client.name),
    ]


def test_a_former_secret_works_for_a_while() -> None:
    client = a_partner("first")
    with time_machine.travel(now(), tick=False) as clock:
        client.rotate(secret="second", overlap=timedelta(hours=1))
        client.insist_secret("first")
        client.insist_secret("second")
        clock.shift(timedelta(hours=1))
        client.insist_secret("second")
        with pytest.raises(WrongPartnerSecret):
            client.insist_secret("first")
        client.rotate(secret="third", overlap=timedelta(hours=1))
        with pytest.raises(WrongPartnerSecret):
            client.insist_secret("first")
        client.insist_secret("second")


@pytest.mark.parametrize(
    ("event_types", "products"),
    [
        ([f"ordering.order.x{'y' * n}" for n in range(51)], []),
        ([], [f"enterprises/acme/products/{'p' * n}" for n in range(51)]),
        ([], [f"enterprises/acme/products/{'p' * 400}{n}" for n in range(10)]),
    ],
)
def test_what_a_partner_may_follow_is_short(event_types: list[str], products: list[str]) -> None:
    with pytest.raises(ScopeTooLarge):
        partner.Following.of(event_types, products)


ENDINGS: list[tuple[Callable[[], Any], str, Any, Any]] = [
    (an_association, "dissociate", association, AssociationCannotBecome),
    (a_partner, "revoke", partner, PartnerClientCannotBecome),
]


@pytest.mark.parametrize(("make", "end", "module", "refusal"), ENDINGS)
def test_only_what_is_active_ends(
    make: Callable[[], Any], end: str, module: Any, refusal: Any
) -> None:
    for state in module.State:
        thing = make()
        thing.state = state
        if module.State.REVOKED in module.BECOMES[state]:
            getattr(thing, end)()
            assert thing.state is module.State.REVOKED
        else:
            with pytest.raises(refusal, match=f"is {state.value} and cannot become revoked"):
                getattr(thing, end)()


def test_the_end_of_an_association_is_told() -> None:
    opened = an_association()
    opened.dissociate()

    assert opened.release_events()[-1][1] == ProductDissociated(
        association=opened.name,
        product=PLUG,
        manufacturer="enterprises/maker",
        owner="enterprises/acme",
    )
