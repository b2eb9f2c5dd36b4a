"""What row-level security lets a transaction see, below every rule in the code."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from services.authorization.tests.office import MANUFACTURER, Office
from shared.caller import Role
from shared.storage import EVERYTHING, NOTHING, Scope

OWN = [
    "certifications",
    "certification_proofs",
    "memberships",
    "authorizations",
    "authorization_products",
    "authorization_uses",
    "product_associations",
    "partner_clients",
    "products",
    "enterprises",
    "projects",
    "project_products",
]


def count(office: Office, scope: Scope, table: str) -> int:
    with office.database.transaction(scope, read_only=True) as tx:
        return tx.scalar(sa.text(f"select count(*) from {table}")) or 0


@pytest.fixture
def furnished(office: Office) -> Office:
    """An office with something of everything, all of it of the enterprise `maker` but one."""
    office.enterprise("brand")
    maker = office.enterprise("maker", MANUFACTURER)
    office.attach(maker, office.request_certification(maker).name)
    office.certify(maker)
    office.associate(office.product("brand"), "maker")
    own = office.product("maker", "p2")
    office.project(office.staff(Role.PROJECT_MANAGER), own)
    office.grant(maker, maker.account.email, own, quantity_cap=10)
    office.keep(office.exchange(maker), "o1", (own, 3))
    with office.database.transaction(EVERYTHING) as tx:
        tx.execute(
            sa.text(
                "insert into partner_clients (id, enterprise, version, sequence, display_name,"
                " secret_hash, former_hash, event_types, products, state, created_at)"
                " values (gen_random_uuid(), 'maker', 1, 0, 'ERP', '', '', '{}', '{}', 'active',"
                " now())"
            )
        )
    return office


def test_an_enterprise_sees_its_own_and_nobody_sees_nothing(furnished: Office) -> None:
    for table in OWN:
        all_, own = (count(furnished, s, table) for s in (EVERYTHING, Scope(enterprise="maker")))
        foreign = count(furnished, Scope(enterprise="globex"), table)
        assert 1 <= own <= all_, table
        assert foreign == count(furnished, NOTHING, table) == 0, table


def test_of_accounts_an_enterprise_sees_only_the_vendors_people(furnished: Office) -> None:
    with furnished.database.transaction(Scope(enterprise="maker")) as tx:
        emails = set(tx.scalars(sa.text("select email from accounts")))
        changed = tx.execute(sa.text("update accounts set email = 'x' returning id")).all()

    staff = {Role.BUSINESS_MANAGER, Role.PROJECT_MANAGER, Role.CERTIFIER}
    assert emails == {f"{role.value}@millrun.example" for role in staff}
    assert changed == []


@pytest.mark.parametrize("table", ["credentials", "sessions", "sign_in_failures"])
@pytest.mark.parametrize("scope", [NOTHING, Scope(enterprise="maker")])
def test_no_enterprise_reaches_what_people_sign_in_with(
    furnished: Office, table: str, scope: Scope
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        count(furnished, scope, table)
