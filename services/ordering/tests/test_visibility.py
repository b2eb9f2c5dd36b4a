"""I8: an enterprise sees an order because it placed it or owns its products, for nothing else."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from millrun.ordering.v1 import ordering_pb2 as rpc

from services.ordering.store.rows import COLUMNS
from services.ordering.tests.desk import Desk
from shared.caller import CUSTOMER_ROLES, Caller
from shared.errors import NotFound
from shared.ids import new_id
from shared.storage import EVERYTHING
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


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs=placed, viewer=somebody, role=st.sampled_from(sorted(CUSTOMER_ROLES, key=str)))
def test_an_enterprise_sees_what_it_placed_or_owns_and_nothing_else(desk, pairs, viewer, role):
    model, who = desk.create(), caller(role, enterprise=viewer)
    names = _place(desk, model.order_no, pairs)

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
