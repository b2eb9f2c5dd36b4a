from collections.abc import Callable

import pytest

from services.catalog.domain.errors import firmware as errors
from services.catalog.domain.events import FirmwareReleased, FirmwareRetired
from services.catalog.domain.firmware import Firmware, State
from services.catalog.tests.builders import DIGEST, JUDGE, a_firmware, said_by

MOVES: dict[str, tuple[Callable[..., None], State, set[State]]] = {
    "release": (Firmware.release, State.RELEASED, {State.BETA}),
    "retire": (Firmware.retire, State.RETIRED, {State.BETA, State.RELEASED}),
}
EVERY_MOVE = [(name, state) for name in MOVES for state in State]


def test_firmware_begins_as_beta_and_without_telling():
    firmware = Firmware.enter(module_id="wr3e", version="2.4.1", digest=DIGEST)

    assert firmware.state is State.BETA
    assert firmware.name == f"modules/wr3e/firmware/{firmware.id}"
    assert not said_by(firmware)


@pytest.mark.parametrize(("move", "state"), EVERY_MOVE)
def test_firmware_moves_as_the_chart_says_and_no_other_way(move: str, state: State):
    act, wanted, allowed = MOVES[move]
    firmware = a_firmware(state)

    if state in allowed:
        act(firmware, by=JUDGE)
        assert firmware.state is wanted
    else:
        with pytest.raises(
            errors.FirmwareCannotBecome, match=f"is {state.value} and cannot become"
        ):
            act(firmware, by=JUDGE)
        assert firmware.state is state
        assert not said_by(firmware)


def test_firmware_tells_that_it_was_released_and_retired():
    firmware = a_firmware(State.BETA)

    firmware.release(by=JUDGE)
    firmware.retire(by=JUDGE)

    facts = {"firmware": firmware.name, "version": "2.4.1", "digest": DIGEST}
    assert said_by(firmware) == [
        FirmwareReleased(**facts, released_by=JUDGE.account),
        FirmwareRetired(**facts, retired_by=JUDGE.account),
    ]


def test_firmware_remembers_who_released_and_retired_it_and_when():
    firmware = a_firmware(State.BETA)
    assert (firmware.released_by, firmware.released_at, firmware.retired_at) == ("", None, None)

    firmware.release(by=JUDGE)

    assert (firmware.released_by, firmware.released_by_name) == (JUDGE.account, "Mei Tan")
    assert firmware.released_at is not None
    assert firmware.retired_at is None


@pytest.mark.parametrize("version", ["", "2.4 beta", "2/4", "x" * 41])
def test_a_version_is_short_and_without_blanks(version: str):
    with pytest.raises(errors.VersionMalformed):
        Firmware.enter(module_id="wr3e", version=version, digest=DIGEST)


@pytest.mark.parametrize("digest", ["", "sha256:", DIGEST[:-1], DIGEST + "0", DIGEST[7:]])
def test_a_digest_is_a_whole_sha256(digest: str):
    with pytest.raises(errors.DigestMalformed):
        Firmware.enter(module_id="wr3e", version="2.4.1", digest=digest)


def test_a_digest_is_kept_in_lower_case_so_that_two_of_the_same_image_are_equal():
    firmware = Firmware.enter(module_id="wr3e", version="2.4.1", digest=DIGEST.upper())

    assert firmware.digest == DIGEST


def test_firmware_that_changed_since_is_refused():
    firmware = a_firmware()
    firmware.version = 3

    firmware.expect("3")
    firmware.expect("")
    with pytest.raises(errors.FirmwareChanged):
        firmware.expect("2")
