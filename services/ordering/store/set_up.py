"""What was set up in earlier orders: a service is set up once for a product."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from services.ordering.domain.offer import Assortment
from services.ordering.domain.words import CLOSED, State
from shared.sql import run

_ENDED = sorted(state.name for state in CLOSED - {State.COMPLETED})


def knowing(
    tx: Session, assortment: Assortment, enterprise: str, *, besides: UUID | None = None
) -> Assortment:
    """Return an assortment with what `enterprise` had set up before; as it is without services.

    What was set up with is the earliest order that was submitted and did not come to nothing,
    other than `besides`.
    """
    if not assortment.services:
        return assortment
    products = list(assortment.offers)
    pids = [product.rpartition("/")[2] for product in products]
    rows = run(tx, _SET_UP, (enterprise, pids, products, besides, _ENDED))
    known = {(product, service): order_no for product, service, order_no in rows}
    return replace(assortment, set_up=known)


_SET_UP = """
    select distinct on (l.product, s.service) l.product, s.service, o.order_no
    from order_lines l
    join orders o on o.enterprise = l.enterprise and o.id = l.order_id
    cross join lateral (
        select e->>'service' as service from jsonb_array_elements(l.services) e
        where e->'listed'->>'setup_fee' is not null
    ) s
    where l.enterprise = %s and l.pid = any(%s) and l.product = any(%s) and l.services <> '[]'
    and o.submitted_at is not null and o.id is distinct from %s and o.state <> all(%s)
    order by l.product, s.service, o.submitted_at
"""
