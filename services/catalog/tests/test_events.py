"""What catalog tells looks as its golden examples do; what it hears, it understands."""

import pytest
from millrun.catalog.v1 import events_pb2

from services.catalog.domain.firmware import State as Trust
from services.catalog.domain.product import Product
from services.catalog.service import service
from services.catalog.tests.builders import JUDGE, a_build, a_firmware, an_impact
from shared.domain import Aggregate
from shared.events import Envelope, seal
from shared.testing.golden import golden


def a_life() -> list[Envelope]:
    """Everything a product and its firmware ever tell."""
    firmware = a_firmware(Trust.BETA)
    product = Product.create(
        enterprise="acme", display_name="Smart plug", product_id="smartplug0000001"
    )
    product.label(model="SP-1", customer_name="", notes="")
    product.configure(a_build(firmware), firmware)
    product.complete_development()
    firmware.release(by=JUDGE)
    product.release()
    product.return_to_development(reason="The panel lacks a timer.", impact=an_impact(product))
    firmware.retire(by=JUDGE)
    return [*told(product), *told(firmware)]


def told(aggregate: Aggregate) -> list[Envelope]:
    return [
        seal(event, sequence=sequence, of=aggregate, contract=events_pb2)
        for sequence, event in aggregate.release_events()
    ]


@pytest.mark.parametrize("letter", a_life(), ids=lambda letter: letter.routing_key)
def test_what_is_told_looks_as_its_example(letter: Envelope):
    golden(letter.open())


def test_everything_that_can_be_told_is_told_in_a_life():
    assert {letter.open().DESCRIPTOR.name for letter in a_life()} == set(
        events_pb2.DESCRIPTOR.message_types_by_name
    )


def test_firmware_is_told_of_as_the_vendors_and_products_as_their_owners():
    assert {(letter.aggregate.split("/")[0], letter.enterprise) for letter in a_life()} == {
        ("enterprises", "acme"),
        ("modules", ""),
    }


def test_catalog_hears_authorization_and_ordering_only():
    assert service.reactions.sources == {"authorization", "ordering"}
