"""What an enterprise, its certification and its members are, without any database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from services.authorization.domain import certification as certifications
from services.authorization.domain.certification import Certification, Proof, State
from services.authorization.domain.enterprise import Enterprise, Kind, id_from
from services.authorization.domain.errors import (
    ActsForTheVendor,
    AlreadyCertified,
    BadEnterpriseId,
    BadKind,
    BadMemberRole,
    BadText,
    CertificationCannotBecome,
    CertificationDecided,
    CertificationInThePast,
    CompletesWithoutDeveloping,
    NotInRole,
    TooManyDocuments,
)
from services.authorization.domain.events import (
    CertificationRejected,
    CertificationRequested,
    EnterpriseCertificationEnded,
    EnterpriseCertificationEnding,
    EnterpriseCertified,
    EnterpriseCreated,
    MemberJoined,
    MemberLeft,
)
from services.authorization.tests.builders import (
    IN_A_YEAR,
    a_certification,
    a_manager,
    a_membership,
    an_account,
    an_enterprise,
)
from shared.caller import STAFF_ROLES, Role
from shared.clock import now

DECISIONS: dict[State, Callable[[Certification], None]] = {
    State.APPROVED: lambda request: request.approve(until=IN_A_YEAR),
    State.REJECTED: lambda request: request.reject(reason="The register says otherwise."),
}


def certified(enterprise: Enterprise, **more: Any) -> Enterprise:
    given = {
        "registration_no": "HRB 12345",
        "business_manager": a_manager(),
        "project_manager": a_manager(Role.PROJECT_MANAGER),
        "until": IN_A_YEAR,
    }
    enterprise.certify(**{**given, **more})
    return enterprise


def test_a_certification_ends_and_that_is_told_before_and_then() -> None:
    enterprise = certified(an_enterprise())
    with time_machine.travel(IN_A_YEAR - timedelta(days=30), tick=False):
        enterprise.tell_of_end()
        assert (enterprise.is_certified, enterprise.is_due) == (True, True)
    with time_machine.travel(IN_A_YEAR, tick=False):
        assert (enterprise.is_certified, enterprise.is_due) == (False, True)
        enterprise.tell_of_end()

    told = [type(event) for _, event in enterprise.release_events()]
    assert told[-2:] == [EnterpriseCertificationEnding, EnterpriseCertificationEnded]


def test_files_are_added_only_while_nobody_has_decided() -> None:
    request = a_certification()
    proofs = [
        Proof(digest=f"sha256:{n}", file_name="licence.pdf", media_type="application/pdf", size=9)
        for n in range(6)
    ]
    for proof in (proofs[0], *proofs[:5]):
        request.attach(proof)
    assert len(request.proofs) == 5, "the same file is there once"
    with pytest.raises(TooManyDocuments):
        request.attach(proofs[5])
    assert request.is_proved_with("sha256:4")
    assert not request.is_proved_with("sha256:5")
    request.reject(reason="The register says otherwise.")
    with pytest.raises(CertificationDecided):
        request.attach(proofs[0])


def test_a_new_enterprise_is_not_certified() -> None:
    enterprise = an_enterprise()

    assert not enterprise.is_certified
    [(_, told)] = enterprise.release_events()
    assert told == EnterpriseCreated(enterprise="enterprises/acme", legal_name="Acme Ltd")


@pytest.mark.parametrize("id_", ["ab", "a" * 41, "Acme", "-acme", "acme-", "ac me", "acme/x", "-"])
def test_an_id_is_short_lower_case_and_safe_in_a_name(id_: str) -> None:
    with pytest.raises(BadEnterpriseId):
        an_enterprise(id_)


def test_an_enterprise_does_something() -> None:
    with pytest.raises(BadKind):
        an_enterprise(kinds=())


@pytest.mark.parametrize(
    ("legal_name", "id_"),
    [
        ("Nordlicht GmbH", "nordlicht-gmbh"),
        ("  3M (China) Co., Ltd. ", "3m-china-co-ltd"),
        ("A Very Long Company Name That Goes On", "a-very-long-company-name-that-go"),
    ],
)
def test_an_id_resembles_the_legal_name(legal_name: str, id_: str) -> None:
    assert id_from(legal_name) == id_


@pytest.mark.parametrize("legal_name", ["杭州某某科技有限公司", "Ä", "--", "X"])
def test_a_name_without_latin_letters_gets_an_id_too(legal_name: str) -> None:
    first, second = id_from(legal_name), id_from(legal_name)

    assert first != second
    an_enterprise(first)


def test_certification_assigns_the_enterprises_people() -> None:
    enterprise, manager = an_enterprise(), a_manager()
    project = a_manager(Role.PROJECT_MANAGER)
    enterprise.certify(
        registration_no="HRB 12345",
        business_manager=manager,
        project_manager=project,
        until=IN_A_YEAR,
    )

    assert enterprise.is_certified
    assert enterprise.registration_no == "HRB 12345"
    assert enterprise.release_events()[-1][1] == EnterpriseCertified(
        enterprise="enterprises/acme",
        legal_name="Acme Ltd",
        business_manager=manager.name,
        project_manager=project.name,
        expire_time=IN_A_YEAR,
    )


def test_nobody_is_assigned_out_of_their_role() -> None:
    enterprise, manager = an_enterprise(), a_manager()

    with pytest.raises(CertificationInThePast):
        certified(enterprise, until=now())
    with pytest.raises(NotInRole):
        certified(enterprise, project_manager=manager)
    assert not enterprise.is_certified


def test_a_request_is_pending_until_a_certifier_decides() -> None:
    request = a_certification()

    assert request.state is State.PENDING
    [(_, told)] = request.release_events()
    assert told == CertificationRequested(
        certification=request.name, enterprise="enterprises/acme", legal_name="Acme Ltd"
    )


def test_a_certified_enterprise_asks_no_more() -> None:
    enterprise = certified(an_enterprise())
    with pytest.raises(AlreadyCertified):
        a_certification(enterprise)


def test_a_rejection_says_why() -> None:
    request = a_certification()
    with pytest.raises(BadText):
        a_certification().reject(reason=" ")
    request.reject(reason="The register says otherwise.")

    assert request.release_events()[-1][1] == CertificationRejected(
        certification=request.name,
        enterprise="enterprises/acme",
        reason="The register says otherwise.",
    )


@pytest.mark.parametrize("wanted", DECISIONS)
@pytest.mark.parametrize("state", State)
def test_only_what_the_chart_allows_becomes_of_a_request(state: State, wanted: State) -> None:
    request = a_certification()
    request.state = state

    if wanted in certifications.BECOMES[state]:
        DECISIONS[wanted](request)
        assert (request.state, request.decided_at is not None) == (wanted, True)
    else:
        with pytest.raises(CertificationCannotBecome, match=f"is {state.value} and cannot"):
            DECISIONS[wanted](request)
        assert request.state is state


def test_a_member_has_customer_roles_and_at_least_one() -> None:
    membership = a_membership()

    for roles in ([], [Role.PARTNER], [Role.BUYER, Role.FINANCE]):
        with pytest.raises(BadMemberRole):
            membership.change(roles)
    assert membership.roles == {Role.BUYER}


def test_only_who_develops_may_be_allowed_to_complete_development() -> None:
    membership = a_membership(None, Role.RND, Role.DEVELOPMENT_COMPLETER)

    assert Role.DEVELOPMENT_COMPLETER in membership.roles
    for roles in ([Role.DEVELOPMENT_COMPLETER], [Role.BUYER, Role.DEVELOPMENT_COMPLETER]):
        with pytest.raises(CompletesWithoutDeveloping):
            membership.change(roles)


def test_a_member_who_leaves_is_told_of() -> None:
    membership = a_membership()
    membership.leave()

    assert membership.release_events()[-1][1] == MemberLeft(
        enterprise="enterprises/acme", account=membership.account
    )


@pytest.mark.parametrize("role", sorted(STAFF_ROLES, key=str))
def test_the_vendors_people_are_nobodys_members(role: Role) -> None:
    with pytest.raises(ActsForTheVendor):
        a_membership(a_manager(role))


def test_only_a_change_of_roles_is_told() -> None:
    account = an_account()
    membership = a_membership(account, Role.RND, Role.BUYER)
    membership.change([Role.BUYER, Role.RND])
    membership.change([Role.ADMINISTRATOR])

    told = [event for _, event in membership.release_events()]
    assert told == [
        MemberJoined(enterprise="enterprises/acme", account=account.name, roles=roles)
        for roles in [(Role.BUYER, Role.RND), (Role.ADMINISTRATOR,)]
    ]


def test_an_enterprise_may_be_both() -> None:
    assert an_enterprise("acme", *Kind).kinds == {Kind.BRAND_OWNER, Kind.MANUFACTURER}
