"""The queries services really ask, without the condition that says whose rows they want."""

import pytest

from e2e.tenants.forgetful import beside
from e2e.tenants.test_strangers import attempts

MUTATIONS = 20
"""Queries that would have shown another's rows, at least."""


@pytest.fixture(scope="module")
def asked(embedded, tenants):
    """Return what services ask for one enterprise, about its own things and the other's."""
    mine, theirs = tenants
    with beside(embedded) as (speaks, noted):
        for _ in mine.reads(speaks):
            pass
        for rpc, _, _, request in attempts(mine, theirs):
            speaks.rpc(rpc, request, mine.everybody.token)
        yield noted


def test_a_query_that_forgets_the_enterprise_shows_nothing_of_another(asked, tenants):
    mine, theirs = tenants
    slug, shown = mine.space.rpartition("/")[2], {}
    would_show = set()
    for service, statement in asked.statements:
        said = asked.without_condition(service, statement, enterprise=slug)
        if found := theirs.traces_in(said):
            shown[f"{service}: {statement}"] = found
        if theirs.traces_in(asked.without_anything(service, statement)):
            would_show.add(statement)
    assert shown == {}
    assert len(would_show) >= MUTATIONS, "too few would have: the test proves little"
