"""The catalogue's figures are measured as the bench says, here with a few products."""

from e2e.load.catalogue import ASKED, MARK, measured


def test_every_list_and_search_is_measured_for_a_customer_and_for_the_vendor(postgres_server: str):
    found = list(measured(postgres_server, reach=200, associated=40))

    assert [each.name for each in found] == [
        f"catalogue.{name}.{whose}" for name in ASKED for whose in ("own", "all")
    ]
    assert all(each.value > 0 and each.limit and each.mark == MARK for each in found)
