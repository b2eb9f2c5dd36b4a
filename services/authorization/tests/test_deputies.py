"""Absence and handing over: whose work is whose, and that tokens say so (requirements §3)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from millrun.authorization.v1 import account_pb2, enterprise_pb2
from millrun.authorization.v1 import authorization_pb2 as pb

from services.authorization.clocks import turn_deputyships
from services.authorization.commands import enter_staff
from services.authorization.tests.office import PASSWORD, Office
from shared.caller import Role
from shared.clock import now
from shared.errors import Disallowed, Forbidden, Malformed, Outdated, Refusal
from shared.wire import time_message

ACTIVE, ENDED, PLANNED = (
    account_pb2.Deputyship.ACTIVE,
    account_pb2.Deputyship.ENDED,
    account_pb2.Deputyship.PLANNED,
)


class Desk:
    """Two business managers, a certifier and a certified customer of the first."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.wei = office.staff(Role.BUSINESS_MANAGER)
        self.admin = office.enterprise()
        office.certify(self.admin)
        self.ana = self.enter("ana@millrun.example", Role.BUSINESS_MANAGER)
        self.certifier = office.staff(Role.CERTIFIER)

    def enter(self, email: str, *roles: Role) -> pb.Session:
        runtime = self.office.served.runtime
        enter_staff(runtime, email=email, name=email, roles=roles, password=PASSWORD)
        return self.office.sign_in(email)

    def name(
        self, who: Any, deputy: Any, days: float = 14, parent: str = "accounts/me", **more: Any
    ) -> account_pb2.Deputyship:
        deputyship = account_pb2.Deputyship(
            deputy=deputy.account.name, end_time=time_message(now() + timedelta(days=days)), **more
        )
        request = pb.CreateDeputyshipRequest(parent=parent, deputyship=deputyship)
        return self.office.ask(who).CreateDeputyship(request)

    def end(self, who: Any, deputyship: account_pb2.Deputyship) -> account_pb2.Deputyship:
        request = pb.EndDeputyshipRequest(name=deputyship.name)
        return self.office.ask(who).EndDeputyship(request)

    def assign(self, who: Any, **more: Any) -> enterprise_pb2.Enterprise:
        request = pb.AssignPeopleRequest(name="enterprises/acme", **more)
        return self.office.ask(who).AssignPeople(request)

    def acts_for_wei(self) -> bool:
        return self.office.caller(self.office.exchange(self.ana)).acts_for(self.wei.account.name)


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def refused(family: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(family) as refused:
        act(*given, **more)
    assert refused.value.remedy, "it says who can fix it"
    return refused.value.reason


def test_a_deputy_acts_for_who_is_absent_and_no_longer(desk: Desk) -> None:
    deputyship = desk.name(desk.wei, desk.ana)

    assert (deputyship.state, desk.acts_for_wei()) == (ACTIVE, True)
    fresh = desk.office.exchange(desk.ana)
    assert list(fresh.space.deputy_of) == [desk.wei.account.name]
    assert desk.end(desk.wei, deputyship).state == ENDED
    assert not desk.acts_for_wei()
    told = [name for name in desk.office.told() if name.startswith("Deputyship")]
    assert told == ["DeputyshipPlanned", "DeputyshipBegun", "DeputyshipEnded"]


def test_a_deputyship_begins_and_ends_by_the_clock(desk: Desk) -> None:
    runtime = desk.office.served.runtime
    soon = time_message(now() + timedelta(days=1))
    assert desk.name(desk.wei, desk.ana, begin_time=soon).state == PLANNED
    assert (turn_deputyships(runtime), desk.acts_for_wei()) == (0, False)
    with time_machine.travel(now() + timedelta(days=2)):
        assert (turn_deputyships(runtime), turn_deputyships(runtime)) == (1, 0)
        there = desk.office.sign_in("ana@millrun.example")
        assert list(there.space.deputy_of) == [desk.wei.account.name]
    with time_machine.travel(now() + timedelta(days=15)):
        assert (turn_deputyships(runtime), turn_deputyships(runtime)) == (1, 0)
        assert not desk.office.sign_in("ana@millrun.example").space.deputy_of
    assert desk.office.told()[-2:] == ["DeputyshipBegun", "DeputyshipEnded"]


def test_a_certifier_arranges_it_for_who_cannot(desk: Desk) -> None:
    wei = desk.wei.account.name
    assert refused(Forbidden, desk.name, desk.ana, desk.ana, parent=wei) == "NOT_YOUR_ABSENCE"
    assert desk.name(desk.certifier, desk.ana, parent=wei).absent == wei


def test_a_deputy_can_step_back_and_a_stranger_cannot_end_it(desk: Desk) -> None:
    deputyship = desk.name(desk.wei, desk.ana)
    finance = desk.office.staff(Role.FINANCE)

    assert refused(Forbidden, desk.end, finance, deputyship) == "NOT_YOUR_ABSENCE"
    assert desk.end(desk.ana, deputyship).state == ENDED
    assert refused(Disallowed, desk.end, desk.ana, deputyship) == "DEPUTYSHIP_OVER"


def test_what_is_no_deputyship_is_refused(desk: Desk) -> None:
    project = desk.office.staff(Role.PROJECT_MANAGER)
    past = time_message(now() - timedelta(days=20))

    assert refused(Malformed, desk.name, desk.wei, desk.wei) == "DEPUTY_OF_ONESELF"
    assert refused(Disallowed, desk.name, desk.wei, project) == "NOT_IN_ROLE"
    assert refused(Disallowed, desk.name, desk.certifier, desk.ana) == "NOT_IN_ROLE"
    assert refused(Malformed, desk.name, desk.wei, desk.ana, days=-1) == "BAD_ABSENCE"
    assert refused(Malformed, desk.name, desk.wei, desk.ana, days=400) == "BAD_ABSENCE"
    assert refused(Malformed, desk.name, desk.wei, desk.ana, -1, begin_time=past) == "BAD_ABSENCE"
    assert refused(Disallowed, desk.name, desk.wei, desk.admin) == "NOT_IN_ROLE"


def test_nobody_has_two_deputies_at_once(desk: Desk) -> None:
    bo = desk.enter("bo@millrun.example", Role.BUSINESS_MANAGER)
    first = desk.name(desk.wei, desk.ana)

    assert refused(Disallowed, desk.name, desk.wei, bo) == "ALREADY_DEPUTIZED"
    desk.end(desk.wei, first)
    assert desk.name(desk.wei, bo).state == ACTIVE


def test_everybody_here_sees_who_does_whose_work(desk: Desk) -> None:
    made = desk.name(desk.wei, desk.ana)
    finance = desk.office.staff(Role.FINANCE)
    for who, parent in [(finance, "accounts/-"), (desk.wei, "accounts/me")]:
        request = pb.ListDeputyshipsRequest(parent=parent)
        assert list(desk.office.ask(who).ListDeputyships(request).deputyships) == [made]
    none = pb.ListDeputyshipsRequest(parent="accounts/me")
    assert not desk.office.ask(desk.ana).ListDeputyships(none).deputyships


def test_a_certifier_gives_a_customer_to_somebody_else(desk: Desk) -> None:
    ana = desk.ana.account.name
    assigned = desk.assign(desk.certifier, business_manager=ana)

    assert assigned.business_manager == ana
    assert assigned.project_manager, "who is not named stays"
    assert desk.office.told()[-1] == "EnterpriseAssigned"
    assert desk.office.check(desk.admin).enterprise.business_manager == ana, "new orders go there"
    told = len(desk.office.told())
    desk.assign(desk.certifier, business_manager=ana)
    assert len(desk.office.told()) == told


def test_who_has_a_customer_hands_it_over_and_nobody_takes_it(desk: Desk) -> None:
    ana, wei = desk.ana.account.name, desk.wei.account.name

    assert refused(Forbidden, desk.assign, desk.ana, business_manager=ana) == "NOT_YOURS_TO_ASSIGN"
    assert desk.assign(desk.wei, business_manager=ana).business_manager == ana
    assert refused(Forbidden, desk.assign, desk.wei, business_manager=wei) == "NOT_YOURS_TO_ASSIGN"


def test_a_deputy_hands_over_for_who_is_absent(desk: Desk) -> None:
    desk.name(desk.wei, desk.ana)
    ana = desk.office.exchange(desk.ana)

    assert desk.assign(ana, business_manager=desk.ana.account.name).business_manager_email


def test_an_assignment_that_cannot_be_is_refused(desk: Desk) -> None:
    desk.office.enterprise("globex")
    globex = pb.AssignPeopleRequest(name="enterprises/globex")
    ask = desk.office.ask(desk.certifier)
    certifier = desk.certifier.account.name

    assert refused(Disallowed, ask.AssignPeople, globex) == "NOT_CERTIFIED_YET"
    assert (
        refused(Disallowed, desk.assign, desk.certifier, business_manager=certifier)
        == "NOT_IN_ROLE"
    )
    assert refused(Outdated, desk.assign, desk.certifier, etag="77") == "CHANGED_SINCE_READ"
