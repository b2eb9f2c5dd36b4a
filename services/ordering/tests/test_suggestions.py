"""R17: buyers suggest something to their business manager, who answers; both are told."""

from dataclasses import replace
from typing import Any

import pytest
from millrun.ordering.v1 import events_pb2
from millrun.ordering.v1 import ordering_pb2 as rpc
from millrun.ordering.v1.suggestion_pb2 import Suggestion

from services.ordering.domain.suggestion import MOST_OPEN
from services.ordering.tests.builders import BM, PLUG, a_form
from services.ordering.tests.desk import (
    ADMIN,
    BRAND,
    BUYER,
    ENGINEER,
    FINANCE,
    GADGET,
    MANAGER,
    OTHER_MANAGER,
    RND,
    STRANGER,
    Desk,
    request_id,
)
from services.ordering.wire import form_message
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated
from shared.testing.callers import caller

ACME = "enterprises/acme"
NOBODYS = f"{ACME}/suggestions/0190a0a0-0000-7000-8000-000000000001"


def suggest(desk: Desk, text: str = "Pack ten.", who: Caller = BUYER, **more: Any) -> Suggestion:
    request = {"request_id": more.pop("request_id", ""), "validate_only": more.pop("dry", False)}
    asked = rpc.CreateSuggestionRequest(
        parent=f"enterprises/{who.enterprise}", suggestion=Suggestion(text=text, **more), **request
    )
    return desk.ask(who).CreateSuggestion(asked)


def reply(desk: Desk, name: str, who: Caller = MANAGER, **more: Any) -> Suggestion:
    asked = rpc.AnswerSuggestionRequest(**{"name": name, "answer": "We will.", **more})
    return desk.ask(who).AnswerSuggestion(asked)


def listed(desk: Desk, who: Caller = BUYER, parent: str = ACME, **more: Any) -> list[Suggestion]:
    asked = rpc.ListSuggestionsRequest(parent=parent, **more)
    return list(desk.ask(who).ListSuggestions(asked).suggestions)


def get(desk: Desk, name: str, who: Caller = BUYER) -> Suggestion:
    return desk.ask(who).GetSuggestion(rpc.GetSuggestionRequest(name=name))


def test_r17_what_is_suggested_reaches_the_business_manager_and_the_answer_who_suggested_it(
    desk: Desk,
) -> None:
    order = desk.submitted()
    made = suggest(desk, " Pack ten to a box? ", order=order.name, product=PLUG)
    assert (made.state, made.text) == (Suggestion.OPEN, "Pack ten to a box?")
    assert made.subject == f"{order.order_no} · plug16"
    assert (made.author, made.business_manager) == (BUYER.account, BM)
    assert made.enterprise_legal_name == "Acme Lighting GmbH"
    answered = reply(desk, made.name, etag=made.etag)
    assert (answered.state, answered.answer) == (Suggestion.ANSWERED, "We will.")
    assert answered.answered_by == BM
    assert answered.HasField("answer_time")
    assert get(desk, made.name) == get(desk, made.name, MANAGER) == answered

    first, second = desk.letters()[1:]
    told, answer = first.open(), second.open()
    assert isinstance(told, events_pb2.SuggestionMade)
    assert isinstance(answer, events_pb2.SuggestionAnswered)
    assert (told.asked, told.text, told.subject) == (BM, made.text, made.subject)
    assert (answer.account, answer.answer) == (BUYER.account, "We will.")
    assert [letter.aggregate for letter in (first, second)] == [made.name] * 2
    assert [letter.sequence for letter in (first, second)] == [1, 2]


@pytest.mark.parametrize("who", [BUYER, RND, ADMIN, caller(Role.ENTERPRISE_FINANCE)])
def test_everybody_of_an_enterprise_may_suggest_something(desk: Desk, who: Caller) -> None:
    assert suggest(desk, who=who).author == who.account


