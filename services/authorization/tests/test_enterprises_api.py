"""Enterprises come, are certified and take people in, over a real channel."""

from typing import Any

import pytest
from millrun.authorization.v1 import account_pb2, enterprise_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization.commands import enter_staff
from services.authorization.tests.office import BRAND, MANUFACTURER, PASSWORD, Office
from shared.caller import Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Refusal
from shared.testing.callers import caller

PENDING = enterprise_pb2.Certification.PENDING
REJECTED = enterprise_pb2.Certification.REJECTED
UNKNOWN = "enterprises/acme/certifications/0190a0a0-0000-7000-8000-000000000001"


def create(office: Office, who: Any, legal_name: str = "Acme Ltd", **more: Any) -> Any:
    given = enterprise_pb2.Enterprise(legal_name=legal_name, kinds=[BRAND, MANUFACTURER])
    return office.ask(who).CreateEnterprise(pb.CreateEnterpriseRequest(enterprise=given, **more))


def reject(office: Office, name: str, reason: str = "No such company.", **more: Any) -> Any:
    request = pb.RejectCertificationRequest(name=name, reason=reason, **more)
    return office.ask(office.staff(Role.CERTIFIER)).RejectCertification(request)


def certifications(office: Office, who: Any, parent: str, **more: Any) -> list[str]:
    request = pb.ListCertificationsRequest(parent=parent, **more)
    return [each.name for each in office.ask(who).ListCertifications(request).certifications]


def test_a_new_enterprise_is_read_back_by_its_people_and_by_staff(office: Office) -> None:
    founder = office.person("kim@acme.example")
    made = create(office, founder, request_id="1")
    again = create(office, founder, request_id="1")
    admin = office.exchange(founder)

    request = pb.GetEnterpriseRequest(name="enterprises/acme-ltd")
    for who in (admin, office.staff(Role.FINANCE)):
        assert office.ask(who).GetEnterprise(request) == made == again
    assert (made.certified, list(made.kinds)) == (False, [BRAND, MANUFACTURER])
    assert office.told()[:3] == ["AccountRegistered", "EnterpriseCreated", "MemberJoined"]


def test_an_enterprise_id_is_nobody_elses(office: Office) -> None:
    founder = office.person("kim@acme.example")
    create(office, founder, enterprise_id="acme-ltd")

    with pytest.raises(Disallowed) as refused:
        create(office, founder, enterprise_id="acme-ltd")
    made = create(office, founder)

    assert refused.value.reason == "ENTERPRISE_ID_TAKEN"
    assert made.name.startswith("enterprises/acme-ltd-")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"legal_name": "ACME　ltd."}, ["other", "acme"]),
        ({"legal_name": "杭州智联（电子）有限公司"}, ["zhilian"]),
        ({"legal_name": "杭州智联电子"}, []),
        ({"registration_no": "hrb-77"}, ["other"]),
        ({"legal_name": "Acme Ltd", "registration_no": "HRB 77"}, ["other"]),
        ({"registration_no": "-"}, []),
        ({"search": "ｌｔｄ acme"}, ["other", "acme"]),
        ({"search": "“77”"}, ["other"]),
        ({"search": "智联 zhili"}, ["zhilian"]),
        ({"search": "acme 智联"}, []),
    ],
)
def test_enterprises_are_found_by_name_and_number_however_they_are_typed(
    office: Office, asked: dict[str, Any], found: list[str]
) -> None:
    founder = office.person("kim@acme.example")
    for id_, legal_name, number in [
        ("acme", "Acme Ltd", ""),
        ("zhilian", "杭州智联(电子)有限公司", "9133"),
        ("other", "Acme, Ltd", "HRB 77"),
    ]:
        given = enterprise_pb2.Enterprise(
            legal_name=legal_name, kinds=[BRAND], registration_no=number
        )
        request = pb.CreateEnterpriseRequest(enterprise=given, enterprise_id=id_)
        office.ask(founder).CreateEnterprise(request)
    listed = office.ask(office.staff(Role.CERTIFIER)).ListEnterprises(
        pb.ListEnterprisesRequest(**asked)
    )
    assert [each.name.split("/")[1] for each in listed.enterprises] == found


def test_only_customers_found_enterprises(office: Office) -> None:
    partner = caller(Role.PARTNER, account="enterprises/acme/partnerClients/1")
    for who in (office.staff(Role.FINANCE), partner):
        with pytest.raises(Forbidden) as refused:
            create(office, who)
        assert refused.value.reason == "NOT_A_CUSTOMER"


