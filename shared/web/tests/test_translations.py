"""Every sentence of every page exists in every language."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from shared.caller import Role
from shared.web import text
from shared.web.site import FOLDER
from shared.web.translations import folders, missing


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
