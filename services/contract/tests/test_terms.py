"""What is agreed, what it is known by, and what differs between two versions of it."""

import hashlib
import json

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.contract.domain.terms import Clause, differences, digest_of, in_words
from services.contract.tests.builders import a_contract, agreed, labels

TERMS = agreed().terms


def test_the_same_terms_have_no_differences():
    assert differences(TERMS, json.loads(json.dumps(TERMS))) == []


def test_a_changed_quantity_is_named_with_its_line_and_all_that_follows_from_it():
    found = differences(TERMS, agreed(quantity=1200).terms)
    named = {(each.clause, each.line_no, each.field) for each in found}

    assert (Clause.GOODS, 1, "quantity") in named
    assert (Clause.GOODS, 1, "amount") in named
    assert (Clause.PAYMENT, 0, "deposit") in named
    assert "goods, line 1, quantity: 1,000 → 1,200" in in_words(found, most=20)


def test_a_line_that_went_or_came_is_named_field_by_field():
    shorter, longer = agreed(lines=1).terms, agreed(lines=2).terms
    gone = [each for each in differences(longer, shorter) if each.line_no == 2]
    come = [each for each in differences(shorter, longer) if each.line_no == 2]

    assert {each.field for each in gone} >= {"quantity", "product", "unit_price", "amount"}
    assert all(each.after == "" for each in gone)
    assert all(each.before == "" for each in come)


def test_the_day_the_buyer_asked_for_stands_in_the_clause_of_delivery_or_nothing_does():
    wished = agreed(wished_for="2031-05-31").terms

    assert "requested_delivery_date" not in TERMS["delivery"]
    [found] = [it for it in differences(TERMS, wished) if it.clause is Clause.DELIVERY]
    assert found.field == "requested_delivery_date"
    assert (found.before, found.after) == ("", "2031-05-31")


def test_many_differences_are_counted():
    found = differences(agreed(lines=1).terms, agreed(lines=9).terms)

    assert in_words(found, most=2).endswith(f"; and {len(found) - 2} more")


def test_the_digest_is_that_of_the_canonical_json():
    edition = a_contract().edition
    canonical = rfc8785.dumps(dict(edition.terms))

    assert edition.content_digest == f"sha256:{hashlib.sha256(canonical).hexdigest()}"
    assert edition.terms["contract"]["version"] == 1


@given(st.permutations(list(TERMS)))
def test_the_digest_does_not_depend_on_any_order(names):
    assert digest_of({name: TERMS[name] for name in names}) == digest_of(TERMS)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_terms_differ_exactly_when_their_digests_do(one, other):
    first, second = agreed(quantity=one).terms, agreed(quantity=other).terms
    keep = {name: value for name, value in first.items() if name != "validity"}
    against = {name: value for name, value in second.items() if name != "validity"}

    assert bool(differences(keep, against)) == (digest_of(keep) != digest_of(against))


def test_a_service_is_a_position_under_its_line_and_nothing_where_there_is_none():
    goods = agreed(services=[labels()]).terms["goods"]

    assert "services" not in TERMS["goods"]["lines"][0]
    assert goods["lines"][0]["services"] == {
        "custom-label": {
            "name": "Custom label",
            "description": "Hand in the label as a PDF.",
            "unit_price": "0.125 CNY",
            "units": "125.00 CNY",
            "price_per_order": "50.00 CNY",
            "setup_fee": "300.00 CNY",
        }
    }


def test_a_service_that_came_or_has_another_price_is_named():
    waived = labels()
    waived.ClearField("setup_fee")
    came = differences(TERMS, agreed(services=[labels()]).terms)
    cheaper = differences(agreed(services=[labels()]).terms, agreed(services=[waived]).terms)

    name = "services.custom-label"
    assert (1, f"{name}.name", "", "Custom label") in [
        (each.line_no, each.field, each.before, each.after) for each in came
    ]
    [fee] = [each for each in cheaper if each.clause is Clause.GOODS]
    assert (fee.field, fee.before, fee.after) == (f"{name}.setup_fee", "300.00 CNY", "")
