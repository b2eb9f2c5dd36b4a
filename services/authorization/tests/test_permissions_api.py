"""Who may act for whom, and on which products, over a real channel."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from millrun.authorization.v1 import account_pb2, grant_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization.store.tables import partner_clients
from services.authorization.tests.office import BRAND, MANUFACTURER, Office
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Malformed, NotFound, Outdated, Refusal, Unauthenticated
from shared.storage import EVERYTHING
from shared.wire import time_message

BUYER = "buyer@trade.example"


def revoke(office: Office, who: Any, name: str, **more: Any) -> grant_pb2.Authorization:
    request = pb.RevokeAuthorizationRequest(name=name, **more)
    return office.ask(who).RevokeAuthorization(request)


def dissociate(office: Office, name: str, **more: Any) -> grant_pb2.ProductAssociation:
    request = pb.DissociateProductRequest(name=name, **more)
    return office.ask(office.staff(Role.PROJECT_MANAGER)).DissociateProduct(request)


def enroll(office: Office, admin: pb.Session) -> grant_pb2.PartnerClient:
    request = pb.EnrollPartnerRequest(
        parent=admin.space.enterprise,
        partner_client=grant_pb2.PartnerClient(display_name="Acme ERP"),
    )
    return office.ask(admin).EnrollPartner(request)


def enter(office: Office, client: grant_pb2.PartnerClient, secret: str = "") -> pb.Session:
    request = pb.ExchangePartnerSecretRequest(name=client.name, secret=secret or client.secret)
    return office.ask().ExchangePartnerSecret(request)


def granted(office: Office, who: pb.Session, parent: str = "enterprises/acme") -> list[str]:
    request = pb.ListAuthorizationsRequest(parent=parent)
    return [each.name for each in office.ask(who).ListAuthorizations(request).authorizations]


def associated(office: Office, who: pb.Session, parent: str) -> list[str]:
    listed = office.ask(who).ListProductAssociations(
        pb.ListProductAssociationsRequest(parent=parent)
    )
    return [each.name for each in listed.product_associations]


def test_a_grantee_switches_to_the_granting_space(office: Office) -> None:
    admin, buyer, product = office.enterprise(), office.person(BUYER), office.product()
    grant = office.grant(admin, BUYER, product, request_id="1")

    assert office.grant(admin, BUYER, product, request_id="1") == grant
    assert (grant.account, list(grant.products)) == (buyer.account.name, [product])
    assert grant.state == grant_pb2.Authorization.ACTIVE
    there = office.exchange(buyer, space="enterprises/acme")
    assert office.caller(there).roles == {Role.BUYER}
    assert office.told()[-1] == "AuthorizationGranted"


def test_roles_of_a_member_and_of_their_authorizations_add_up(office: Office) -> None:
    admin, product = office.enterprise(), office.product()
    buyer = office.person(BUYER)
    office.join(admin, BUYER, account_pb2.ENTERPRISE_FINANCE)
    office.grant(admin, BUYER, product)
    office.grant(admin, BUYER, product, role=account_pb2.RND)

    there = office.exchange(buyer)
    assert len(there.spaces) == 1
    assert office.caller(there).roles == {Role.ENTERPRISE_FINANCE, Role.BUYER, Role.RND}


def test_a_revoked_authorization_gives_nothing_any_more(office: Office) -> None:
    admin, buyer, product = office.enterprise(), office.person(BUYER), office.product()
    grant = office.grant(admin, BUYER, product)
    there = office.exchange(buyer, space="enterprises/acme")
    with pytest.raises(Outdated):
        revoke(office, admin, grant.name, etag="7")
    revoked = revoke(office, admin, grant.name, etag=grant.etag, request_id="1")

    assert revoke(office, admin, grant.name, etag=grant.etag, request_id="1") == revoked
    assert revoked.state == grant_pb2.Authorization.REVOKED
    # The token still says buyer, for minutes; whoever asks about the product hears better at once.
    assert not office.check(there, product).verdicts[0].roles
    assert not office.exchange(there).spaces
    with pytest.raises(NotFound):
        office.exchange(there, space="enterprises/acme")
    with pytest.raises(Disallowed) as refused:
        revoke(office, admin, grant.name)
    assert refused.value.reason == "AUTHORIZATION_CANNOT_BECOME"
    assert office.told()[-1] == "AuthorizationRevoked"


def test_an_authorization_ends_when_it_was_said_to(office: Office) -> None:
    admin, buyer, product = office.enterprise(), office.person(BUYER), office.product()
    with time_machine.travel(now(), tick=False) as clock:
        office.grant(admin, BUYER, product, expire_time=time_message(now() + timedelta(minutes=1)))
        there = office.exchange(buyer, space="enterprises/acme")
        assert office.check(there, product).verdicts[0].roles
        clock.shift(60)
        assert not office.check(there, product).verdicts[0].roles
        assert not office.exchange(there).spaces
        listed = office.ask(admin).ListAuthorizations(
            pb.ListAuthorizationsRequest(parent="enterprises/acme")
        )
    assert listed.authorizations[0].state == grant_pb2.Authorization.EXPIRED


def test_only_own_and_associated_products_are_opened(office: Office) -> None:
    brand = office.enterprise("brand")
    maker = office.enterprise("maker", MANUFACTURER)
    office.register(BUYER)
    foreign, own = office.product("brand"), office.product("maker", "p2")

    with pytest.raises(NotFound) as refused:
        office.grant(maker, BUYER, own, foreign)
    association = office.associate(foreign, "maker")
    assert office.grant(maker, BUYER, own, foreign).products == [foreign, own]
    dissociate(office, association.name)
    with pytest.raises(NotFound):
        office.grant(maker, BUYER, foreign)
    assert office.grant(brand, BUYER, foreign).products == [foreign]
    assert refused.value.facts["product"] == foreign


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"products": ["enterprises/acme/products/missing"]}, "PRODUCT_NOT_FOUND"),
        ({"products": ["enterprises/globex/products/p1"]}, "PRODUCT_NOT_FOUND"),
        ({"products": ["p1"]}, "MALFORMED_NAME"),
        ({"products": []}, "FIELDS_MISSING"),
        ({"email": "nobody@trade.example"}, "NOBODY_REGISTERED"),
        ({"role": account_pb2.ADMINISTRATOR}, "BAD_GRANT_ROLE"),
        ({"expire_time": time_message(now() - timedelta(days=1))}, "EXPIRY_IN_THE_PAST"),
        ({"parent": "enterprises/globex"}, "ENTERPRISE_NOT_FOUND"),
    ],
)
def test_a_bad_authorization_leaves_nothing(
    office: Office, given: dict[str, Any], reason: str
) -> None:
    admin, product = office.enterprise(), office.product()
    office.enterprise("globex")
    office.product("globex")
    office.register(BUYER)
    products = given.pop("products", [product])

    with pytest.raises(Refusal) as refused:
        office.grant(admin, given.pop("email", BUYER), *products, **given)

    assert refused.value.reason == reason
    assert granted(office, admin) == []


def test_administrators_see_all_authorizations_and_others_their_own(office: Office) -> None:
    admin, product = office.enterprise(), office.product()
    buyer, other = office.person(BUYER), office.person("other@trade.example")
    first, second = (office.grant(admin, who.account.email, product).name for who in (buyer, other))
    globex = office.enterprise("globex")

    assert granted(office, admin) == [second, first]
    assert granted(office, office.exchange(buyer, space="enterprises/acme")) == [first]
    with pytest.raises(NotFound):
        granted(office, globex)
    with pytest.raises(NotFound) as refused:
        revoke(office, globex, first)
    assert str(refused.value) == f"There is no authorization {first}."


def test_a_product_is_opened_once_and_closed_once(office: Office) -> None:
    office.enterprise("brand")
    maker = office.enterprise("maker", MANUFACTURER)
    product = office.product("brand")
    opened = office.associate(product, "maker", request_id="1")
    assert office.associate(product, "maker", request_id="1") == opened
    with pytest.raises(Disallowed) as already:
        office.associate(product, "maker")
    with pytest.raises(Outdated):
        dissociate(office, opened.name, etag="7")
    closed = dissociate(office, opened.name, etag=opened.etag, request_id="2")
    assert dissociate(office, opened.name, etag=opened.etag, request_id="2") == closed
    with pytest.raises(Disallowed) as refused:
        dissociate(office, opened.name)
    again = office.associate(product, "maker")

    assert already.value.reason == "ALREADY_ASSOCIATED"
    assert refused.value.reason == "ASSOCIATION_CANNOT_BECOME"
    assert (opened.owner_legal_name, closed.state) == (
        "Brand Ltd",
        grant_pb2.ProductAssociation.REVOKED,
    )
    everybody = associated(office, office.staff(Role.PROJECT_MANAGER), "enterprises/-")
    assert associated(office, maker, "enterprises/maker") == everybody == [again.name, opened.name]
    assert office.told()[-3:] == ["ProductAssociated", "ProductDissociated", "ProductAssociated"]


def test_only_a_known_product_is_opened_to_another_manufacturer(office: Office) -> None:
    office.enterprise("brand", BRAND, MANUFACTURER)
    office.enterprise("globex", BRAND)
    product = office.product("brand")
    for name, manufacturer, reason in [
        (product, "brand", "OWN_PRODUCT"),
        (product, "globex", "NOT_A_MANUFACTURER"),
        (product, "missing", "ENTERPRISE_NOT_FOUND"),
        ("enterprises/brand/products/missing", "globex", "UNKNOWN_PRODUCT"),
        ("p1", "globex", "MALFORMED_NAME"),
    ]:
        with pytest.raises(Refusal) as refused:
            office.associate(name, manufacturer)
        assert refused.value.reason == reason


def test_customers_see_no_associations_of_others(office: Office) -> None:
    brand = office.enterprise("brand")
    office.enterprise("maker", MANUFACTURER)
    association = office.associate(office.product("brand"), "maker")

    assert associated(office, brand, "enterprises/brand") == [association.name], "of its products"
    assert associated(office, office.enterprise("globex"), "enterprises/globex") == []
    for parent in ("enterprises/maker", "enterprises/-"):
        with pytest.raises(NotFound):
            associated(office, brand, parent)


def test_a_partner_system_gets_tokens_for_its_enterprise(office: Office) -> None:
    admin = office.enterprise()
    client = enroll(office, admin)
    session = enter(office, client)

    caller = office.caller(session)
    assert (caller.account, caller.display_name) == (client.name, "Acme ERP")
    assert caller.enterprise == "acme"
    assert caller.roles == {Role.PARTNER}
    assert session.account == account_pb2.Account(name=client.name, display_name="Acme ERP")
    assert not session.session_secret
    listed = office.ask(admin).ListPartnerClients(
        pb.ListPartnerClientsRequest(parent="enterprises/acme")
    )
    client.secret = ""
    assert list(listed.partner_clients) == [client]
    with pytest.raises(Refusal) as refused:
        office.ask(session).GetAccount(pb.GetAccountRequest(name="accounts/me"))
    assert refused.value.reason == "NOT_A_PERSON"


def test_whatever_is_wrong_a_partner_system_hears_the_same(office: Office) -> None:
    admin, other = office.enterprise("acme"), office.enterprise("globex")
    client, theirs, revoked = (enroll(office, who) for who in (admin, other, admin))
    request = pb.RevokePartnerRequest(name=revoked.name, etag=revoked.etag, request_id="1")
    answer = office.ask(admin).RevokePartner(request)
    assert office.ask(admin).RevokePartner(request) == answer
    missing = grant_pb2.PartnerClient(
        name="enterprises/acme/partnerClients/0190a0a0-0000-7000-8000-000000000001", secret="s"
    )
    nowhere = grant_pb2.PartnerClient(name="enterprises/x/partnerClients/1", secret="s")
    for each, secret in [
        (client, theirs.secret),
        (revoked, revoked.secret),
        (missing, "s"),
        (nowhere, "s"),
    ]:
        with pytest.raises(Unauthenticated) as refused:
            enter(office, each, secret)
        assert refused.value.reason == "WRONG_PARTNER_SECRET"
        assert refused.value.facts == {}


def test_a_partner_system_is_revoked_once_and_only_by_its_own(office: Office) -> None:
    admin, other = office.enterprise("acme"), office.enterprise("globex")
    client = enroll(office, admin)
    with pytest.raises(NotFound):
        office.ask(other).RevokePartner(pb.RevokePartnerRequest(name=client.name))
    with pytest.raises(NotFound):
        office.ask(other).ListPartnerClients(
            pb.ListPartnerClientsRequest(parent="enterprises/acme")
        )
    with pytest.raises(Outdated):
        office.ask(admin).RevokePartner(pb.RevokePartnerRequest(name=client.name, etag="7"))
    office.ask(admin).RevokePartner(pb.RevokePartnerRequest(name=client.name))
    with pytest.raises(Disallowed) as refused:
        office.ask(admin).RevokePartner(pb.RevokePartnerRequest(name=client.name))
    assert refused.value.reason == "PARTNER_CLIENT_CANNOT_BECOME"
    assert office.told()[-2:] == ["PartnerEnrolled", "PartnerRevoked"]


def test_a_partner_system_has_a_name(office: Office) -> None:
    admin = office.enterprise()
    request = pb.EnrollPartnerRequest(parent="enterprises/acme")
    with pytest.raises(Malformed):
        office.ask(admin).EnrollPartner(request)
    elsewhere = pb.EnrollPartnerRequest(
        parent="enterprises/globex",
        partner_client=grant_pb2.PartnerClient(display_name="ERP"),
    )
    with pytest.raises(NotFound):
        office.ask(admin).EnrollPartner(elsewhere)


def test_a_partner_system_is_limited_to_what_its_token_says(office: Office) -> None:
    admin, product = office.enterprise(), office.product()
    client = office.ask(admin).EnrollPartner(
        pb.EnrollPartnerRequest(
            parent="enterprises/acme",
            partner_client=grant_pb2.PartnerClient(
                display_name="ERP", event_types=["ordering.order.*"], products=[product]
            ),
        )
    )
    caller = office.caller(enter(office, client))
    assert caller.event_types == {"ordering.order.*"}
    assert caller.products == {product}

    wider = grant_pb2.PartnerClient(name=client.name, etag=client.etag, display_name="ERP 2")
    request = pb.UpdatePartnerRequest(partner_client=wider)
    request.update_mask.paths.extend(["products", "display_name"])
    changed = office.ask(admin).UpdatePartner(request)
    assert (changed.display_name, list(changed.products)) == ("ERP 2", [])
    assert list(changed.event_types) == ["ordering.order.*"], "what is not named stays"
    caller = office.caller(enter(office, client))
    assert caller.event_types == {"ordering.order.*"}
    assert not caller.products
    assert office.told()[-1] == "PartnerChanged"


@pytest.mark.parametrize(
    ("event_type", "meant"),
    [
        ("ordering.order.submited", "ordering.order.submitted"),
        ("ordering.order.submitted ", "ordering.order.submitted"),
        ("ORDERING.ORDER.*", "ordering.order.*"),
        ("payment.*", "payment.payment.*"),
        ("*", "payment.refund.*"),
        ("catalog.product.created", "fulfillment.production.started"),
    ],
)
def test_a_type_nobody_would_ever_be_told_of_is_refused_by_the_nearest_there_are(
    office: Office, event_type: str, meant: str
) -> None:
    admin = office.enterprise()
    wanted = grant_pb2.PartnerClient(display_name="ERP", event_types=[event_type])
    with pytest.raises(Malformed, match=r"is not a type of event") as refused:
        office.ask(admin).EnrollPartner(
            pb.EnrollPartnerRequest(parent="enterprises/acme", partner_client=wanted)
        )
    assert meant in refused.value.remedy

    client = enroll(office, admin)
    request = pb.UpdatePartnerRequest(partner_client=wanted)
    request.partner_client.name = client.name
    request.update_mask.paths.append("event_types")
    with pytest.raises(Malformed):
        office.ask(admin).UpdatePartner(request)


def test_what_a_partner_system_follows_stays_when_there_is_no_such_event_any_more(
    office: Office,
) -> None:
    admin = office.enterprise()
    client, retired = enroll(office, admin), "ordering.order.retired"
    with office.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.update(partner_clients).values(event_types=[retired]))

    assert office.caller(enter(office, client)).event_types == {retired}
    request = pb.UpdatePartnerRequest(partner_client=grant_pb2.PartnerClient(name=client.name))
    request.partner_client.event_types.extend([retired, "payment.payment.*"])
    request.update_mask.paths.append("event_types")
    changed = office.ask(admin).UpdatePartner(request)
    assert list(changed.event_types) == [retired, "payment.payment.*"]


def test_a_partner_system_is_limited_to_products_of_the_enterprise(office: Office) -> None:
    admin = office.enterprise()
    theirs = grant_pb2.PartnerClient(
        display_name="ERP", products=["enterprises/globex/products/p1"]
    )
    with pytest.raises(NotFound) as refused:
        office.ask(admin).EnrollPartner(
            pb.EnrollPartnerRequest(parent="enterprises/acme", partner_client=theirs)
        )
    assert refused.value.reason == "PRODUCT_NOT_FOUND"
    client = enroll(office, admin)
    request = pb.UpdatePartnerRequest(partner_client=client)
    with pytest.raises(Malformed) as malformed:
        office.ask(admin).UpdatePartner(request)
    assert malformed.value.reason == "NOTHING_TO_CHANGE"


def test_a_partner_system_gets_another_secret_and_time_to_learn_it(office: Office) -> None:
    admin = office.enterprise()
    client = enroll(office, admin)
    request = pb.RotatePartnerSecretRequest(name=client.name, etag=client.etag)
    rotated = office.ask(admin).RotatePartnerSecret(request)

    assert rotated.secret not in {"", client.secret}
    assert rotated.HasField("former_secret_expire_time")
    for secret in (client.secret, rotated.secret):
        assert enter(office, client, secret).access_token
    with time_machine.travel(now() + timedelta(hours=2)):
        assert enter(office, client, rotated.secret).access_token
        with pytest.raises(Unauthenticated):
            enter(office, client, client.secret)
    office.ask(admin).RevokePartner(pb.RevokePartnerRequest(name=client.name))
    with pytest.raises(Disallowed) as refused:
        office.ask(admin).RotatePartnerSecret(pb.RotatePartnerSecretRequest(name=client.name))
    assert refused.value.reason == "PARTNER_CLIENT_OVER"
