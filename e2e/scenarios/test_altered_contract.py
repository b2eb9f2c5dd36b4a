"""A buyer signs a contract with a certificate and uploads it: as it was sealed, or not at all."""

from base64 import b64encode

import pytest

from deploy.local.people import Enterprise, Refused
from deploy.local.people.enterprise import fresh
from e2e.stage import submitted
from services.contract.tests import altering
from services.contract.tests.papers import signed_digitally, signer


def test_a_contract_that_was_altered_is_refused_and_as_it_is_accepted(one_stage, tmp_path):
    acme = Enterprise.registers(one_stage.api, **fresh("Sealed"))
    acme.is_certified_by(one_stage.vendor)
    journey = submitted(one_stage.vendor, acme, one_stage.firmware).to("CONFIRMED")
    buyer, who = journey.buyer, signer(tmp_path / "b", "B. Uyer")
    contract = buyer.reads_contract(journey.order)["name"]
    document = buyer.downloads(f"{contract}:download")

    def uploads(copy):
        body = {"content": b64encode(copy).decode(), "signerName": "B. Uyer"}
        return buyer.post(f"{contract}:uploadSigned", body)

    signed = signed_digitally(document, who)
    for altered, reason in (
        (signed_digitally(altering.drawn_over(document), who), "CHANGED_AFTER_SEALING"),
        (altering.with_a_page(signed), "CHANGED_AFTER_SEALING"),
        (
            signed_digitally(altering.without_its_seal(altering.drawn_over(document)), who),
            "CHANGED_AFTER_SEALING",
        ),
        (altering.saved_anew(signed), "NOT_THE_SEALED_DOCUMENT"),
        (altering.with_a_byte_changed(signed, len(document) + 200), "SIGNATURE_BROKEN"),
    ):
        with pytest.raises(Refused, match=f"400 {reason}"):
            uploads(altered)
    assert uploads(signed)["state"] == "BUYER_SIGNED"
