"""The document programs read, and the pages people read."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.gateway.app import application
from services.gateway.contract import Contract
from services.gateway.openapi import document
from services.gateway.parsing import parse
from shared.kinds import FOLLOWED
from shared.testing.pages import listening
from shared.web.settings import EdgeSettings


@pytest.fixture(scope="module")
def gateway() -> Iterator[httpx.Client]:
    """Return a client of a gateway with no service behind it."""
    app = application(EdgeSettings(public_url="https://millrun.example"))
    with listening(app) as origin, httpx.Client(base_url=origin, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def api(gateway: httpx.Client) -> dict[str, Any]:
    """Return the document."""
    found: dict[str, Any] = gateway.get("/v1/openapi.json").json()
    return found


def test_the_document_says_what_it_is_and_where(api: dict[str, Any]) -> None:
    assert api["openapi"] == "3.1.0"
    assert api["servers"] == [{"url": "https://millrun.example"}]
    assert {tag["name"] for tag in api["tags"]} >= {"ordering", "catalog", "authorization"}


def test_every_reference_leads_somewhere(api: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"#/([^"]+)"', json.dumps(api))):
        place: Any = api
        for part in reference.split("/"):
            place = place[part]


def test_every_operation_has_a_name_of_its_own_and_its_parameters(api: dict[str, Any]) -> None:
    operations = [
        (path, described) for path, verbs in api["paths"].items() for described in verbs.values()
    ]
    names = [described["operationId"] for _, described in operations]
    assert len(names) == len(set(names)) > 50
    for path, described in operations:
        in_path = [p["name"] for p in described["parameters"] if p["in"] == "path"]
        assert in_path == re.findall(r"\{(\w+)\}", path)
        assert described["summary"]
        assert described["responses"]["default"]["$ref"].endswith("/Problem")


def test_no_description_names_a_rule_by_the_number_it_has_among_us(api: dict[str, Any]) -> None:
    numbered = re.compile(r"\b[RAI]\d{1,2}\b|\btransitions? \d")
    for path, verbs in api["paths"].items():
        for operation in verbs.values():
            for words in (operation["summary"], operation.get("description", "")):
                assert not numbered.search(words), f"{path}: {words}"
    for name, schema in api["components"]["schemas"].items():
        for described in (schema, *schema.get("properties", {}).values()):
            words = described.get("description", "")
            assert not numbered.search(words), f"{name}: {words}"


def test_a_submit_is_described_in_full(api: dict[str, Any]) -> None:
    submit = api["paths"]["/v1/enterprises/{enterprise}/orders/{order}:submit"]["post"]
    key = next(p for p in submit["parameters"] if p["name"] == "Idempotency-Key")
    assert key["required"]
    body = submit["requestBody"]["content"]["application/json"]
    assert "form" in body["schema"]["properties"]
    assert "requestId" not in body["schema"]["properties"]
    assert body["example"]["form"]["poNo"] == "PO-88231"


def test_what_an_order_list_is_cut_by_is_described_as_the_query_spells_it(
    api: dict[str, Any],
) -> None:
    found = api["paths"]["/v1/enterprises/{enterprise}/orders"]["get"]["parameters"]
    in_query = {p["name"]: p["schema"] for p in found if p["in"] == "query"}
    assert "totalFrom" not in in_query
    assert in_query["totalFrom.units"] == {"type": "string", "format": "int64"}
    assert in_query["submitTimeFrom"] == {"type": "string", "format": "date-time"}


def test_a_file_has_any_media_type(api: dict[str, Any]) -> None:
    export = api["paths"]["/v1/enterprises/{enterprise}/orders:export"]["get"]
    assert list(export["responses"]["200"]["content"]) == ["*/*"]


def test_what_is_changed_by_a_patch_may_be_conditional(api: dict[str, Any]) -> None:
    patch = api["paths"]["/v1/enterprises/{enterprise}/addressBookEntries/{addressBookEntry}"]
    assert "If-Match" in {p["name"] for p in patch["patch"]["parameters"]}


def test_how_fields_behave_is_told(api: dict[str, Any]) -> None:
    account = api["components"]["schemas"]["authorization.Account"]
    assert account["properties"]["createTime"]["readOnly"] is True
    assert account["properties"]["createTime"]["format"] == "date-time"
    assert "email" in account["required"]


def test_every_event_that_can_be_followed_is_described_with_what_it_holds(
    api: dict[str, Any],
) -> None:
    schemas = api["components"]["schemas"]
    event = schemas["notification.OrderEvent"]["properties"]
    assert set(event["type"]["examples"]) == FOLLOWED
    assert "- `ordering.order.held`: The order was stopped for now." in event["type"]["description"]
    held = [each["$ref"].rpartition("/")[2] for each in event["data"]["anyOf"]]
    assert len(held) == len(FOLLOWED)
    for name in held:
        assert schemas[name]["description"]
        assert "order" in schemas[name]["properties"]
    assert schemas["ordering.OrderHeld"]["properties"]["reason"]["description"]


def test_a_partner_reads_how_to_follow_and_when_to_ask_again(
    api: dict[str, Any], gateway: httpx.Client
) -> None:
    refused = api["components"]["responses"]["Problem"]
    assert refused["headers"]["Retry-After"]["schema"] == {"type": "integer"}
    for path in re.findall(r"`(?:GET|POST) (/v1/[^`]+)`", api["info"]["description"]):
        assert path in api["paths"]
    shown = gateway.get("/docs/notification").text
    assert 'id="ordering.OrderHeld"' in shown
    assert "<code>fulfillment.shipment.dispatched</code>" in shown


def test_signing_in_needs_no_token_and_ordering_does(api: dict[str, Any]) -> None:
    assert api["security"] == [{"accessToken": []}]
    assert api["paths"]["/v1/sessions:signIn"]["post"]["security"] == []
    assert "security" not in api["paths"]["/v1/enterprises/{enterprise}/orders"]["post"]


def test_every_example_of_a_body_is_one_the_api_reads() -> None:
    contract = Contract.load()
    paths = document(contract)["paths"]
    examples = {
        described["operationId"]: described["requestBody"]["content"]["application/json"]["example"]
        for verbs in paths.values()
        for described in verbs.values()
        if "requestBody" in described
    }
    for method in contract.methods:
        rule = method.rules[0]
        if rule.body:
            sent = examples[method.name]
            parse(method.request, sent if rule.body == "*" else {rule.body: sent})


def test_no_file_of_strangers_is_needed_to_read_it(gateway: httpx.Client) -> None:
    html = gateway.get("/docs").text
    assert not re.search(r'(src|href)="https?://', html)
    assert "/v1/enterprises/{enterprise}/orders" in html


def test_every_part_is_explained_on_a_page(gateway: httpx.Client, api: dict[str, Any]) -> None:
    for tag in api["tags"]:
        html = gateway.get(f"/docs/{tag['name']}").text
        for target in set(re.findall(r'href="#([^"]+)"', html)) - {"content"}:
            assert f'id="{target}"' in html, target
    assert "SubmitOrder" in gateway.get("/docs/ordering").text


def test_an_unknown_part_is_a_page_with_a_way_out(gateway: httpx.Client) -> None:
    missing = gateway.get("/docs/nothing")
    assert missing.status_code == 404
    assert "The API has no part called nothing." in missing.text


def test_the_portal_begins_at_the_door(gateway: httpx.Client) -> None:
    assert gateway.get("/").headers["location"] == "/sign-in?next=/"


def test_a_problem_is_a_problem_below_v1_and_a_page_elsewhere(gateway: httpx.Client) -> None:
    assert gateway.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    assert gateway.get("/nothing").headers["content-type"].startswith("text/html")


def test_a_gateway_without_services_is_alive_and_says_what_it_misses() -> None:
    app = application(EdgeSettings(peers={"ordering": "127.0.0.1:1", "console": "127.0.0.1:2"}))
    with listening(app) as origin, httpx.Client(base_url=origin) as client:
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["services"] == {"ordering": "unavailable"}
        away = client.get("/v1/enterprises/acme/orders/7")
        assert away.status_code == 503
        assert away.json()["detail"] == "The ordering service does not answer at the moment."
