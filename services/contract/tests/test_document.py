"""The document says what is agreed, in the buyer's language, and shows its code on every page."""

import re
import subprocess

import pypdfium2 as pdfium
import pytest

from services.contract import document
from services.contract.document import NoChineseFont, facts, sealed
from services.contract.domain.amending import amend
from services.contract.domain.upload import code_of
from services.contract.inspection.codes import codes
from services.contract.seals import NoSeal
from services.contract.tests.builders import (
    BM,
    BUYER,
    MANAGER,
    a_contract,
    a_signature,
    agreed,
    labels,
)
from shared.inspection import pages
from shared.testing.packages import pdftoppm

MARGIN = 60
"""Points, a little less than the 22 mm of the template."""

CHINESE = "杭州示例照明有限公司"


def text_of(pdf):
    return "\n".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))


def an_addendum(**more):
    contract = a_contract(**more)
    contract.sign(a_signature(), BUYER)
    contract.countersign(a_signature(account=MANAGER), BM)
    amend(contract, agreed(quantity=1200, **more), addendum_suffices=True)
    return contract


def test_the_document_says_what_is_agreed(printing):
    text = text_of(sealed(a_contract(), printing))

    for part in (
        "MC-2026-000001",
        "MR-2026-000001",
        "Acme GmbH",
        "Sample Modules Co., Ltd.",
        "12.25 CNY",
        "12,250.00 CNY",
        "3,675.00 CNY",
        "8,575.00 CNY",
        "RF26MR2026000001D",
        "RF80MR2026000001B",
        "SAMPCNSHXXX",
        "Hauptstrasse 1",
        "Germany",
        "firmware 2.4.1",
        "ab" * 32,
    ):
        assert part in text


@pytest.mark.parametrize(
    ("legal_name", "said"),
    [
        ("Acme GmbH", ("once for this line", "set-up, once for this product")),
        (CHINESE, ("每行一次性费用", "开办费（每产品一次）")),
    ],
)
def test_services_stand_under_their_line_as_positions_of_their_own(printing, legal_name, said):
    contract = a_contract(legal_name=legal_name, lines=2, services=[labels()])
    text = text_of(sealed(contract, printing))
    for part in ("1.1", "2.1", "Custom label", "Hand in the label as a PDF.", *said):
        assert part in text
    for amount in ("0.125 CNY", "125.00 CNY", "50.00 CNY", "300.00 CNY"):
        assert amount in text


@pytest.mark.parametrize(
    ("legal_name", "said", "never"),
    [
        (
            "Acme GmbH",
            ("before any code is issued", "one authorization code", "opened there by the buyer"),
            ("firmware 2", "before production", "Production starts", "Delivered to"),
        ),
        (
            CHINESE,
            ("发放授权码前支付全款", "一个授权码", "即视为收讫"),
            ("烧录", "开始生产", "收货地址"),
        ),
    ],
)
def test_licences_are_named_in_place_of_what_is_made(printing, legal_name, said, never):
    contract = a_contract(legal_name=legal_name, deposit_percent=100, license_type="ipc-sdk")
    text = "".join(text_of(sealed(contract, printing)).split())
    for part in ("IPC SDK, live video", "k3f9x2m7q1z8w4ab", *said):
        assert "".join(part.split()) in text
    assert not [part for part in never if "".join(part.split()) in text]


def test_an_addendum_names_the_service_that_was_added(printing):
    contract = a_contract()
    contract.sign(a_signature(), BUYER)
    contract.countersign(a_signature(account=MANAGER), BM)
    amend(contract, agreed(services=[labels()]), addendum_suffices=True)
    text = text_of(sealed(contract, printing))
    assert "service custom-label, what is done" in " ".join(text.split())


@pytest.mark.parametrize("legal_name", ["Acme GmbH", CHINESE])
def test_what_an_addendum_changes_stays_within_its_columns(printing, legal_name):
    contract = a_contract(legal_name=legal_name)
    contract.sign(a_signature(), BUYER)
    contract.countersign(a_signature(account=MANAGER), BM)
    now = agreed(legal_name=legal_name, snapshot_digest=f"sha256:{'cd' * 32}")
    amend(contract, now, addendum_suffices=True)
    page = pdfium.PdfDocument(sealed(contract, printing))[0]
    text = page.get_textpage()
    rights = [text.get_charbox(at)[2] for at in range(text.count_chars())]
    assert max(rights) <= page.get_width() - MARGIN
    assert text.get_text_range().split().count("cd" * 8) == 4, "the whole digest, in four lines"


@pytest.mark.parametrize("lines", [1, 28])
def test_every_page_shows_the_code_and_only_the_last_that_of_the_signatures(printing, lines):
    contract = a_contract(lines=lines)
    found = pages.read(sealed(contract, printing), see=codes)["seen"]
    code = code_of(contract.edition, contract.contract_no)

    assert found == [[code]] * (len(found) - 1) + [[f"{code}/S"]]
    assert len(found) >= (2 if lines == 1 else 3)


LONG = "Vereinigte Gebäudeautomatisierungs- und Hausgerätesteuerungsgesellschaft mbH & Co. KG"