def test_an_answer_is_given_once_by_who_was_asked_or_their_deputy(desk: Desk) -> None:
    made = suggest(desk)
    with pytest.raises(Forbidden) as refused:
        reply(desk, made.name, OTHER_MANAGER)
    assert refused.value.reason == "NOT_YOUR_SUGGESTION"
    assert "Bo Manager" in str(refused.value)
    for other in (BUYER, ENGINEER, FINANCE):
        with pytest.raises(Forbidden):
            reply(desk, made.name, other)
    deputy = replace(OTHER_MANAGER, account="accounts/deputy", deputy_of=frozenset({BM}))
    assert reply(desk, made.name, deputy).answered_by == "accounts/deputy"
    with pytest.raises(Disallowed) as refused_:
        reply(desk, made.name)
    assert refused_.value.reason == "SUGGESTION_ANSWERED_ALREADY"


def test_a_stale_or_empty_answer_is_refused(desk: Desk) -> None:
    made = suggest(desk)
    with pytest.raises(Outdated):
        reply(desk, made.name, etag="7")
    for text in ("", " ", "x" * 2001):
        with pytest.raises(Malformed):
            reply(desk, made.name, answer=text)
    assert get(desk, made.name).state == Suggestion.OPEN


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_a_suggestion_says_something_a_person_will_read(desk: Desk, text: str) -> None:
    with pytest.raises(Malformed):
        suggest(desk, text)


def test_what_it_is_about_is_ones_own(desk: Desk) -> None:
    foreign = desk.submit(desk.create((GADGET, 100)), form=form_message(a_form()))
    with pytest.raises(NotFound, match="There is no order"):
        suggest(desk, who=STRANGER, order=foreign.name)
    with pytest.raises(Forbidden) as refused:
        suggest(desk, who=BRAND, order=foreign.name)
    assert refused.value.reason == "NOT_YOUR_ORDER"
    desk.authorization.hidden = {PLUG}
    with pytest.raises(NotFound, match="There is no product plug16"):
        suggest(desk, product=PLUG)
    with pytest.raises(Malformed):
        suggest(desk, order="first")
    assert not listed(desk)


def test_nobody_else_reads_it(desk: Desk) -> None:
    made = suggest(desk)
    for name in (made.name, NOBODYS, f"{ACME}/suggestions/first"):
        with pytest.raises(NotFound, match=f"There is no suggestion {name}"):
            get(desk, name, STRANGER)
    with pytest.raises(NotFound):
        listed(desk, STRANGER)
    with pytest.raises(NotFound):
        listed(desk, parent="enterprises/-")
    for other in (ENGINEER, FINANCE):
        with pytest.raises(Forbidden):
            get(desk, made.name, other)
    asked = rpc.CreateSuggestionRequest(parent=ACME, suggestion=Suggestion(text="Mine."))
    with pytest.raises(NotFound):
        desk.ask(STRANGER).CreateSuggestion(asked)


def test_business_managers_list_all_by_state_in_pages(desk: Desk) -> None:
    first, second, third = (suggest(desk, f"Number {number}.") for number in range(3))
    fourth = suggest(desk, who=STRANGER)
    reply(desk, second.name)
    everywhere = listed(desk, MANAGER, "enterprises/-")
    assert [each.name for each in everywhere] == [
        each.name for each in (fourth, third, second, first)
    ]
    waiting = listed(desk, MANAGER, "enterprises/-", state=Suggestion.OPEN)
    assert [each.name for each in waiting] == [fourth.name, third.name, first.name]
    assert [each.name for each in listed(desk)] == [third.name, second.name, first.name]
    asked = rpc.ListSuggestionsRequest(parent=ACME, page_size=2)
    page = desk.ask().ListSuggestions(asked)
    asked.page_token = page.next_page_token
    assert [each.name for each in desk.ask().ListSuggestions(asked).suggestions] == [first.name]


def test_nobody_is_flooded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OPEN == 20
    monkeypatch.setattr("services.ordering.store.suggested.MOST_OPEN", 1)
    made = suggest(desk)
    with pytest.raises(Disallowed) as refused:
        suggest(desk)
    assert refused.value.reason == "TOO_MANY_SUGGESTIONS"
    suggest(desk, who=ADMIN)
    reply(desk, made.name)
    suggest(desk)


def test_a_repeated_or_tried_suggestion_is_made_and_told_once(desk: Desk) -> None:
    request = request_id()
    suggest(desk, dry=True)
    assert not listed(desk)
    first = suggest(desk, request_id=request)
    assert suggest(desk, request_id=request) == first
    assert desk.told() == ["SuggestionMade"]
