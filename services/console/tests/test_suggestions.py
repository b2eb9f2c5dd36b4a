"""R17: customers' suggestions are read and answered by their business manager."""

import pytest
from millrun.authorization.v1.account_pb2 import BUSINESS_MANAGER, FINANCE
from millrun.ordering.v1.suggestion_pb2 import Suggestion

from services.console.tests.office import COLLEAGUE, As, Office
from services.console.tests.papers import ACME, a_suggestion, furnish
from shared.errors import Disallowed

PAGE = "/suggestions/acme/3"


class Answered(Disallowed):
    """Ana D. answered this suggestion already."""


@pytest.fixture(autouse=True)
def _furnished(office: Office) -> None:
    furnish(office)
    office.answers["AnswerSuggestion"] = a_suggestion(state=Suggestion.ANSWERED)


def test_they_are_listed_by_state(lin: As, office: Office) -> None:
    html = lin(BUSINESS_MANAGER).get("/suggestions?state=OPEN").text
    asked = office.request("ListSuggestions")
    assert (asked.parent, asked.state) == ("enterprises/-", Suggestion.OPEN)
    assert f'href="{PAGE}"' in html
    assert "Could you pack &lt;ten&gt; to a box?" in html


def test_an_answer_is_sent_as_it_was_written(lin: As, office: Office) -> None:
    done = lin(BUSINESS_MANAGER).fill(PAGE, "", answer="From the <next> batch on.")
    assert done.url.path == PAGE
    asked = office.request("AnswerSuggestion")
    assert (asked.name, asked.etag) == (f"{ACME}/suggestions/3", "1")
    assert asked.answer == "From the <next> batch on."
    assert asked.request_id


def test_a_refused_answer_stays(lin: As, office: Office) -> None:
    office.answers["AnswerSuggestion"] = Answered()
    refused = lin(BUSINESS_MANAGER).fill(PAGE, "", answer="From now on.")
    assert refused.status_code == 409
    assert "From now on.</textarea>" in refused.text
    assert "Ana D. answered this suggestion already." in refused.text


def test_a_colleagues_says_whose_it_is_and_waits_in_nobody_elses_queue(
    lin: As, office: Office
) -> None:
    theirs = a_suggestion(business_manager=COLLEAGUE)
    office.answers["GetSuggestion"] = theirs
    office.answers["ListSuggestions"].suggestions[0].CopyFrom(theirs)
    browser = lin(BUSINESS_MANAGER)
    html = browser.get(PAGE).text
    assert "It was made to Ana D." in html
    assert " disabled" in html
    assert PAGE not in browser.get("/").text


def test_one_made_to_nobody_is_for_all(lin: As, office: Office) -> None:
    office.answers["ListSuggestions"].suggestions[0].business_manager = ""
    assert PAGE in lin(BUSINESS_MANAGER).get("/").text


def test_an_answered_one_has_no_form(lin: As, office: Office) -> None:
    office.answers["GetSuggestion"] = a_suggestion(
        state=Suggestion.ANSWERED, answer="We will.", answered_by_display_name="Wei Lin"
    )
    html = lin(BUSINESS_MANAGER).get(PAGE).text
    assert "We will." in html
    assert 'name="answer"' not in html


def test_others_have_no_such_page(lin: As) -> None:
    assert lin(FINANCE).get("/suggestions").status_code == 403
