"""Whoever remembers what somebody may order hears of whatever changes it."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from millrun.authorization.v1 import account_pb2
from millrun.authorization.v1 import authorization_pb2 as pb
from millrun.authorization.v1.sign_in_pb2 import UpdateAccountRequest
from millrun.operations.v1.operations_pb2 import ListInvalidationsRequest
from millrun.operations.v1.operations_pb2_grpc import OperationsServiceStub

from services.authorization.store import purchasing
from services.authorization.store.names import account_id
from services.authorization.tests.office import BRAND, MANUFACTURER, Office
from shared.caller import Role
from shared.clock import now
from shared.storage import Scope
from shared.testing.databases import Databases
from shared.testing.reading import tables_read
from shared.wire import time_message

BUYER = "buyer@acme.example"
UNSAID = {"authorization_uses"}
"""What counts against caps is asked each time: no answer that rests on it holds."""

INVALIDATING = "select tgrelid::regclass::text from pg_trigger where tgname like '%_invalidate'"


class Buying:
    """A certified enterprise whose buyer may order its product and one of a brand's."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.admin = office.enterprise("acme", BRAND, MANUFACTURER)
        office.certify(office.enterprise("brand"))
        office.certify(self.admin)
        self.product, self.theirs = office.product(), office.product("brand", "gadget1")
        self.association = office.associate(self.theirs, "acme")
        office.person(BUYER)
        self.grant = office.grant(self.admin, BUYER, self.product, self.theirs)
        self.buyer = office.sign_in(BUYER, space="enterprises/acme")
        self._ask = office.served.stub(OperationsServiceStub).ListInvalidations
        self._token = ""
        self.hears()

    def hears(self) -> set[bytes]:
        """What changed since the last time, by subject."""
        told = self._ask(ListInvalidationsRequest(page_token=self._token))
        self._token = told.next_page_token
        return {each.subject for each in told.invalidations}

    def check(self) -> pb.CheckPurchaseResponse:
        return self.office.check(self.buyer, self.product, self.theirs)


def revoke(buying: Buying) -> None:
    asked = pb.RevokeAuthorizationRequest(name=buying.grant.name)
    buying.office.ask(buying.admin).RevokeAuthorization(asked)


def allow_samples_too(buying: Buying) -> None:
    rnd = account_pb2.RND
    buying.office.grant(buying.admin, BUYER, buying.product, role=rnd, quantity_cap=5)


def dissociate(buying: Buying) -> None:
    asked = pb.DissociateProductRequest(name=buying.association.name)
    buying.office.ask(buying.office.staff(Role.PROJECT_MANAGER)).DissociateProduct(asked)


def take_in_hand(buying: Buying) -> None:
    """The brand's project manager changes, not the buyer's."""
    buying.office.project(buying.office.staff(Role.PROJECT_MANAGER), buying.theirs)


def rename_the_manager(buying: Buying) -> None:
    manager = buying.office.staff(Role.BUSINESS_MANAGER)
    asked = UpdateAccountRequest(name="accounts/me", display_name="Bo Renamed")
    buying.office.ask(manager).UpdateAccount(asked)


CHANGES = [revoke, allow_samples_too, dissociate, take_in_hand, rename_the_manager]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_who_may_order_is_told(office: Office, change: Callable[[Buying], None]):
    buying = Buying(office)
    before = buying.check()
    assert not buying.hears()

    change(buying)

    assert buying.check() != before
    assert buying.hears() & set(before.validity.subjects)


def test_what_counts_against_a_cap_holds_only_now(office: Office):
    buying = Buying(office)
    assert buying.check().HasField("validity")
    allow_samples_too(buying)
    assert not buying.check().HasField("validity")


def test_what_is_counted_and_told_changes_no_answer(office: Office):
    """A cap that fills, and a reminder, are no reason to ask about everybody's again."""
    buying = Buying(office)
    allow_samples_too(buying)
    buying.hears()
    office.keep(buying.buyer, "0190", (buying.product, 3))
    assert not buying.hears()


def test_an_enterprise_that_has_nothing_to_do_with_it_changes_nothing(office: Office):
    buying = Buying(office)
    subjects = set(buying.check().validity.subjects)
    stranger = office.enterprise("globex")
    office.certify(stranger)
    office.grant(stranger, BUYER, office.product("globex", "other1"))
    heard = buying.hears()
    assert heard
    assert not heard & subjects


def test_it_holds_until_the_first_of_certification_and_authorizations_ends(office: Office):
    buying = Buying(office)
    checked = buying.check()
    assert checked.validity.expire_time == checked.enterprise.certification_expire_time
    in_an_hour = time_message(now() + timedelta(hours=1))
    office.grant(buying.admin, BUYER, buying.product, expire_time=in_an_hour)
    assert buying.check().validity.expire_time == in_an_hour


def test_every_table_it_is_read_from_tells_what_changes(office: Office, databases: Databases):
    buying = Buying(office)
    owner_url = databases.access("authorization").owner_url
    with sa.create_engine(owner_url, poolclass=sa.NullPool).connect() as owner:
        telling = set(owner.scalars(sa.text(INVALIDATING)))
    caller = office.caller(buying.buyer)
    given = {
        "enterprise": caller.enterprise,
        "account": account_id(caller.account),
        "products": [buying.product],
        "order": "",
        "now": now(),
    }
    with office.database.transaction(Scope.of(caller), read_only=True) as tx:
        read = tables_read(tx, purchasing._STATEMENT, given)
    assert {"enterprises", "authorizations", "accounts", *UNSAID} <= read
    assert read - UNSAID <= telling


def _columns(owner: sa.Connection, table: str) -> Iterable[str]:
    """The columns of `table` whose change is told; all of them if it does not say which."""
    return owner.scalars(
        sa.text(
            "select attname from pg_attribute a join pg_trigger t on t.tgrelid = a.attrelid"
            " where t.tgname = :name and a.attnum > 0 and not a.attisdropped"
            " and (t.tgattr::int2[] = '{}' or a.attnum = any(t.tgattr::int2[]))"
        ),
        {"name": f"{table}_invalidate"},
    )


@pytest.mark.parametrize(
    ("table", "alias", "untold"),
    [
        ("enterprises", "e", {"enterprise", "version", "created_at"}),
        ("accounts", "b", {"id"}),
        ("authorizations", "g", {"enterprise", "id", "used"}),
    ],
)
def test_every_column_it_is_read_from_tells_what_changes(
    databases: Databases, table: str, alias: str, untold: set[str]
):
    """But those that never change, and those no answer that holds rests on."""
    read = set(re.findall(rf"\b{alias}\.(\w+)", purchasing._STATEMENT))
    owner_url = databases.access("authorization").owner_url
    with sa.create_engine(owner_url, poolclass=sa.NullPool).connect() as owner:
        telling = set(_columns(owner, table))
    assert read
    assert read - untold <= telling
