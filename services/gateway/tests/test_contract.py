"""What the real protos promise, as the gateway reads them."""

import pytest

from services.gateway.contract import Contract
from services.gateway.openapi import path_of, singular
from services.gateway.router import NoSuchPath, NotThatWay, Router, compile_template
from shared.ids import new_id


@pytest.fixture(scope="module")
def millrun() -> Contract:
    """Return the real protos."""
    return Contract.load()


def test_every_public_method_is_reached_by_its_path_and_no_other(millrun: Contract) -> None:
    router = Router(millrun.methods)
    for method in millrun.methods:
        for rule in method.rules:
            path = path_of(rule.template).replace("{", "").replace("}", str(new_id()))
            binding, _ = router.find(rule.verb, path)
            assert binding.method.full_name == method.full_name, path


def test_the_services_of_the_design_are_there(millrun: Contract) -> None:
    assert set(millrun.services) == {
        "authorization",
        "catalog",
        "ordering",
        "contract",
        "payment",
        "fulfillment",
        "notification",
    }


def test_what_services_ask_each_other_is_not_public(millrun: Contract) -> None:
    public = {method.full_name for method in millrun.methods}
    assert "authorization.SignIn" in public
    assert "authorization.CheckPurchase" not in public
    assert not any(name.startswith("operations.") for name in public)


def test_every_method_and_field_is_explained(millrun: Contract) -> None:
    for method in millrun.methods:
        assert method.comment, method.full_name
        for field in (*method.request.fields, *method.answer.fields):
            if field.full_name.startswith("millrun."):
                assert millrun.comment(field.full_name), field.full_name


def test_every_repeatable_change_carries_a_key(millrun: Contract) -> None:
    """Reliability §2: what creates or moves an order, contract, payment or work order."""
    moving = ("ordering", "contract", "payment", "fulfillment")
    for method in millrun.methods:
        if method.harmless:
            continue
        if method.service in moving and any(rule.verb == "POST" for rule in method.rules):
            assert "request_id" in method.request.fields_by_name, method.full_name


def test_comments_are_read_as_sentences(contract: Contract) -> None:
    assert contract.comment("millrun.sample.v1.Thing") == "A thing of every shape."
    assert contract.comment("millrun.sample.v1.Thing.State.RAW") == "Not painted yet."
    assert contract.comment("millrun.sample.v1.SampleService.GetThing").endswith("may call it.")
    assert contract.comment("millrun.sample.v1.Thing.nothing") == ""


@pytest.mark.parametrize(
    ("template", "path", "fields"),
    [
        ("/v1/{name=a/*/b/*}:go", "/v1/a/1/b/2:go", {"name": "a/1/b/2"}),
        ("/v1/{thing.name=a/*}", "/v1/a/1", {"thing__name": "a/1"}),
        ("/v1/a/{id}", "/v1/a/x.y", {"id": "x.y"}),
    ],
)
def test_templates_catch_their_fields(template: str, path: str, fields: dict[str, str]) -> None:
    found = compile_template(template).fullmatch(path)
    assert found
    assert found.groupdict() == fields


def test_what_fits_no_template_is_refused(contract: Contract) -> None:
    router = Router(contract.methods)
    with pytest.raises(NoSuchPath):
        router.find("GET", "/v1/boxes/a/things/7:nothing")
    with pytest.raises(NotThatWay, match="only GET"):
        router.find("POST", "/v1/things/7")


@pytest.mark.parametrize(
    ("many", "one"),
    [("orders", "order"), ("productAssociations", "productAssociation"), ("entries", "entry"),
     ("batches", "batch"), ("firmware", "firmware"), ("addresses", "address")],
)  # fmt: skip
def test_a_collection_names_its_member(many: str, one: str) -> None:
    assert singular(many) == one
