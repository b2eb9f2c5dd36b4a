"""Scenario 2 by self-service: a manufacturer proposes, the brand owner decides (A22)."""

from typing import Any

import pytest
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.grant_pb2 import ProductAssociation

from services.authorization.tests.office import MANUFACTURER, Office
from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal

PROPOSED, ACTIVE, REVOKED = (
    ProductAssociation.PROPOSED,
    ProductAssociation.ACTIVE,
    ProductAssociation.REVOKED,
)


class Two:
    """A brand owner with a product and a manufacturer without."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.brand = office.enterprise("brand")
        self.maker = office.enterprise("maker", MANUFACTURER)
        self.product = office.product("brand", "lamp0001")

    def propose(self, product: str = "enterprises/-/products/lamp0001", **more: Any) -> Any:
        request = pb.ProposeAssociationRequest(
            parent="enterprises/maker",
            product_association=ProductAssociation(product=product),
            **more,
        )
        return self.office.ask(self.maker).ProposeAssociation(request)

    def accept(self, association: ProductAssociation, who: Any = None, **more: Any) -> Any:
        request = pb.AcceptAssociationRequest(name=association.name, **more)
        return self.office.ask(who or self.brand).AcceptAssociation(request)

    def decline(self, association: ProductAssociation, who: Any = None) -> Any:
        request = pb.DeclineAssociationRequest(name=association.name)
        return self.office.ask(who or self.brand).DeclineAssociation(request)

    def end(self, association: ProductAssociation, who: Any) -> Any:
        request = pb.DissociateProductRequest(name=association.name)
        return self.office.ask(who).DissociateProduct(request)

    def listed(self, who: Any, parent: str = "") -> list[Any]:
        request = pb.ListProductAssociationsRequest(parent=parent or who.space.enterprise)
        return list(self.office.ask(who).ListProductAssociations(request).product_associations)

    def visible(self) -> bool:
        return bool(self.office.check(self.maker, self.product).verdicts[0].visible)


@pytest.fixture
def two(office: Office) -> Two:
    return Two(office)


def refused(family: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(family) as refused:
        act(*given, **more)
    assert refused.value.remedy, "it says who can fix it"
    return refused.value.reason


def test_a_proposal_that_is_accepted_opens_the_product(two: Two) -> None:
    proposal = two.propose()
    assert (proposal.state, two.visible()) == (PROPOSED, False)
    accepted = two.accept(proposal, etag=proposal.etag)

    assert (accepted.state, two.visible()) == (ACTIVE, True)
    assert accepted.product == two.product
    assert two.office.told()[-2:] == ["AssociationProposed", "ProductAssociated"]


def test_a_proposal_for_a_product_nobody_has_looks_like_any_other(two: Two) -> None:
    real, none = two.propose(), two.propose("enterprises/-/products/lamp0002")
    named, unknown = two.propose(two.product), two.propose("enterprises/nobody/products/lamp0001")
    proposals = (real, none, named, unknown)

    for proposal in (*proposals, *two.listed(two.maker)):
        assert (proposal.owner, proposal.owner_legal_name) == ("", "")
        assert proposal.state == PROPOSED
        assert proposal.etag == real.etag
    assert [each.product for each in proposals] == [
        "enterprises/-/products/lamp0001",
        "enterprises/-/products/lamp0002",
        two.product,
        "enterprises/nobody/products/lamp0001",
    ]


def test_both_sides_see_it_and_nobody_else_does(two: Two) -> None:
    two.propose("enterprises/-/products/lamp0002")
    proposal = two.propose()
    globex = two.office.enterprise("globex")

    [seen] = two.listed(two.brand)
    assert (seen.name, seen.product) == (proposal.name, two.product)
    assert seen.manufacturer_legal_name == "Maker Ltd"
    assert len(two.listed(two.maker)) == 2
    assert two.listed(globex) == []
    manager = two.office.staff(Role.PROJECT_MANAGER)
    assert len(two.listed(manager, "enterprises/-")) == 2
    assert refused(NotFound, two.listed, globex, "enterprises/maker") == "ENTERPRISE_NOT_FOUND"
    assert refused(NotFound, two.listed, globex, "enterprises/-") == "ENTERPRISE_NOT_FOUND"


def test_once_it_is_open_the_manufacturer_knows_whose_it_is(two: Two) -> None:
    two.accept(two.propose())
    [seen] = two.listed(two.maker)

    assert (seen.owner, seen.owner_legal_name) == ("enterprises/brand", "Brand Ltd")
    assert seen.HasField("open_time")


def test_only_the_owner_decides(two: Two) -> None:
    proposal, globex = two.propose(), two.office.enterprise("globex")

    for act in (two.accept, two.decline):
        assert refused(Forbidden, act, proposal, two.maker) == "NOT_YOURS_TO_DECIDE"
        assert refused(NotFound, act, proposal, globex) == "ASSOCIATION_NOT_FOUND"
    assert refused(Outdated, two.accept, proposal, etag="7") == "CHANGED_SINCE_READ"


def test_a_proposal_that_is_declined_can_be_made_again(two: Two) -> None:
    proposal = two.propose()
    assert refused(Disallowed, two.propose) == "ALREADY_PROPOSED"

    assert two.decline(proposal).state == REVOKED
    assert two.office.told()[-1] == "AssociationDeclined"
    assert two.listed(two.maker)[0].owner == ""
    assert refused(Disallowed, two.accept, proposal) == "ASSOCIATION_CANNOT_BECOME"
    assert two.propose().state == PROPOSED


def test_who_proposed_can_withdraw_it(two: Two) -> None:
    assert two.end(two.propose(), two.maker).state == REVOKED
    assert two.office.told()[-1] == "AssociationWithdrawn"
    assert two.end(two.propose("enterprises/-/products/lamp0002"), two.maker).state == REVOKED


@pytest.mark.parametrize("side", ["brand", "maker", "manager"])
def test_each_side_and_the_vendor_can_end_it(two: Two, side: str) -> None:
    association = two.accept(two.propose())
    who = getattr(two, side, None) or two.office.staff(Role.PROJECT_MANAGER)

    assert two.end(association, who).state == REVOKED
    assert (two.visible(), two.office.told()[-1]) == (False, "ProductDissociated")
    assert refused(Disallowed, two.end, association, who) == "ASSOCIATION_CANNOT_BECOME"


def test_a_project_manager_who_associates_accepts_what_was_proposed(two: Two) -> None:
    proposal = two.propose()
    association = two.office.associate(two.product, "maker")

    assert (association.name, association.state) == (proposal.name, ACTIVE)
    assert refused(Disallowed, two.propose) == "ALREADY_ASSOCIATED"


def test_of_two_proposals_for_one_product_only_one_is_accepted(two: Two) -> None:
    first, second = two.propose(), two.propose(two.product)
    two.accept(second)

    assert refused(Disallowed, two.accept, first) == "ALREADY_ASSOCIATED"
    assert two.decline(first).state == REVOKED


@pytest.mark.parametrize("typed", ["LAMP0001", " lamp0001 ", "ｌａｍｐ０００１"])
def test_a_product_is_proposed_however_its_pid_is_typed(two: Two, typed: str) -> None:
    proposal = two.propose(f"enterprises/-/products/{typed}")
    assert proposal.product == "enterprises/-/products/lamp0001"
    assert [each.name for each in two.listed(two.brand)] == [proposal.name]
    assert refused(Disallowed, two.propose) == "ALREADY_PROPOSED"


@pytest.mark.parametrize("typed", ["lamp 0001", "lamp-0001", "lamp001", "l" * 33, "-"])
def test_what_no_product_can_be_called_is_not_waited_for(two: Two, typed: str) -> None:
    assert refused(Malformed, two.propose, f"enterprises/-/products/{typed}") == "NOT_A_PRODUCT_ID"
    assert two.listed(two.maker) == []


def test_what_is_ones_own_is_not_proposed(two: Two) -> None:
    two.office.product("maker", "own00001")
    for product in ("enterprises/-/products/own00001", "enterprises/maker/products/other001"):
        assert refused(Disallowed, two.propose, product) == "OWN_PRODUCT"


def test_only_manufacturers_propose(two: Two) -> None:
    request = pb.ProposeAssociationRequest(
        parent="enterprises/brand",
        product_association=ProductAssociation(product="enterprises/-/products/lamp0009"),
    )
    ask = two.office.ask(two.brand)
    assert refused(Disallowed, ask.ProposeAssociation, request) == "NOT_A_MANUFACTURER"
