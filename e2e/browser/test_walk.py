"""One person a role goes the whole path of scenario 1, by the pages.

MILLRUN_SCREENSHOTS=1 keeps a picture of every page, at two widths, in .state/screenshots.
"""

import os
import re
import secrets
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from deploy.local.house import ROOT
from deploy.local.people import Vendor
from deploy.local.people.vendor import digest_of, rig_log
from e2e.browser.desk import Camera, Desk, desk

PASSWORD = "four words make one"
PRODUCTS = {"Smart socket": ("BW-SKT-1", 20), "Touch dimmer": ("BW-DIM-1", 10)}


@pytest.fixture
def camera() -> Camera:
    """Return a camera, with film in it if that was asked for."""
    wanted = os.environ.get("MILLRUN_SCREENSHOTS")
    return Camera(Path(ROOT) / ".state" / "screenshots" if wanted else None)


class Walk:
    """Everybody, each at their own desk, and what they hand each other."""

    def __init__(self, embedded, chrome, camera, stack: ExitStack, vendor: Vendor) -> None:
        self.tag = secrets.token_hex(3)
        self.legal_name = f"Browser Works {self.tag}"

        def sit(who: str, origin: str, person=None) -> Desk:
            return stack.enter_context(desk(chrome, origin, who, camera, person))

        self.administrator, self.rnd, self.buyer = (
            sit(who, embedded.portal) for who in ("administrator", "rnd", "buyer")
        )
        self.certifier = sit("certifier", embedded.console, vendor.certifier)
        self.business = sit("business", embedded.console, vendor.business_manager)
        self.project = sit("project", embedded.console, vendor.project_manager)
        self.finance = sit("finance", embedded.console, vendor.finance)
        self.factory = sit("factory", embedded.console, vendor.factory)
        self.order_no, self.order = "", ""

    def email(self, who: str) -> str:
        return f"{who}@{self.tag}.example"


def test_everybody_goes_the_whole_path_by_the_pages(embedded, chrome, camera, one_stage):
    with ExitStack() as stack:
        walk = Walk(embedded, chrome, camera, stack, one_stage.vendor)
        enters_a_module(walk)
        founds_an_enterprise(walk)
        develops_products(walk)
        orders(walk)
        is_confirmed_and_signed(walk)
        pays(walk, "Book the deposit")
        is_made(walk)
        pays(walk, "Book the balance")
        is_shipped_and_received(walk)
        is_invoiced(walk)
        walk.buyer.opens(walk.order)
        walk.buyer.sees("Completed")


def enters_a_module(walk: Walk) -> None:
    project = walk.project
    project.opens("/modules/new")
    project.fills(
        display_name=f"BW{walk.tag} module",
        module_id=f"bw{walk.tag}",
        description="For what is ordered with a mouse.",
        minimum_quantity="10",
        packing_unit="10",
        lead_time_days="21",
    )
    project.presses("Enter the module")
    walk.business.opens("/priceLists/new")
    walk.business.fills(display_name=f"Walk {walk.tag}", table=f"bw{walk.tag}\t1\t12.80")
    walk.business.presses("Enter the price list")
    walk.business.opens("/")
    project.opens(f"/modules/bw{walk.tag}")
    project.fills(version="1.0.0", digest=digest_of(walk.tag))
    project.presses("Enter the firmware")
    project.presses("Release")
    project.sees("Released")


def founds_an_enterprise(walk: Walk) -> None:
    for who, person in (("ada", walk.administrator), ("rob", walk.rnd), ("bea", walk.buyer)):
        person.opens("/register")
        person.fills(display_name=who.title(), email=walk.email(who), password=PASSWORD)
        person.presses("Register")
    administrator = walk.administrator
    administrator.opens("/enterprise/new")
    administrator.fills(
        legal_name=walk.legal_name, registration_no="HRB 4711", address="18 Binsheng Road"
    )
    administrator.ticks(kinds="rand")
    administrator.presses("Register")
    administrator.opens("/enterprise")
    administrator.fills(registration_no="HRB 4711")
    administrator.presses("Ask for certification")
    walk.certifier.finds("/certifications", walk.legal_name)
    walk.certifier.presses("Approve")
    administrator.opens("/enterprise/members")
    administrator.fills(email=walk.email("rob"))
    administrator.ticks(roles="R&D")
    administrator.presses("Add")


def develops_products(walk: Walk) -> None:
    rnd, administrator = walk.rnd, walk.administrator
    rnd.opens("/sign-in")
    rnd.page.context.clear_cookies()
    rnd.signs_in(walk.email("rob"), PASSWORD)
    for name, (model, _) in PRODUCTS.items():
        rnd.opens("/products/new")
        rnd.fills(display_name=name)
        rnd.presses("Create product")
        rnd.finds("/products", name)
        product = rnd.page.url.removeprefix(rnd.origin)
        rnd.opens(f"{product}/build?choose=1")
        rnd.follows(f"Build on bw{walk.tag}")
        rnd.ticks(firmware="1.0.0")
        rnd.fills(panel="smart-socket@3", data_points="switch_1")
        rnd.presses("Save the build")
        administrator.opens(product)
        administrator.fills(model=model)
        administrator.presses("Save")
        administrator.follows("Complete development")
        administrator.presses("Complete development")
        administrator.opens(product)
        administrator.presses("Release to mass production")
        administrator.sees("Mass production")
    administrator.opens("/enterprise/authorizations/new")
    administrator.fills(email=walk.email("bea"))
    administrator.ticks(role="Buyer")
    for name in PRODUCTS:
        administrator.ticks(products=name)
    administrator.presses("Authorize")


