"""Two enterprises in one world, and whoever asks on their behalf."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.local.people import Enterprise
from deploy.local.people.enterprise import fresh
from deploy.local.world import World
from e2e.stage import Stage
from e2e.tenants.asking import Speaks
from e2e.tenants.tenant import Tenant


@pytest.fixture(scope="package")
def speaks(embedded: World) -> Iterator[Speaks]:
    """Return what asks every service and the public API."""
    made = Speaks(embedded.services, embedded.portal)
    yield made
    made.close()


@pytest.fixture(scope="package")
def tenants(embedded: World, one_stage: Stage, speaks: Speaks) -> tuple[Tenant, Tenant]:
    """Return two enterprises with something of everything each."""
    brand = Enterprise.registers(one_stage.api, **fresh("Brand")).is_certified_by(one_stage.vendor)

    def make(_: int) -> Tenant:
        made = Tenant.set_up(embedded.portal, embedded.sign_ins, one_stage.firmware, brand)
        made.looks_around(speaks)
        return made

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(make, range(2))
    told = dict(first.names)
    first.keeps(second.names)
    second.keeps(told)
    return first, second


@pytest.fixture(params=["one", "the other"])
def mine_and_theirs(
    request: pytest.FixtureRequest, tenants: tuple[Tenant, Tenant]
) -> tuple[Tenant, Tenant]:
    """Return who asks, and whose things it asks for; both ways."""
    return tenants if request.param == "one" else (tenants[1], tenants[0])
