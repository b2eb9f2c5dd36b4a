"""Commands can be tried: they answer, and leave no trace (requirements §6.7)."""

from google.protobuf.field_mask_pb2 import FieldMask
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2

from services.catalog.tests.shop import ADMIN, MANAGER, Shop
from shared.testing.traces import Trying


def test_what_is_tried_leaves_no_trace(shop: Shop) -> None:
    tried: set[str] = set()
    ask = shop.ask
    vars(shop)["ask"] = lambda who: Trying(ask(who), shop.database, tried)
    module = shop.a_module()
    product = shop.a_product(shop.a_firmware(module))
    renamed = module_pb2.Module(name=module.name, display_name="WR3E")
    mask = FieldMask(paths=["display_name"])
    shop.ask(MANAGER).UpdateModule(pb.UpdateModuleRequest(module=renamed, update_mask=mask))
    shop.ask(ADMIN).LabelProduct(pb.LabelProductRequest(name=product.name, model="SP-2"))
    complete = pb.CompleteDevelopmentRequest(name=product.name)
    shop.ask(ADMIN).CompleteDevelopment(complete)
    shop.ask(MANAGER).RetireFirmware(pb.RetireFirmwareRequest(name=product.build.firmware))

    assert tried >= {
        *("CreateModule", "UpdateModule", "CreateFirmware", "ReleaseFirmware", "RetireFirmware"),
        *("CreatePriceList", "SetPrices", "CreateProduct", "LabelProduct", "CompleteDevelopment"),
    }
