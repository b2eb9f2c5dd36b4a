import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from millrun.ordering.v1 import events_pb2 as ordering
from millrun.payment.v1 import events_pb2 as payment
from sqlalchemy.exc import ProgrammingError

from services.notification.domain.feed import OrderEvent
from services.notification.reactions import pass_them_on
from services.notification.service import service
from services.notification.store import Feed
from services.notification.tests.builders import BUYER, FACTORY, MANAGER, ORDER, order_submitted
from shared.caller import Caller, Role
from shared.clock import now
from shared.errors import Malformed
from shared.ids import new_id
from shared.inbox import Inbox
from shared.paging import decode, encode
from shared.sql import run
from shared.storage import EVERYTHING, NOTHING, Scope
from shared.testing import eventually
from shared.testing.callers import caller
from shared.testing.golden import heard
from shared.testing.statements import statements

OTHER = ORDER[:-1] + "2"
PARTNER = caller(Role.PARTNER, account="enterprises/acme/partnerClients/erp")


def held(order, sequence=1):
    return heard(ordering.OrderHeld(order=order, reason="x"), aggregate=order, sequence=sequence)


def take_note(tx, envelope):
    pass_them_on(tx, [envelope])


def waiting_for_the_feed(post):
    """Whether somebody waits for an advisory lock."""
    question = sa.text("select 1 from pg_locks where locktype = 'advisory' and not granted")
    with post.database.transaction(NOTHING, read_only=True) as tx:
        return tx.scalar(question)


def test_a_reader_never_misses_what_was_begun_earlier_and_committed_later(post):
    """Without a lock the later one would be read first, and the cursor pass the earlier by."""
    early, late = held(ORDER), held(OTHER)

    def note_late():
        with post.database.transaction(EVERYTHING) as tx:
            take_note(tx, late)

    with post.database.transaction(EVERYTHING) as tx:
        take_note(tx, early)
        other = threading.Thread(target=note_late)
        other.start()
        eventually(lambda: waiting_for_the_feed(post))
        before = post.feed()
        assert not before.order_events
    other.join()
    since = post.feed(page_token=before.next_page_token)

    assert [each.id for each in since.order_events] == [early.id, late.id]