def test_an_enterprise_does_something_known(office: Office) -> None:
    founder = office.ask(office.person("kim@acme.example"))
    for kinds, reason in [([0], "BAD_KIND"), ([], "FIELDS_MISSING")]:
        given = enterprise_pb2.Enterprise(legal_name="Acme", kinds=kinds)  # type: ignore[arg-type]
        with pytest.raises(Malformed) as refused:
            founder.CreateEnterprise(pb.CreateEnterpriseRequest(enterprise=given))
        assert refused.value.reason == reason


def test_a_foreign_enterprise_is_answered_like_a_missing_one(office: Office) -> None:
    office.enterprise("globex")
    admin = office.enterprise("acme")
    asked = office.ask(admin)
    sentences = []

    def refuse(name: str) -> None:
        membership = enterprise_pb2.Membership(email="a@b.example", roles=[account_pb2.BUYER])
        certification = enterprise_pb2.Certification(registration_no="1")
        for ask in (
            lambda: asked.GetEnterprise(pb.GetEnterpriseRequest(name=name)),
            lambda: asked.ListMemberships(pb.ListMembershipsRequest(parent=name)),
            lambda: asked.ListCertifications(pb.ListCertificationsRequest(parent=name)),
            lambda: asked.CreateMembership(
                pb.CreateMembershipRequest(parent=name, membership=membership)
            ),
            lambda: asked.RequestCertification(
                pb.RequestCertificationRequest(parent=name, certification=certification)
            ),
        ):
            with pytest.raises(NotFound) as refused:
                ask()
            sentences.append(str(refused.value).replace(name, "…"))

    for name in ("enterprises/globex", "enterprises/missing", "enterprises/-"):
        refuse(name)
    assert set(sentences) == {"There is no enterprise …."}


def test_enterprises_are_listed_newest_first_in_pages(office: Office) -> None:
    for id_ in ("acme", "globex", "initech"):
        office.enterprise(id_)
    asked = office.ask(office.staff(Role.PRODUCTION))

    first = asked.ListEnterprises(pb.ListEnterprisesRequest(page_size=2))
    rest = asked.ListEnterprises(
        pb.ListEnterprisesRequest(page_size=2, page_token=first.next_page_token)
    )
    names = [each.name for page in (first, rest) for each in page.enterprises]
    assert names == ["enterprises/initech", "enterprises/globex", "enterprises/acme"]


def test_certification_lets_an_enterprise_in_and_assigns_its_people(office: Office) -> None:
    manager, project = office.staff(Role.BUSINESS_MANAGER), office.staff(Role.PROJECT_MANAGER)
    admin = office.enterprise()
    requested = office.request_certification(admin, request_id="1")
    assert office.request_certification(admin, request_id="1") == requested
    approved = office.approve(requested.name, etag=requested.etag, request_id="2")
    assert office.approve(requested.name, etag=requested.etag, request_id="2") == approved

    enterprise = office.ask(admin).GetEnterprise(pb.GetEnterpriseRequest(name="enterprises/acme"))
    assert requested.state == PENDING
    assert approved.state == enterprise_pb2.Certification.APPROVED
    assert (enterprise.certified, enterprise.registration_no) == (True, "HRB 12345")
    assert enterprise.business_manager == manager.account.name
    assert enterprise.business_manager_display_name == manager.account.display_name
    assert enterprise.business_manager_email == manager.account.email
    assert enterprise.project_manager == project.account.name
    assert office.exchange(admin).space.certified
    told = [each for each in office.told() if each != "AccountRegistered"]
    assert told[-2:] == ["CertificationRequested", "EnterpriseCertified"]


def test_the_freest_manager_is_assigned_unless_one_is_named(office: Office) -> None:
    office.staff(Role.PROJECT_MANAGER)
    first = office.staff(Role.BUSINESS_MANAGER).account.name
    second = enter_staff(
        office.served.runtime,
        email="ana@millrun.example",
        name="Ana",
        roles=[Role.BUSINESS_MANAGER],
        password=PASSWORD,
    )
    named = {"c": first}
    assigned = {}
    for id_ in ("a-a", "b-b", "c-c", "d-d"):
        admin = office.enterprise(id_)
        name = office.request_certification(admin).name
        office.approve(name, business_manager=named.get(id_[0], ""))
        request = pb.GetEnterpriseRequest(name=f"enterprises/{id_}")
        assigned[id_] = office.ask(admin).GetEnterprise(request).business_manager
    assert assigned == {"a-a": first, "b-b": second, "c-c": first, "d-d": second}


def test_without_anybody_to_assign_nothing_is_approved(office: Office) -> None:
    admin = office.enterprise()
    requested = office.request_certification(admin)

    with pytest.raises(Disallowed) as refused:
        office.approve(requested.name)

    assert refused.value.reason == "NOBODY_TO_ASSIGN"
    assert "staff --role business_manager" in refused.value.remedy
    assert certifications(office, admin, "enterprises/acme", state=PENDING) == [requested.name]


