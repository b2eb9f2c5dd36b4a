"""Files of strangers: refused in words, by a process that can do no harm."""

import os
import sys
import time

import pytest

from shared.errors import Malformed, Refusal
from shared.inspection import asking, errors
from shared.inspection.looking import look
from shared.inspection.settings import UploadSettings
from shared.testing import LONG
from shared.testing.hostile import CORPUS, HEAVY, large, plain, png

SETTINGS = UploadSettings(upload_seconds=LONG)


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
        asking.ask(make(), SETTINGS)
    assert type(refused.value).__name__ == reason


@pytest.mark.parametrize("which", HEAVY)
def test_what_takes_too_much_is_given_up_in_time(which):
    content, began = HEAVY[which](), time.monotonic()
    tight = UploadSettings(upload_memory=300, upload_seconds=6)

    assert len(content) < 5 * 1024 * 1024
    try:
        pages = asking.ask(content, tight)["pages"]
    except (errors.FileTooHeavy, errors.FileUnreadable):
        pages = 1
    assert pages == 1
    assert time.monotonic() - began < 60


def test_a_process_that_hangs_or_dies_is_a_file_that_is_too_heavy():
    for program in ("import time; time.sleep(60)", "import os; os.abort()", "bytearray(1 << 40)"):
        with pytest.raises(errors.FileTooHeavy):
            asking._ask([sys.executable, "-c", program], b"%PDF-", 0.5)


def test_the_process_has_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("CONTRACT_DATABASE_URL", "postgresql://secret")
    program = "import json, os, sys; sys.stdout.write(json.dumps(dict(os.environ)))"

    given = asking._ask([sys.executable, "-c", program], b"", LONG)
    assert set(given) <= {"PYTHONPATH", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}


def test_the_process_may_write_no_file_and_take_no_more_memory(tmp_path):
    target = tmp_path / "written"
    program = (
        "from shared.inspection.confined import confine, MIB\n"
        "confine(256 * MIB, 5)\n"
        "said = []\n"
        f"try: open({str(target)!r}, 'w').write('x' * 99999)\n"
        "except OSError: said.append('no file')\n"
        "try: bytearray(1 << 30)\n"
        "except MemoryError: said.append('no memory')\n"
        "import json, sys; sys.stdout.write(json.dumps(said))"
    )

    said: object = asking._ask([sys.executable, "-c", program], b"", LONG)
    assert said == ["no file", "no memory"]
    assert os.path.getsize(target) == 0


def test_only_so_many_are_looked_at_at_once(monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.01)
    for _ in range(asking.AT_ONCE):
        asking._places.acquire()
    try:
        with pytest.raises(errors.TooManyUploads):
            asking.ask(plain(), SETTINGS)
    finally:
        for _ in range(asking.AT_ONCE):
            asking._places.release()


@pytest.mark.parametrize("colours", [0, 2, 6])
def test_a_harmless_picture_is_one_page_and_drawn(colours):
    found = look(png(400, 300, colours))

    assert (found["kind"], found["pages"], found["seen"]) == ("scan", 1, [True])


def test_an_empty_page_counts_as_the_back_of_a_scan():
    assert look(plain())["kind"] == "scan"


def test_a_large_file_that_is_harmless_is_taken():
    assert asking.media_type(large(20 * 1024 * 1024), SETTINGS) == "application/pdf"


def test_who_looks_for_more_is_told_of_every_page_and_of_the_whole():
    found = look(plain(2), see=lambda page: page.get_size(), read=lambda _: {"whole": True})

    assert (found["seen"], found["whole"]) == ([(595.0, 842.0)] * 2, True)
