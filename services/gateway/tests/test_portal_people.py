"""The enterprise, its members, who may order what, and the systems that follow its orders."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.timestamp_pb2 import Timestamp
from millrun.authorization.v1.account_pb2 import Role
from millrun.authorization.v1.authorization_pb2 import (
    ListCertificationsResponse,
    ListPartnerClientsResponse,
)
from millrun.authorization.v1.enterprise_pb2 import (
    Certification,
    CertificationDocument,
    Enterprise,
    Membership,
)
from millrun.authorization.v1.grant_pb2 import PartnerClient
from millrun.catalog.v1.catalog_pb2 import ListProductsResponse
from millrun.catalog.v1.product_pb2 import Product
from millrun.ordering.v1.order_pb2 import Purpose

from services.gateway.portal.partners import KINDS
from services.gateway.tests.house import ACME, House, sign_in
from services.gateway.tests.papers import PRODUCT, an_authorization, furnish
from shared.errors import Disallowed, Malformed, NotFound
from shared.kinds import FOLLOWABLE
from shared.testing.pages import Browser, hidden_fields


class ProductNotFound(NotFound):
    """There is no such product."""


class Damaged(Malformed):
    """It is damaged."""


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


@pytest.mark.parametrize(("typed", "cap"), [("", 0), ("1,000", 1000), ("１２００", 1200)])
def test_a_cap_is_read_as_people_write_it(
    house: House, chen: Browser, typed: str, cap: int
) -> None:
    house.answers["CreateAuthorization"] = an_authorization()
    chen.fill("/enterprise/authorizations/new", products=[PRODUCT], quantity_cap=typed)
    assert house.request("CreateAuthorization").authorization.quantity_cap == cap


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "9,99", "many", "0" * 17 + "1" + "9" * 20])
def test_what_is_no_cap_is_refused_beside_its_field(
    house: House, chen: Browser, typed: str
) -> None:
    refused = chen.fill("/enterprise/authorizations/new", products=[PRODUCT], quantity_cap=typed)
    assert refused.status_code == 400
    assert 'id="quantity_cap-error">That is not a number of pieces.' in refused.text
    assert not house.was_asked("CreateAuthorization")


def test_what_is_chosen_and_not_listed_stays_chosen(house: House, chen: Browser) -> None:
    old, ended = f"{ACME}/products/old0acme01", "enterprises/bora/products/bora0lamp1"
    authorization = an_authorization()
    authorization.products[:] = [PRODUCT, old]
    partner = PartnerClient(name=f"{ACME}/partnerClients/5", display_name="ERP", products=[ended])
    house.answers["GetAuthorization"] = authorization
    house.answers["ListPartnerClients"] = ListPartnerClientsResponse(partner_clients=[partner])
    house.answers["GetProduct"] = ProductNotFound(product=ended)
    shown = chen.get("/enterprise/authorizations/2").text
    assert all(f'value="{each}" checked' in shown for each in (PRODUCT, old))
    followed = chen.get("/enterprise/partners/5").text
    assert f'value="{ended}" checked' in followed
    assert f'value="{PRODUCT}" checked' not in followed


def test_products_beyond_the_list_are_looked_for(house: House, chen: Browser) -> None:
    old = f"{ACME}/products/old0acme01"
    page = "/enterprise/authorizations/new"
    assert 'name="q"' not in chen.get(page).text
    house.answers["ListProducts"] = ListProductsResponse(
        products=[Product(name=old, pid="old0acme01")], next_page_token="more"
    )
    house.answers["GetProduct"] = Product(name=PRODUCT, display_name="Wall Switch")
    found = chen.fill(page, email="li@acme.example", products=[PRODUCT], q="old0", find="1")
    assert house.request("ListProducts").search == "old0"
    assert not house.was_asked("CreateAuthorization")
    assert 'value="li@acme.example"' in found.text
    assert f'value="{PRODUCT}" checked' in found.text
    assert "Wall Switch" in found.text
    assert f'value="{old}">' in found.text


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
    [
        "/enterprise/members",
        "/enterprise/members/3",
        "/enterprise/authorizations/new",
        "/enterprise/associations",
        "/enterprise/partners",
    ],
)
def test_only_administrators_prepare_permissions(
    house: House, stranger: Browser, path: str
) -> None:
    house.roles = [Role.BUYER]
    sign_in(stranger)
    assert stranger.get(path).status_code == 403
    assert "Partner systems" not in stranger.get("/enterprise").text


def send(chen: Browser, action: str, file: tuple[str, bytes, str], **fields: str) -> None:
    """Send the form on the enterprise's page that goes to `action`, with a file."""
    hidden = hidden_fields(chen.get("/enterprise").text, action)
    headers = {"origin": chen.origin}
    sent = chen.post(action, data={**hidden, **fields}, files={"file": file}, headers=headers)
    assert sent.status_code == 200