def test_two_at_once_on_one_order_leave_no_gap(post):
    envelopes = [held(f"{ORDER[:-2]}{n % 3:02}", 1 + n // 3) for n in range(60)]
    batches = [envelopes[n : n + 5] for n in range(0, 60, 5)]
    Random(7).shuffle(batches)
    inbox = Inbox(post.database, service.reactions, service.name)
    seen, token, over = [], "", threading.Event()

    def follow():
        nonlocal token
        while True:
            last = over.is_set()
            page = post.feed(page_token=token, page_size=7)
            seen.extend(page.order_events)
            token = page.next_page_token
            if last and not page.order_events:
                return

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(inbox.receive, batches))
    over.set()
    reader.join()

    assert sorted(each.id for each in seen) == sorted(each.id for each in envelopes)
    for order in {each.order for each in seen}:
        assert [each.sequence for each in seen if each.order == order] == list(range(1, 21))


def test_the_feed_goes_on_where_it_ended(post):
    empty = post.feed()
    assert not empty.order_events
    assert empty.next_page_token
    post.hear(order_submitted(), order_submitted(OTHER))
    first = post.feed(page_token=empty.next_page_token, page_size=1)
    second = post.feed(page_token=first.next_page_token)
    nothing = post.feed(page_token=second.next_page_token)

    assert [each.order for each in (*first.order_events, *second.order_events)] == [ORDER, OTHER]
    assert not nothing.order_events
    assert nothing.next_page_token == second.next_page_token


@pytest.mark.parametrize("to", [{}, {"event_types": ["ordering.order.*"]}, {"products": ["p"]}])
def test_a_token_from_beyond_the_end_is_not_waited_with_in_silence(post, to):
    """As one of another installation, or of this one before a backup was brought back."""
    post.hear(order_submitted(), order_submitted(OTHER))
    partner, end = limited(**to), post.feed().next_page_token
    assert post.feed(partner, page_token=end).next_page_token == end

    lost = encode(UUID(int=decode(end).int + 1))
    for more in ({}, {"order": ORDER}):
        with pytest.raises(Malformed, match="not one this list gave out"):
            post.feed(partner, page_token=lost, **more)


def test_an_event_is_in_the_feed_as_it_happened(post):
    envelope = heard(order_submitted(), aggregate=ORDER, actor=BUYER.account)
    Inbox(post.database, service.reactions, service.name).receive([envelope])
    (event,) = post.feed().order_events

    assert (event.id, event.type) == (envelope.id, "ordering.order.submitted")
    assert (event.order, event.order_no, event.sequence) == (ORDER, "MR-2026-000001", 1)
    assert event.time.ToJsonString()[:19] == envelope.time[:19]
    assert event.actor == BUYER.account
    assert event.data["purchaseOrder"]["enterpriseLegalName"] == "Acme GmbH"


def test_the_feed_calls_whoever_caused_something_by_name(post):
    post.meet(BUYER)
    post.hear(order_submitted(), actor=BUYER.account)
    post.hear(ordering.OrderHeld(order=ORDER), actor="accounts/unknown")

    assert [each.actor_display_name for each in post.feed().order_events] == ["Buyer", ""]
    assert [each.actor_display_name for each in post.feed(PARTNER).order_events] == ["", ""]


def test_one_order_can_be_followed_alone(post):
    post.hear(order_submitted(), order_submitted(OTHER), ordering.OrderHeld(order=ORDER))

    assert [each.sequence for each in post.feed(order=ORDER).order_events] == [1, 2]
    assert not post.feed(order=ORDER.replace("acme", "globex")).order_events


def test_a_partner_system_sees_what_happened_but_not_who_did_it(post):
    post.hear(order_submitted())

    assert post.feed(PARTNER).order_events[0].actor == ""
    assert post.feed(MANAGER).order_events[0].actor == "accounts/actor"


def test_production_sees_no_prices():
    money = {"currencyCode": "CNY", "units": "12"}
    data = {"total": money, "order": {"lines": [{"lineNo": 1, "amount": money}]}, "sums": [money]}
    event = OrderEvent(
        id=new_id(),
        type="ordering.order.confirmed",
        order=ORDER,
        order_no="MR-2026-000001",
        sequence=1,
        time=now(),
        actor="accounts/a",
        actor_display_name="Ann",
        data=data,
    )

    seen = event.seen_by(FACTORY).data
    assert seen == {"order": {"lines": [{"lineNo": 1}]}, "sums": []}
    assert event.seen_by(MANAGER) == event.seen_by(BUYER) == event


def count(post, scope, table):
    with post.database.transaction(scope, read_only=True) as tx:
        return tx.scalar(sa.text(f"select count(*) from {table}"))


def test_row_level_security_shows_an_enterprise_its_feed_and_an_account_its_messages(post):
    post.meet(BUYER)
    post.hear(order_submitted(), order_submitted(ORDER.replace("acme", "globex")))

    for table in ("feed", "orders"):
        assert count(post, Scope("acme"), table) == 1
        assert count(post, EVERYTHING, table) == 2
    assert count(post, Scope("acme"), "members") == 1
    assert count(post, Scope(MANAGER.account), "messages") == 2
    for scope in (Scope("acme"), Scope(BUYER.account), NOTHING):
        assert count(post, scope, "messages") == count(post, scope, "deliveries") == 0
    for table in ("feed", "orders", "members"):
        assert count(post, Scope("initech"), table) == count(post, NOTHING, table) == 0


@pytest.mark.parametrize("scope", [NOTHING, Scope("acme"), Scope("accounts/buyer")])
def test_no_customer_reaches_how_people_are_reached(post, scope):
    with pytest.raises(ProgrammingError, match="permission denied"):
        count(post, scope, "contacts")


def limited(**to):
    given = {name: frozenset(some) for name, some in to.items()}
    return Caller(**(vars(PARTNER) | given))


def types(post, who):
    return [(each.order[-1], each.type) for each in post.feed(who).order_events]


def test_a_partner_follows_the_types_of_events_it_may(post):
    post.hear(order_submitted(), ordering.OrderHeld(order=ORDER, reason="x"))
    post.hear(payment.PaymentVoided(payment="p", order=ORDER))

    everything = ["ordering.order.submitted", "ordering.order.held", "payment.payment.voided"]
    for event_types, seen in [
        ((), everything),
        (["ordering.order.*"], everything[:2]),
        (["ordering.order.held", "payment.payment.*"], everything[1:]),
        (["ordering.order.hel", "contract.contract.*"], []),
    ]:
        followed = [type_ for _, type_ in types(post, limited(event_types=event_types))]
        assert followed == seen


def test_a_partner_follows_orders_of_nothing_but_its_products(post):
    plug, lamp = "enterprises/acme/products/plug", "enterprises/acme/products/lamp"
    for order, products in [(ORDER, [plug]), (OTHER, [plug, lamp])]:
        submitted = order_submitted(order)
        for product in products:
            submitted.purchase_order.lines.add(product=product)
        post.hear(submitted, ordering.OrderHeld(order=order, reason="x"))

    whole = types(post, PARTNER)
    assert len(whole) == 4
    assert types(post, limited(products=[plug])) == [each for each in whole if each[0] == "1"]
    assert types(post, limited(products=[plug, lamp])) == whole
    assert types(post, limited(products=["enterprises/acme/products/other"])) == []
    only_held = limited(products=[plug], event_types=["ordering.order.held"])
    assert types(post, only_held) == [("1", "ordering.order.held")]


def test_a_group_that_means_no_event_is_not_every_event(post):
    post.hear(order_submitted())

    assert types(post, limited(event_types=["contract.nothing.*"])) == []


def test_a_product_is_followed_from_the_first_event_of_its_orders_whenever_that_is_heard(post):
    plug = "enterprises/acme/products/plug"
    partner, submitted = limited(products=[plug]), order_submitted()
    submitted.purchase_order.lines.add(product=plug)
    post.hear(ordering.OrderContractSigned(order=ORDER))
    before = post.feed(partner)
    post.hear(submitted)
    since = post.feed(partner, page_token=before.next_page_token)

    assert not before.order_events, "nobody knows of what the order is"
    assert [each.type for each in since.order_events] == [
        "ordering.order.contract_signed",
        "ordering.order.submitted",
    ]


def test_a_page_with_nothing_in_it_says_how_far_was_looked(post):
    partner = limited(event_types=["contract.contract.signed"])
    post.hear(order_submitted(), order_submitted(OTHER))
    nothing = post.feed(partner)

    assert not nothing.order_events
    assert nothing.next_page_token == post.feed().next_page_token
    assert post.feed(partner, page_token=nothing.next_page_token) == nothing


PLUG, LAMP = "enterprises/acme/products/plug", "enterprises/acme/products/lamp"
CROWD = 20_000
"""Events others follow; a partner that follows few gets FEW of them."""

FEW = 20


@pytest.fixture
def crowded(post, databases):
    """A feed of thousands of orders, a few of which somebody follows."""
    with post.database.transaction(EVERYTHING) as tx:
        for statement in _CROWD:
            tx.execute(sa.text(statement), {"many": CROWD, "every": CROWD // FEW})
    # Only to its owner does PostgreSQL look at a table again; to others it says that it did not.
    with sa.create_engine(
        databases.access("notification").owner_url, poolclass=sa.NullPool
    ).begin() as owner:
        owner.execute(sa.text("analyze feed, feed_products, orders"))
    return post


_CROWD = (
    """insert into orders (enterprise, "order", order_no, buyer, business_manager,
            project_manager, events, products)
        select 'acme', 'enterprises/acme/orders/' || n, '', '', '', '', 1,
            array['enterprises/acme/products/' || case when n % :every = 0 then 'plug' else 'lamp'
            end] from generate_series(1, :many) n""",
    """insert into feed (enterprise, "order", order_no, sequence, event_id, type, time, actor,
            actor_display_name, data)
        select 'acme', 'enterprises/acme/orders/' || n, '', 1, gen_random_uuid(),
            case when n % :every = 0 then 'contract.contract.signed'
            else 'ordering.order.submitted' end, now(), '', '', '{}'
        from generate_series(1, :many) n""",
    """insert into feed_products
        select f.enterprise, p, f.position, f."order", f.type
        from feed f join orders o using (enterprise, "order") cross join unnest(o.products) p""",
)


def pages_touched(post, who, page_size):
    """Return how many pages of the database are read for a page of the feed of how many events."""
    with post.database.transaction(Scope("acme"), read_only=True) as tx:
        with statements(post.database) as said:
            events, _ = Feed(tx).after(0, enterprise="acme", caller=who, limit=page_size)
        (asked,) = (each for each in said if "reached" in each)
        given = {
            "enterprise": "acme",
            "after": 0,
            "types": sorted(who.event_types),
            "products": sorted(who.products),
            "limit": page_size,
            "recently": now(),
        }
        ((plan,),) = run(tx, f"explain (analyze, buffers, format json) {asked}", given)
        touched = plan[0]["Plan"]
        return touched["Shared Hit Blocks"] + touched["Shared Read Blocks"], len(events)


@pytest.mark.parametrize(
    "followed",
    [
        {"event_types": ["contract.contract.signed"]},
        {"products": [PLUG]},
        {"products": [PLUG], "event_types": ["contract.contract.signed"]},
    ],
)
def test_a_page_costs_what_it_brings_and_not_what_everybody_gets(crowded, followed):
    few, got = pages_touched(crowded, limited(**followed), 100)
    none, nothing = pages_touched(
        crowded, limited(products=[PLUG], event_types=["payment.payment.settled"]), 100
    )

    assert (got, nothing) == (FEW, 0)
    # Some steps down an index, and a page for each event; the feed itself has over 400 pages.
    assert few < 12 * FEW
    assert none < 30
