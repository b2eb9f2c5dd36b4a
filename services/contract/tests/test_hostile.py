"""Files of strangers: refused in words, by a process that can do no harm."""

import os
import sys
import time

import pytest

from services.contract import inspecting
from services.contract.domain import errors
from services.contract.inspecting import TooManyUploads, inspect
from services.contract.inspection.looking import look
from services.contract.settings import ContractSettings
from services.contract.tests.hostile import CORPUS, HEAVY, plain
from services.contract.tests.papers import png
from shared.errors import Malformed, Refusal

SETTINGS = ContractSettings()


@pytest.mark.parametrize("which", CORPUS)
def test_a_hostile_file_is_refused_by_its_reason(which):
    make, reason = CORPUS[which]

    with pytest.raises(Malformed) as refused:
        look(make())
    assert type(refused.value).__name__ == reason
    assert refused.value.remedy


@pytest.mark.parametrize("which", ["encrypted", "arrays in arrays", "pages within pages"])
def test_what_refuses_in_a_process_of_its_own_refuses_here(which):
    make, reason = CORPUS[which]

    with pytest.raises(Refusal) as refused:
        inspect(make(), {}, SETTINGS)
    assert type(refused.value).__name__ == reason


@pytest.mark.parametrize("which", HEAVY)
def test_what_takes_too_much_is_given_up_in_time(which):
    content, began = HEAVY[which](), time.monotonic()
    tight = ContractSettings(upload_memory=300, upload_seconds=6)

    assert len(content) < 5 * 1024 * 1024
    try:
        found = inspect(content, {}, tight).found
    except (errors.FileTooHeavy, errors.FileUnreadable):
        found = None
    assert found is None or found.codes == ((),)
    assert time.monotonic() - began < 12


def test_a_process_that_hangs_or_dies_is_a_file_that_is_too_heavy(monkeypatch):
    for program in ("import time; time.sleep(60)", "import os; os.abort()", "bytearray(1 << 40)"):
        monkeypatch.setattr(
            inspecting, "_command", lambda *_, program=program: [sys.executable, "-c", program]
        )
        with pytest.raises(errors.FileTooHeavy):
            inspect(b"%PDF-", {}, ContractSettings(upload_seconds=0.5))


def test_the_process_has_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("CONTRACT_DATABASE_URL", "postgresql://secret")
    program = "import json, os, sys; sys.stdout.write(json.dumps(dict(os.environ)))"
    monkeypatch.setattr(inspecting, "_command", lambda *_: [sys.executable, "-c", program])

    given = inspecting._ask(b"", 512, 5)
    assert set(given) <= {"PYTHONPATH", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}


def test_the_process_may_write_no_file_and_take_no_more_memory(tmp_path, monkeypatch):
    target = tmp_path / "written"
    program = (
        "from services.contract.inspection.__main__ import _confine, MIB\n"
        "_confine(256 * MIB, 5)\n"
        "said = []\n"
        f"try: open({str(target)!r}, 'w').write('x' * 99999)\n"
        "except OSError: said.append('no file')\n"
        "try: bytearray(1 << 30)\n"
        "except MemoryError: said.append('no memory')\n"
        "import json, sys; sys.stdout.write(json.dumps(said))"
    )
    monkeypatch.setattr(inspecting, "_command", lambda *_: [sys.executable, "-c", program])

    said: object = inspecting._ask(b"", 512, 5)
    assert said == ["no file", "no memory"]
    assert os.path.getsize(target) == 0


def test_only_so_many_are_looked_at_at_once(monkeypatch):
    monkeypatch.setattr(inspecting, "PATIENCE", 0.01)
    for _ in range(inspecting.AT_ONCE):
        inspecting._places.acquire()
    try:
        with pytest.raises(TooManyUploads):
            inspect(plain(), {}, SETTINGS)
    finally:
        for _ in range(inspecting.AT_ONCE):
            inspecting._places.release()


@pytest.mark.parametrize("colours", [0, 2, 6])
def test_a_harmless_picture_is_no_more_than_without_a_code(colours):
    found = look(png(400, 300, colours))

    assert (found["kind"], found["pages"], found["codes"]) == ("scan", 1, [[]])


def test_an_empty_page_counts_as_the_back_of_a_scan():
    assert look(plain())["kind"] == "scan"