def test_certification_is_asked_for_with_a_document(house: House, chen: Browser) -> None:
    house.answers["GetEnterprise"] = Enterprise(name=ACME, legal_name="Acme")
    house.answers["ListCertifications"] = ListCertificationsResponse()
    house.answers["RequestCertification"] = Certification(name=f"{ACME}/certifications/7")
    send(chen, "/enterprise", ("a.pdf", b"%PDF-", "text/plain"), registration_no="9133")
    attached = house.request("AttachCertificationDocument")
    ids = {attached.request_id, house.request("RequestCertification").request_id}
    assert len(ids - {""}) == 2, "one id for two requests is refused"
    assert (attached.name, attached.file_name) == (f"{ACME}/certifications/7", "a.pdf")
    assert attached.content == b"%PDF-"


def test_a_document_is_added_while_it_is_being_decided_and_can_be_read(
    house: House, chen: Browser
) -> None:
    pending = Certification(
        name=f"{ACME}/certifications/7",
        state=Certification.PENDING,
        documents=[CertificationDocument(digest="sha256:1", file_name="licence.pdf")],
    )
    house.answers["GetEnterprise"] = Enterprise(name=ACME, legal_name="Acme")
    house.answers["ListCertifications"] = ListCertificationsResponse(certifications=[pending])
    house.answers["DownloadCertificationDocument"] = [
        HttpBody(content_type="application/pdf", data=b"%PDF-")
    ]
    assert "licence.pdf" in chen.get("/enterprise").text
    there = "/enterprise/certifications/7"
    send(chen, f"{there}/attach", ("b.png", b"png", "image/png"))
    assert house.request("AttachCertificationDocument").name == pending.name
    got = chen.get(f"{there}/sha256:1")
    assert (got.content, got.headers["content-type"]) == (b"%PDF-", "application/pdf")
    assert got.headers["content-disposition"].startswith("attachment")


def test_another_document_is_sent_once_the_one_of_the_request_was_damaged(
    house: House, chen: Browser
) -> None:
    pending = Certification(name=f"{ACME}/certifications/7", state=Certification.PENDING)
    house.answers["GetEnterprise"] = Enterprise(name=ACME, legal_name="Acme")
    house.answers["ListCertifications"] = ListCertificationsResponse()
    house.answers["RequestCertification"] = pending
    house.answers["AttachCertificationDocument"] = Damaged()
    opened = chen.get("/enterprise")
    house.answers["ListCertifications"] = ListCertificationsResponse(certifications=[pending])
    sent = {**hidden_fields(opened.text, "/enterprise"), "registration_no": "9133"}
    files = {"file": ("a.pdf", b"half", "application/pdf")}
    refused = chen.post("/enterprise", data=sent, files=files, headers={"origin": chen.origin})
    assert (refused.status_code, "It is damaged." in refused.text) == (400, True)
    again = hidden_fields(refused.text, "/enterprise/certifications/7/attach")
    assert again["document_id"]
    assert again["document_id"] != house.request("RequestCertification").request_id


def test_a_certification_that_ends_is_renewed(house: House, chen: Browser) -> None:
    ended = Timestamp(seconds=1_700_000_000)
    for certified, said in [(True, "It is valid until"), (False, "It ended on")]:
        house.answers["GetEnterprise"] = Enterprise(
            name=ACME,
            legal_name="Acme",
            certified=certified,
            certification_due=True,
            certification_expire_time=ended,
        )
        shown = chen.get("/enterprise").text
        assert said in shown
        assert "Ask for it anew" in shown


def test_what_a_member_may_do_is_changed_where_the_member_stands(
    house: House, chen: Browser
) -> None:
    house.answers["UpdateMembership"] = Membership(display_name="Li <Na>")
    assert 'href="/enterprise/members/3"' in chen.get("/enterprise/members").text
    shown = chen.get("/enterprise/members/3").text
    assert 'value="RND" checked' in shown
    assert 'value="BUYER" checked' not in shown
    assert 'name="email"' not in shown
    done = chen.fill("/enterprise/members/3", roles=["RND", "BUYER", "X"])
    asked = house.request("UpdateMembership")
    assert (asked.membership.name, asked.membership.etag) == (f"{ACME}/memberships/3", "4")
    assert list(asked.membership.roles) == [Role.RND, Role.BUYER]
    assert list(asked.update_mask.paths) == ["roles"]
    assert asked.request_id
    assert "Li &lt;Na&gt; may do this from now on." in done.text


def test_roles_that_are_refused_stay_ticked_and_who_is_no_member_is_not_there(
    house: House, chen: Browser
) -> None:
    house.answers["UpdateMembership"] = Damaged()
    refused = chen.fill("/enterprise/members/3", roles=["ENTERPRISE_FINANCE"])
    assert refused.status_code == 400
    assert 'value="ENTERPRISE_FINANCE" checked' in refused.text
    assert 'value="RND" checked' not in refused.text
    assert chen.get("/enterprise/members/4").status_code == 404