def test_only_somebody_of_the_role_is_assigned(office: Office) -> None:
    manager, admin = office.staff(Role.BUSINESS_MANAGER), office.enterprise()
    requested = office.request_certification(admin)

    for project_manager, reason in [
        (manager.account.name, "NOT_IN_ROLE"),
        (admin.account.name, "NOT_IN_ROLE"),
        ("accounts/0190a0a0-0000-7000-8000-000000000001", "ACCOUNT_NOT_FOUND"),
        ("somebody", "MALFORMED_NAME"),
    ]:
        with pytest.raises(Refusal) as refused:
            office.approve(requested.name, project_manager=project_manager)
        assert refused.value.reason == reason


def test_an_enterprise_asks_again_only_after_a_rejection(office: Office) -> None:
    admin = office.enterprise()
    first = office.request_certification(admin)
    with pytest.raises(Disallowed) as pending:
        office.request_certification(admin)
    rejected = reject(office, first.name)
    second = office.request_certification(admin)
    office.staff(Role.BUSINESS_MANAGER)
    office.staff(Role.PROJECT_MANAGER)
    office.approve(second.name)
    with pytest.raises(Disallowed) as certified:
        office.request_certification(admin)

    assert pending.value.reason == "CERTIFICATION_PENDING"
    assert certified.value.reason == "ALREADY_CERTIFIED"
    assert (rejected.state, rejected.reason) == (REJECTED, "No such company.")


def test_what_was_decided_or_changed_is_not_decided_again(office: Office) -> None:
    requested = office.request_certification(office.enterprise())
    with pytest.raises(Outdated):
        reject(office, requested.name, etag="7")
    rejected = reject(office, requested.name, request_id="1")

    assert reject(office, requested.name, request_id="1") == rejected
    for decide in (office.approve, lambda name: reject(office, name)):
        with pytest.raises(Disallowed) as refused:
            decide(requested.name)
        assert refused.value.reason == "CERTIFICATION_CANNOT_BECOME"
        with pytest.raises(NotFound):
            decide(UNKNOWN)


def test_requests_are_listed_by_enterprise_and_state(office: Office) -> None:
    acme, globex = office.enterprise("acme"), office.enterprise("globex")
    first, second = office.request_certification(acme), office.request_certification(globex)
    reject(office, first.name)
    certifier = office.staff(Role.CERTIFIER)

    assert certifications(office, certifier, "enterprises/-") == [second.name, first.name]
    assert certifications(office, certifier, "enterprises/-", state=PENDING) == [second.name]
    assert certifications(office, certifier, "enterprises/acme") == [first.name]
    assert certifications(office, acme, "enterprises/acme") == [first.name]


def test_a_member_acts_in_the_enterprise(office: Office) -> None:
    admin, rnd = office.enterprise(), office.person("rnd@acme.example")
    joined = office.join(admin, "RND@acme.example", account_pb2.RND, request_id="1")
    again = office.join(admin, "RND@acme.example", account_pb2.RND, request_id="1")

    assert joined == again
    assert (joined.account, joined.email) == (rnd.account.name, "rnd@acme.example")
    assert office.caller(office.exchange(rnd)).roles == {Role.RND}
    listed = office.ask(admin).ListMemberships(pb.ListMembershipsRequest(parent="enterprises/acme"))
    assert [each.email for each in listed.memberships] == ["rnd@acme.example", "admin@acme.example"]
    assert listed.memberships[0] == joined


def test_a_members_roles_are_replaced(office: Office) -> None:
    admin, rnd = office.enterprise(), office.person("rnd@acme.example")
    joined = office.join(admin, rnd.account.email, account_pb2.RND)
    changed = office.join(admin, rnd.account.email, account_pb2.BUYER)

    assert changed.name == joined.name
    assert office.caller(office.exchange(rnd)).roles == {Role.BUYER}
    assert office.told().count("MemberJoined") == 3


def with_roles(joined: enterprise_pb2.Membership, *roles: Any, **more: Any) -> Any:
    request = pb.UpdateMembershipRequest(**more)
    request.membership.name, request.membership.etag = joined.name, joined.etag
    request.membership.roles.extend(roles)
    request.update_mask.paths.append("roles")
    return request


def test_a_member_is_given_other_roles_by_name_and_not_over_somebody_elses_change(
    office: Office,
) -> None:
    admin, rnd = office.enterprise(), office.person("rnd@acme.example")
    joined = office.join(admin, rnd.account.email, account_pb2.RND)
    wanted = with_roles(joined, account_pb2.BUYER, account_pb2.RND, request_id="1")
    changed = office.ask(admin).UpdateMembership(wanted)

    assert changed == office.ask(admin).UpdateMembership(wanted), "repeated, it is the same answer"
    assert (changed.name, set(changed.roles)) == (joined.name, {account_pb2.BUYER, account_pb2.RND})
    assert office.caller(office.exchange(rnd)).roles == {Role.BUYER, Role.RND}
    assert office.told()[-1] == "MemberJoined"
    with pytest.raises(Outdated):
        office.ask(admin).UpdateMembership(with_roles(joined, account_pb2.RND))


