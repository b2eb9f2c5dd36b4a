from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2

from services.catalog.tests.builders import DIGEST
from services.catalog.tests.shop import ADMIN, BUYER, MAKER, MANAGER, Shop, a_build, a_tier
from shared.caller import Caller, Role
from shared.errors import Disallowed, Forbidden, Malformed, NotFound, Outdated, Unauthenticated
from shared.testing.callers import caller

OTHERS = [ADMIN, BUYER, caller(Role.BUSINESS_MANAGER), caller(Role.PRODUCTION)]


def test_everybody_who_is_signed_in_can_read_a_module(shop: Shop):
    module = shop.a_module()

    for who in (BUYER, MAKER, MANAGER, Caller(account="accounts/new")):
        assert shop.ask(who).GetModule(pb.GetModuleRequest(name="modules/wr3e")) == module
    assert module.price_tiers == [a_tier(1, 400_000_000), a_tier(1000, 100_000_000)]


def test_nobody_reads_a_module_without_signing_in(shop: Shop):
    with pytest.raises(Unauthenticated):
        shop.ask(Caller(account="")).ListModules(pb.ListModulesRequest())


def test_modules_come_in_pages_newest_first(shop: Shop):
    names = [shop.a_module(f"module-{number}").name for number in range(3)]

    first = shop.ask(BUYER).ListModules(pb.ListModulesRequest(page_size=2))
    rest = shop.ask(BUYER).ListModules(pb.ListModulesRequest(page_token=first.next_page_token))

    assert [m.name for m in [*first.modules, *rest.modules]] == names[::-1]
    assert not rest.next_page_token


@pytest.mark.parametrize("who", OTHERS, ids=lambda who: who.account)
def test_only_a_project_manager_enters_and_judges(shop: Shop, who: Caller):
    firmware = shop.a_firmware(shop.a_module(), released=False)
    ask, module = shop.ask(who), module_pb2.Module(display_name="x")

    for refused in (
        lambda: ask.CreateModule(pb.CreateModuleRequest(module=module, module_id="xx")),
        lambda: ask.CreateFirmware(
            pb.CreateFirmwareRequest(
                parent="modules/wr3e", firmware=module_pb2.Firmware(version="3", digest=DIGEST)
            )
        ),
        lambda: ask.ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name)),
        lambda: ask.RetireFirmware(pb.RetireFirmwareRequest(name=firmware.name)),
        lambda: ask.RetireModule(pb.RetireModuleRequest(name="modules/wr3e")),
        lambda: ask.UpdateModule(
            pb.UpdateModuleRequest(module=module_pb2.Module(name="modules/wr3e"))
        ),
        lambda: ask.UpdateFirmware(
            pb.UpdateFirmwareRequest(firmware=module_pb2.Firmware(name=firmware.name))
        ),
    ):
        with pytest.raises(Forbidden, match="project manager"):
            refused()


def test_a_module_id_is_given_once(shop: Shop):
    shop.a_module()

    with pytest.raises(Disallowed, match="There is a module modules/wr3e already") as refused:
        shop.a_module()

    assert refused.value.reason == "MODULE_ID_TAKEN"


def test_a_repeated_request_enters_one_module(shop: Shop):
    assert shop.a_module(request_id="once") == shop.a_module(request_id="once")


def test_prices_are_not_entered_with_a_module(shop: Shop):
    module = module_pb2.Module(display_name="x", price_tiers=[a_tier(1, 0)])

    with pytest.raises(Malformed, match="in price lists") as refused:
        shop.ask(MANAGER).CreateModule(pb.CreateModuleRequest(module=module, module_id="xx"))

    assert "business manager" in refused.value.remedy


def test_a_module_is_changed_where_the_mask_says_and_nowhere_else(shop: Shop):
    module = shop.a_module()
    wanted = module_pb2.Module(
        name=module.name, series="Wi-Fi", lead_time_days=30, display_name="x", etag=module.etag
    )
    mask = FieldMask(paths=["series", "lead_time_days", "name", "etag"])

    changed = shop.ask(MANAGER).UpdateModule(
        pb.UpdateModuleRequest(module=wanted, update_mask=mask)
    )

    assert (changed.series, changed.lead_time_days) == ("Wi-Fi", 30)
    assert (changed.display_name, changed.packing_unit) == (module.display_name, 50)
    assert changed.price_tiers == module.price_tiers
    with pytest.raises(Outdated):
        shop.ask(MANAGER).UpdateModule(pb.UpdateModuleRequest(module=wanted, update_mask=mask))


@pytest.mark.parametrize("paths", [["name"], ["price_tiers"], ["series", "state"]])
def test_what_cannot_change_is_refused(shop: Shop, paths: list[str]):
    shop.a_module()
    asked = pb.UpdateModuleRequest(
        module=module_pb2.Module(name="modules/wr3e"), update_mask=FieldMask(paths=paths)
    )

    with pytest.raises(Malformed, match="does not say what shall change"):
        shop.ask(MANAGER).UpdateModule(asked)