def orders(walk: Walk) -> None:
    buyer = walk.buyer
    buyer.page.context.clear_cookies()
    buyer.signs_in(walk.email("bea"), PASSWORD)
    for name, (_, quantity) in PRODUCTS.items():
        buyer.opens("/purchase")
        item = buyer.page.locator("form.item-form", has=buyer.page.locator("[name=quantity]"))
        card = buyer.page.locator(".card", has_text=name).filter(has=item)
        card.locator("[name=quantity]").fill(str(quantity))
        card.locator("[name=purpose]").select_option("MASS_PRODUCTION")
        with buyer.page.expect_navigation():
            card.get_by_role("button", name="Add to order").click()
        buyer.looks()
    walk.order = buyer.page.url.removeprefix(buyer.origin)
    buyer.follows("Fill in the order form")
    buyer.fills(
        po_no=f"PO-{walk.tag}",
        customer_batch_no="B-7",
        model_no="BW-1",
        material_model="10-4711",
        recipient="Goods receipt",
        delivery_address_phone="+86 571 5555 0100",
        street="18 Binsheng Road",
        city="Hangzhou",
    )
    buyer.ticks(invoice="General")
    buyer.fills(title=walk.legal_name, tax_id="91330100MA27X0TK1B")
    buyer.presses("Submit order")
    buyer.opens(walk.order)
    found = re.search(r"MR-\d{4}-\d+", buyer.page.locator("h1").inner_text())
    assert found
    walk.order_no = found[0]


def is_confirmed_and_signed(walk: Walk) -> None:
    walk.business.sees(walk.order_no)  # My work
    walk.business.finds(f"/orders?q={walk.order_no}", walk.order_no)
    walk.business.follows("Confirm the price")
    walk.business.presses("Confirm the price")
    walk.project.finds(f"/orders?q={walk.order_no}", walk.order_no)
    walk.project.follows("Confirm the software")
    walk.project.presses("Confirm the software")
    walk.buyer.opens(walk.order)
    walk.buyer.follows("Read and sign")
    walk.buyer.ticks(consent_text="")
    walk.buyer.presses("Sign")
    walk.business.finds("/contracts?state=BUYER_SIGNED", walk.order_no)
    walk.business.follows("Open the contract")
    walk.business.fills(signer_name="Wei Lin")
    walk.business.ticks(read="")
    walk.business.presses("Countersign")


def pays(walk: Walk, reference: str) -> None:
    buyer, finance = walk.buyer, walk.finance
    buyer.opens(walk.order)
    buyer.sees("I will pay like this")
    buyer.fills(method="OFFLINE_TRANSFER")
    buyer.presses("I will pay like this")
    finance.finds("/payments?show=open", walk.order_no)
    finance.follows("Book a transfer")
    finance.fills(bank_reference=f"{reference} {walk.tag}")
    finance.presses("Book it")


def is_made(walk: Walk) -> None:
    factory = walk.factory
    for line, (_, quantity) in enumerate(PRODUCTS.values(), 1):
        factory.finds("/work-orders?state=OPEN", _work_order(walk, line))
        work = factory.page.url.removeprefix(factory.origin)
        factory.presses("Start production")
        factory.follows("Start a batch")
        number = f"PB-{walk.tag}-{line}"
        factory.fills(production_batch_no=number)
        factory.presses("Start the batch")
        factory.opens(work)
        factory.follows("Record units")
        serials = [f"{number}-{unit:03}" for unit in range(1, quantity + 1)]
        factory.fills(units="\n".join(f"{no}, {digest_of(walk.tag)}, passed" for no in serials))
        factory.presses("Record them")
        factory.opens(work)
        factory.follows("Attach test data")
        log = FilePayload(name="rig.csv", mimeType="text/csv", buffer=rig_log(serials))
        factory.page.locator('[name="file"]').set_input_files(log)
        factory.presses("Attach it")
        factory.opens(work)
        factory.presses("Finish the batch")


def is_shipped_and_received(walk: Walk) -> None:
    factory, buyer = walk.factory, walk.buyer
    factory.finds("/work-orders", _work_order(walk, 1))
    factory.follows("Dispatch")
    factory.fills(carrier="SF Express", tracking_no=f"SF-{walk.tag}")
    factory.presses("Dispatch")
    buyer.opens(walk.order)
    buyer.sees("Confirm receipt")
    buyer.presses("Confirm receipt")


def is_invoiced(walk: Walk) -> None:
    walk.buyer.sees("Ask for the invoice")
    walk.buyer.presses("Ask for the invoice")
    walk.finance.finds("/invoices", walk.order_no)
    walk.finance.fills(invoice_no=f"IV-{walk.tag}")
    walk.finance.presses("Issue the invoice")


def _work_order(walk: Walk, line: int) -> str:
    """Return the number of the work order of a line, as the list says it."""
    factory, said = walk.factory, f"{walk.order_no}, line {line}"
    factory.opens("/work-orders")
    factory.sees(said)
    row = factory.page.locator("tr", has_text=said)
    return str(row.get_by_role("link").first.inner_text())
