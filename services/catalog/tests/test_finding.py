"""How products are found: by any part of a word, by filters, and always by way of an index."""

from typing import Any

import pytest
import sqlalchemy as sa
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1.product_pb2 import Product

from services.catalog.domain.finding import found_by, telling, words_of
from services.catalog.queries import products as queries
from services.catalog.queries.finding import Wanted
from services.catalog.store import product_parts
from services.catalog.tests.shop import ADMIN, BUYER, MAKER, MANAGER, STRANGER, Shop
from shared.caller import Caller
from shared.storage import EVERYTHING, Scope

PID = "smartplug77"


@pytest.fixture
def plug(shop: Shop) -> str:
    """One product among others that have nothing of it."""
    shop.a_product(pid="qqqqqqqqqqqq", model="QQ", customer_name="", display_name="Q")
    return shop.a_product(
        pid=PID, model="XL-500%", customer_name="Widget_Shop", display_name="Großer Stecker 智能"
    ).name


@pytest.mark.parametrize("length", range(1, len(PID) + 1))
def test_r37_every_part_of_a_pid_finds_it(shop: Shop, plug: str, length: int):
    for start in range(len(PID) - length + 1):
        assert shop.listed(BUYER, search=PID[start : start + length]) == [plug]


@pytest.mark.parametrize(
    "search",
    [
        "PLUG77",
        "xl-500%",
        "ＸＬ－５００",
        "0%",
        "WIDGET_",
        "_",
        "GROSSER",
        " stecker ",
        "großer steck",
        "智",
        "77 widget 智能",
        '"stecker 智能"',
        "“xl-500%”",
        "「智能」",
    ],
)
def test_words_are_found_whatever_their_case_width_or_order(shop: Shop, plug: str, search: str):
    assert shop.listed(BUYER, search=search) == [plug]


@pytest.mark.parametrize("search", ["plug78", "plug77 lamp", "xl_500", "plug z", "widgetshop"])
def test_what_a_product_does_not_say_does_not_find_it(shop: Shop, plug: str, search: str):
    assert shop.listed(BUYER, search=search) == []


@pytest.mark.parametrize(
    ("field", "inside", "elsewhere"),
    [("pid", "PLUG7", "xl"), ("model", "500%", "plug"), ("customer_name", "shop", "stecker")],
)
def test_r53_a_filter_looks_at_its_own_field_only(
    shop: Shop, plug: str, field: str, inside: str, elsewhere: str
):
    assert shop.listed(BUYER, **{field: inside}) == [plug]
    assert shop.listed(BUYER, **{field: elsewhere}) == []
    assert shop.listed(BUYER, **{field: inside}, search=elsewhere) == [plug]


def test_a_word_longer_than_what_is_looked_up_is_compared_to_its_end(shop: Shop):
    wanted = shop.a_product(model="abcdefghijklmnopqrstuvwxyz")
    shop.a_product(model="abcdefghijklmnopqrstuvwxyy")

    assert shop.listed(BUYER, search="abcdefghijklmnopqrstuvwxyz") == [wanted.name]


def test_a_new_label_is_found_and_the_old_one_is_not(shop: Shop, plug: str):
    shop.ask(ADMIN).LabelProduct(pb.LabelProductRequest(name=plug, model="Zebra"))

    assert shop.listed(BUYER, search="zebra") == [plug]
    assert shop.listed(BUYER, search="xl-500") == []
    assert shop.listed(BUYER, search="stecker") == [plug]


def test_a_product_opened_to_a_manufacturer_is_found_by_them_and_by_nobody_else(
    shop: Shop, plug: str
):
    product = shop.ask(ADMIN).GetProduct(pb.GetProductRequest(name=plug))
    association = shop.associate(product)

    assert shop.listed(MAKER, search="g77") == [plug]
    assert shop.listed(MAKER, search="qq") == []
    assert shop.listed(STRANGER, search="g77") == []
    assert shop.listed(MANAGER, parent="enterprises/-", search="g77") == [plug]
    shop.dissociate(association, product)
    assert shop.listed(MAKER, search="g77") == []