def test_a_member_is_removed(house: House, chen: Browser) -> None:
    chen.fill("/enterprise/members", "/enterprise/members/3/remove")
    assert house.request("RemoveMembership").name == f"{ACME}/memberships/3"


def test_limits_are_set_and_a_bad_cap_is_refused_beside_its_field(
    house: House, chen: Browser
) -> None:
    house.answers["CreateAuthorization"] = an_authorization()
    new = "/enterprise/authorizations/new"
    filled: dict[str, Any] = {"email": "c@acme.example", "role": "BUYER", "products": [PRODUCT]}
    chen.fill(new, purposes=["MASS_PRODUCTION", "X"], quantity_cap="5,000", **filled)
    asked = house.request("CreateAuthorization").authorization
    assert (list(asked.purposes), asked.quantity_cap) == ([Purpose.MASS_PRODUCTION], 5000)
    for cap in ("many", "0", "-5", "1.5"):
        refused = chen.fill(new, quantity_cap=cap, **filled)
        assert 'id="quantity_cap-error">That is not a number of pieces.' in refused.text


def test_an_authorization_is_changed_with_its_meter_in_view(house: House, chen: Browser) -> None:
    house.answers["GetAuthorization"] = an_authorization()
    there = "/enterprise/authorizations/2"
    shown = chen.get(there).text
    assert "1,200 of 5,000 pieces are used" in shown
    assert 'value="2027-01-31"' in shown
    chen.fill(there, products=[PRODUCT], quantity_cap="", expire_time="", etag="7")
    asked = house.request("UpdateAuthorization")
    assert asked.authorization.name == f"{ACME}/authorizations/2"
    assert (asked.authorization.quantity_cap, asked.authorization.etag) == (0, "7")
    fields = ["products", "purposes", "quantity_cap", "expire_time"]
    assert list(asked.update_mask.paths) == fields
    assert "1,200 / 5,000" in chen.get("/enterprise/authorizations").text


def test_a_partner_is_limited_rotated_and_changed(house: House, chen: Browser) -> None:
    house.answers["RotatePartnerSecret"] = PartnerClient(display_name="ERP", secret="n3w-words")
    chen.fill(
        "/enterprise/partners",
        display_name="ERP",
        event_types=["payment.payment.*"],
        products=[PRODUCT],
    )
    enrolled = house.request("EnrollPartner").partner_client
    assert (list(enrolled.event_types), list(enrolled.products)) == (
        ["payment.payment.*"],
        [PRODUCT],
    )
    rotated = chen.fill("/enterprise/partners", "/enterprise/partners/5/rotate")
    assert "n3w-words" in rotated.text
    assert "n3w-words" not in chen.get("/enterprise/partners").text
    chen.fill("/enterprise/partners/5", display_name="ERP 2", event_types=[])
    changed = house.request("UpdatePartner")
    assert changed.partner_client.name == f"{ACME}/partnerClients/5"
    assert list(changed.update_mask.paths) == ["display_name", "event_types", "products"]
    assert chen.get("/enterprise/partners/404").status_code == 404


def test_what_is_copied_along_to_turn_a_text_is_not_part_of_what_is_typed(
    house: House, chen: Browser
) -> None:
    chen.fill("/enterprise/partners", display_name="\u202a ERP\u202c ")
    assert house.request("EnrollPartner").partner_client.display_name == "ERP"


def test_what_a_page_offers_to_follow_can_be_followed() -> None:
    assert {kind for kind, _ in KINDS} <= FOLLOWABLE


def test_associations_are_proposed_decided_and_ended(house: House, chen: Browser) -> None:
    page = "/enterprise/associations"
    shown = chen.get(page).text
    assert "Maker Ltd" in shown
    chen.fill(page, pid="plug-7")
    proposed = house.request("ProposeAssociation").product_association
    assert proposed.product == "enterprises/-/products/plug-7"
    maker = "enterprises/maker/productAssociations/8"
    for verb, method in [("accept", "AcceptAssociation"), ("decline", "DeclineAssociation")]:
        chen.fill(page, f"{page}/maker/8/{verb}")
        assert house.request(method).name == maker
    chen.fill(page, f"{page}/acme/9/end")
    assert house.request("DissociateProduct").name == f"{ACME}/productAssociations/9"


@pytest.mark.parametrize(
    ("role", "opened"), [(Role.BUYER, False), (Role.RND, False), (Role.ADMINISTRATOR, True)]
)
def test_only_pages_one_may_open_are_offered_about_the_enterprise(
    house: House, stranger: Browser, role: Role.ValueType, opened: bool
) -> None:
    house.roles = [role]
    sign_in(stranger)
    html = stranger.get("/enterprise").text
    offered = re.findall(r'<a href="(/enterprise/[a-z-]+)"', html)
    assert "/enterprise/addresses" in offered
    assert ("/enterprise/members" in offered) is opened
    assert all(stranger.get(page).status_code == 200 for page in offered)
