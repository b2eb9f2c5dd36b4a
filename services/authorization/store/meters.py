"""The meters: how many pieces count against the caps of authorizations, and for which orders.

An authorization counts what is used of it in its own row, and that row is locked by whoever counts
up or down: so two orders submitted at once never use more than there is. Why it stands where it
does is written beside it, an order a row. All of it is plain SQL: what is written here changes
nothing an administrator reads and sends back, so no version of the authorization does either.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.clock import now

KEPT = timedelta(days=30)
"""How long it is remembered what was given back: an order may be heard of so much too late."""


class Meters:
    """The meters the transaction may see."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx

    def locked(
        self, enterprise: str, order: str, ids: Iterable[UUID]
    ) -> dict[UUID, tuple[int | None, int]]:
        """Lock authorizations of `enterprise`, `acme`, and those that count something for an order.

        Return cap and use of those that are not revoked.
        """
        rows = self._run(_LOCK, enterprise=enterprise, order=order, ids=sorted(ids))
        return {row.id: (row.cap, row.used) for row in rows}

    def of(self, enterprise: str, order: str) -> list[Any]:
        """Return what counts for an order: authorization, account, pieces, and since when."""
        return list(self._run(_OF, enterprise=enterprise, order=order))

    def counted(self, orders: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Return those of `orders`, by enterprise and name, for which anything counts."""
        enterprises, names = zip(*orders, strict=True)
        rows = self._run(_COUNTED, enterprises=list(enterprises), orders=list(names))
        return frozenset((row.enterprise, row.order) for row in rows)

    def keep(self, enterprise: str, order: str, account: str, pieces: Mapping[UUID, int]) -> None:
        """Count `pieces` for an order instead of what `account` had kept for it until now.

        Whoever calls this locked these authorizations, and saw that they have room.
        """
        self._run(
            _KEEP,
            enterprise=enterprise,
            order=order,
            account=account,
            ids=list(pieces),
            pieces=list(pieces.values()),
            now=now(),
        )

    def confirm(self, enterprise: str, order: str, account: str) -> None:
        """An order was submitted by `account`: what was kept for it counts for good.

        Also what was given back in the meantime, as the order is there all the same; what others
        kept for the same order does not count any more.
        """
        if any(row.confirmed_at is None for row in self._locked_of(enterprise, order)):
            told = {"enterprise": enterprise, "order": order, "account": account, "now": now()}
            self._run(_CONFIRM, **told)

    def give_back(self, enterprise: str, order: str) -> None:
        """An order ended unfulfilled: nothing counts for it any more."""
        if self._locked_of(enterprise, order):
            self._run(_GIVE_BACK, enterprise=enterprise, order=order)

    def release(self, *, kept_before: datetime, limit: int = 100) -> int:
        """Give back what was kept before a moment for orders nobody submitted; how many there were.

        What was released long ago is forgotten.
        """
        self._run(_FORGET, before=kept_before - KEPT)
        stale = self._run(_STALE, before=kept_before, limit=limit)
        for row in stale:
            self._run(_RELEASE, now=now(), **row._mapping)
        return len(stale)

    def _locked_of(self, enterprise: str, order: str) -> list[Any]:
        return self._run(_LOCK_OF, enterprise=enterprise, order=order)

    def _run(self, statement: str, **given: Any) -> list[Any]:
        done = self._tx.connection().exec_driver_sql(statement, given)
        return list(done) if done.returns_rows else []


# Rows of authorizations are always locked before rows of uses, and in the order of their ids.
_LOCK = """
    select id, cap, used from authorizations
    where enterprise = %(enterprise)s and revoked_at is null and (
        id = any(%(ids)s) or id in (
            select authorization_id from authorization_uses
            where enterprise = %(enterprise)s and "order" = %(order)s
        )
    )
    order by id for update
"""

_OF = """
    select authorization_id, account, pieces, confirmed_at, released_at
    from authorization_uses where enterprise = %(enterprise)s and "order" = %(order)s
"""

_COUNTED = """
    select distinct enterprise, "order" from authorization_uses
    join unnest(%(enterprises)s::text[], %(orders)s::text[]) as asked (enterprise, "order")
        using (enterprise, "order")
"""

_LOCK_OF = """
    select u.authorization_id, u.confirmed_at
    from authorizations a
    join authorization_uses u on u.enterprise = a.enterprise and u.authorization_id = a.id
    where u.enterprise = %(enterprise)s and u."order" = %(order)s
    order by a.id for update of a
"""

_KEEP = """
    with before as (
        select authorization_id as id, pieces from authorization_uses
        where enterprise = %(enterprise)s and "order" = %(order)s and account = %(account)s
            and released_at is null
    ), after as (
        select id, pieces from unnest(%(ids)s::uuid[], %(pieces)s::bigint[]) as after (id, pieces)
    ), kept as (
        insert into authorization_uses
            (enterprise, "order", authorization_id, account, pieces, reserved_at)
        select %(enterprise)s, %(order)s, id, %(account)s, pieces, %(now)s from after
        on conflict (enterprise, "order", authorization_id) do update
            set pieces = excluded.pieces, account = excluded.account,
                reserved_at = excluded.reserved_at, released_at = null
    ), dropped as (
        delete from authorization_uses
        where enterprise = %(enterprise)s and "order" = %(order)s and account = %(account)s
            and authorization_id not in (select id from after)
    )
    update authorizations a set used = used + changed.pieces
    from (
        select id, coalesce(after.pieces, 0) - coalesce(before.pieces, 0) as pieces
        from before full join after using (id)
    ) changed
    where a.enterprise = %(enterprise)s and a.id = changed.id
"""

_CONFIRM = """
    with mine as (
        update authorization_uses
        set confirmed_at = %(now)s, released_at = null
        where enterprise = %(enterprise)s and "order" = %(order)s and account = %(account)s
            and confirmed_at is null
    ), others as (
        update authorization_uses set released_at = %(now)s
        where enterprise = %(enterprise)s and "order" = %(order)s and account <> %(account)s
            and confirmed_at is null and released_at is null
    ), changed as (
        select authorization_id, sum(case
            when account = %(account)s and released_at is not null then pieces
            when account <> %(account)s and released_at is null then -pieces
            else 0 end) as pieces
        from authorization_uses
        where enterprise = %(enterprise)s and "order" = %(order)s and confirmed_at is null
        group by authorization_id
    )
    update authorizations a set used = used + changed.pieces
    from changed where a.enterprise = %(enterprise)s and a.id = changed.authorization_id
"""

_GIVE_BACK = """
    with gone as (
        delete from authorization_uses
        where enterprise = %(enterprise)s and "order" = %(order)s
        returning authorization_id, pieces, released_at
    )
    update authorizations a set used = used - gone.pieces
    from gone
    where a.enterprise = %(enterprise)s and a.id = gone.authorization_id
        and gone.released_at is null
"""

_STALE = """
    select a.enterprise, u."order", u.authorization_id
    from authorizations a
    join authorization_uses u on u.enterprise = a.enterprise and u.authorization_id = a.id
    where u.confirmed_at is null and u.released_at is null and u.reserved_at <= %(before)s
    order by a.id limit %(limit)s for update of a
"""

_RELEASE = """
    with released as (
        update authorization_uses set released_at = %(now)s
        where enterprise = %(enterprise)s and "order" = %(order)s
            and authorization_id = %(authorization_id)s
            and confirmed_at is null and released_at is null
        returning authorization_id, pieces
    )
    update authorizations a set used = used - released.pieces
    from released where a.enterprise = %(enterprise)s and a.id = released.authorization_id
"""

_FORGET = "delete from authorization_uses where released_at <= %(before)s"