def test_modules_are_listed_by_series_and_state(shop: Shop):
    wifi, zigbee = shop.a_module("wifi"), shop.a_module("zigbee")
    for module, series in ((wifi, "Wi-Fi"), (zigbee, "Zigbee")):
        wanted = module_pb2.Module(name=module.name, series=series)
        mask = FieldMask(paths=["series"])
        shop.ask(MANAGER).UpdateModule(pb.UpdateModuleRequest(module=wanted, update_mask=mask))
    shop.ask(MANAGER).RetireModule(pb.RetireModuleRequest(name=zigbee.name))

    def listed(**more: Any) -> list[str]:
        found = shop.ask(BUYER).ListModules(pb.ListModulesRequest(**more))
        return [module.name for module in found.modules]

    assert listed() == [zigbee.name, wifi.name]
    assert listed(series="Wi-Fi") == [wifi.name]
    assert listed(state=module_pb2.Module.RETIRED) == [zigbee.name]


def test_nothing_new_is_built_on_a_retired_module_and_what_is_built_on_it_goes_on(shop: Shop):
    module = shop.a_module()
    older, newer = shop.a_firmware(module), shop.a_firmware(module, "2.5.0")
    product = shop.a_product(older)
    shop.ask(MANAGER).RetireModule(pb.RetireModuleRequest(name=module.name))

    with pytest.raises(Disallowed, match="modules/wr3e is retired"):
        shop.a_product(newer)
    again = shop.ask(ADMIN).ConfigureProduct(
        pb.ConfigureProductRequest(name=product.name, build=a_build(newer))
    )

    assert again.firmware_version == "2.5.0"


def test_what_is_not_there_is_not_found(shop: Shop):
    module = shop.a_module()
    firmware = shop.a_firmware(module)
    shop.a_module("cb2s")
    ask = shop.ask(MANAGER)

    for lookup in (
        lambda: ask.GetModule(pb.GetModuleRequest(name="modules/none")),
        lambda: ask.ListFirmware(pb.ListFirmwareRequest(parent="modules/none")),
        lambda: ask.RetireFirmware(pb.RetireFirmwareRequest(name="modules/wr3e/firmware/none")),
        lambda: ask.RetireModule(pb.RetireModuleRequest(name="modules/none")),
        lambda: ask.RetireFirmware(
            pb.RetireFirmwareRequest(name=firmware.name.replace("wr3e", "cb2s"))
        ),
    ):
        with pytest.raises(NotFound):
            lookup()


def test_a_firmware_version_begins_as_beta_is_released_and_retired(shop: Shop):
    firmware = shop.a_firmware(shop.a_module(), released=False)
    assert firmware.state == module_pb2.Firmware.BETA

    released = shop.ask(MANAGER).ReleaseFirmware(
        pb.ReleaseFirmwareRequest(name=firmware.name, etag=firmware.etag)
    )
    retired = shop.ask(MANAGER).RetireFirmware(
        pb.RetireFirmwareRequest(name=firmware.name, etag=released.etag)
    )

    assert (released.state, retired.state) == (
        module_pb2.Firmware.RELEASED,
        module_pb2.Firmware.RETIRED,
    )
    assert shop.told() == ["FirmwareReleased", "FirmwareRetired"]
    assert (released.released_by, released.HasField("retire_time")) == (MANAGER.account, False)
    assert (retired.retired_by, retired.released_by) == (MANAGER.account, MANAGER.account)
    assert retired.retire_time.ToNanoseconds() >= retired.release_time.ToNanoseconds() > 0


def test_release_notes_are_entered_with_firmware_and_changed_at_any_time(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    wanted = module_pb2.Firmware(name=firmware.name, release_notes="Faster pairing.")

    changed = shop.ask(MANAGER).UpdateFirmware(pb.UpdateFirmwareRequest(firmware=wanted))

    assert changed.release_notes == "Faster pairing."
    assert shop.ask(BUYER).GetFirmware(pb.GetFirmwareRequest(name=firmware.name)) == changed


def test_retired_firmware_is_not_released(shop: Shop):
    firmware = shop.a_firmware(shop.a_module())
    shop.ask(MANAGER).RetireFirmware(pb.RetireFirmwareRequest(name=firmware.name))

    with pytest.raises(Disallowed, match=r"2\.4\.1 is retired and cannot become released"):
        shop.ask(MANAGER).ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name))


def test_firmware_seen_before_somebody_else_changed_it_is_not_changed(shop: Shop):
    firmware = shop.a_firmware(shop.a_module(), released=False)
    shop.ask(MANAGER).ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name))

    with pytest.raises(Outdated):
        shop.ask(MANAGER).RetireFirmware(
            pb.RetireFirmwareRequest(name=firmware.name, etag=firmware.etag)
        )


def test_a_module_has_a_firmware_version_once(shop: Shop):
    module = shop.a_module()
    shop.a_firmware(module)
    shop.a_firmware(shop.a_module("cb2s"))

    with pytest.raises(Disallowed, match=r"modules/wr3e has firmware 2\.4\.1 already"):
        shop.a_firmware(module)


def test_firmware_comes_in_pages_newest_first_and_of_one_module(shop: Shop):
    module = shop.a_module()
    shop.a_firmware(shop.a_module("cb2s"))
    names = [shop.a_firmware(module, f"1.{number}").name for number in range(3)]

    first = shop.ask(BUYER).ListFirmware(pb.ListFirmwareRequest(parent=module.name, page_size=2))
    rest = shop.ask(BUYER).ListFirmware(
        pb.ListFirmwareRequest(parent=module.name, page_token=first.next_page_token)
    )

    assert [f.name for f in [*first.firmware, *rest.firmware]] == names[::-1]
