"""Products imported from a file and exported to one, over a real channel."""

import pytest
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2
from millrun.catalog.v1.product_pb2 import ImportedProduct, Product

from services.catalog.domain.sheet import COLUMNS
from services.catalog.queries import exporting
from services.catalog.tests.shop import (
    ADMIN,
    BUYER,
    MAKER,
    MANAGER,
    RND,
    STRANGER,
    Shop,
    a_build,
)
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound
from shared.testing.callers import caller

MAKER_RND = caller(Role.RND, enterprise="maker")
OUTCOME = ImportedProduct.Outcome
HEAD = "pid,display_name,model,customer_name,notes,module,firmware_version,panel,data_points"
LAMP = "lamp0001,Lamp,L-1,Widget Shop,white,wr3e,2.4.1,lamp@1,switch_1 dim_1"


@pytest.fixture
def firmware(shop: Shop) -> module_pb2.Firmware:
    return shop.a_firmware(shop.a_module())


def import_(shop: Shop, *lines: str, who: Caller = RND, **more) -> pb.ImportProductsResponse:
    content = "\r\n".join([HEAD, *lines]).encode("utf-8-sig")
    request = {"parent": f"enterprises/{who.enterprise}", "content": content, **more}
    return shop.ask(who).ImportProducts(pb.ImportProductsRequest(**request))


def export(shop: Shop, who: Caller = BUYER, **more) -> bytes:
    request = {"parent": f"enterprises/{who.enterprise}", **more}
    parts = shop.ask(who).ExportProducts(pb.ExportProductsRequest(**request))
    return b"".join(part.data for part in parts)


def get(shop: Shop, pid: str) -> Product:
    return shop.ask(ADMIN).GetProduct(pb.GetProductRequest(name=f"enterprises/acme/products/{pid}"))


def outcomes(answer: pb.ImportProductsResponse) -> list[tuple[int, str]]:
    return [(each.line, OUTCOME.Name(each.outcome)) for each in answer.products]


def test_a_file_creates_products_whole(shop: Shop, firmware: module_pb2.Firmware):
    answer = import_(shop, LAMP, ",Plug,,,,,,,")

    assert outcomes(answer) == [(2, "CREATED"), (3, "CREATED")]
    assert (answer.created_count, answer.refused_count) == (2, 0)
    lamp, plug = get(shop, "lamp0001"), get(shop, answer.products[1].pid)
    assert (lamp.model, lamp.customer_name, lamp.notes) == ("L-1", "Widget Shop", "white")
    assert lamp.build == a_build(firmware, panel="lamp@1", data_points=["switch_1", "dim_1"])
    assert (plug.display_name, plug.HasField("build")) == ("Plug", False)
    assert shop.listed(BUYER, search="widget") == [lamp.name]
    assert shop.told()[-4:] == [
        "ProductCreated",
        "ProductModelChanged",
        "ProductConfigured",
        "ProductCreated",
    ]


def test_the_same_file_again_changes_nothing(shop: Shop, firmware: module_pb2.Firmware):
    import_(shop, LAMP)
    before, told = get(shop, "lamp0001"), shop.told()

    answer = import_(shop, LAMP)

    assert outcomes(answer) == [(2, "UNCHANGED")]
    assert (get(shop, "lamp0001"), shop.told()) == (before, told)


def test_a_line_changes_what_its_columns_name_and_nothing_else(
    shop: Shop, firmware: module_pb2.Firmware
):
    import_(shop, LAMP)

    answer = import_(shop, content=b"pid;customer_name\nlamp0001;")

    assert (outcomes(answer), answer.changed_count) == ([(2, "CHANGED")], 1)
    lamp = get(shop, "lamp0001")
    assert (lamp.customer_name, lamp.model, lamp.notes) == ("", "L-1", "white")
    assert lamp.build.panel == "lamp@1"


def test_a_build_changes_in_part_while_it_is_not_locked(shop: Shop, firmware: module_pb2.Firmware):
    newer = shop.a_firmware(module_pb2.Module(name="modules/wr3e"), "3.0.0")
    import_(shop, LAMP)

    import_(shop, content=b"pid,module,firmware_version\nlamp0001,modules/wr3e,3.0.0")
    import_(shop, content=b'pid,data_points\nlamp0001,"timer_1, timer_2"')

    build = get(shop, "lamp0001").build
    assert (build.firmware, build.panel) == (newer.name, "lamp@1")
    assert list(build.data_points) == ["timer_1", "timer_2"]


def test_a10_a_locked_build_stays_and_labels_change(shop: Shop, firmware: module_pb2.Firmware):
    import_(shop, LAMP)
    shop.ask(ADMIN).CompleteDevelopment(
        pb.CompleteDevelopmentRequest(name="enterprises/acme/products/lamp0001")
    )

    relabelled = import_(shop, LAMP.replace("white", "black"))
    rebuilt = import_(shop, LAMP.replace("dim_1", "dim_2"), validate_only=True)

    assert outcomes(relabelled) == [(2, "CHANGED")]
    assert (rebuilt.products[0].reason, outcomes(rebuilt)) == ("PRODUCT_LOCKED", [(2, "REFUSED")])