def test_no_enterprise_reads_what_products_of_others_are_found_by(shop: Shop, plug: str):
    with shop.database.transaction(Scope(enterprise="globex")) as tx:
        assert tx.scalars(sa.select(product_parts.c.part)).all() == []


@pytest.mark.parametrize("several", [False, True])
def test_several_stages_are_one_filter(shop: Shop, several: bool):
    firmware = shop.a_firmware(shop.a_module())
    developing, trial = shop.a_product(firmware), shop.a_product(firmware)
    shop.ask(ADMIN).CompleteDevelopment(pb.CompleteDevelopmentRequest(name=trial.name))
    stages = [Product.TRIAL_PRODUCTION, *([Product.DEVELOPMENT] if several else [])]

    found = [trial.name, developing.name] if several else [trial.name]
    assert shop.listed(BUYER, lifecycles=stages) == found


def test_words_are_folded_alike_in_what_is_kept_and_in_what_is_asked():
    assert words_of(" ＷＲ３Ｅ  Straße\t") == ["wr3e", "strasse"]
    assert found_by("p1", "Ｍ 1", "", "Lamp") == "p1\nm 1\n\nlamp"
    assert telling(["a", "lamp", "plug"]) == "lamp"
    assert telling([]) == ""


SEARCHES = {
    "nothing": Wanted(),
    "a rare word": Wanted(search="p777x"),
    "one letter": Wanted(search="9"),
    "a pid": Wanted(pid="p42xac"),
    "a model": Wanted(model="sp-1", search="p777x"),
}


WHOLE = ("Seq Scan on products", "Seq Scan on product_parts")


def test_of_thousands_of_products_no_page_reads_all(shop: Shop):
    multiply(shop, 2000)

    for who, parent in ((MAKER, "enterprises/maker"), (MANAGER, "enterprises/-")):
        for wanted in SEARCHES.values():
            steps = _plan(shop, who, parent, wanted)
            shown = "\n".join([parent, str(wanted), *steps])
            assert not [step for step in steps if any(word in step for word in WHOLE)], shown
            if wanted == Wanted():
                # Not sorted either: a page of thousands costs what a page of fifty costs.
                assert not [each for each in steps if "Sort  (" in each or "hashed" in each], shown
            else:
                assert [each for each in steps if "product_parts" in each and "Index" in each], (
                    shown
                )


def multiply(shop: Shop, times: int) -> None:
    """Let the maker have as many products, and may order as many others."""
    shop.a_product(shop.a_firmware(shop.a_module()))
    copies = """
        with copies as (
            insert into products (enterprise, version, sequence, id, pid, display_name, lifecycle,
                firmware_id, panel, data_points, model, customer_name, notes, found_by, created_at)
            select owner, version, sequence, gen_random_uuid(), 'p' || n || 'x' || owner,
                display_name, lifecycle, firmware_id, panel, data_points, model, customer_name,
                notes, 'p' || n || 'x' || owner || E'\\nsp-1\\n\\nsmart plug', created_at
            from products, generate_series(1, :times) n, unnest(array['acme', 'maker']) owner
            returning *
        )
        insert into associations
        select 'maker', id, enterprise, gen_random_uuid() from copies where enterprise = 'acme'
    """
    with shop.database.transaction(EVERYTHING) as tx:
        tx.execute(sa.text(copies), {"times": times})
    owner = sa.create_engine(shop.owner_url, poolclass=sa.NullPool)
    with owner.begin() as connection:
        connection.execute(sa.text("analyze"))


def _plan(shop: Shop, who: Caller, parent: str, wanted: Wanted) -> list[str]:
    """How PostgreSQL goes about a first page."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        said.append((statement, parameters))

    with shop.database.transaction(Scope.of(who)) as tx:
        sa.event.listen(shop.database.engine, "before_cursor_execute", note)
        try:
            queries.list_products(tx, caller=who, parent=parent, wanted=wanted, size=50, token="")
        finally:
            sa.event.remove(shop.database.engine, "before_cursor_execute", note)
        statement, parameters = said[-1]
        explained = tx.connection().exec_driver_sql("explain " + statement, parameters)
        return [row[0] for row in explained]
