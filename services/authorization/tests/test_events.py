"""Every event, as other services hear it."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import count
from unittest.mock import patch

import pytest
import time_machine
from google.protobuf.descriptor import FieldDescriptor
from millrun.authorization.v1 import events_pb2

from services.authorization.domain import events
from services.authorization.domain.authorization import Limits
from services.authorization.domain.enterprise import Enterprise
from services.authorization.domain.partner import Following
from services.authorization.domain.purpose import Purpose
from services.authorization.tests.builders import (
    IN_A_YEAR,
    PLUG,
    a_certification,
    a_deputyship,
    a_manager,
    a_membership,
    a_partner,
    a_project,
    a_proposal,
    an_account,
    an_association,
    an_authorization,
    an_enterprise,
    fixed_id,
)
from shared.caller import Caller, Role
from shared.domain import Aggregate, Event
from shared.events import seal
from shared.testing.callers import caller
from shared.testing.golden import golden

TOLD = [kind for kind in Event.__subclasses__() if kind.__module__ == events.__name__]
CREATORS = ("account", "enterprise", "certification", "membership", "authorization", "association")


@pytest.fixture(autouse=True)
def _same_ids_in_every_run() -> object:
    numbers = count(1)
    patches = [
        patch(f"services.authorization.domain.{name}.new_id", lambda: fixed_id(next(numbers)))
        for name in (*CREATORS, "partner", "deputyship", "project")
    ]
    for each in patches:
        each.start()
    yield
    for each in patches:
        each.stop()


def a_certified_enterprise() -> Enterprise:
    enterprise = an_enterprise()
    enterprise.certify(
        registration_no="HRB 12345",
        business_manager=a_manager(),
        project_manager=a_manager(Role.PROJECT_MANAGER),
        until=IN_A_YEAR,
    )
    return enterprise


def reassigned() -> Aggregate:
    enterprise = a_certified_enterprise()
    enterprise.assign(
        business_manager=a_manager(),
        project_manager=None,
        by=caller(Role.CERTIFIER),
    )
    return enterprise


def rung_elsewhere() -> Aggregate:
    account = an_account()
    account.describe(display_name=account.display_name, phone="+86 571 5555 0100")
    return account


def asked_for_codes(*, on: bool) -> Aggregate:
    account = an_account()
    account.ask_two_steps(on=True)
    if not on:
        account.ask_two_steps(on=False)
    return account


def linked() -> Aggregate:
    account = an_account()
    account.vouched_for("Acme ID")
    return account


def closed() -> Aggregate:
    project = a_project()
    certifier = caller(Role.CERTIFIER, enterprise="")
    project.close(a_certified_enterprise(), by=certifier)
    return project


def back_again() -> Aggregate:
    deputyship = a_deputyship()
    deputyship.end(by=Caller(account=deputyship.absent))
    return deputyship


def narrowed() -> Aggregate:
    client = a_partner()
    following = Following.of(["ordering.order.submitted"], [PLUG])
    client.change(display_name="Acme ERP", following=following)
    return client


def rotated() -> Aggregate:
    client = a_partner()
    with time_machine.travel(IN_A_YEAR, tick=False):
        client.rotate(secret="new", overlap=timedelta(hours=1))
    return client


def declined() -> Aggregate:
    proposal = a_proposal()
    proposal.decline(by=caller(Role.ADMINISTRATOR))
    return proposal


def rejected() -> Aggregate:
    certification = a_certification()
    certification.reject(reason="The register knows no such company.")
    return certification


def a_limited_authorization(told: str) -> Aggregate:
    limits = Limits(
        products=(PLUG,),
        purposes=frozenset({Purpose.TRIAL_PRODUCTION, Purpose.MASS_PRODUCTION}),
        cap=5000,
        expires_at=datetime(2126, 1, 31, tzinfo=UTC),
    )
    if told == "granted":
        return an_authorization(**vars(limits))
    authorization = an_authorization()
    authorization.change(limits)
    return authorization


def ended(make: Callable[[], Aggregate], end: str) -> Aggregate:
    aggregate = make()
    getattr(aggregate, end)()
    return aggregate


TELLERS: dict[type, Callable[[], Aggregate]] = {
    events.AccountRegistered: lambda: an_account(
        email="wei.lin@millrun.example",
        display_name="Wei Lin",
        phone="+86 571 5555 0100",
        staff_roles=[Role.BUSINESS_MANAGER],
    ),
    events.AccountPasswordChanged: lambda: ended(an_account, "change_password"),
    events.AccountAddressVerified: lambda: ended(an_account, "verify"),
    events.AccountPhoneChanged: rung_elsewhere,
    events.AccountTwoStepBegun: lambda: asked_for_codes(on=True),
    events.AccountTwoStepEnded: lambda: asked_for_codes(on=False),
    events.AccountRecoveryCodesRenewed: lambda: ended(an_account, "renew_recovery_codes"),
    events.AccountProviderLinked: linked,
    events.EnterpriseCreated: an_enterprise,
    events.EnterpriseCertified: a_certified_enterprise,
    events.EnterpriseCertificationEnding: lambda: ended(a_certified_enterprise, "tell_of_end"),
    events.EnterpriseCertificationEnded: lambda: ended(an_enterprise, "tell_of_end"),
    events.EnterpriseAssigned: reassigned,
    events.ProjectAssigned: a_project,
    events.ProjectClosed: closed,
    events.DeputyshipPlanned: lambda: a_deputyship(IN_A_YEAR),
    events.DeputyshipBegun: lambda: ended(a_deputyship, "turn"),
    events.DeputyshipEnded: back_again,
    events.MemberJoined: lambda: a_membership(None, Role.BUYER, Role.RND),
    events.MemberLeft: lambda: ended(a_membership, "leave"),
    events.CertificationRequested: a_certification,
    events.CertificationRejected: rejected,
    events.AuthorizationGranted: lambda: a_limited_authorization("granted"),
    events.AuthorizationChanged: lambda: a_limited_authorization("changed"),
    events.AuthorizationExpired: lambda: ended(an_authorization, "expire"),
    events.AuthorizationRevoked: lambda: ended(an_authorization, "revoke"),
    events.ProductAssociated: an_association,
    events.ProductDissociated: lambda: ended(an_association, "dissociate"),
    events.AssociationProposed: a_proposal,
    events.AssociationDeclined: declined,
    events.AssociationWithdrawn: lambda: ended(a_proposal, "dissociate"),
    events.PartnerEnrolled: a_partner,
    events.PartnerChanged: narrowed,
    events.PartnerRotated: rotated,
    events.PartnerRevoked: lambda: ended(a_partner, "revoke"),
}


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_an_event_looks_as_its_example_does(kind: type[Event]) -> None:
    aggregate = TELLERS[kind]()
    sequence, told = aggregate.release_events()[-1]
    assert type(told) is kind

    golden(seal(told, sequence=sequence, of=aggregate, contract=events_pb2).open())


def test_events_and_their_contract_have_the_same_names_and_fields() -> None:
    contract = {
        name: [field.name for field in message.fields]
        for name, message in events_pb2.DESCRIPTOR.message_types_by_name.items()
    }
    assert {kind.__name__: [f.name for f in fields(kind)] for kind in TOLD} == contract


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_an_example_leaves_no_field_out(kind: type[Event]) -> None:
    aggregate = TELLERS[kind]()
    sequence, told = aggregate.release_events()[-1]
    message = seal(told, sequence=sequence, of=aggregate, contract=events_pb2).open()

    given: list[FieldDescriptor] = [field for field, _ in message.ListFields()]
    assert {field.name for field in given} == {field.name for field in message.DESCRIPTOR.fields}