def test_other_roles_are_refused_as_those_of_somebody_new_are(office: Office) -> None:
    admin = office.enterprise()
    asked = pb.ListMembershipsRequest(parent="enterprises/acme")
    [own] = office.ask(admin).ListMemberships(asked).memberships
    unsaid = with_roles(own, account_pb2.ADMINISTRATOR)
    unsaid.update_mask.paths.append("email")
    for request, reason in [
        (with_roles(own, account_pb2.BUYER), "LAST_ADMINISTRATOR"),
        (with_roles(own, account_pb2.ADMINISTRATOR, account_pb2.CERTIFIER), "BAD_MEMBER_ROLE"),
        (with_roles(own), "LAST_ADMINISTRATOR"),
        (unsaid, "NOTHING_TO_CHANGE"),
    ]:
        with pytest.raises((Disallowed, Malformed)) as refused:
            office.ask(admin).UpdateMembership(request)
        assert refused.value.reason == reason


def test_an_enterprise_keeps_an_administrator(office: Office) -> None:
    admin = office.enterprise()
    office.register("lee@acme.example")
    with pytest.raises(Disallowed) as refused:
        office.join(admin, admin.account.email, account_pb2.BUYER)
    office.join(admin, "lee@acme.example", account_pb2.ADMINISTRATOR)
    office.join(admin, admin.account.email, account_pb2.BUYER)

    assert refused.value.reason == "LAST_ADMINISTRATOR"
    assert office.caller(office.exchange(admin)).roles == {Role.BUYER}


def test_only_a_customer_who_registered_becomes_a_member(office: Office) -> None:
    admin, finance = office.enterprise(), office.staff(Role.FINANCE)
    for email, role, reason in [
        ("nobody@acme.example", account_pb2.BUYER, "NOBODY_REGISTERED"),
        (finance.account.email, account_pb2.BUYER, "ACTS_FOR_THE_VENDOR"),
        ("no address", account_pb2.BUYER, "BAD_EMAIL"),
        (admin.account.email, account_pb2.CERTIFIER, "BAD_MEMBER_ROLE"),
        (admin.account.email, account_pb2.ROLE_UNSPECIFIED, "BAD_ROLE"),
    ]:
        with pytest.raises((Disallowed, Malformed)) as refused:
            office.join(admin, email, account_pb2.ADMINISTRATOR, role)
        assert refused.value.reason == reason


def test_a_member_who_is_removed_has_no_way_back_in(office: Office) -> None:
    admin, lee = office.enterprise(), office.person("lee@acme.example")
    joined = office.join(admin, lee.account.email, account_pb2.RND)
    removed = pb.RemoveMembershipRequest(name=joined.name, etag=joined.etag)
    office.ask(admin).RemoveMembership(removed)

    assert office.exchange(lee).spaces == []
    listed = office.ask(admin).ListMemberships(pb.ListMembershipsRequest(parent="enterprises/acme"))
    assert [each.email for each in listed.memberships] == [admin.account.email]
    assert office.told()[-1] == "MemberLeft"
    with pytest.raises(NotFound) as refused:
        office.ask(admin).RemoveMembership(removed)
    assert refused.value.reason == "MEMBERSHIP_NOT_FOUND"


def test_the_last_administrator_cannot_leave(office: Office) -> None:
    admin = office.enterprise()
    [own] = (
        office.ask(admin)
        .ListMemberships(pb.ListMembershipsRequest(parent="enterprises/acme"))
        .memberships
    )
    with pytest.raises(Disallowed) as refused:
        office.ask(admin).RemoveMembership(pb.RemoveMembershipRequest(name=own.name))
    assert refused.value.reason == "LAST_ADMINISTRATOR"


def test_a_member_of_another_enterprise_is_not_there(office: Office) -> None:
    admin, other = office.enterprise(), office.enterprise("globex")
    joined = office.join(admin, office.person("lee@acme.example").account.email, account_pb2.RND)

    with pytest.raises(NotFound):
        office.ask(other).RemoveMembership(pb.RemoveMembershipRequest(name=joined.name))
    other_way = with_roles(joined, account_pb2.BUYER)
    other_way.update_mask.paths.append("email")
    for request in (with_roles(joined, account_pb2.BUYER), other_way):
        with pytest.raises(NotFound) as refused:
            office.ask(other).UpdateMembership(request)
        assert refused.value.reason == "MEMBERSHIP_NOT_FOUND"
