"""What authorization does when it hears of something; and what its clock forgets."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from millrun.catalog.v1.events_pb2 import ProductCreated

from services.authorization.clocks import forget_sign_ins
from services.authorization.store import Products, tables
from services.authorization.tests.office import Office
from shared.clock import now
from shared.errors import Unauthenticated
from shared.storage import EVERYTHING, Scope
from shared.testing.golden import example


def test_a_product_is_known_once_catalog_told_of_it(office: Office) -> None:
    event = example(ProductCreated)
    for sequence in (1, 2):  # told twice under two numbers, as after a restore
        office.hear(event, event.product, sequence)

    owner = Scope(enterprise=event.owner.removeprefix("enterprises/"))
    with office.database.transaction(owner) as tx:
        assert Products(tx).known([event.product]) == {event.product}
    with office.database.transaction(Scope(enterprise="globex")) as tx:
        assert Products(tx).known([event.product]) == set()


def test_what_is_over_is_forgotten_and_nothing_else(office: Office) -> None:
    def left() -> tuple[int, int]:
        with office.database.transaction(EVERYTHING) as tx:
            kept = [
                tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in (tables.sessions, tables.sign_in_failures)
            ]
        return kept[0], kept[1]

    with time_machine.travel(now(), tick=False) as clock:
        office.person("kim@acme.example")
        clock.shift(timedelta(hours=6))
        lee = office.person("lee@acme.example")
        with pytest.raises(Unauthenticated):
            office.sign_in("kim@acme.example", "wrong password")
        assert forget_sign_ins(office.served.runtime) == 1  # the code Kim was to be sent
        clock.shift(timedelta(hours=6))
        assert left() == (2, 1)
        assert forget_sign_ins(office.served.runtime) == 3  # Lee's code, too
        assert left() == (1, 0)
        assert office.exchange(lee).access_token
