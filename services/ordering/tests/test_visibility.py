"""I8: an enterprise sees an order because it placed it or owns its products, for nothing else."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.store.rows import COLUMNS
from services.ordering.tests.desk import Desk
from shared.caller import CUSTOMER_ROLES, Caller
from shared.errors import NotFound
from shared.ids import new_id
from shared.storage import EVERYTHING, NOTHING, Scope
from shared.testing.broken import hunting
from shared.testing.callers import caller

ENTERPRISES = ("acme", "brand", "globex", "initech")
DIFFERENT = {"enterprise", "id", "order_no", "owner"}
OTHERS = ", ".join(name for name in COLUMNS if name not in DIFFERENT)
COPY = sa.text(f"""
    insert into orders (enterprise, id, order_no, owner, {OTHERS})
    select :enterprise, :id, 'MR-' || :id, :owner, {OTHERS} from orders where order_no = :like
""")

somebody = st.sampled_from(ENTERPRISES)
placed = st.lists(st.tuples(somebody, somebody), min_size=1, max_size=8)


seen_by = given(
    pairs=placed, viewer=somebody, role=st.sampled_from(sorted(CUSTOMER_ROLES, key=str))
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@seen_by
def test_an_enterprise_sees_what_it_placed_or_owns_and_nothing_else(desk, pairs, viewer, role):
    _insist_nothing_else_is_seen(desk, pairs, viewer, role)


BROKEN = {
    "I8: everybody sees everything": lambda _: EVERYTHING,
    "I8: nobody sees what is theirs": lambda _: NOTHING,
    "I8: everybody sees what one enterprise does": lambda _: Scope(enterprise="brand"),
}
"""What a transaction sees, broken on purpose: what does not notice it proves nothing."""


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_seen_by_others_is_noticed(rule, desk, monkeypatch):
    model = desk.create()

    def insist(pairs, viewer, role):
        _insist_nothing_else_is_seen(desk, pairs, viewer, role, like=model.order_no)

    monkeypatch.setattr(Scope, "of", BROKEN[rule])
    with pytest.raises(AssertionError):
        hunting()(seen_by(insist))()


def _insist_nothing_else_is_seen(desk, pairs, viewer, role, like=""):
    who = caller(role, enterprise=viewer)
    names = _place(desk, like or desk.create().order_no, pairs)

    seen = _listed(desk, who)
    for (enterprise, owner), name in zip(pairs, names, strict=True):
        may = viewer in {enterprise, owner}
        assert (name in seen) == may
        assert _can_be_read(desk, who, name) == may


def _place(desk: Desk, like: str, pairs: list[tuple[str, str]]) -> list[str]:
    ids = [new_id() for _ in pairs]
    with desk.database.transaction(EVERYTHING) as tx:
        for (enterprise, owner), id_ in zip(pairs, ids, strict=True):
            row = {"enterprise": enterprise, "id": id_, "owner": owner, "like": like}
            tx.execute(COPY, row)
    return [f"enterprises/{pair[0]}/orders/{id_}" for pair, id_ in zip(pairs, ids, strict=True)]


def _listed(desk: Desk, who: Caller) -> set[str]:
    """Return the names of the newest 200 orders `who` sees."""
    request = rpc.ListOrdersRequest(parent=f"enterprises/{who.enterprise}", page_size=200)
    return {order.name for order in desk.ask(who).ListOrders(request).orders}


def _can_be_read(desk: Desk, who: Caller, name: str) -> bool:
    try:
        return desk.ask(who).GetOrder(rpc.GetOrderRequest(name=name)).name == name
    except NotFound:
        return False
