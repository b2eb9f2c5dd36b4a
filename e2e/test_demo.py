"""The demo: a working vendor, with something in every state."""

from io import StringIO

from stdnum.cn import uscc
from stdnum.de import vat

from deploy.local.demo import fill
from deploy.local.demo.cast import BRAND, MANUFACTURER
from deploy.local.people import Api, Vendor
from deploy.local.progress import Progress

STATES = {
    *("DRAFT", "INTENTION", "CONFIRMED", "CONTRACT_SIGNED", "DEPOSIT_PAID", "IN_PRODUCTION"),
    *("READY_TO_SHIP", "PARTIALLY_SHIPPED", "SHIPPED", "DELIVERED", "COMPLETED"),
    *("REJECTED", "EXPIRED", "CANCELLED", "REPLACED"),
}
LIFECYCLES = {"DEVELOPMENT", "TRIAL_PRODUCTION", "MASS_PRODUCTION"}


def test_the_demo_shows_everything_once(embedded):
    sign_ins, said = embedded.sign_ins, StringIO()
    fill(embedded.portal, sign_ins, Progress(said))
    manager = Vendor.of(Api(embedded.portal), sign_ins).business_manager

    def orders():
        found = manager.all("enterprises/-/orders", "orders")
        demo = ("enterprises/nordlicht/", "enterprises/qiantang/")
        return [each for each in found if each["name"].startswith(demo)]

    assert manager.sees(lambda: {each["state"] for each in orders()} == STATES)
    assert [each["form"]["poNo"] for each in orders() if "hold" in each] == ["NL-4510"]
    products = manager.all("enterprises/-/products", "products")
    assert {each["lifecycle"] for each in products} == LIFECYCLES
    assert {each.role for each in sign_ins if each.enterprise == "Nordlicht Home GmbH"} == {
        *("administrator", "rnd", "buyer", "enterprise_finance"),
    }
    registered = [
        manager.get(f"enterprises/{part.enterprise_id}")["registrationNo"]
        for part in (BRAND, MANUFACTURER)
    ]
    assert registered == [BRAND.registration_no, MANUFACTURER.registration_no]
    assert vat.is_valid(BRAND.tax_id)
    assert uscc.is_valid(MANUFACTURER.tax_id)
    taxed = {
        (each["name"].split("/")[1], title["taxId"])
        for each in orders()
        if (title := each["form"].get("invoiceTitle"))
    }
    assert taxed == {(part.enterprise_id, part.tax_id) for part in (BRAND, MANUFACTURER)}
    assert all(each.password not in said.getvalue() for each in sign_ins)

    before = [each["name"] for each in orders()]
    fill(embedded.portal, sign_ins, Progress(said))
    assert [each["name"] for each in orders()] == before
