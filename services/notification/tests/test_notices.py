import re

import pytest
from google.protobuf.json_format import MessageToDict
from millrun.ordering.v1.order_pb2 import PurchaseOrder

from services.notification.domain.notices import NOTICES, PRODUCTION, QUIET, Notice
from services.notification.tests.builders import EVENTS, OF_ORDERS
from services.notification.wire import facts_of
from shared.events import routing_key
from shared.testing.golden import example
from shared.web import text
from shared.web.translations import folders

KEYS = {routing_key(each.DESCRIPTOR.full_name): each for each in EVENTS}


def test_every_event_of_an_order_is_told_or_left_out_on_purpose():
    of_orders = {routing_key(each.DESCRIPTOR.full_name) for each in OF_ORDERS}
    told = {each.event for each in NOTICES}

    assert of_orders - told == set(QUIET)
    assert not told & set(QUIET)


def test_what_says_the_same_as_another_event_leaves_it_to_one_that_is_told():
    told = {each.event for each in NOTICES}
    for reason in QUIET.values():
        named = re.match(r"[a-z_]+\.[a-z_]+\.[a-z_]+", reason)
        assert named is None or named[0] in told


@pytest.mark.parametrize("notice", NOTICES, ids=lambda each: f"{each.event}-{each.subject}")
def test_every_sentence_can_be_said_of_the_example(notice: Notice):
    event = example(KEYS[notice.event])
    facts = facts_of(event.DESCRIPTOR.full_name, MessageToDict(event)) | {
        "order_no": "MR-2026-000001"
    }
    if hasattr(event, "purchase_order"):
        facts = (
            facts_of(PurchaseOrder.DESCRIPTOR.full_name, MessageToDict(event.purchase_order))
            | facts
        )

    said = notice.subject.format(**facts)
    assert said
    assert "{" not in said + notice.text.format(**facts) + notice.of_addendum.format(**facts)


def test_an_addendum_is_never_called_the_contract_itself():
    said = {each.event: each.of_addendum for each in NOTICES if each.of_addendum}
    events = {routing_key(each.DESCRIPTOR.full_name): each for each in OF_ORDERS}
    of_either = {
        key for key, each in events.items() if "addendum" in each.DESCRIPTOR.fields_by_name
    }

    assert set(said) == of_either
    assert all("an addendum" in each or "the addendum" in each for each in said.values())


def test_production_is_told_no_prices():
    for notice in NOTICES:
        if PRODUCTION in notice.to:
            named = re.findall(r"{(\w+)}", notice.subject + notice.text)
            assert not {"amount", "total", "deposit", "settled"} & set(named)


def test_every_sentence_can_be_said_in_chinese_with_the_same_facts():
    text.load(folders())
    token = text.language.set("zh")
    try:
        for notice in NOTICES:
            for sentence in filter(re.compile("[A-Za-z]{2}").search, _sentences(notice)):
                said = text.gettext(sentence)
                assert re.search("[\u4e00-\u9fff]", said), sentence
                assert sorted(re.findall(r"{\w+}", said)) == sorted(re.findall(r"{\w+}", sentence))
    finally:
        text.language.reset(token)


def _sentences(notice: Notice) -> list[str]:
    """Return what has words of its own, and not facts alone."""
    all_of_it = (notice.subject, notice.text, notice.of_addendum, *notice.text_of.values())
    return [each for each in all_of_it if re.search("[A-Za-z]", re.sub(r"{\w+}", "", each))]
