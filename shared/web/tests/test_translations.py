"""Every sentence of every page exists in every language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from shared.caller import Role
from shared.web import text
from shared.web.site import FOLDER
from shared.web.translations import folders, missing, used


def test_every_sentence_is_translated() -> None:
    assert missing("zh") == {}, "`python -m shared.web.translations` prints what to fill in"


def test_what_is_said_in_two_places_is_translated_once() -> None:
    """The file read last would win, for both: what is owed was to be sent back in Chinese."""
    shared_pages, *edges = folders()
    for edge in edges:
        known: dict[str, str] = {}
        for path in (*shared_pages.glob(PAGES), *edge.rglob(PAGES)):
            for message, said in _said(path):
                assert known.setdefault(message, said) == said, f"{message} in {path.name}"


PAGES = "locale/zh/*.po"


def _said(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a file translates; refusals are told apart by their facts, and not here."""
    with path.open("rb") as file:
        for each in read_po(file):
            if each.id and not each.context:
                yield str(each.id), str(each.string)


def test_what_is_counted_is_said_of_one_too() -> None:
    """`1 lines cannot be imported` stood on a page: a number before a plural goes by ngettext."""
    things = "are|codes|days|lines|members|orders|pieces|prices|products|results|rows|units"
    counted = re.compile(rf"(?<!of |st )%\((count|days|left|number|quantity)\)s ({things})\b")
    alone = {
        (sentence, place)
        for folder in folders()
        for sentence, place in used(folder, ONE)
        if counted.search(sentence)
    }
    assert alone == set()


ONE = {"_": None}


def test_a_sentence_without_a_translation_is_noticed() -> None:
    assert "Sign in" in missing("xx")


def test_every_state_and_role_has_a_word() -> None:
    tones = (FOLDER / "templates" / "ui.html").read_text().partition("{% set tones = {")[2]
    states = re.findall(r'"([A-Z_]+)":', tones.partition("%}")[0])
    text.load([FOLDER])
    chosen = text.language.set("zh")
    try:
        for name in [*states, *(role.name for role in Role)]:
            english = name.replace("_", " ").capitalize()
            assert text.gettext(english) != english, name
    finally:
        text.language.reset(chosen)
    assert len(states) > 40


@pytest.mark.parametrize(("n", "said"), [(1, "1 day"), (2, "2 days"), (0, "0 days")])
def test_english_has_a_singular(n: int, said: str) -> None:
    assert text.ngettext("%(days)s day", "%(days)s days", n, days=n) == said


def test_chinese_has_none(chinese: None) -> None:
    assert text.ngettext("%(days)s day", "%(days)s days", 1, days=1) == "1 天"


def test_two_edges_in_one_process_say_things_in_their_own_words(
    chinese: None, tmp_path: Path
) -> None:
    """What the vendor receives, its customers pay: the edge begun last had spoken for both."""
    edges = []
    for name, said in (("portal", "付款"), ("console", "收款")):
        folder = tmp_path / name / "locale" / "zh"
        folder.mkdir(parents=True)
        (folder / "all.po").write_text(f'msgid "Payments"\nmsgstr "{said}"\n')
        edges.append(text.load([tmp_path / name]))

    for catalogs, said in zip(edges, ("付款", "收款"), strict=True):
        text.speak(catalogs, "zh")
        assert text.gettext("Payments") == said