@pytest.mark.parametrize("lines", [1, 5, 6, 7, 8, 9, 28])
@pytest.mark.parametrize("legal_name", ["Acme GmbH", LONG, CHINESE])
def test_both_sign_at_the_same_height_beneath_what_is_signed(printing, lines, legal_name):
    contract = a_contract(lines=lines, legal_name=legal_name)
    pdf = sealed(contract, printing)
    seller, buyer = _printed(contract, printing)
    assert seller["page"] == buyer["page"] == len(pdfium.PdfDocument(pdf)) - 1
    assert seller["box"][1] == buyer["box"][1]
    assert contract.edition.terms["passport"]["digest"].removeprefix("sha256:") in _last(pdf)


def _printed(contract, printing):
    printer = document.Printer(printing.template, printing.fonts)
    _pdf, fields = printer.print(facts(contract, document.language_of(contract, printing)), 0)
    return sorted(fields, key=lambda field: field["name"], reverse=True)


def _last(pdf):
    found = pdfium.PdfDocument(pdf)
    return found[len(found) - 1].get_textpage().get_text_range()


def test_a_buyer_with_a_chinese_name_gets_a_chinese_contract(printing):
    text = text_of(sealed(a_contract(legal_name=CHINESE), printing))

    for part in ("采购合同", "货物与价格", "定金", CHINESE, "付款参考号", "德国"):
        assert part in text


@pytest.mark.parametrize(
    ("legal_name", "said"), [("Acme GmbH", "Asked for by the buyer"), (CHINESE, "买方期望交付日期")]
)
def test_the_day_the_buyer_asked_for_is_printed_as_a_wish(printing, legal_name, said):
    wished = a_contract(legal_name=legal_name, wished_for="2031-05-31")
    text = text_of(sealed(wished, printing))

    assert said in text
    assert "2031-05-31" in text
    assert said not in text_of(sealed(a_contract(legal_name=legal_name), printing))


def test_chinese_is_really_drawn(printing, tmp_path):
    """A font without the signs would draw the same empty box for each of them."""
    drawn = []
    for sign in ("杭", "州", "示"):
        pdf = tmp_path / "one.pdf"
        pdf.write_bytes(sealed(a_contract(legal_name=sign * 12), printing))
        place = [*("-x", "300"), *("-y", "200"), *("-W", "300"), *("-H", "160")]
        command = [pdftoppm(), "-r", "100", "-gray", "-f", "1", "-l", "1", *place, str(pdf)]
        drawn.append(subprocess.run(command, capture_output=True, check=True).stdout)

    assert len(set(drawn)) == 3
    assert all(re.sub(rb"\xff", b"", each[20:]) for each in drawn)


def test_without_a_chinese_font_no_chinese_contract_is_made_until_one_is_installed(
    printing, monkeypatch
):
    document._printer.cache_clear()
    with monkeypatch.context() as bare:
        bare.setattr(document, "CHINESE", ())
        with pytest.raises(NoChineseFont, match="install one, as fonts-noto-cjk"):
            sealed(a_contract(legal_name=CHINESE), printing)
        assert sealed(a_contract(), printing)

    assert sealed(a_contract(legal_name=CHINESE), printing)


def test_the_language_can_be_set(printing):
    english = printing.model_copy(update={"language": "en"})

    assert "Purchase contract" in text_of(sealed(a_contract(legal_name=CHINESE), english))


def test_the_vendors_own_template_is_used(printing, tmp_path):
    (tmp_path / "contract.typ").write_text(
        "#let given = json(bytes(sys.inputs.contract))\n"
        "Our own words for #given.contract.number, #given.goods.total.\n"
        '#metadata((name: "Buyer", page: 0, box: (60, 60, 200, 100))) <field>\n'
    )
    own = printing.model_copy(update={"template": tmp_path})

    assert "Our own words for MC-2026-000001, 12,250.00 CNY." in text_of(sealed(a_contract(), own))


def test_an_addendum_says_what_it_changes_and_what_it_amends(printing):
    contract = an_addendum()
    text = text_of(sealed(contract, printing))

    assert "Addendum to a purchase contract" in text
    assert contract.editions[0].content_digest[7:19] in text
    assert "1,000" in text
    assert "1,200" in text
    assert "14,700.00 CNY" in text


@pytest.mark.parametrize("percent", [30, 100])
def test_what_is_due_when_is_said_as_agreed(printing, percent):
    text = text_of(sealed(a_contract(deposit_percent=percent), printing))

    assert ("The buyer pays the whole amount" in text) is (percent == 100)
    assert ("Reference, deposit" in text) is (percent == 30)


def test_markup_in_what_people_wrote_stays_text(printing):
    evil = '#panic("no") <field> $x$ *bold* \\'
    text = text_of(sealed(a_contract(legal_name=evil), printing))

    assert '#panic("no")' in text


def test_another_price_gives_another_digest():
    first, other = a_contract(), a_contract(quantity=999)

    assert facts(first, "en")["digest"] != facts(other, "en")["digest"]


def test_without_a_seal_nothing_is_made(printing, tmp_path):
    unsealed = printing.model_copy(update={"seal": tmp_path})

    with pytest.raises(NoSeal, match="CONTRACT_SEAL names the folder"):
        sealed(a_contract(), unsealed)
