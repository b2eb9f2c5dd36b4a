import pytest
from millrun.catalog.v1 import catalog_pb2 as pb
from millrun.catalog.v1 import module_pb2

from services.catalog.tests.builders import DIGEST
from services.catalog.tests.shop import ADMIN, BUYER, MAKER, MANAGER, Shop, a_tier
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
    ask, module = shop.ask(who), module_pb2.Module(display_name="x", price_tiers=[a_tier(1, 0)])

    for refused in (
        lambda: ask.CreateModule(pb.CreateModuleRequest(module=module, module_id="xx")),
        lambda: ask.CreateFirmware(
            pb.CreateFirmwareRequest(
                parent="modules/wr3e", firmware=module_pb2.Firmware(version="3", digest=DIGEST)
            )
        ),
        lambda: ask.ReleaseFirmware(pb.ReleaseFirmwareRequest(name=firmware.name)),
        lambda: ask.RetireFirmware(pb.RetireFirmwareRequest(name=firmware.name)),
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


def test_a_price_list_in_two_currencies_is_refused(shop: Shop):
    dear = a_tier(10, 0)
    dear.unit_price.currency_code = "USD"
    module = module_pb2.Module(display_name="x", price_tiers=[a_tier(1, 0), dear])

    with pytest.raises(Malformed, match="more than one currency"):
        shop.ask(MANAGER).CreateModule(pb.CreateModuleRequest(module=module, module_id="xx"))


def test_a_price_that_is_none_is_refused(shop: Shop):
    tier = a_tier(1, 0)
    tier.unit_price.currency_code = ""
    module = module_pb2.Module(display_name="x", price_tiers=[tier])

    with pytest.raises(Malformed, match="not an amount of money"):
        shop.ask(MANAGER).CreateModule(pb.CreateModuleRequest(module=module, module_id="xx"))


def test_what_is_not_there_is_not_found(shop: Shop):
    module = shop.a_module()
    firmware = shop.a_firmware(module)
    shop.a_module("cb2s")
    ask = shop.ask(MANAGER)

    for lookup in (
        lambda: ask.GetModule(pb.GetModuleRequest(name="modules/none")),
        lambda: ask.ListFirmware(pb.ListFirmwareRequest(parent="modules/none")),
        lambda: ask.RetireFirmware(pb.RetireFirmwareRequest(name="modules/wr3e/firmware/none")),
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