WRONG = {
    "LAMP0001,Lamp,,,,,,,": "PRODUCT_ID_MALFORMED",
    "lamp0001,Other,,,,,,,": "ROW_TWICE",
    "taken001,Lamp,,,,,,,": "PRODUCT_ID_TAKEN",
    "lamp0002,,,,,,,,": "TEXT_WITHOUT_WORDS",
    ",,L,,,,,,": "ROW_WITHOUT_NAME",
    f",Lamp,{'x' * 201},,,,,,": "TEXT_TOO_LONG",
    ",Lamp,,,,wr3e,,,": "ROW_WITHOUT_MODULE",
    ",Lamp,,,,,,lamp@1,": "ROW_WITHOUT_MODULE",
    ",Lamp,,,,wr3e,9.9,,": "FIRMWARE_VERSION_UNKNOWN",
    ",Lamp,,,,none,2.4.1,,": "FIRMWARE_VERSION_UNKNOWN",
    ",Lamp,,,,wr3e,2.4.1,,1st": "DATA_POINT_MALFORMED",
    ",Lamp,,,,wr3e,2.4.1,,a a": "DATA_POINT_TWICE",
    ",Lamp,,,,wr3e,0.9,,": "FIRMWARE_NO_LONGER_USABLE",
    "plug0001,Plug two,,,,,,,": "PRODUCT_NAME_FIXED",
    ",Lamp,,,,,,,,too,much": "ROW_TOO_LONG",
}


def test_a_dry_run_answers_for_every_line_and_stores_nothing(
    shop: Shop, firmware: module_pb2.Firmware
):
    old = shop.a_firmware(module_pb2.Module(name="modules/wr3e"), "0.9")
    shop.ask(MANAGER).RetireFirmware(pb.RetireFirmwareRequest(name=old.name))
    shop.a_product(pid="taken001", who=STRANGER)
    shop.a_product(pid="plug0001", display_name="Plug")
    before = shop.told()

    answer = import_(shop, LAMP, *WRONG, ",Last,,,,,,,", validate_only=True)

    assert [each.reason for each in answer.products] == ["", *WRONG.values(), ""]
    assert [answer.products[0].pid, answer.products[-1].pid] == ["lamp0001", ""]
    assert [each.line for each in answer.products] == list(range(2, 4 + len(WRONG)))
    assert all(each.message and each.fix for each in answer.products if each.reason)
    assert (answer.created_count, answer.refused_count) == (2, len(WRONG))
    assert shop.told() == before
    assert len(shop.listed(BUYER)) == 1


@pytest.mark.parametrize("wrong", WRONG)
def test_one_refused_line_refuses_the_file(shop: Shop, firmware: module_pb2.Firmware, wrong: str):
    old = shop.a_firmware(module_pb2.Module(name="modules/wr3e"), "0.9")
    shop.ask(MANAGER).RetireFirmware(pb.RetireFirmwareRequest(name=old.name))
    shop.a_product(pid="taken001", who=STRANGER)
    shop.a_product(pid="plug0001", display_name="Plug")
    before = shop.told()

    with pytest.raises(Disallowed, match=r"lines that cannot be imported are 3\. Line 3: ") as it:
        import_(shop, LAMP, wrong, ",Last,,,,,,,")

    assert it.value.reason == "PRODUCTS_NOT_IMPORTED"
    assert shop.told() == before
    assert len(shop.listed(BUYER)) == 1


def test_a_repeated_import_gets_the_first_answer(shop: Shop):
    first = import_(shop, ",Lamp,,,,,,,", request_id="once")

    assert import_(shop, ",Lamp,,,,,,,", request_id="once") == first
    assert len(shop.listed(BUYER)) == 1


def test_only_developers_import_and_into_their_own_space_only(shop: Shop):
    for who in (BUYER, MANAGER):
        with pytest.raises(Forbidden):
            import_(shop, LAMP, who=who)
    with pytest.raises(NotFound, match="There is no enterprise enterprises/globex"):
        import_(shop, LAMP, parent="enterprises/globex")


def test_a_product_of_another_is_not_changed_by_a_file(shop: Shop):
    brand = shop.a_product(pid="brand001")
    shop.associate(brand)

    answer = import_(shop, "brand001,Mine,,,,,,,", who=MAKER_RND, validate_only=True)

    assert answer.products[0].reason == "PRODUCT_ID_TAKEN"


def test_what_was_exported_imports_as_it_was(shop: Shop, firmware: module_pb2.Firmware):
    import_(shop, LAMP, 'plug0001,=Plug,+49,@x,"-1, ""two""",,,,')
    before = shop.told()

    content = export(shop)
    answer = import_(shop, content=content)

    assert content.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert b'plug0001,\'=Plug,\'+49,\'@x,"\'-1, ""two"""' in content
    assert b"wr3e,2.4.1,lamp@1,switch_1 dim_1,DEVELOPMENT,RELEASED,enterprises/acme" in content
    assert (answer.unchanged_count, shop.told()) == (2, before)


def test_an_export_honours_the_filters_and_keeps_the_order_of_the_list(shop: Shop):
    shop.a_product(pid="lamp0001", model="L-1")
    shop.a_product(pid="lamp0002", model="L-2")
    shop.a_product(pid="plug0001", model="P-1")

    lines = export(shop, search="lamp").decode("utf-8-sig").splitlines()

    assert [line.partition(",")[0] for line in lines] == ["pid", "lamp0002", "lamp0001"]


def test_an_export_holds_what_the_caller_may_see_and_no_more(shop: Shop):
    brand = shop.a_product(pid="brand001")
    shop.a_product(pid="brand002")
    shop.a_product(pid="globex01", who=STRANGER)
    shop.associate(brand)

    def pids(who: Caller, **more) -> list[str]:
        lines = export(shop, who, **more).decode("utf-8-sig").splitlines()[1:]
        return [line.partition(",")[0] for line in lines]

    assert pids(MAKER) == ["brand001"]
    assert pids(MANAGER, parent="enterprises/-") == ["globex01", "brand002", "brand001"]
    with pytest.raises(NotFound):
        export(shop, BUYER, parent="enterprises/globex")


def test_an_export_is_not_without_end(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "MOST", 1)
    shop.a_product()
    export(shop)
    shop.a_product()

    with pytest.raises(Malformed, match="More than 1 products"):
        export(shop)
