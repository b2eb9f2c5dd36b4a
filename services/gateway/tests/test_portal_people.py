"""The enterprise, its members, who may order what, and the systems that follow its orders."""

from datetime import UTC, datetime

import pytest
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import ListCertificationsResponse
from millrun.authorization.v1.enterprise_pb2 import Certification, Enterprise, Membership
from millrun.authorization.v1.grant_pb2 import PartnerClient

from services.gateway.tests.house import ACME, House, sign_in
from services.gateway.tests.papers import PRODUCT, an_authorization, furnish
from shared.errors import Disallowed
from shared.testing.pages import Browser


class NobodyRegistered(Disallowed):
    """Nobody has registered with the address li@acme.example."""

    fix = "Ask the person to register."


@pytest.fixture(autouse=True)
def _furnished(house: House) -> None:
    furnish(house)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "Ask for certification"),
        (Certification.PENDING, "A certifier decides"),
        (Certification.REJECTED, "No such number"),
    ],
)
def test_where_certification_stands_is_said(
    house: House, chen: Browser, state: "Certification.State.ValueType | None", said: str
) -> None:
    requests = [Certification(state=state, reason="No such number")] if state else []
    house.answers["GetEnterprise"] = Enterprise(name=ACME, legal_name="Acme")
    house.answers["ListCertifications"] = ListCertificationsResponse(certifications=requests)
    assert said in chen.get("/enterprise").text


def test_certification_is_asked_for_once(house: House, chen: Browser) -> None:
    house.answers["GetEnterprise"] = Enterprise(name=ACME, legal_name="Acme")
    house.answers["ListCertifications"] = ListCertificationsResponse()
    chen.fill("/enterprise", registration_no="9133")
    asked = house.request("RequestCertification")
    assert (asked.parent, asked.certification.registration_no) == (ACME, "9133")
    assert asked.request_id


def test_a_member_is_added_with_roles(house: House, chen: Browser) -> None:
    house.answers["CreateMembership"] = Membership(email="li@acme.example")
    added = chen.fill("/enterprise/members", email="li@acme.example", roles=["RND", "BUYER", "X"])
    assert list(house.request("CreateMembership").membership.roles) == [Role.RND, Role.BUYER]
    assert "li@acme.example is a member now." in added.text


def test_an_unknown_member_is_refused_beside_the_form(house: House, chen: Browser) -> None:
    house.answers["CreateMembership"] = NobodyRegistered()
    refused = chen.fill("/enterprise/members", email="li@acme.example", roles=["RND"])
    assert refused.status_code == 409
    assert "Ask the person to register." in refused.text
    assert 'value="RND" checked' in refused.text


def test_products_are_opened_by_check_box(house: House, chen: Browser) -> None:
    house.answers["CreateAuthorization"] = an_authorization()
    chosen = chen.get(f"/enterprise/authorizations/new?product={PRODUCT}").text
    assert f'value="{PRODUCT}" checked' in chosen
    chen.fill(
        "/enterprise/authorizations/new",
        email="chen@acme.example",
        role="BUYER",
        products=[PRODUCT],
        expire_time="2026-12-31",
    )
    asked = house.request("CreateAuthorization").authorization
    assert (asked.email, asked.role, list(asked.products)) == (
        "chen@acme.example",
        Role.BUYER,
        [PRODUCT],
    )
    assert asked.expire_time.ToDatetime(UTC) == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_day_that_is_none_is_refused_beside_its_field(house: House, chen: Browser) -> None:
    refused = chen.fill("/enterprise/authorizations/new", role="BUYER", expire_time="soon")
    assert refused.status_code == 400
    assert 'id="expire_time-error">That is not a day.' in refused.text
    assert not house.was_asked("CreateAuthorization")


def test_an_authorization_is_revoked(house: House, chen: Browser) -> None:
    chen.fill("/enterprise/authorizations", "/enterprise/authorizations/2/revoke")
    assert house.request("RevokeAuthorization").name == f"{ACME}/authorizations/2"


def test_a_partners_secret_is_shown_once(house: House, chen: Browser) -> None:
    house.answers["EnrollPartner"] = PartnerClient(
        name=f"{ACME}/partnerClients/5", display_name="ERP", secret="s3cret-words"
    )
    assert "s3cret-words" in chen.fill("/enterprise/partners", display_name="ERP").text
    assert "s3cret-words" not in chen.get("/enterprise/partners").text
    chen.fill("/enterprise/partners", "/enterprise/partners/5/revoke")
    assert house.request("RevokePartner").name == f"{ACME}/partnerClients/5"


@pytest.mark.parametrize(
    "path",
    ["/enterprise/members", "/enterprise/authorizations/new", "/enterprise/partners"],
)
def test_only_administrators_prepare_permissions(
    house: House, stranger: Browser, path: str
) -> None:
    house.roles = [Role.BUYER]
    sign_in(stranger)
    assert stranger.get(path).status_code == 403
    assert "Partner systems" not in stranger.get("/enterprise").text
