"""A partner system follows an enterprise's orders, and nothing else."""

import pytest

from deploy.local.people import Refused
from e2e import checks
from e2e.stage import submitted


def test_a_partner_follows_an_order_from_beginning_to_end(vendor, firmware, brand, founded):
    partner = brand.administrator.enrolls("Production planning")
    assert partner.follows() == []
    journey = submitted(vendor, brand, firmware)
    other = submitted(vendor, founded("Somebody Else"), firmware)

    events = []
    for state in ("CONTRACT_SIGNED", "SHIPPED", "COMPLETED"):
        journey.to(state)
        events += partner.follows()
    other.to("CONFIRMED")
    order = journey.buyer.order(journey.order)

    def rest():
        events.extend(partner.follows())
        checks.insist_complete_feed(order, events)
        return True

    assert journey.buyer.sees(rest)
    assert not any(event.get("actor") for event in events)
    assert partner.follows() == []


def test_a_partner_can_do_nothing_but_follow(vendor, firmware, brand, founded):
    partner = brand.administrator.enrolls("Production planning")
    token, stranger = partner.signs_in(), founded("Somebody Else")
    with pytest.raises(Refused, match="404"):
        partner.api.ask("GET", f"{stranger.name}/orderEvents", token=token)
    with pytest.raises(Refused, match="403"):
        partner.api.ask("GET", f"{brand.name}/orders", token=token)
    brand.administrator.post(f"{partner.client}:revoke", {})
    with pytest.raises(Refused, match="401"):
        partner.signs_in()
