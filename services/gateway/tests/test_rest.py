"""From HTTP to a service and back."""

import base64
import json
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.routing import Route

from services.gateway.calling import Calls
from services.gateway.contract import Contract
from services.gateway.rest import Api
from services.gateway.tests.conftest import Sample
from shared import errors
from shared.clients import MESSAGE_LIMIT
from shared.testing.pages import listening
from shared.texts import TextTooLong

KEY = {"idempotency-key": "k-1"}


def problem(answer: httpx.Response, status: int, reason: str) -> dict[str, Any]:
    """Return the problem an answer holds, having looked at its form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    members: dict[str, Any] = answer.json()
    assert (answer.status_code, members["status"], members["reason"]) == (status, status, reason)
    assert members["detail"].endswith((".", "]"))
    assert len(members["trace_id"]) == 32
    return members


def test_a_path_becomes_a_name(api: httpx.Client, sample: Sample) -> None:
    assert api.get("/v1/boxes/a/things/7").json()["name"] == "boxes/a/things/7"
    assert api.get("/v1/things/7").json()["name"] == "things/7"


def test_the_body_is_one_field_and_the_query_the_others(api: httpx.Client, sample: Sample) -> None:
    body = {"title": "Lamp", "quantity": 3, "big": "9007199254740993", "tags": ["a"], "note": ""}
    answer = api.post("/v1/boxes/a/things?validateOnly=true", json=body, headers=KEY)

    assert answer.status_code == 200
    (asked,) = sample.asked
    assert (asked.parent, asked.request_id, asked.validate_only) == ("boxes/a", "k-1", True)
    assert (asked.thing.title, asked.thing.quantity) == ("Lamp", 3)
    assert asked.thing.big == 9007199254740993
    assert asked.thing.HasField("note")


def test_a_query_fills_fields_of_every_kind(api: httpx.Client, sample: Sample) -> None:
    api.get(
        "/v1/boxes/a/things?pageSize=5&states=RAW&states=PAINTED&filter.shiny=true&filter.title=x"
        "&after=2026-03-04T08:00:00Z"
    )
    (asked,) = sample.asked
    assert (asked.page_size, list(asked.states)) == (5, [1, 2])
    assert (asked.filter.shiny, asked.filter.title) == (True, "x")
    assert asked.after.seconds == 1772611200


def test_a_patch_changes_what_was_sent(api: httpx.Client, sample: Sample) -> None:
    body = {"title": "x", "quantity": 0}
    api.patch("/v1/boxes/a/things/7", json=body, headers={"if-match": '"3"'})
    (asked,) = sample.asked
    assert asked.thing.name == "boxes/a/things/7"
    assert asked.thing.etag == "3"
    assert list(asked.update_mask.paths) == ["title", "quantity"]


def test_what_was_read_may_be_sent_back_changed(api: httpx.Client, sample: Sample) -> None:
    read = {"name": "boxes/a/things/7", "state": "RAW", "createTime": "2026-03-04T08:00:00Z"}
    api.patch("/v1/boxes/a/things/7", json=read | {"title": "x", "etag": "3"})
    (asked,) = sample.asked
    assert (asked.thing.etag, list(asked.update_mask.paths)) == ("3", ["title"])


def test_a_condition_is_passed_on_and_the_new_etag_returned(
    api: httpx.Client, sample: Sample
) -> None:
    sample.answers = lambda name, _: sample.message(name, etag="4")
    painted = api.post("/v1/boxes/a/things/7:paint", headers={**KEY, "if-match": 'W/"3"'}, json={})
    assert sample.asked[0].etag == "3"
    assert painted.headers["etag"] == '"4"'


def test_a_file_comes_as_bytes_to_be_saved(api: httpx.Client, sample: Sample) -> None:
    parts = [b"a" * 300_000, b"b" * 10]
    sample.answers = lambda name, _: (
        iter(sample.message(name, content_type="image/png", data=part) for part in parts)
        if name == "DownloadThing"
        else sample.message(name, content_type="text/plain", data=b"label")
    )
    picture = api.get("/v1/boxes/a/things/7:download")
    assert picture.content == b"".join(parts)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"] == "attachment"
    label = api.get("/v1/boxes/a/things/7:label")
    assert (label.content, label.headers["content-type"]) == (
        b"label",
        "text/plain; charset=utf-8",
    )


def test_an_upload_goes_on_as_it_came(api: httpx.Client, sample: Sample) -> None:
    headers = {"content-type": "image/png"}
    api.post("/v1/boxes/a/things/7:upload", content=b"\x89{not json", headers=headers)
    (asked,) = sample.asked
    assert (asked.file.content_type, asked.file.data) == ("image/png", b"\x89{not json")
    assert asked.name == "boxes/a/things/7"


def test_a_refused_download_is_a_problem_and_not_half_a_file(
    api: httpx.Client, sample: Sample
) -> None:
    sample.refuse(NoThing(name="7"))
    problem(api.get("/v1/boxes/a/things/7:download"), 404, "NO_THING")


def test_programs_are_told_fields_as_the_contract_calls_them(
    api: httpx.Client, sample: Sample
) -> None:
    sample.refuse(TextTooLong(field="thing.display_name", most=5))
    told = problem(api.get("/v1/boxes/a/things/7"), 400, "TEXT_TOO_LONG")
    assert told["detail"] == "The field thing.display_name takes at most 5 characters."
    assert told["facts"] == {"field": "thing.display_name", "most": "5"}


def test_only_token_and_trace_go_on(api: httpx.Client, sample: Sample) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    api.get(
        "/v1/things/7",
        headers={
            "authorization": "bearer abc",
            "traceparent": trace,
            "x-enterprise": "evil",
            "x-user": "root",
            "cookie": "session=1",
        },
    )
    assert sample.metadata["authorization"] == "Bearer abc"
    assert sample.metadata["traceparent"] == trace
    assert not {"x-enterprise", "x-user", "cookie"} & set(sample.metadata)
    assert 0 < sample.deadline < 10.5


def test_other_credentials_than_a_token_stay_here(api: httpx.Client, sample: Sample) -> None:
    api.get("/v1/things/7", headers={"authorization": "Basic YTpi"})
    assert "authorization" not in sample.metadata


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": ""}])
def test_a_post_without_a_key_is_told_what_to_send(
    api: httpx.Client, sample: Sample, headers: dict[str, str]
) -> None:
    refused = api.post("/v1/boxes/a/things", json={"title": "x"}, headers=headers)
    assert "Send the header Idempotency-Key" in problem(refused, 400, "KEY_MISSING")["fix"]
    assert sample.asked == []


def test_a_dry_run_needs_no_key(api: httpx.Client, sample: Sample) -> None:
    body = {"colour": "red", "validateOnly": True}
    assert api.post("/v1/boxes/a/things/7:paint", json=body).status_code == 200


def test_two_different_keys_are_one_too_many(api: httpx.Client, sample: Sample) -> None:
    refused = api.post("/v1/boxes/a/things/7:paint", json={"requestId": "k-2"}, headers=KEY)
    problem(refused, 400, "KEY_CONTRADICTS")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"titel": "x"}, "titel"),
        ({"\ud800": "x"}, "?"),
        ({"price": {"curency": "CNY"}}, "price.curency"),
        ({"parts": [{"title": "a"}, {"titel": "b"}]}, "parts[1].titel"),
    ],
)
def test_an_unknown_field_is_named(api: httpx.Client, body: dict[str, Any], field: str) -> None:
    content = json.dumps(body).encode()
    answer = api.post("/v1/boxes/a/things", content=content, headers=KEY)
    refused = problem(answer, 400, "UNKNOWN_FIELD")
    assert refused["facts"]["field"] == field
    assert refused["detail"] == f'There is no field "{field}" here.'


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({"title": 3}, "title", "text"),
        ({"title": "\ud800"}, "title", "text"),
        ({"quantity": "many"}, "quantity", "a whole number up to 2147483647"),
        ({"quantity": 1.5}, "quantity", "a whole number up to 2147483647"),
        ({"quantity": 10**12}, "quantity", "a whole number up to 2147483647"),
        ({"shiny": "yes"}, "shiny", "true or false"),
        ({"state": "BROKEN"}, "state", "one of RAW, PAINTED"),
        ({"createTime": "yesterday"}, "createTime", "a time like 2026-01-31T08:00:00Z"),
        ({"parts": {"title": "a"}}, "parts", "a list"),
        ({"history": ["\ud800"]}, "history", "a list, each item one of RAW, PAINTED"),
        ({"price": "\ud800"}, "price", "an object"),
        ({"history": [1, 77]}, "history", "a list, each item one of RAW, PAINTED"),
        ({"parts": [{"state": -1}]}, "parts.state", "one of RAW, PAINTED"),
        ({"parts": ["a"]}, "parts[0]", "an object"),
        ({"tags": "a"}, "tags", "a list, each item text"),
        ({"price": {"units": "1x"}}, "price.units", "a whole number"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(
    api: httpx.Client, sample: Sample, body: dict[str, Any], field: str, expected: str
) -> None:
    content = json.dumps(body).encode()
    answer = api.post("/v1/boxes/a/things", content=content, headers=KEY)
    refused = problem(answer, 400, "BAD_VALUE")
    assert refused["facts"] == {"field": field, "expected": expected}
    assert sample.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"a"',
        b"nonsense",
        b"\xff\xfe",
        b'{"weight": NaN}',
        b"[" * 100_000,
        b"1" * 9_999,
    ],
)
def test_broken_json_is_refused_in_words(api: httpx.Client, sample: Sample, body: bytes) -> None:
    answer = api.post("/v1/boxes/a/things", content=body, headers=KEY)
    assert "JSON object" in problem(answer, 400, "BROKEN_JSON")["fix"]
    assert sample.asked == []


def test_a_body_of_more_than_4_mib_is_refused(api: httpx.Client, sample: Sample) -> None:
    body = b'{"title": "' + b"x" * (5 * 1024 * 1024) + b'"}'
    problem(api.post("/v1/boxes/a/things", content=body, headers=KEY), 413, "TOO_LARGE")
    assert sample.asked == []


def test_a_file_of_20_mib_reaches_the_service_and_no_larger_one(
    api: httpx.Client, sample: Sample
) -> None:
    content = bytes(20 * 1024 * 1024)
    body = {"content": base64.b64encode(content).decode()}
    answer = api.post("/v1/boxes/a/things/7:attach", json=body, headers=KEY)

    assert answer.status_code == 200, answer.text
    (asked,) = sample.asked
    assert (asked.name, asked.request_id, asked.content) == ("boxes/a/things/7", "k-1", content)
    body = {"content": base64.b64encode(bytes(21 * 1024 * 1024)).decode()}
    answer = api.post("/v1/boxes/a/things/7:attach", json=body, headers=KEY)
    problem(answer, 413, "TOO_LARGE")


@pytest.mark.parametrize(
    ("query", "reason", "field"),
    [
        ("pagesize=5", "UNKNOWN_FIELD", "pagesize"),
        ("filter.colour=red", "UNKNOWN_FIELD", "filter.colour"),
        ("states.x=RAW", "UNKNOWN_FIELD", "states.x"),
        ("parent=boxes/b", "UNKNOWN_FIELD", "parent"),
        ("pageSize=x", "BAD_VALUE", "pageSize"),
        ("pageSize=5&pageSize=5", "GIVEN_TWICE", "pageSize"),
        ("pageSize=5&page_size=6", "GIVEN_TWICE", "page_size"),
        ("filter=x&filter.title=y", "GIVEN_TWICE", "filter.title"),
        ("filter.title=y&filter=x", "GIVEN_TWICE", "filter"),
        ("states=GREEN", "BAD_VALUE", "states"),
        ("states=77", "BAD_VALUE", "states"),
        ("filter.shiny=perhaps", "BAD_VALUE", "filter.shiny"),
        ("after=noon", "BAD_VALUE", "after"),
    ],
)
def test_a_wrong_query_is_named(api: httpx.Client, query: str, reason: str, field: str) -> None:
    refused = problem(api.get(f"/v1/boxes/a/things?{query}"), 400, reason)
    assert refused["facts"]["field"] == field


def test_what_belongs_into_the_body_is_refused_in_the_query(api: httpx.Client) -> None:
    answer = api.post("/v1/boxes/a/things/7:paint?colour=red", json={}, headers=KEY)
    problem(answer, 400, "UNKNOWN_FIELD")


class NoThing(errors.NotFound):
    """There is no thing called {name}."""

    fix = "Look for {name} elsewhere."


class NotPaintable(errors.Disallowed):
    """The thing {name} cannot be painted."""


@pytest.mark.parametrize(
    ("family", "status"),
    [
        (errors.Malformed, 400),
        (errors.Unauthenticated, 401),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Disallowed, 409),
        (errors.Outdated, 409),
        (errors.Exhausted, 429),
        (errors.Unavailable, 503),
    ],
)
def test_every_family_of_refusals_has_its_status(
    api: httpx.Client, sample: Sample, family: type[errors.Refusal], status: int
) -> None:
    refusal = type("ThingIsOff", (family,), {"__doc__": "The thing is off.", "fix": "Turn it on."})
    sample.refuse(refusal())
    answer = api.get("/v1/things/7")
    refused = problem(answer, status, "THING_IS_OFF")
    assert (refused["detail"], refused["fix"]) == ("The thing is off.", "Turn it on.")
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert ("retry-after" in answer.headers) == (status in (429, 503))


class AskedTooOften(errors.Exhausted):
    """That was asked too often in {minutes} minutes."""


def test_who_has_to_wait_for_minutes_is_not_told_to_come_again_in_a_second(
    api: httpx.Client, sample: Sample
) -> None:
    sample.refuse(AskedTooOften(minutes=15))
    assert api.get("/v1/things/7").headers["retry-after"] == "900"


def test_an_answer_too_large_for_one_message_is_a_refusal_that_says_so(
    api: httpx.Client, sample: Sample
) -> None:
    sample.answers = lambda name, _: sample.message(name, name="x" * MESSAGE_LIMIT)
    refused = problem(api.get("/v1/things/7"), 400, "ANSWER_TOO_LARGE")
    assert "larger than 4 MiB" in refused["detail"]
    assert "smaller page" in refused["fix"]
    assert len(sample.asked) == 1


def test_facts_come_along(api: httpx.Client, sample: Sample) -> None:
    sample.refuse(NoThing(name="7"))
    refused = problem(api.get("/v1/things/7"), 404, "NO_THING")
    assert refused["facts"] == {"name": "7"}
    assert refused["fix"] == "Look for 7 elsewhere."


def test_a_bug_of_a_service_tells_nothing(api: httpx.Client, sample: Sample) -> None:
    def broken(_: str, __: Any) -> Any:
        raise RuntimeError("the secret inside")

    sample.answers = broken
    answer = api.get("/v1/things/7")
    problem(answer, 500, "INTERNAL")
    assert "secret" not in answer.text


def test_a_service_that_is_away_is_said_to_be_away(contract: Contract) -> None:
    calls = Calls({})
    method = contract.methods[0]
    with pytest.raises(errors.Unavailable, match="The sample service does not answer"):
        next(calls.stream(method, None, []))  # type: ignore[arg-type]


def test_why_a_service_is_away_is_for_the_log_and_not_for_who_asked(
    contract: Contract,
) -> None:
    calls = Calls({"sample": "127.0.0.1:1"})  # nobody listens there
    app = Starlette(routes=[Route("/v1/{path:path}", Api(contract, calls))])
    with (
        listening(app) as origin,
        httpx.Client(base_url=origin, timeout=30) as client,
        structlog.testing.capture_logs() as logs,
    ):
        answer = client.get("/v1/things/7")
    calls.close()
    problem(answer, 503, "PEER_AWAY")
    assert "retry-after" in answer.headers
    (said,) = (each["cause"] for each in logs if each["event"] == "refused")
    assert said.startswith("UNAVAILABLE: ")
    assert "UNAVAILABLE" not in answer.text


@pytest.mark.parametrize(
    "path", ["/v1/", "/v1/boxes", "/v1/things/", "/v1/things/7/", "/v1/boxes/a/things/7:cut"]
)
def test_an_unknown_path_is_a_problem(api: httpx.Client, path: str) -> None:
    assert "/docs" in problem(api.get(path), 404, "NO_SUCH_PATH")["fix"]


def test_a_wrong_verb_is_told_the_right_ones(api: httpx.Client) -> None:
    answer = api.delete("/v1/boxes/a/things/7")
    problem(answer, 405, "NOT_THAT_WAY")
    assert answer.headers["allow"] == "GET, PATCH"


def test_internal_methods_are_not_there(api: httpx.Client, contract: Contract) -> None:
    assert "CountThings" not in {method.name for method in contract.methods}
